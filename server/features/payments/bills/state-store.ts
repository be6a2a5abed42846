import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'
import { billEvents } from './event-types.ts'

export type BillEventKind =
  | 'created'
  | 'told'
  | 'reminded'
  | 'seen'
  | 'ordered'
  | 'orderClosed'
  | 'paid'
  | 'differs'
  | 'refundAsked'
  | 'refunded'
  | 'refundFailed'
  | 'closed'
  | 'mended'

/** `actor`: as in the audit log; empty when wisp itself or WeChat Pay did it. */
export type BillEvent = { billId: number; kind: BillEventKind; actor?: string; detail?: object }

const toldAs: Partial<Record<BillEventKind, keyof typeof billEvents>> = {
  paid: 'bill.paid',
  closed: 'bill.closed',
  refunded: 'bill.refunded',
  refundFailed: 'bill.refund_failed',
}

/**
 * Adds to the timelines of bills, and tells the developers who made them. It belongs to the transaction that does what it tells.
 */
export async function noteBillEvents(
  tx: Db,
  corpId: string,
  events: readonly BillEvent[],
  at: Date,
): Promise<void> {
  if (events.length === 0) return
  await tx
    .insertInto('pay_bill_event')
    .values(
      events.map(({ billId, kind, actor = '', detail = {} }) => ({
        corp_id: corpId,
        bill_id: billId,
        kind,
        actor,
        detail: JSON.stringify(detail),
        at,
      })),
    )
    .execute()
  await tellCreators(tx, corpId, events, at)
}

async function tellCreators(tx: Db, corpId: string, events: readonly BillEvent[], at: Date): Promise<void> {
  const told = events.filter(event => toldAs[event.kind])
  if (told.length === 0) return
  const rows = await tx
    .selectFrom('pay_bill')
    .select(['id', 'dev_id as devId'])
    .where('corp_id', '=', corpId)
    .where(
      'id',
      'in',
      told.map(event => event.billId),
    )
    .where('dev_id', '<>', '')
    .execute()
  const creators = new Map(rows.map(row => [row.id, row.devId]))
  const given = told.flatMap(({ billId, kind }): NewEvent[] => {
    const [devId, type] = [creators.get(billId), toldAs[kind]]
    return devId && type
      ? [{ corpId, devId, type, scope: billEvents[type].scope, entity: `bill:${billId}`, data: { billId } }]
      : []
  })
  await tellDevelopers(tx, given, at)
}

export type LockedBill = {
  id: number
  devId: string
  billNo: string
  payerId: number | null
  title: string
  amount: number
  refunded: number
  mchId: string
  state: 'open' | 'paid' | 'closed'
  orderId: number | null
}

/**
 * Locks bills in the order of their ids, which every transaction about bills does first and before it locks an order, so
 * that none waits in a circle.
 */
export async function lockBills(tx: Db, corpId: string, ids: readonly number[]): Promise<LockedBill[]> {
  return tx
    .selectFrom('pay_bill')
    .select([
      'id',
      'dev_id as devId',
      'bill_no as billNo',
      'payer_id as payerId',
      'title',
      'amount',
      'refunded',
      'mch_id as mchId',
      'state',
      'order_id as orderId',
    ])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** `orderId`: the one order that may still pay these bills, or null when it is closed. */
export async function setOrderOfBills(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  orderId: number | null,
): Promise<void> {
  await tx
    .updateTable('pay_bill')
    .set({ order_id: orderId })
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
}

/**
 * WeChat Pay has the money. A bill that was closed in the meantime becomes paid as well, because what WeChat says is what
 * happened. Returns the ids that were not paid before.
 */
export async function markPaid(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  { orderId, paidAt }: { orderId: number; paidAt: Date },
): Promise<number[]> {
  const rows = await tx
    .updateTable('pay_bill')
    .set({ state: 'paid', order_id: orderId, paid_at: paidAt, closed_at: null, remind_at: null })
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .where('state', '<>', 'paid')
    .returning('id')
    .execute()
  return rows.map(row => row.id)
}

/** Returns false when the bill is not open any more. */
export async function markClosed(tx: Db, corpId: string, id: number, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('pay_bill')
    .set({ state: 'closed', order_id: null, closed_at: at, remind_at: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}

/** `amount` in fen, which WeChat Pay has given back. */
export async function addRefunded(tx: Db, corpId: string, id: number, amount: number): Promise<void> {
  await tx
    .updateTable('pay_bill')
    .set({ refunded: sql<number>`refunded + ${amount}` })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}
