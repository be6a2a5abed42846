import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** An order as the comparison needs it; `isPaid` also when it was refunded since. */
export type OwnOrder = { number: string; amount: number; isPaid: boolean; transactionId: string }
export type OwnRefund = {
  number: string
  amount: number
  state: string
  refundId: string
  outTradeNo: string
}

const ofDay = (column: string, day: string) => sql<boolean>`
  ${sql.ref(column)} >= ${day}::date::timestamp at time zone 'Asia/Shanghai'
  and ${sql.ref(column)} < (${day}::date + 1)::timestamp at time zone 'Asia/Shanghai'`

export async function ordersPaidOn(
  db: Db,
  corpId: string,
  mchId: string,
  day: string,
): Promise<{ number: string; amount: number; transactionId: string }[]> {
  return db
    .selectFrom('pay_order')
    .select(['out_trade_no as number', 'amount', 'transaction_id as transactionId'])
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('state', '=', 'paid')
    .where(ofDay('paid_at', day))
    .execute()
}

export async function ordersByNumber(
  db: Db,
  corpId: string,
  mchId: string,
  numbers: readonly string[],
): Promise<OwnOrder[]> {
  return db
    .selectFrom('pay_order')
    .select([
      'out_trade_no as number',
      'amount',
      sql<boolean>`state = 'paid'`.as('isPaid'),
      'transaction_id as transactionId',
    ])
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('out_trade_no', '=', sql<string>`any(${[...numbers]}::text[])`)
    .execute()
}

const refundColumns = [
  'pay_refund.out_refund_no as number',
  'pay_refund.amount',
  'pay_refund.state',
  'pay_refund.refund_id as refundId',
  'pay_order.out_trade_no as outTradeNo',
] as const

/** Returns the refunds that WeChat Pay accepted on this day, except failed ones. */
export async function refundsOf(db: Db, corpId: string, mchId: string, day: string): Promise<OwnRefund[]> {
  return refunds(db, corpId, mchId)
    .where('pay_refund.state', 'in', ['processing', 'success', 'abnormal'])
    .where(ofDay('pay_refund.created_at', day))
    .execute()
}

export async function refundsByNumber(
  db: Db,
  corpId: string,
  mchId: string,
  numbers: readonly string[],
): Promise<OwnRefund[]> {
  return refunds(db, corpId, mchId)
    .where('pay_refund.out_refund_no', '=', sql<string>`any(${[...numbers]}::text[])`)
    .execute()
}

function refunds(db: Db, corpId: string, mchId: string) {
  return db
    .selectFrom('pay_refund')
    .innerJoin('pay_order', join =>
      join
        .onRef('pay_order.corp_id', '=', 'pay_refund.corp_id')
        .onRef('pay_order.id', '=', 'pay_refund.order_id'),
    )
    .select(refundColumns)
    .where('pay_refund.corp_id', '=', corpId)
    .where('pay_refund.mch_id', '=', mchId)
}
