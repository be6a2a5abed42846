import { tradeType } from '../state/answers.ts'
import type { Merchant } from '../state/merchant.ts'
import type { Order, Refund } from '../state/order.ts'
import { chinaDay, chinaTime } from '../state/times.ts'
import { plain, type Table, yuan } from './table.ts'

export const billTypes = ['ALL', 'SUCCESS', 'REFUND'] as const
export type BillType = (typeof billTypes)[number]

const refundColumns = [
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
] as const
const columns = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
  '退款申请时间',
  '退款成功时间',
  ...refundColumns,
  '商品名称',
  '商户数据包',
  '手续费',
  '费率',
  '订单金额',
  '申请退款金额',
  '费率备注',
] as const

type Row = Partial<Record<(typeof columns)[number], string>>

const left: Readonly<Record<BillType, readonly string[]>> = {
  ALL: ['退款申请时间', '退款成功时间'],
  SUCCESS: ['退款申请时间', '退款成功时间', ...refundColumns, '申请退款金额'],
  REFUND: [],
}
const statuses = { SUCCESS: 'SUCCESS', PROCESSING: 'PROCESSING', CLOSED: 'FAIL', ABNORMAL: 'CHANGE' }

/** What WeChat keeps of an amount, in fen. */
export const feeOf = (amount: number, rate: number): number => Math.round(amount * rate)

/** What an order counts in a bill, which a script may have changed; undefined when it is left out. */
export const billedTotal = (order: Order): number | undefined =>
  order.billed?.isLeftOut ? undefined : (order.billed?.total ?? order.total)

const time = (ms: number): string => chinaTime(ms).slice(0, 19).replace('T', ' ')

/** The trade bill of one day in China; undefined when there was nothing. */
export function tradeBill(
  merchant: Merchant,
  { day, type, feeRate }: { day: string; type: BillType; feeRate: number },
): Table | undefined {
  const paid = type === 'REFUND' ? [] : merchant.orders.values().filter(order => isPaidOn(order, day))
  const refunds =
    type === 'SUCCESS' ? [] : merchant.refunds.values().filter(refund => chinaDay(refund.createdAt) === day)
  const rows = [
    ...paid.map(order => payment(merchant, order, feeRate)),
    ...refunds.map(refund => refundRow(merchant, refund, feeRate)),
  ].sort((one, other) => (one.交易时间! < other.交易时间! ? -1 : 1))
  if (rows.length === 0) return undefined
  const shown = columns.filter(column => !left[type].includes(column))
  const sum = (column: keyof Row): number =>
    rows.reduce((total, row) => total + Math.round(Number(row[column] ?? 0) * 100), 0)
  return {
    columns: shown,
    rows: rows.map(row => shown.map(column => row[column] ?? '')),
    totals: [
      ['总交易单数', String(rows.length)],
      ['应结订单总金额', yuan(sum('应结订单金额'))],
      ['退款总金额', yuan(sum('退款金额'))],
      ['充值券退款总金额', yuan(sum('充值券退款金额'))],
      ['手续费总金额', yuan(sum('手续费'), 5)],
      ['订单总金额', yuan(sum('订单金额'))],
      ['申请退款总金额', yuan(sum('申请退款金额'))],
    ],
  }
}

export const isPaidOn = (order: Order, day: string): boolean =>
  order.payment !== undefined && chinaDay(order.payment.at) === day && billedTotal(order) !== undefined

const ofOrder = (merchant: Merchant, order: Order, feeRate: number): Row => ({
  公众账号ID: order.appId,
  商户号: merchant.mchId,
  特约商户号: '0',
  微信订单号: order.payment!.transactionId,
  商户订单号: order.outTradeNo,
  用户标识: order.payment!.openid,
  交易类型: tradeType(order),
  付款银行: 'OTHERS',
  货币种类: 'CNY',
  商品名称: plain(order.description),
  商户数据包: plain(order.attach ?? ''),
  费率: `${(feeRate * 100).toFixed(2)}%`,
})

function payment(merchant: Merchant, order: Order, feeRate: number): Row {
  const total = billedTotal(order)!
  const { coupon, at } = order.payment!
  return {
    ...ofOrder(merchant, order, feeRate),
    交易时间: time(at),
    交易状态: 'SUCCESS',
    应结订单金额: yuan(total),
    代金券金额: yuan(coupon),
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: yuan(0),
    充值券退款金额: yuan(0),
    手续费: yuan(feeOf(total, feeRate), 5),
    订单金额: yuan(total),
    申请退款金额: yuan(0),
  }
}

function refundRow(merchant: Merchant, refund: Refund, feeRate: number): Row {
  const order = merchant.orders.get(refund.outTradeNo)!
  return {
    ...ofOrder(merchant, order, feeRate),
    交易时间: time(refund.createdAt),
    交易状态: 'REFUND',
    应结订单金额: yuan(0),
    代金券金额: yuan(0),
    退款申请时间: time(refund.createdAt),
    退款成功时间: refund.successAt === undefined ? '' : time(refund.successAt),
    微信退款单号: refund.refundId,
    商户退款单号: refund.outRefundNo,
    退款金额: yuan(refund.refund),
    充值券退款金额: yuan(refund.refund - refund.payerRefund),
    退款类型: 'ORIGINAL',
    退款状态: statuses[refund.status],
    手续费: yuan(-feeOf(refund.refund, feeRate), 5),
    订单金额: yuan(0),
    申请退款金额: yuan(refund.refund),
  }
}
