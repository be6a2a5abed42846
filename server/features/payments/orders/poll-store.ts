import type { Db } from '../../../platform/storage/db.ts'
import { isDue } from '../polls/poll-store.ts'
import { type Order, orderColumns } from './order-store.ts'

export async function dueOrders(
  db: Db,
  merchant: { corpId: string; mchId: string },
  now: Date,
  limit: number,
): Promise<Order[]> {
  return db
    .selectFrom('pay_order')
    .select(orderColumns)
    .where(isDue(merchant, now))
    .orderBy('poll_at')
    .limit(limit)
    .execute()
}

/** Returns those of these open orders that should not be paid any more, because one of their bills is not open. */
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
