import { type Static, Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { integer, optionalInteger, optionalText, optionalTime } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { fen } from '../bills/content.ts'
import { adviceFor } from '../refunds/advice.ts'
import { refundBill, refundToMerchant, retryRefund } from '../refunds/refund-bill.ts'
import { listRefunds, type RefundRow, refundStates } from '../refunds/refund-store.ts'
import type { RefundNeeds } from '../refunds/send-refund.ts'

/** Money goes out here, so graded administrators have no access. */
const access = administrator('super')
const billId = requiredId('账单编号')
const refundId = requiredId('退款编号')

/** Amounts are fen. */
export const refundSchema = Type.Object({
  id: Type.Number(),
  billId: Type.Number(),
  billNo: Type.String(),
  /** The developer of the bill; empty for the console's own. */
  devId: Type.String(),
  title: Type.String(),
  payerUserId: Type.String(),
  payerName: Type.String(),
  billAmount: Type.Number(),
  orderId: Type.Number(),
  outTradeNo: Type.String(),
  mchId: Type.String(),
  outRefundNo: Type.String(),
  /** WeChat Pay's own number; empty until it took the refund. */
  refundId: Type.String(),
  amount: Type.Number(),
  reason: Type.String(),
  state: Type.Enum(refundStates),
  /** Where the money went, in WeChat Pay's words. */
  receivedAccount: Type.String(),
  /** Of WeChat Pay's last refusal; '' when it took the refund, or did not answer. */
  code: Type.String(),
  /** What it said, or why there was no answer. */
  answer: Type.String(),
  /** What the state means and what to do, in the reader's language. */
  advice: Type.String(),
  /** When WeChat Pay is asked next. */
  pollAt: Type.Union([time, Type.Null()]),
  actor: Type.String(),
  createdAt: time,
  endedAt: Type.Union([time, Type.Null()]),
})
export type RefundView = Static<typeof refundSchema>

function viewOf(row: RefundRow, language: Language): RefundView {
  const { corpId: _corpId, polls: _polls, answer, ...rest } = row
  const { code = '', text = '' } = answer
  return { ...rest, code, answer: text, advice: wordsIn(language, adviceFor(row)) }
}

async function viewById(
  ctx: RefundNeeds,
  corpId: string,
  id: number,
  language: Language,
): Promise<RefundView> {
  const { list } = await listRefunds(ctx.db, corpId, { id }, { limit: 1, offset: 0 })
  const [row] = list
  if (!row)
    throw new ApiError('badParameter', {
      zh: told`没有编号为 ${id} 的退款单`,
      en: told`there is no refund ${id}`,
    })
  return viewOf(row, language)
}

export const listRefundsCall = pageCall({
  method: 'GET',
  path: '/web/payments/refunds',
  point: 'payment:ledger',
  access,
  input: {
    state: several('状态', refundStates),
    mchId: optionalText('商户号', { max: 32 }),
    billId: optionalInteger('账单编号', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    text: optionalText('退款单号、订单号、账单号或付款人中的文字', { max: 64 }),
    from: optionalTime('不早于，ISO 时间'),
    to: optionalTime('早于，ISO 时间'),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(refundSchema),
    total: Type.Number(),
    /** Sum of all that match, in fen. */
    amount: Type.Number(),
  }),
  async handle(ctx: RefundNeeds, { corpId, input, request }) {
    const { state, mchId, billId: ofBill, text, from, to } = input
    const filter = { state, mchId, billId: ofBill, text, from, to }
    const { list, total, amount } = await listRefunds(ctx.db, corpId, filter, pageOf(input))
    const language = languageOf(request.headers['accept-language'])
    return { list: list.map(row => viewOf(row, language)), total, amount }
  },
})

export const refundOne = pageCall({
  method: 'GET',
  path: '/web/payments/refund',
  point: 'payment:ledger',
  access,
  input: { id: refundId },
  output: refundSchema,
  handle: (ctx: RefundNeeds, { corpId, input, request }) =>
    viewById(ctx, corpId, input.id, languageOf(request.headers['accept-language'])),
})

export const createRefundCall = pageCall({
  method: 'POST',
  path: '/web/payments/refunds/create',
  point: 'payment:refund',
  access,
  input: {
    billId,
    amount: integer('金额，分', fen(1)),
    reason: optionalText('退款原因，付款人会看到；最多 80 字节，即 26 个汉字', { max: 500 }),
  },
  output: refundSchema,
  async handle(ctx: RefundNeeds, { corpId, input, visitor, request }) {
    const { amount, reason = '' } = input
    const refund = await refundBill(
      ctx,
      { corpId, actor: visitor.actor },
      { billId: input.billId, amount, reason },
    )
    return viewById(ctx, corpId, refund.id, languageOf(request.headers['accept-language']))
  },
})

/** Asks WeChat Pay about a refund now; one that it does not have is sent again under the same number. */
export const retryRefundCall = pageCall({
  method: 'POST',
  path: '/web/payments/refunds/retry',
  point: 'payment:refund',
  whileSuspended: true,
  access,
  input: { id: refundId },
  output: refundSchema,
  async handle(ctx: RefundNeeds, { corpId, input, visitor, request }) {
    await retryRefund(ctx, { corpId, actor: visitor.actor }, input.id)
    return viewById(ctx, corpId, input.id, languageOf(request.headers['accept-language']))
  },
})

/** For an abnormal refund: to the merchant's own bank account. */
export const refundToMerchantCall = pageCall({
  method: 'POST',
  path: '/web/payments/refunds/to-merchant',
  point: 'payment:refund',
  whileSuspended: true,
  access,
  input: { id: refundId },
  output: refundSchema,
  async handle(ctx: RefundNeeds, { corpId, input, visitor, request }) {
    await refundToMerchant(ctx, { corpId, actor: visitor.actor }, input.id)
    return viewById(ctx, corpId, input.id, languageOf(request.headers['accept-language']))
  },
})
