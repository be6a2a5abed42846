import { type Static, Type } from 'typebox'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import { anyChannelNames, channelOf } from '../../channels/channels.ts'
import { bearersOf, type MessageRow } from '../../channels/part.ts'
import type { CodedReason } from '../../channels/reason.ts'
import { toldIn, wordsOf } from '../../channels/telling.ts'
import { findMessage } from '../parts/store.ts'
import { approvalOf } from '../plans/approval-store.ts'
import { isWhole, type PlanRow, planOf } from '../plans/plan-store.ts'
import { isTakenBack } from './fate-store.ts'
import * as store from './why-store.ts'

const whats = {
  accepted: { zh: '已接受', en: 'accepted' },
  wait: { zh: '决定等待', en: 'decided to wait' },
  collect: { zh: '决定合并发送', en: 'decided to collect it in a digest' },
  drop: { zh: '决定不发', en: 'decided not to send it' },
  send: { zh: '决定发出', en: 'decided to send it' },
  cancel: { zh: '发出前已取消', en: 'cancelled before it left' },
  queued: { zh: '等待交给渠道', en: 'waits to be handed to the channel' },
  held: { zh: '因限制推迟', en: 'held back by a limit' },
  retry: { zh: '没有发出或应答不明，将重试', en: 'not sent or unclear, is tried again' },
  sent: { zh: '渠道已接受', en: 'the channel accepted it' },
  delivered: { zh: '回执确认已送达', en: 'a receipt confirms that it arrived' },
  failed: { zh: '没有送达', en: 'it did not arrive' },
  unknown: { zh: '无法确认是否送达', en: 'it is unclear whether it arrived' },
  cancelled: { zh: '发出前已撤回', en: 'recalled before it left' },
  recalled: { zh: '已撤回', en: 'recalled' },
} as const
type What = keyof typeof whats
const whatNames = Object.keys(whats) as What[]

const said = (language: 'zh' | 'en') =>
  whatNames.map(name => `${name} ${whats[name][language]}`).join(language === 'zh' ? '；' : '; ')

const stepSchema = Type.Object({
  at: Type.String({ about: { zh: '时间，ISO 8601', en: 'When, ISO 8601' } }),
  channel: Type.Enum(['', ...anyChannelNames], {
    about: { zh: '渠道；与渠道无关时为空', en: 'The channel; empty where it is about none' },
  }),
  what: Type.Enum(whatNames, { about: { zh: said('zh'), en: said('en') } }),
  cause: Type.String({
    about: {
      zh: '原因，按 Accept-Language；没有则为空',
      en: 'Why, by Accept-Language; empty if there is none',
    },
  }),
  until: Type.Optional(Type.String({ about: { zh: '到什么时候', en: 'Until when' } })),
  digest: Type.Optional(
    Type.String({
      about: {
        zh: '这一步属于合并发送的那条消息时：其 msgId',
        en: 'Where the step is about the digest that carries the message: its msgId',
      },
    }),
  ),
})
export const whySchema = Type.Object({
  steps: Type.Array(stepSchema, {
    about: { zh: '按时间先后', en: 'In order of time' },
  }),
  collected: Type.Optional(
    Type.Array(Type.String(), {
      about: {
        zh: '这条消息是合并发送时：其中各消息的 msgId，最新在前，最多 200 条',
        en: 'Where the message is a digest: the msgIds of those that it carries, the newest first, at most 200',
      },
    }),
  ),
})
export type WhyStep = Static<typeof stepSchema>
export type WhyAnswer = Static<typeof whySchema>

export const sampleWhy = {
  steps: [
    { at: '2026-12-01T14:30:00.000Z', channel: '', what: 'accepted', cause: '' },
    {
      at: '2026-12-01T14:30:00.010Z',
      channel: '',
      what: 'wait',
      cause: '企业免打扰 22:00–07:00',
      until: '2026-12-01T23:00:00.000Z',
    },
    { at: '2026-12-01T23:00:00.200Z', channel: '', what: 'send', cause: '等待结束' },
    { at: '2026-12-01T23:00:00.900Z', channel: 'wecom', what: 'sent', cause: '' },
  ],
} as const satisfies { steps: WhyStep[] }

type Step = Omit<WhyStep, 'at' | 'until'> & { at: Date; until?: Date | null }

/**
 * What became of a message for one person and why, in order of time: decisions, and what its channels say. Never what the message says. Throws
 * 1000 for somebody who is no receiver. `isMeant` says who is one while nobody was decided about; `devId`: of what a digest carries, only what
 * this developer sent.
 */
export async function whyOf(
  ctx: Core & { mirrors: Mirrors },
  given: MessageRow,
  receiver: store.Receiver,
  language: Language,
  { isMeant, devId }: { isMeant(plan: PlanRow): Promise<boolean>; devId?: string | undefined },
): Promise<WhyAnswer> {
  const { corpId } = given
  // A message that carries one text of a call is asked about as the call.
  const whole =
    given.parentId === null ? undefined : await findMessage(ctx.db, { corpId, id: given.parentId })
  const message = whole ?? given
  const decided = await store.decidedSteps(ctx.db, message, receiver)
  const digest = message.children ? await store.digestFor(ctx.db, message, receiver) : undefined
  // What became of the digest became of the message.
  const carried = digest === undefined ? message : { ...message, children: [...bearersOf(message), digest] }
  const parts = await store.partsOfReceiver(ctx.db, carried, receiver)
  const tries = await store.triesOf(
    ctx.db,
    message,
    parts.map(one => one.id),
  )
  const results = await store.resultsOfReceiver(ctx.db, carried, receiver)
  const plan = await planOf(ctx.db, message)
  if (decided.length + parts.length + results.length === 0) {
    const isComing = await store.isStillComing(ctx.db, message, receiver)
    if (!isComing && !(plan && (await isMeant(plan)))) throw noReceiver(message.id, receiver.userId)
  }
  const reasonOf = (kept: string | null) => (kept ? toldIn(language, kept) : '')
  const ofDigest = (messageId: string) => (messageId === digest ? { digest } : {})
  const channelOfPart = new Map(parts.map(one => [one.id, one.channel]))
  const steps: Step[] = [
    { at: message.createdAt, channel: '', what: 'accepted', cause: '' },
    ...(await approvalSteps(ctx, message, plan, language)),
    ...waitingSteps(message, plan),
    ...endSteps(plan, decided, language),
    ...decided.map(({ at, what, channel, cause, until }) => ({
      ...{ at, until, what: what as What, channel: (channel ?? '') as Step['channel'] },
      cause: wordsIn(language, wordsOf(cause)),
    })),
    ...tries.map(({ partId, at, answer }) => ({
      ...{ at, what: 'retry' as const, channel: channelOfPart.get(partId) as Step['channel'] },
      cause: reasonOf(answer),
    })),
    ...parts.flatMap(part =>
      stepsOfPart(part, results, reasonOf).map(step => ({ ...step, ...ofDigest(part.messageId) })),
    ),
    ...results.map(({ at, channel, state, reason, messageId }) => ({
      ...{ at, channel: channel as Step['channel'], what: state },
      ...{ cause: reasonOf(reason), ...ofDigest(messageId) },
    })),
  ]
  steps.sort((a, b) => a.at.getTime() - b.at.getTime())
  const collected =
    message.typeKey === null || message.children !== null
      ? []
      : await store.collectedBy(ctx.db, message, receiver, devId)
  return {
    ...(collected.length > 0 ? { collected } : {}),
    steps: steps.map(({ at, until, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      ...(until ? { until: until.toISOString() } : {}),
    })),
  }
}

/** That the call waits whole for its time, and until when. */
function waitingSteps(message: MessageRow, plan: PlanRow | undefined): Step[] {
  if (plan?.state !== 'waiting' || !isWhole(plan) || !plan.dueAt || plan.dueAt <= message.createdAt) return []
  return [{ at: message.createdAt, channel: '', what: 'wait', cause: '', until: plan.dueAt }]
}

/** That it waited for approval and why, and who decided. */
async function approvalSteps(
  ctx: Core & { mirrors: Mirrors },
  message: MessageRow,
  plan: PlanRow | undefined,
  language: Language,
): Promise<Step[]> {
  const row = await approvalOf(ctx.db, message)
  if (!row) return []
  const { state, cause, askedAt, decidedAt, decidedBy } = row
  const step = (what: What, at: Date, said: CodedReason): Step => ({
    ...{ at, what, channel: '' },
    cause: wordsIn(language, wordsOf(said)),
  })
  const isBefore = state !== 'review' && state !== 'reviewed'
  const asked = [
    ...(isBefore ? [step('wait', askedAt, cause)] : []),
    ...(plan?.state === 'approval' ? [step('wait', askedAt, { code: 'awaitsOther' })] : []),
  ]
  if (!decidedAt || state === 'refused') return asked
  const member = ctx.mirrors.of(message.corpId).members.byKey(userKey(decidedBy ?? ''))
  const code = { approved: 'approvedBy', confirmed: 'confirmedBy', reviewed: 'reviewedBy' }[
    state as 'approved'
  ]
  return [...asked, step('send', decidedAt, { code, who: member?.name ?? decidedBy })]
}

/** Why a call was cancelled as a whole, such as who refused it; what was decided of its persons says it for each. */
function endSteps(
  plan: PlanRow | undefined,
  decided: readonly store.DecidedStep[],
  language: Language,
): Step[] {
  const isSaid = decided.some(({ what }) => what === 'drop' || what === 'cancel')
  if (plan?.state !== 'cancelled' || !plan.endedAt || !plan.reason || isSaid) return []
  return [{ at: plan.endedAt, what: 'cancel', channel: '', cause: toldIn(language, plan.reason) }]
}

/** The member of this userid; of somebody who has left the parts know the userid alone. */
export function receiverOf(ctx: { mirrors: Mirrors }, corpId: string, userId: string): store.Receiver {
  return ctx.mirrors.of(corpId).members.byKey(userKey(userId)) ?? { id: null, userId }
}

/** What a vendor said of this receiver alone stands in the place of what it said of the whole call. */
function stepsOfPart(
  part: store.PartOfReceiver,
  results: readonly store.ResultOfReceiver[],
  reasonOf: (kept: string | null) => string,
): Step[] {
  const { id, state, finishedAt, createdAt, recalledAt, hold } = part
  const channel = part.channel as Step['channel']
  const steps: Step[] = []
  if (hold)
    steps.push({
      ...{ at: new Date(hold.since), channel, what: 'held', cause: reasonOf(hold.reason) },
      until: new Date(hold.until),
    })
  const isOpen = state === 'waiting' || state === 'sending' || state === 'asking'
  const isRefused = results.some(one => one.partId === id && one.state === 'failed')
  const at = finishedAt ?? createdAt
  if (isOpen) steps.push({ at: createdAt, channel, what: 'queued', cause: '' })
  else if (!(isRefused && state === 'sent') && state !== 'replaced')
    steps.push({ at, channel, what: whatOf(part), cause: state === 'sent' ? '' : reasonOf(part.reason) })
  if (recalledAt) steps.push({ at: recalledAt, channel, what: 'recalled', cause: '' })
  return steps
}

/** What was not recalled was cancelled by a decision, such as that it expired, or that there was no budget. */
function whatOf({ state, reason }: store.PartOfReceiver): What {
  return state === 'cancelled' && !isTakenBack({ state, reason }) ? 'drop' : (state as What)
}

function noReceiver(msgId: string, userId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${userId} 不是消息 ${msgId} 的接收人`,
    en: told`${userId} is not a receiver of the message ${msgId}`,
  })
}

/** The same as pages show it: `said` is a step in one line, `via` its channel, both in the reader's language. */
export const whyViewSchema = Type.Object({
  steps: Type.Array(
    Type.Object({
      at: Type.String(),
      via: Type.String(),
      said: Type.String(),
      until: Type.Optional(Type.String()),
      digest: Type.Optional(Type.String()),
    }),
  ),
  collected: Type.Optional(Type.Array(Type.String())),
})
export type WhyView = Static<typeof whyViewSchema>

export function whyView({ steps, collected }: WhyAnswer, language: Language): WhyView {
  return {
    ...(collected ? { collected } : {}),
    steps: steps.map(({ at, channel, what, cause, until, digest }) => {
      const done = wordsIn(language, whats[what])
      const both = wordsIn(language, { zh: `${done}：${cause}`, en: `${done}: ${cause}` })
      return {
        at,
        via: channel === '' ? '' : wordsIn(language, channelOf(channel).label),
        said: cause === '' ? done : both,
        ...(until === undefined ? {} : { until }),
        ...(digest === undefined ? {} : { digest }),
      }
    }),
  }
}
