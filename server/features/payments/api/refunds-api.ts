import { Type } from 'typebox'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { integer, optionalText, text } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { findBill } from '../bills/bills.ts'
import { fen } from '../bills/content.ts'
import { reachOf } from '../bills/creator.ts'
import { adviceFor } from '../refunds/advice.ts'
import { refundBill } from '../refunds/refund-bill.ts'
import { type Refund, refundByRequest, refundStates } from '../refunds/refund-store.ts'
import type { RefundNeeds } from '../refunds/send-refund.ts'

type Needs = RefundNeeds & { mirrors: Mirrors }

const refundSchema = Type.Object({
  refundNo: Type.String({ about: { zh: '退款单号', en: 'Number of the refund' } }),
  requestId: Type.String({
    about: { zh: '申请时的 requestId', en: 'The requestId that it was asked for by' },
  }),
  billNo: Type.String({ about: { zh: '账单号', en: 'Number of the bill' } }),
  amount: Type.Integer({ about: { zh: '退款金额，单位分', en: 'Refunded, in fen' } }),
  reason: Type.String({ about: { zh: '退款原因', en: 'Why' } }),
  state: Type.Enum(refundStates, {
    about: {
      zh: 'asked 已提交，微信支付尚未受理（wisp 会查询并重试）；processing 处理中；success 已退款；closed 未成功，金额已释放；abnormal 异常，须人处理',
      en: 'asked: not taken by WeChat Pay yet, which is asked and tried again; processing; success; closed: it failed, and its amount is free again; abnormal: needs a person',
    },
  }),
  advice: Type.String({ about: { zh: '状态的含义和处理办法', en: 'What the state means, and what to do' } }),
  receivedAccount: Type.String({
    about: {
      zh: '退到哪里，微信支付的原文；成功前为空',
      en: "Where it went, in WeChat Pay's words; empty before",
    },
  }),
  createdAt: Type.String({ about: { zh: '申请时间', en: 'Asked for at' } }),
  endedAt: Type.String({ about: { zh: '结束时间，未结束为空', en: 'Ended at; empty before' } }),
})

function refundWire(refund: Refund, billNo: string, language: Language) {
  const { outRefundNo: refundNo, requestId, amount, reason, state, receivedAccount } = refund
  return {
    refundNo,
    requestId: requestId ?? '',
    billNo,
    amount,
    reason,
    state,
    advice: wordsIn(language, adviceFor(refund)),
    receivedAccount,
    createdAt: refund.createdAt.toISOString(),
    endedAt: refund.endedAt?.toISOString() ?? '',
  }
}

const sample = {
  refundNo: 'R20261126020000123456',
  requestId: 'canteen-refund-118',
  billNo: '2026-11-0001',
  amount: 2000,
  reason: '少订一餐',
  state: 'processing' as const,
  advice: '微信支付已受理，零钱通常立即到账，银行卡 1 至 3 个工作日。',
  receivedAccount: '',
  createdAt: '2026-11-26T02:00:00.000Z',
  endedAt: '',
}

const access = { by: 'developer', scope: 'pay:refund' } as const
const requestId = text(
  {
    zh: '自己给这笔退款的编号：相同编号再次调用不会重复退款',
    en: 'Your id of this refund: asking again under the same id refunds nothing twice',
  },
  { max: 64 },
)

export const createRefund = endpoint({
  methods: ['POST'],
  path: '/api/pay/refund/create',
  section: 'wisp',
  summary: { zh: '退款', en: 'Give money back' },
  description: {
    zh: '退回自己创建的、已付款的账单的全部或一部分，规则与控制台相同：两次至少间隔 1 分钟，支付后 365 天内。须由超级管理员为此开发者设置单笔和每天的退款限额，默认不允许。返回时不一定已有结果：结果见 /api/pay/refund/get，以及事件 bill.refunded、bill.refund_failed。没有收到应答时以相同参数再次调用。',
    en: 'Gives back all or a part of a paid bill that you made, by the rules of the console: a minute apart, within 365 days. A super administrator sets the most of one refund and of a day for the developer; by default it may refund nothing. The answer may come before the outcome, which /api/pay/refund/get and the events bill.refunded and bill.refund_failed tell. Call it again with the same inputs when there was no answer.',
  },
  access,
  directory: true,
  input: {
    requestId,
    billNo: text({ zh: '账单号', en: 'Number of the bill' }, { max: 64 }),
    amount: integer({ zh: '退款金额，单位分', en: 'How much, in fen' }, fen(1)),
    reason: optionalText(
      {
        zh: '退款原因，付款人会看到；最多 80 字节，即 26 个汉字',
        en: 'Why, which the payer sees; at most 80 bytes, which are 26 Chinese characters',
      },
      { max: 500 },
    ),
  },
  logged: ['requestId', 'billNo'],
  output: refundSchema,
  errors: [],
  sample,
  sampleInput: { requestId: 'try-{unique}', billNo: '{paidBillNo}', amount: 1, reason: '试一试' },
  async handle(ctx: Needs, { input, developer, request }) {
    const { corpId, devId } = developer
    const asker = { devId, requestId: input.requestId }
    // What was asked for before is answered again, though its payer has left the data scope since.
    const known = await refundByRequest(ctx.db, corpId, asker)
    const reach = known ? undefined : reachOf(viewOf(ctx, developer))
    const bill = await findBill(ctx, corpId, { devId, billNo: input.billNo }, reach)
    const given = { billId: bill.id, amount: input.amount, reason: input.reason ?? '' }
    const refund = await refundBill(ctx, { corpId, actor: `developer:${devId}`, asker }, given)
    return refundWire(refund, bill.billNo, languageOf(request.headers['accept-language']))
  },
})

export const getRefund = endpoint({
  methods: ['GET'],
  path: '/api/pay/refund/get',
  section: 'wisp',
  summary: { zh: '查询退款', en: 'Get a refund' },
  description: {
    zh: '按申请时的 requestId 查询自己通过接口申请的退款。',
    en: 'A refund that you asked for by the API, by the requestId that you gave it.',
  },
  access,
  input: { requestId },
  logged: ['requestId'],
  output: refundSchema,
  errors: [],
  sample,
  sampleInput: { requestId: '{refundRequestId}' },
  async handle(ctx: RefundNeeds, { input, developer, request }) {
    const refund = await ownRefund(ctx, developer, input.requestId)
    const bill = await findBill(ctx, developer.corpId, { id: refund.billId }, undefined)
    return refundWire(refund, bill.billNo, languageOf(request.headers['accept-language']))
  },
})

async function ownRefund(ctx: RefundNeeds, { corpId, devId }: Caller, requestId: string): Promise<Refund> {
  const refund = await refundByRequest(ctx.db, corpId, { devId, requestId })
  if (refund) return refund
  throw new ApiError('badParameter', {
    zh: told`没有 requestId 为 ${requestId} 的退款`,
    en: told`there is no refund with the requestId ${requestId}`,
  })
}
