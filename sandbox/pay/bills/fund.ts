import type { Merchant } from '../state/merchant.ts'
import { chinaDay, chinaTime } from '../state/times.ts'
import { type Table, yuan } from './table.ts'
import { billedTotal, feeOf } from './trade.ts'

const columns = [
  '记账时间',
  '微信支付业务单号',
  '资金流水单号',
  '业务名称',
  '业务类型',
  '收支类型',
  '收支金额(元)',
  '账户结余(元)',
  '资金变更提交申请人',
  '备注',
  '业务凭证号',
]

interface Movement {
  at: number
  number: string
  business: '交易' | '扣除交易手续费' | '退款'
  /** In fen; below zero is an expense. */
  amount: number
  note: string
  voucher: string
}

/** What went into the basic account and out of it on one day in China; undefined when there was nothing. */
export function fundBill(
  merchant: Merchant,
  { day, feeRate }: { day: string; feeRate: number },
): Table | undefined {
  let balance = 0
  const all = movements(merchant, feeRate).map((movement, index) => {
    balance += movement.amount
    return { ...movement, index, balance }
  })
  const today = all.filter(({ at }) => chinaDay(at) === day)
  if (today.length === 0) return undefined
  const incomes = today.filter(({ amount }) => amount >= 0)
  const expenses = today.filter(({ amount }) => amount < 0)
  const sum = (list: typeof today): string =>
    yuan(Math.abs(list.reduce((total, one) => total + one.amount, 0)))
  return {
    columns,
    rows: today.map(one => [
      chinaTime(one.at).slice(0, 19).replace('T', ' '),
      one.number,
      `${one.number}${String(one.index).padStart(4, '0')}`,
      one.business === '退款' ? '退款' : '交易',
      one.business,
      one.amount < 0 ? '支出' : '收入',
      yuan(Math.abs(one.amount)),
      yuan(one.balance),
      'system',
      one.note,
      one.voucher,
    ]),
    totals: [
      ['资金流水总笔数', String(today.length)],
      ['收入笔数', String(incomes.length)],
      ['收入金额', sum(incomes)],
      ['支出笔数', String(expenses.length)],
      ['支出金额', sum(expenses)],
    ],
  }
}

/** All that ever moved, oldest first. */
function movements(merchant: Merchant, feeRate: number): Movement[] {
  const payments = merchant.orders.values().flatMap((order): Movement[] => {
    const total = billedTotal(order)
    if (!order.payment || total === undefined) return []
    const { at, transactionId: number } = order.payment
    const about = { at, number, voucher: order.outTradeNo }
    const fee = feeOf(total, feeRate)
    return [
      { ...about, business: '交易', amount: total, note: '结算总金额' },
      ...(fee > 0
        ? [{ ...about, business: '扣除交易手续费' as const, amount: -fee, note: '结算手续费' }]
        : []),
    ]
  })
  const refunds = merchant.refunds.values().flatMap((refund): Movement[] => {
    if (refund.status !== 'SUCCESS') return []
    const fee = feeOf(refund.refund, feeRate)
    const note = `退款总金额${yuan(refund.refund)}元;含手续费${yuan(fee)}元`
    return [
      {
        at: refund.successAt!,
        number: refund.refundId,
        business: '退款',
        amount: fee - refund.refund,
        note,
        voucher: refund.outRefundNo,
      },
    ]
  })
  return [...payments, ...refunds].sort((one, other) => one.at - other.at)
}
