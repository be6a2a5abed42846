import type { Db } from '../../storage/db.ts'
import type { BillEventKind } from '../bills/state-store.ts'

/** What the payer's page shows of a bill in a list. Money is fen. */
export type PayersBill = {
  id: number
  billNo: string
  title: string
  amount: number
  refunded: number
  state: 'open' | 'paid' | 'closed'
  mchId: string
  orderId: number | null
  dueAt: Date | null
  createdAt: Date
  seenAt: Date | null
  paidAt: Date | null
  closedAt: Date | null
}

export type Of = { corpId: string; payerId: number }

function billsOf(db: Db, { corpId, payerId }: Of) {
  return db
    .selectFrom('pay_bill')
    .select([
      'id',
      'bill_no as billNo',
      'title',
      'amount',
      'refunded',
      'state',
      'mch_id as mchId',
      'order_id as orderId',
      'due_at as dueAt',
      'created_at as createdAt',
      'seen_at as seenAt',
      'paid_at as paidAt',
      'closed_at as closedAt',
    ])
    .where('corp_id', '=', corpId)
    .where('payer_id', '=', payerId)
}

/** The payer's open bills, those due first in front, then by age. */
export async function openBillsOf(db: Db, of: Of, atMost: number): Promise<PayersBill[]> {
  return billsOf(db, of)
    .where('state', '=', 'open')
    .orderBy('due_at', order => order.asc().nullsLast())
    .orderBy('id')
    .limit(atMost)
    .execute()
}

/** Those of these bills that are the payer's, whatever their state. */
export async function givenBillsOf(db: Db, of: Of, ids: readonly number[]): Promise<PayersBill[]> {
  return billsOf(db, of)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute()
}

/** Bills that are paid or closed, newest first. */
export async function pastBillsOf(
  db: Db,
  of: Of,
  page: { offset: number; size: number },
): Promise<{ list: PayersBill[]; total: number }> {
  const past = billsOf(db, of).where('state', '<>', 'open')
  const [list, counted] = await Promise.all([
    past.orderBy('id', 'desc').limit(page.size).offset(page.offset).execute(),
    past
      .clearSelect()
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirst(),
  ])
  return { list, total: Number(counted?.count ?? 0) }
}

/** How many bills wait for this payer. */
export async function countOpenBillsOf(db: Db, of: Of): Promise<number> {
  const row = await billsOf(db, of)
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export type WholeBill = PayersBill & {
  payerUserId: string
  payerName: string
  items: unknown
  remark: string
  attachmentUrl: string
}

/** One bill with everything that its payer may see; undefined for a bill of anybody else. */
export async function wholeBillOf(db: Db, of: Of, id: number): Promise<WholeBill | undefined> {
  return billsOf(db, of)
    .select([
      'payer_user_id as payerUserId',
      'payer_name as payerName',
      'items',
      'remark',
      'attachment_url as attachmentUrl',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** What the payer is told of a bill's timeline, oldest first; orders and corrections are for administrators. */
export async function storyOf(
  db: Db,
  corpId: string,
  billId: number,
): Promise<{ kind: BillEventKind; at: Date }[]> {
  const told = ['created', 'told', 'reminded', 'paid', 'refundAsked', 'refunded', 'refundFailed', 'closed']
  const rows = await db
    .selectFrom('pay_bill_event')
    .select(['kind', 'at'])
    .where('corp_id', '=', corpId)
    .where('bill_id', '=', billId)
    .where('kind', 'in', told)
    .orderBy('id')
    .execute()
  return rows as { kind: BillEventKind; at: Date }[]
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
  mchId: string
  outTradeNo: string
  transactionId: string
  amount: number
  state: 'open' | 'paid' | 'closed'
  paidAt: Date | null
  bills: { id: number; title: string; amount: number }[]
}

/** An order, when all of its bills are this payer's; undefined otherwise. */
export async function orderOfPayer(db: Db, of: Of, orderId: number): Promise<PayersOrder | undefined> {
  const [order, bills] = await Promise.all([
    db
      .selectFrom('pay_order')
      .select([
        'id',
        'mch_id as mchId',
        'out_trade_no as outTradeNo',
        'transaction_id as transactionId',
        'amount',
        'state',
        'paid_at as paidAt',
      ])
      .where('corp_id', '=', of.corpId)
      .where('id', '=', orderId)
      .executeTakeFirst(),
    db
      .selectFrom('pay_order_bill')
      .innerJoin('pay_bill', join =>
        join
          .onRef('pay_bill.corp_id', '=', 'pay_order_bill.corp_id')
          .onRef('pay_bill.id', '=', 'pay_order_bill.bill_id'),
      )
      .select(['pay_bill.id as id', 'pay_bill.title as title', 'pay_order_bill.amount as amount'])
      .select('pay_bill.payer_id as payerId')
      .where('pay_order_bill.corp_id', '=', of.corpId)
      .where('pay_order_bill.order_id', '=', orderId)
      .orderBy('pay_bill.id')
      .execute(),
  ])
  if (!order || bills.length === 0 || bills.some(bill => bill.payerId !== of.payerId)) return undefined
  return { ...order, bills: bills.map(({ id, title, amount }) => ({ id, title, amount })) }
}

/** Returns those that nobody had seen before. */
export async function markSeen(db: Db, of: Of, ids: readonly number[], at: Date): Promise<number[]> {
  const rows = await db
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
