import { refundBill, retryRefund } from '../../server/features/payments/refunds/refund-bill.ts'
import { command, feature, here, page, type Rule } from './ways.ts'

/** The rules for refunds; those that need a payment are tried beside the feature. */

const ctx = () => here.world.ctx
const by = () => ({ corpId: here.world.corpId, actor: 'test' })
const none = 424_242

const refund = (amount: number, reason = '') => [
  feature(() => refundBill(ctx(), by(), { billId: none, amount, reason })),
  page('/web/payments/refunds/create', () => ({ billId: none, amount, reason })),
]

const rules: Rule[] = [
  ['a refund of nothing', '1000', /1/, refund(0)],
  ['a refund of a fraction of a fen', '1000', /整数/, refund(1.5)],
  ['a refund with a long reason', '1000', /80/, refund(1, '长'.repeat(27))],
  ['a refund with an emoji in its reason', '1000', /表情/, refund(1, '重复缴费😀')],
  [
    'a refund of no bill',
    '1000',
    /账单/,
    [...refund(1), command('pay', 'bill', 'refund', 'none', '--amount', '1')],
  ],
  [
    'the retry of no refund',
    '1000',
    /没有编号为 \d+ 的退款单/,
    [
      feature(() => retryRefund(ctx(), by(), none)),
      page('/web/payments/refunds/retry', () => ({ id: none })),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [['refunds', rules]]
