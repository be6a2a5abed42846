import type { Db } from '../../../platform/storage/db.ts'

type PayerKey = { corpId: string; payerId: number }

/** A bill in a list of its payer's. Money is fen. */
export type PayersBill = {
  id: number
  billNo: string
  title: string
  amount: number
  refunded: number
  state: 'open' | 'paid' | 'closed'
  mchId: string
  dueAt: Date | null
  createdAt: Date
  seenAt: Date | null
  paidAt: Date | null
  closedAt: Date | null
}

function billsOf(db: Db, { corpId, payerId }: PayerKey) {
  return db.selectFrom('pay_bill').where('corp_id', '=', corpId).where('payer_id', '=', payerId)
}

const columns = [
  'id',
  'bill_no as billNo',
  'title',
  'amount',
  'refunded',
  'state',
  'mch_id as mchId',
  'due_at as dueAt',
  'created_at as createdAt',
  'seen_at as seenAt',
  'paid_at as paidAt',
  'closed_at as closedAt',
] as const

/** What waits to be paid, those that are due first in front, then by age. */
export async function openBillsOf(db: Db, of: PayerKey, atMost: number): Promise<PayersBill[]> {
  return billsOf(db, of)
    .select(columns)
    .where('state', '=', 'open')
    .orderBy('due_at', order => order.asc().nullsLast())
    .orderBy('id')
    .limit(atMost)
    .execute()
}

/** Bills that are paid or closed, newest first. */
export async function pastBillsOf(
  db: Db,
  of: PayerKey,
  page: { offset: number; size: number },
): Promise<{ list: PayersBill[]; total: number }> {
  const past = billsOf(db, of).where('state', '<>', 'open')
  const [list, counted] = await Promise.all([
    past.select(columns).orderBy('id', 'desc').limit(page.size).offset(page.offset).execute(),
    past.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.count ?? 0) }
}

/** Notes that the payer has looked at bills; returns those that had not been seen before. */
export async function markSeen(tx: Db, of: PayerKey, ids: readonly number[], at: Date): Promise<number[]> {
  const rows = await tx
    .updateTable('pay_bill')
    .set({ seen_at: at })
    .where('corp_id', '=', of.corpId)
    .where('payer_id', '=', of.payerId)
    .where('id', 'in', [...ids])
    .where('seen_at', 'is', null)
    .returning('id')
    .execute()
  return rows.map(row => row.id)
}

/** Returns those of these bills that are the payer's, with what can still pay them. */
export async function payersBills(
  db: Db,
  of: PayerKey,
  ids: readonly number[],
): Promise<{ mchId: string; orderId: number | null }[]> {
  return billsOf(db, of)
    .select(['mch_id as mchId', 'order_id as orderId'])
    .where('id', 'in', [...ids])
    .execute()
}

export type PayersRefund = {
  outRefundNo: string
  amount: number
  reason: string
  state: 'asked' | 'processing' | 'success' | 'closed' | 'abnormal'
  receivedAccount: string
  createdAt: Date
  endedAt: Date | null
}

export async function refundsOf(db: Db, corpId: string, billId: number): Promise<PayersRefund[]> {
  return db
    .selectFrom('pay_refund')
    .select([
      'out_refund_no as outRefundNo',
      'amount',
      'reason',
      'state',
      'received_account as receivedAccount',
      'created_at as createdAt',
      'ended_at as endedAt',
    ])
    .where('corp_id', '=', corpId)
    .where('bill_id', '=', billId)
    .orderBy('id')
    .execute()
}

export type PayersOrder = {
  id: number
  outTradeNo: string
  transactionId: string
  amount: number
  bills: { id: number; title: string; amount: number }[]
}

/** An order, when all of its bills are this payer's; undefined otherwise. */
export async function orderOfPayer(
  db: Db,
  { corpId, payerId }: PayerKey,
  orderId: number,
): Promise<PayersOrder | undefined> {
  const [order, bills] = await Promise.all([
    db
      .selectFrom('pay_order')
      .select(['id', 'out_trade_no as outTradeNo', 'transaction_id as transactionId', 'amount'])
      .where('corp_id', '=', corpId)
      .where('id', '=', orderId)
      .executeTakeFirst(),
    db
      .selectFrom('pay_order_bill as ordered')
      .innerJoin('pay_bill as bill', join =>
        join.onRef('bill.corp_id', '=', 'ordered.corp_id').onRef('bill.id', '=', 'ordered.bill_id'),
      )
      .select(['bill.id', 'bill.title', 'ordered.amount', 'bill.payer_id as payerId'])
      .where('ordered.corp_id', '=', corpId)
      .where('ordered.order_id', '=', orderId)
      .orderBy('bill.id')
      .execute(),
  ])
  if (!order || bills.length === 0 || bills.some(bill => bill.payerId !== payerId)) return undefined
  return { ...order, bills: bills.map(({ id, title, amount }) => ({ id, title, amount })) }
}
