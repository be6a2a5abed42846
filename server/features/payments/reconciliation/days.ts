import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Jobs } from '../../../platform/queue/jobs.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { enqueue, enqueueEach, holdLease } from '../../../platform/queue/queue-store.ts'
import { spreadOver } from '../../../platform/queue/spread.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import { BillFault } from '../../../upstream/wechat-pay/bill-file.ts'
import { explainPayError } from '../../../upstream/wechat-pay/codes.ts'
import { PayError, PayUnavailable } from '../../../upstream/wechat-pay/errors.ts'
import { type Merchant, type Merchants, notReadYetMs } from '../merchants/merchants.ts'
import { reconcileDay } from './reconcile.ts'
import * as store from './store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'pay-reconciliation': true
  }
}

type Needs = Core & { merchants: Merchants; queue: Queue }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** WeChat Pay makes the bills of a day by ten o'clock of the next. */
const readyAfterMs = 10 * hourMs
const againMs = 1_800_000
/** Of a day that has failed for a quarter of one. */
const laterMs = hourMs
/** The merchants of many corps begin one after the other. */
const spread = { eachMs: 5000, atMostMs: 2 * hourMs }
/** A day that could not be reconciled for so long needs somebody. */
const givenUpMs = 2 * dayMs
/** WeChat Pay keeps bills for three months. */
const keptDays = 90

/** Yesterday of every merchant is reconciled by whichever node comes first; the hour is looked at in China. */
export function scheduleReconciliation(ctx: Needs & { jobs: Jobs }): void {
  ctx.jobs.schedule('reconciliation', '10 * * * *', async () => {
    const day = dayOf(ctx.now() - readyAfterMs - dayMs)
    const at = new Date(ctx.now())
    await ctx.db.transaction().execute(async tx => {
      const begun = await store.beginDay(tx, day, at)
      const corpOf = new Map(begun.map(one => [one.key, one.corpId]))
      const times = spreadOver([...corpOf.keys()], ctx.now(), spread)
      await enqueueEach(
        tx,
        times.map(({ name: key, dueAt }) => ({
          corpId: corpOf.get(key) ?? '',
          key,
          dueAt,
          stream: 'pay-reconciliation' as const,
        })),
      )
    })
  })
}

export function handleReconciliation(ctx: Needs): void {
  ctx.queue.handle({ name: 'pay-reconciliation', atOnce: 2, work: held => work(ctx, held) })
}

async function work(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: mchId, lease, signal } = held
  for (;;) {
    const [next] = await store.waitingDays(ctx.db, corpId, mchId)
    if (!next || signal.aborted) return undefined
    if (next.dueAt.getTime() > ctx.now()) return next.dueAt
    const merchant = ctx.merchants.find(corpId, mchId)
    if (!merchant) return new Date(ctx.now() + notReadYetMs)
    const failure = await tryDay(ctx, merchant, next.day, held)
    if (!failure) continue
    const { reason, isFinal } = failure
    const sinceMs = ctx.now() - next.since.getTime() - readyAfterMs
    const isOver = isFinal || ctx.now() - next.since.getTime() > givenUpMs
    const at = new Date(ctx.now())
    await ctx.db.transaction().execute(async tx => {
      const dueAt = isOver ? null : new Date(ctx.now() + (sinceMs > dayMs / 4 ? laterMs : againMs))
      const change = { reason: wordsToStore(reason), dueAt, at }
      await store.postponeDay(tx, { corpId, mchId, day: next.day }, change)
      await holdLease(tx, lease)
    })
  }
}

const notReady: Words = {
  zh: '微信支付还没有生成这一天的账单，半小时后再试',
  en: 'WeChat Pay has not made the bill of this day yet; it is tried again in half an hour',
}

type Failure = { reason: Words; isFinal: boolean }

/** Undefined when it is done. */
async function tryDay(
  ctx: Needs,
  merchant: Merchant,
  day: string,
  { lease, signal }: ActiveTask,
): Promise<Failure | undefined> {
  try {
    return (await reconcileDay(ctx, merchant, day, lease)) ? undefined : { reason: notReady, isFinal: false }
  } catch (error) {
    signal.throwIfAborted()
    const { mchId } = merchant
    if (error instanceof PayError || error instanceof PayUnavailable || error instanceof BillFault)
      ctx.log.warn({ mchId, day, ...describeError(error) }, 'day not reconciled')
    if (error instanceof PayError) {
      const { text, fix, next } = explainPayError(error)
      const reason = fix ? { zh: `${text.zh}：${fix.zh}`, en: `${text.en}: ${fix.en}` } : text
      return { reason, isFinal: next === 'setUp' || next === 'fix' }
    }
    if (error instanceof PayUnavailable)
      return { reason: { zh: '微信支付没有应答', en: 'WeChat Pay did not answer' }, isFinal: false }
    if (error instanceof BillFault)
      return {
        reason: { zh: `账单文件有误：${error.message}`, en: `the bill is wrong: ${error.message}` },
        isFinal: false,
      }
    throw error
  }
}

/** Reconciles a day (again). `day`: yesterday unless given; in China. Throws 1000. */
export async function requestReconciliation(
  ctx: Needs,
  { corpId, actor }: { corpId: string; actor: string },
  { mchId, day = dayOf(ctx.now() - dayMs) }: { mchId: string; day?: string | undefined },
): Promise<{ mchId: string; day: string }> {
  const merchant = ctx.merchants.get(corpId, mchId)
  checkHasBill(ctx, day)
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await store.askForDay(tx, { corpId, mchId, day }, at)
    await enqueue(tx, [{ corpId, stream: 'pay-reconciliation', key: mchId }], at)
    const detail = { day }
    const entry = { corpId, actor, target: mchId, targetName: merchant.name, detail }
    await record(tx, ctx, { ...entry, act: 'pay.reconciliation.run' })
  })
  ctx.queue.kick(corpId)
  return { mchId, day }
}

/** Throws 1000 for a text that is no day. */
export function checkDay(day: string): void {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day)
    throw new ApiError('badParameter', {
      zh: told`日期应写作 2026-03-01，现为 ${day}`,
      en: told`a day is written as 2026-03-01, not ${day}`,
    })
}

function checkHasBill(ctx: Core, day: string): void {
  checkDay(day)
  const [first, last] = [dayOf(ctx.now() - keptDays * dayMs), dayOf(ctx.now() - dayMs)]
  if (day < first || day > last)
    throw new ApiError('badParameter', {
      zh: told`日期应在 ${first} 与 ${last} 之间：微信支付次日出账单，保留三个月`,
      en: told`the day should be between ${first} and ${last}: WeChat Pay makes bills the next day and keeps them for three months`,
    })
}

/** Somebody looked at a difference and knows why it is there. Throws 1000. */
export async function acknowledgeDifference(
  ctx: Core,
  { corpId, actor }: { corpId: string; actor: string },
  given: { mchId: string; day: string; kind: store.DifferenceKind; number: string; note: string },
): Promise<void> {
  const { note, ...which } = given
  checkDay(which.day)
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.acknowledge(tx, { corpId, ...which }, { actor, note })))
      throw new ApiError('badParameter', {
        zh: told`没有待处理的差异 ${given.number}`,
        en: told`there is no open difference ${given.number}`,
      })
    await checkAlerts(ctx, tx, corpId)
    const entry = { corpId, actor, target: given.number, detail: given }
    await record(tx, ctx, { ...entry, act: 'pay.reconciliation.acknowledge' })
  })
}
