import type { Db } from '../../storage/db.ts'

type Of = { corpId: string; payerId: number }

/** A bill in the payer's list of past ones. Money is fen. */
export type PastBill = {
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

/** Bills that are paid or closed, newest first. */
export async function pastBillsOf(
  db: Db,
  { corpId, payerId }: Of,
  page: { offset: number; size: number },
): Promise<{ list: PastBill[]; total: number }> {
  const past = db
    .selectFrom('pay_bill')
    .where('corp_id', '=', corpId)
    .where('payer_id', '=', payerId)
    .where('state', '<>', 'open')
  const [list, counted] = await Promise.all([
    past
      .select([
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
      ])
      .orderBy('id', 'desc')
      .limit(page.size)
      .offset(page.offset)
      .execute(),
    past.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.count ?? 0) }
}

/** Those of these bills that are the payer's, with what can still pay them. */
export async function payersBills(
  db: Db,
  { corpId, payerId }: Of,
  ids: readonly number[],
): Promise<{ mchId: string; orderId: number | null }[]> {
  return db
    .selectFrom('pay_bill')
    .select(['mch_id as mchId', 'order_id as orderId'])
    .where('corp_id', '=', corpId)
    .where('payer_id', '=', payerId)
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
  { corpId, payerId }: Of,
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
