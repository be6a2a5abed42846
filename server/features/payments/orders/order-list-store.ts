import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Fault, Order } from './order-store.ts'

/** An order as the console shows it in a bill's timeline. */
export type OrderRow = Pick<
  Order,
  | 'id'
  | 'mchId'
  | 'outTradeNo'
  | 'product'
  | 'appId'
  | 'amount'
  | 'state'
  | 'expiresAt'
  | 'paidAt'
  | 'fault'
  | 'createdAt'
> & {
  transactionId: string
  tradeState: string
  closedAt: Date | null
  faultAt: Date | null
  billIds: number[]
}

/** The orders of a bill, the latest first. */
export async function ordersOfBill(db: Db, corpId: string, billId: number): Promise<OrderRow[]> {
  return db
    .selectFrom('pay_order as o')
    .innerJoin('pay_order_bill as ob', join =>
      join.onRef('ob.corp_id', '=', 'o.corp_id').onRef('ob.order_id', '=', 'o.id'),
    )
    .select([
      'o.id',
      'o.mch_id as mchId',
      'o.out_trade_no as outTradeNo',
      'o.product',
      'o.app_id as appId',
      'o.amount',
      'o.state',
      'o.expires_at as expiresAt',
      'o.paid_at as paidAt',
      'o.created_at as createdAt',
      'o.transaction_id as transactionId',
      'o.trade_state as tradeState',
      'o.closed_at as closedAt',
      sql<Fault | null>`o.fault`.as('fault'),
      'o.fault_at as faultAt',
      sql<number[]>`array(select bill_id::float8 from pay_order_bill
        where corp_id = o.corp_id and order_id = o.id order by bill_id)`.as('billIds'),
    ])
    .where('ob.corp_id', '=', corpId)
    .where('ob.bill_id', '=', billId)
    .orderBy('o.id', 'desc')
    .execute()
}

/** For alerts: of how many orders WeChat Pay told something else than what was ordered. */
export async function faultsSince(
  db: Db,
  since: Date,
): Promise<{ corpId: string; count: number; outTradeNo: string }[]> {
  const rows = await db
    .selectFrom('pay_order')
    .select(select => [
      'corp_id as corpId',
      select.fn.countAll<number>().as('count'),
      select.fn.max('out_trade_no').as('outTradeNo'),
    ])
    .where('fault_at', '>=', since)
    .groupBy('corp_id')
    .execute()
  return rows.map(row => ({ ...row, count: Number(row.count), outTradeNo: row.outTradeNo ?? '' }))
}

/** The numbers of orders that are not over, the oldest first. */
export async function openOrderNumbers(db: Db, corpId: string, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('pay_order')
    .select('out_trade_no as number')
    .where('corp_id', '=', corpId)
    .where('state', '=', 'open')
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map(row => row.number)
}

export async function countOpenOrders(db: Db, corpId: string): Promise<number> {
  const { count } = await db
    .selectFrom('pay_order')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(count)
}
