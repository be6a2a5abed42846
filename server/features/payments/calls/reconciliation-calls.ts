import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice, optionalChoice, optionalText, text } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { languageOf, storedWords, wordsIn } from '../../../platform/words.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { acknowledgeDifference, checkDay, requestReconciliation } from '../reconciliation/days.ts'
import { differencesOf, listDays } from '../reconciliation/store.ts'

type Needs = Core & { merchants: Merchants; queue: Queue }

const access = administrator('super')
const mchId = text('商户号', { max: 32 })
const day = text('日期，2026-03-01', { max: 10 })

const fen = Type.Integer({ description: '分' })

const figures = Type.Partial(
  Type.Object({
    payments: Type.Integer(),
    paymentsAmount: fen,
    refunds: Type.Integer(),
    refundsAmount: fen,
    equal: Type.Integer(),
    mended: Type.Integer(),
  }),
)

const fundFigures = Type.Partial(
  Type.Object({
    lines: Type.Integer(),
    income: fen,
    expense: fen,
    /** Fen by 业务类型, negative when they left. */
    types: Type.Record(Type.String(), fen),
  }),
)

export const reconciliations = pageCall({
  method: 'GET',
  path: '/web/payments/reconciliations',
  point: 'payment:ledger',
  access,
  input: {
    mchId: optionalText('商户号', { max: 32 }),
    state: optionalChoice('状态', ['open']),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        mchId: Type.String(),
        day: Type.String(),
        state: Type.Enum(['waiting', 'done', 'failed']),
        reason: Type.String(),
        bill: figures,
        fund: fundFigures,
        triedAt: time,
        dueAt: Type.Union([time, Type.Null()]),
        open: Type.Integer(),
        acknowledged: Type.Integer(),
        mended: Type.Integer(),
      }),
    ),
    total: Type.Integer(),
  }),
  async handle(ctx: Core, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const wanted = { mchId: input.mchId, isOpen: input.state === 'open' }
    const { list, total } = await listDays(ctx.db, corpId, { ...wanted, ...pageOf(input) })
    return {
      list: list.map(one => ({ ...one, reason: wordsIn(language, storedWords(one.reason)) })),
      total,
    }
  },
})

export const reconciliation = pageCall({
  method: 'GET',
  path: '/web/payments/reconciliation',
  point: 'payment:ledger',
  access,
  input: { mchId, day, ...paging },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        kind: Type.Enum(['payment', 'refund', 'fund']),
        number: Type.String(),
        difference: Type.Enum(['thereOnly', 'hereOnly', 'amount']),
        theirs: Type.Union([fen, Type.Null()]),
        ours: Type.Union([fen, Type.Null()]),
        state: Type.Enum(['open', 'mended', 'acknowledged']),
        note: Type.String(),
        acknowledgedBy: Type.String(),
        at: time,
      }),
    ),
    total: Type.Integer(),
  }),
  handle: (ctx: Core, { input, corpId }) => {
    checkDay(input.day)
    return differencesOf(ctx.db, { corpId, mchId: input.mchId, day: input.day }, pageOf(input))
  },
})

export const runReconciliation = pageCall({
  method: 'POST',
  path: '/web/payments/reconciliation/run',
  point: 'payment:reconcile',
  access,
  input: { mchId, day: optionalText('日期，默认昨天', { max: 10 }) },
  output: Type.Object({ mchId: Type.String(), day: Type.String() }),
  handle: (ctx: Needs, { input, corpId, visitor }) =>
    requestReconciliation(ctx, { corpId, actor: visitor.actor }, input),
})

export const acknowledgeReconciliation = pageCall({
  method: 'POST',
  path: '/web/payments/reconciliation/acknowledge',
  point: 'payment:reconcile',
  access,
  input: {
    mchId,
    day,
    kind: choice('种类', ['payment', 'refund', 'fund']),
    number: text('单号', { max: 64 }),
    note: text('原因', { max: 200 }),
  },
  output: Type.Object({}),
  async handle(ctx: Core, { input, corpId, visitor }) {
    await acknowledgeDifference(ctx, { corpId, actor: visitor.actor }, input)
    return {}
  },
})
