import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { operatorId } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import { isAnswerable as isAnswerableCard } from '../../../upstream/wecom/cards/check-card.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf, type Preview, previewSchema } from '../../channels/channels.ts'
import type { MessageRow } from '../../channels/part.ts'
import { asksReceipt, isBodyShown } from '../../channels/part.ts'
import type { CommonReason } from '../../channels/reason.ts'
import { openContent } from '../../channels/sealed.ts'
import { adviceOf, reasonAndAdvice, storedReason, toldIn, wayWords, wordsOf } from '../../channels/telling.ts'
import type { CardContent } from '../../channels/wecom/cards/content.ts'
import { giveOut } from '../../message-media/give-out.ts'
import { filesOf } from '../../message-media/message-files.ts'
import { recall } from '../fate/recall.ts'
import { resend } from '../fate/resend.ts'
import { answerAtMost, findOfCorp, reasonOf, waitOf } from '../fate/status.ts'
import { checkBodyShown, titleOf } from '../fate/subject.ts'
import type { RefusedReceiver } from '../parts/store.ts'
import { approvalOf } from '../plans/approval-store.ts'
import { isOpen, planOf } from '../plans/plan-store.ts'
import * as store from './console-store.ts'
import { countsOf, developerOf, messageCountsSchema, namesOf, whoOf } from './message-list.ts'

type Needs = Core & { messageSettings: Setups }

const msgId = text('消息 id', { max: 64 })

/** Events of a message other than calls to upstream. `until` belongs to `held`. */
const messageEventSchema = Type.Union([
  Type.Object({
    at: Type.String(),
    kind: Type.Literal('accepted'),
    who: Type.String(),
    receivers: Type.Number(),
  }),
  Type.Object({
    at: Type.String(),
    kind: Type.Enum(['recalled', 'resent']),
    who: Type.String(),
    receivers: Type.Union([Type.Number(), Type.Null()]),
  }),
  Type.Object({
    at: Type.String(),
    kind: Type.Literal('held'),
    until: Type.String(),
    reason: Type.String(),
    receivers: Type.Number(),
    isOver: Type.Boolean(),
  }),
])
export type MessageEvent = Static<typeof messageEventSchema>

const messageDetailSchema = Type.Object({
  msgId: Type.String(),
  createdAt: Type.String(),
  channel: Type.String(),
  state: Type.Enum(['failed', 'recalled', 'unknown', 'sent', 'queued', 'partial', 'cancelled']),
  /** While it waits: when the next of it leaves; '' otherwise. */
  waitsUntil: Type.String(),
  /** Why it is cancelled, or waits for a person; '' otherwise. */
  reason: Type.String(),
  /** What a person can let go on; `no`: it waits, and can be paused; '' for what does not wait. */
  held: Type.Enum(['', 'no', 'approval', 'paused']),
  /** How far its approval has come; '' where it needs none. */
  approval: Type.Enum(['', 'asked', 'review', 'approved', 'confirmed', 'refused', 'reviewed']),
  about: Type.String(),
  expiresAt: Type.String(),
  agentName: Type.String(),
  agent: Type.String(),
  templateId: Type.String(),
  /** Key and version of the message type; '' and 0 for what is sent without one. */
  type: Type.String(),
  typeVersion: Type.Number(),
  /** In how many texts that differ by words or channel it goes out. */
  texts: Type.Number(),
  devId: Type.String(),
  developer: Type.String(),
  requestId: Type.String(),
  receivers: Type.Number(),
  /** Also of a recalled message; of an SMS its wording without the values. '' for a text without a title, whose beginning is content. */
  title: Type.String(),
  counts: messageCountsSchema,
  /** True while the receivers of a large send are still being written down. */
  isExpanding: Type.Boolean(),
  /** Names of the inputs that were cut to WeCom's limits. */
  truncated: Type.Array(Type.String()),
  events: Type.Array(messageEventSchema),
  attempts: Type.Number(),
  /** It is a card that people answer. */
  isAnswerable: Type.Boolean(),
  /** How many others it carries as a digest. */
  collected: Type.Number(),
  /** Its words are hidden from administrators. */
  isPrivate: Type.Boolean(),
  /** Its receivers are asked to acknowledge it. */
  asksReceipt: Type.Boolean(),
  resend: Type.Object({
    failed: Type.Number(),
    unknown: Type.Number(),
  }),
  /** `waiting` counts what has not been sent; `sent` can be recalled from upstream before `until`, `kept` cannot. */
  recall: Type.Object({
    isForSent: Type.Boolean(),
    waiting: Type.Number(),
    sent: Type.Number(),
    kept: Type.Number(),
    until: Type.String(),
  }),
})
export type MessageDetail = Static<typeof messageDetailSchema>

export const readMessage = pageCall({
  method: 'GET',
  path: '/web/messages/one',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId },
  output: messageDetailSchema,
  async handle(
    ctx: Needs & { corps: Corps; developers: Developers; mirrors: Mirrors },
    { input, corpId, request },
  ): Promise<MessageDetail> {
    const language = languageOf(request.headers['accept-language'])
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const [listed] = (
      await store.listMessages(
        ctx.db,
        corpId,
        { id: message.id },
        { field: 'createdAt', descending: true },
        { offset: 0, limit: 1 },
      )
    ).rows
    const content = openContent(ctx, message)
    const agent = ctx.corps.get(corpId).agents.find(one => one.agentId === message.agentId)
    const open = await store.reopenable(ctx.db, message)
    const counts = await countsOf(ctx, message)
    const plan = await planOf(ctx.db, message)
    const { total } = await store.attemptsPage(ctx.db, message, { offset: 0, limit: 1 })
    return {
      msgId: message.id,
      createdAt: message.createdAt.toISOString(),
      channel: message.channel,
      state: listed?.state ?? 'failed',
      waitsUntil: (await waitOf(ctx, message, plan)).waitsUntil ?? '',
      reason: await reasonOf(ctx, message, plan, { status: listed?.state ?? '', language }),
      held: plan?.state === 'approval' || plan?.state === 'paused' ? plan.state : isOpen(plan) ? 'no' : '',
      approval: (await approvalOf(ctx.db, message))?.state ?? '',
      about: message.about ?? '',
      expiresAt: message.expiresAt?.toISOString() ?? '',
      agentName: message.agentName,
      agent: agent?.name ?? (message.agentId === null ? '' : String(message.agentId)),
      templateId: message.templateId ?? '',
      type: message.typeKey ?? '',
      typeVersion: message.typeVersion ?? 0,
      texts: message.children?.length || 1,
      ...developerOf(ctx, message.devId),
      requestId: message.devId === operatorId ? '' : (message.requestId ?? ''),
      receivers: message.receivers,
      title: titleOf(ctx, message),
      counts,
      isExpanding: message.expandedTo !== null,
      truncated: message.truncated,
      events: await eventsOf(ctx, message, listed?.heldUntil ?? null, language),
      attempts: total,
      // The answers to a card show its words; what a receipt is asked for by is no question.
      isAnswerable: isAnswerable(content) && !asksReceipt(content) && isBodyShown(content),
      collected: await store.countCollected(ctx.db, message),
      isPrivate: !isBodyShown(content),
      asksReceipt: asksReceipt(content),
      resend:
        listed?.state === 'recalled'
          ? { failed: 0, unknown: 0 }
          : { failed: open.failed, unknown: open.unknown },
      // Persons who wait for their time are in no part yet.
      recall: recallOf(ctx, message, message.children ? { ...open, waiting: counts.waiting } : open),
    }
  },
})

/** Whether people answer it: a card with buttons, or with a menu in its corner. */
function isAnswerable(content: object): boolean {
  const { kind, card } = content as Partial<CardContent>
  return kind === 'template_card' && card !== undefined && isAnswerableCard(card)
}

const held: CommonReason = { code: 'held' }
function recallOf(ctx: Core, message: MessageRow, open: { waiting: number; sent: number }) {
  const { recall } = channelOf(message.channel)
  const isOver = message.recalledAt !== null
  const leftAt = message.dueAt ?? message.createdAt
  const untilMs = leftAt.getTime() + (recall?.withinMs ?? 0)
  const isInTime = recall !== undefined && ctx.now() < untilMs && !isOver
  return {
    isForSent: recall !== undefined,
    waiting: isOver ? 0 : open.waiting,
    sent: isInTime ? open.sent : 0,
    kept: isInTime || isOver ? 0 : open.sent,
    until: isInTime ? new Date(untilMs).toISOString() : '',
  }
}

async function eventsOf(
  ctx: Core & { developers: Developers; mirrors: Mirrors },
  message: MessageRow,
  heldUntil: Date | null,
  language: Language,
): Promise<MessageEvent[]> {
  const acts = await store.actsOn(ctx.db, message.corpId, message.id, message.createdAt)
  const sender = acts.find(one => one.act === 'message.send')?.actor
  const { developer } = developerOf(ctx, message.devId)
  const events: MessageEvent[] = [
    {
      at: message.createdAt.toISOString(),
      kind: 'accepted',
      who: sender === undefined ? developer : whoOf(ctx, message.corpId, sender),
      receivers: message.receivers,
    },
  ]
  for (const { at, actor, act, detail } of acts) {
    if (act === 'message.send') continue
    const receivers = (detail as { receivers?: number }).receivers ?? null
    const kind = act === 'message.resend' ? 'resent' : 'recalled'
    events.push({ at: at.toISOString(), kind, who: whoOf(ctx, message.corpId, actor), receivers })
  }
  return [...events, ...(await holdsOf(ctx, message, heldUntil, language))]
}

async function holdsOf(
  ctx: Core,
  message: MessageRow,
  heldUntil: Date | null,
  language: Language,
): Promise<MessageEvent[]> {
  const isAhead = (until: string | Date) => new Date(until).getTime() > ctx.now()
  const events = (await store.holdsOf(ctx.db, message)).map(
    ({ since, until, reason, receivers, isAll, isOpen }) => ({
      at: since,
      kind: 'held' as const,
      until,
      reason: toldIn(language, reason),
      receivers: isAll ? message.receivers : receivers,
      isOver: !(isOpen && isAhead(until)),
    }),
  )
  if (!heldUntil || !isAhead(heldUntil) || events.some(one => !one.isOver)) return events
  // WeCom itself said that a limit is reached, which stays in the timeline as the answer to an attempt.
  const reason = wordsIn(language, wordsOf(held))
  const { waiting } = await countsOf(ctx, message)
  const at = new Date(ctx.now()).toISOString()
  return [
    ...events,
    { at, kind: 'held', until: heldUntil.toISOString(), reason, receivers: waiting, isOver: false },
  ]
}

/** `advice` says what to do about it; '' when there is nothing to do. `userIds` are the first of the `receivers`. */
const refusedSchema = Type.Object({
  reason: Type.String(),
  advice: Type.String(),
  userIds: Type.Array(Type.String()),
  receivers: Type.Number(),
})

/** The names of people by their userids, without those who have none. */
const namesSchema = Type.Record(Type.String(), Type.String())

/** `userIds` and `receivers` of a call that upstream accepted leave out those who are in `refused`, by reason. */
const attemptRowSchema = Type.Object({
  outcome: Type.String(),
  /** The vendor, where the channel has several; else ''. */
  way: Type.String(),
  /** What became of the attempt by another vendor before it; else ''. */
  before: Type.String(),
  n: Type.Number(),
  answer: Type.String(),
  ms: Type.Number(),
  userIds: Type.Array(Type.String()),
  part: Type.Number(),
  receivers: Type.Number(),
  at: Type.String(),
  advice: Type.String(),
  refused: Type.Array(refusedSchema),
})
export type AttemptRow = Static<typeof attemptRowSchema>

export const messageAttempts = pageCall({
  method: 'GET',
  path: '/web/messages/attempts',
  access: administrator('super'),
  point: 'message:read',
  input: { msgId, ...paging, troubled: flag('1：只要没有成功、或有人没有收到的') },
  directory: true,
  output: Type.Object({
    list: Type.Array(attemptRowSchema),
    total: Type.Number(),
    names: namesSchema,
  }),
  async handle(ctx: Core & { messageSettings: Setups; mirrors: Mirrors }, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const { rows, total } = await store.attemptsPage(ctx.db, message, pageOf(input), input.troubled)
    const list = rows.map(row => {
      const answer = toldIn(language, row.answer, answerAtMost)
      const advice = row.outcome === 'sent' ? undefined : adviceOf(message.channel, storedReason(row.answer))
      const words = { answer, advice: wordsIn(language, advice ?? '') }
      const refused = refusedByReason(message.channel, row.refused, language)
      const way = wordsIn(language, wayWords(message.channel, row.way))
      return { ...row, at: row.at.toISOString(), ...words, way, refused }
    })
    const shown = list.flatMap(one => [...one.userIds, ...one.refused.flatMap(({ userIds }) => userIds)])
    const people = [...new Set(shown)].map(userId => ({ userId, memberId: null }))
    return { list, total, names: Object.fromEntries(await namesOf(ctx, corpId, people)) }
  },
})

const namedAtMost = 10

function refusedByReason(channel: string, refused: RefusedReceiver[], language: Language) {
  return [...Map.groupBy(refused, one => one.reason)].map(([reason, own]) => ({
    ...reasonAndAdvice(language, channel, reason),
    userIds: own.slice(0, namedAtMost).map(one => one.userId),
    receivers: own.length,
  }))
}

/** Opens sealed content. Nobody reads somebody else's message unnoticed: each look is written to the audit log. */
export const openMessage = pageCall({
  method: 'POST',
  path: '/web/messages/content',
  access: administrator('super'),
  point: 'message:inspect',
  input: { msgId },
  output: previewSchema,
  async handle(ctx: Needs, { input, visitor, corpId }): Promise<Preview> {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    checkBodyShown(ctx, message)
    const detail = { channel: message.channel, agentName: message.agentName }
    const look = { corpId, actor: visitor.actor, act: 'message.look' as const, target: message.id, detail }
    await record(ctx.db, ctx, look)
    return previewOf(ctx, message)
  },
})

/** A file of a message, for administrators who may read what it says; each is written to the audit log like the look at its words. */
export const openMessageFile = pageCall({
  method: 'GET',
  path: '/web/messages/file',
  access: administrator('super'),
  point: 'message:inspect',
  input: { msgId, mediaId: text('文件 id', { max: 64 }) },
  output: fileSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    checkBodyShown(ctx, message)
    const files = filesOf(openContent(ctx, message))
    const answer = await giveOut(ctx, corpId, files, input.mediaId)
    const fileName = files.find(one => one.mediaId === input.mediaId)?.name
    const detail = { channel: message.channel, agentName: message.agentName, fileName }
    await record(ctx.db, ctx, {
      corpId,
      actor: visitor.actor,
      act: 'message.look',
      target: message.id,
      detail,
    })
    return answer
  },
})

function previewOf(ctx: Needs, { corpId, channel, ...message }: MessageRow): Preview {
  const setup = ctx.messageSettings.setupOf(corpId, channel)
  return channelOf(channel).preview(openContent(ctx, message), setup) as Preview
}

export const resendMessage = pageCall({
  method: 'POST',
  path: '/web/messages/resend',
  access: administrator('super'),
  point: 'message:send',
  input: { msgId },
  output: Type.Object({
    receivers: Type.Number(),
  }),
  async handle(ctx: Core & { queue: Queue }, { input, visitor, corpId }) {
    return resend(ctx, visitor.actor, corpId, input.msgId)
  },
})

export const recallMessageCall = pageCall({
  method: 'POST',
  path: '/web/messages/recall',
  access: administrator('super'),
  point: 'message:send',
  input: { msgId },
  output: Type.Object({
    recalled: Type.Number(),
    unrecalled: Type.Number(),
  }),
  async handle(ctx: Core & { corps: Corps }, { input, visitor, corpId }) {
    return recall(ctx, await findOfCorp(ctx, corpId, input.msgId), visitor.actor)
  },
})
