import { sql } from 'kysely'
import type { Db } from '../../storage/db.ts'
import { type Order, orderColumns } from './order-store.ts'

type OfMerchant = { corpId: string; mchId: string }

export async function dueOrders(
  db: Db,
  { corpId, mchId }: OfMerchant,
  now: Date,
  limit: number,
): Promise<Order[]> {
  return db
    .selectFrom('pay_order')
    .select(orderColumns)
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('poll_at', '<=', now)
    .orderBy('poll_at')
    .limit(limit)
    .execute()
}

export async function nextPollOfOrders(db: Db, { corpId, mchId }: OfMerchant): Promise<Date | undefined> {
  const row = await db
    .selectFrom('pay_order')
    .select(select => select.fn.min('poll_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('poll_at', 'is not', null)
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Puts off the next question, unless somebody has asked for an earlier one meanwhile. */
export async function setNextPolls(
  db: Db,
  corpId: string,
  orders: readonly { id: number; pollAt: Date | null; next: Date }[],
): Promise<void> {
  const rows = orders.map(({ id, pollAt, next }) => ({ id, was: pollAt, next }))
  await sql`
    update pay_order o set polls = o.polls + 1, poll_at = row.next
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, was timestamptz, next timestamptz)
    where o.corp_id = ${corpId} and o.id = row.id and o.state = 'open'
      and date_trunc('milliseconds', o.poll_at) = row.was`.execute(db)
}

/** Of these open orders, those for which nobody should pay any more: one of their bills is not open. */
export async function obsoleteAmong(db: Db, corpId: string, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('pay_order_bill as ob')
    .innerJoin('pay_bill as b', join =>
      join.onRef('b.corp_id', '=', 'ob.corp_id').onRef('b.id', '=', 'ob.bill_id'),
    )
    .select('ob.order_id as id')
    .distinct()
    .where('ob.corp_id', '=', corpId)
    .where('ob.order_id', 'in', [...ids])
    .where('b.state', '<>', 'open')
    .execute()
  return new Set(rows.map(row => row.id))
}
