import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { overQuota } from '../../../organisation/corps/quotas/quotas.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { type Audience, resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { type View, viewOf } from '../../../organisation/directory/read/view.ts'
import { currentActor } from '../../../platform/audit/actor.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Channel, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { contactsOf } from '../../channels/contacts-store.ts'
import type { MessageKey, MessagePart } from '../../channels/part.ts'
import type { Reason } from '../../channels/reason.ts'
import { sealContent } from '../../channels/sealed.ts'
import { keptReason, Refusal } from '../../channels/telling.ts'
import type { PartOutcome } from '../deliver/attempt.ts'
import type { Dispatcher } from '../deliver/dispatcher.ts'
import type { Messages } from '../fate/status.ts'
import { type Batch, batched, partSizeOf, unreachableAmong } from '../parts/parts.ts'
import {
  cancelParts,
  findByRequest,
  type MessageWithAudience,
  markRecalled,
  type Result,
} from '../parts/store.ts'
import type { Draft, Outbox } from './outbox.ts'
import type { SendAnswer, Submission, SubmitResult } from './sending.ts'
import { isAlertNotice } from './submission.ts'

/** What sending takes of the context. */
export type SubmitNeeds = Core & {
  corps: Corps
  dispatcher: Dispatcher
  outbox: Outbox
  queue: Queue
  messageSettings: Setups
  messages: Messages
  mirrors: Mirrors
  offered: FeatureOffers
}

const requestPurpose = 'message.request'

/** Above this many people, only the request of a send is stored, and its receivers are written down bit by bit. */
const expandAbove = 2000
const answerWithinMs = 2000

/** Accepts a message, tries to send it at once, and answers within about two seconds. */
export async function submit(ctx: SubmitNeeds, developer: Caller, given: Submission): Promise<SubmitResult> {
  const view = viewOf(ctx, developer)
  const corp = ctx.corps.get(developer.corpId)
  const channel = channelOf(given.channel)
  if (channel.feature) checkOn(ctx, corp.corpId, channel.feature)
  const setup = ctx.messageSettings.setupOf(corp.corpId, given.channel)
  const agentId = (await channel.agentOf?.(ctx, developer, given.agentId, setup)) ?? null
  const audience = await resolveAudience(ctx, view, given.receivers)
  const missing =
    channel.missing(setup, corp, agentId) ??
    channel.lacks?.(ctx.messageSettings, corp, agentId, given.content)
  if (missing) throw new Refusal(missing)
  const draft = await newDraft(ctx, view, given, agentId, audience)
  const accepted = await ctx.outbox.accept(draft)
  if (accepted === 'beyondQuota') return repeatedOrRefused(ctx, developer, given)
  if (!accepted) return repeated(ctx, developer, given)
  const tried = await tryAtOnce(ctx, draft, accepted.parts)
  const isLeft = tried.length < accepted.count || draft.message.expandedTo !== null
  if (isLeft) ctx.queue.kick(corp.corpId)
  const refusal = refusalOf(tried)
  if (refusal !== undefined) {
    await withdraw(ctx, draft.message, keptReason(refusal))
    throw new Refusal(refusal)
  }
  return {
    ...answerOf(draft, audience, tried, isLeft),
    ...(given.warnings ? { warnings: given.warnings } : {}),
  }
}

async function newDraft(
  ctx: SubmitNeeds,
  view: View,
  given: Submission,
  agentId: number | null,
  audience: Audience,
): Promise<Draft> {
  const channel = channelOf(given.channel)
  const isPerPerson = channel.isPerPerson?.(given.content) ?? false
  if (isPerPerson) checkPerPerson(view, audience)
  const isOneCall =
    audience.isAll && channel.takesAll && view.developer.dataScope === undefined && !isPerPerson
  const isLarge = (audience.isAll && !isOneCall) || audience.members.length > expandAbove
  const id = ctx.newId()
  let batches: Batch[] = []
  let results: Result[] = []
  if (isOneCall) batches = [{ userIds: ['@all'], memberIds: [] }]
  else if (!isLarge) {
    // Who is addressed by userid needs no more; addresses are in the database.
    const known = channel.unreachable
      ? await contactsOf(
          ctx.db,
          view.developer.corpId,
          audience.members.map(core => core.id),
        )
      : audience.members
    const members = known as Parameters<typeof batched>[2]
    const lost = await unreachableAmong(ctx.db, view.developer.corpId, channel, given.content, members)
    ;({ batches, results } = batched(channel, id, members, lost, partSizeOf(channel, given.content)))
    if (channel.unreachableOf && batches.length === 0) throw nobodyReachable(channel, results)
  }
  const reserved = isLarge
    ? {
        audience: audience.isAll
          ? ({ all: true } as const)
          : { memberIds: audience.members.map(core => core.id) },
        expandedTo: 0,
      }
    : { audience: null, expandedTo: null }
  const message: MessageWithAudience = {
    id,
    corpId: view.mirror.corpId,
    devId: view.developer.devId,
    channel: given.channel,
    agentId,
    agentName: given.agentName,
    templateId: given.templateId ?? null,
    content: sealContent(ctx, given.content),
    truncated: given.truncated,
    receivers: isOneCall
      ? await reachedByAll(ctx, view, channel, agentId)
      : isLarge
        ? 0
        : audience.members.length,
    requestId: given.requestId ?? null,
    requestHash: given.requestId ? ctx.seal.sign(requestPurpose, requestText(given)) : null,
    answer: firstAnswer(audience, results, given),
    createdAt: new Date(ctx.now()),
    recalledAt: null,
    aboutAlert: isAlertNotice(view.developer.devId, given.requestId),
    ...reserved,
  }
  return {
    message,
    content: given.content,
    batches,
    results,
    by: currentActor(),
    ...(given.actor === undefined ? {} : { actor: given.actor }),
  }
}

/** Upstream does not say whom of `@all` it leaves out; the address book does, as it did in the forecast. */
async function reachedByAll(
  ctx: SubmitNeeds,
  { mirror: { corpId, members } }: View,
  channel: Channel,
  agentId: number | null,
): Promise<number> {
  if (!channel.countReached || agentId === null) return members.listed
  return channel.countReached(ctx, ctx.corps.get(corpId), agentId, listedOf(members.all()))
}

function* listedOf(members: Iterable<MemberCore>): Generator<MemberCore> {
  for (const member of members) if (isListed(member)) yield member
}

function checkPerPerson(view: View, { isAll, members }: Audience): void {
  const persons = isAll ? view.mirror.members.listed : members.length
  if (persons <= expandAbove) return
  throw new ApiError('badParameter', {
    zh: told`perPerson 最多 ${own(expandAbove)} 人，收到 ${own(persons)} 人`,
    en: told`perPerson takes at most ${own(expandAbove)} people, got ${own(persons)}`,
  })
}

function nobodyReachable({ label }: Channel, results: readonly Result[]): ApiError {
  const ids = results
    .slice(0, 20)
    .map(one => one.userId)
    .join('|')
  return new ApiError('unknownMember', {
    zh: told`没有一个接收人能通过${own(label.zh)}收到：${ids}`,
    en: told`nobody can be reached (${own(label.en)}): ${ids}`,
  })
}

/** What the caller is told, and told again when it repeats its requestId. */
function firstAnswer(audience: Audience, results: readonly Result[], { truncated, warnings }: Submission) {
  return {
    ...invalidLists(
      audience,
      results.map(one => one.userId),
    ),
    ...(truncated.length > 0 ? { truncated } : {}),
    ...(warnings ? { warnings } : {}),
  }
}

function invalidLists(audience: Audience, failed: string[]) {
  const { users, parties, tags } = audience.invalid
  return {
    invaliduser: [...new Set([...users, ...failed])].join('|'),
    invalidparty: parties.join('|'),
    invalidtag: tags.join('|'),
  }
}

/** Two messages are the same when this is. Languages whose maps have no order write a card in another one each time. */
function requestText(given: Submission): string {
  return JSON.stringify(given, (name, value) =>
    name === 'card' || name === 'onPress' ? inOrder(value) : value,
  )
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, one]) => [name, inOrder(one)]))
}

/**
 * Answers a requestId that was used before, without sending again. Throws 1000 when it belonged to a different
 * message.
 */
async function repeated(ctx: SubmitNeeds, developer: Caller, given: Submission): Promise<SubmitResult> {
  const first = await findByRequest(ctx.db, {
    corpId: developer.corpId,
    devId: developer.devId,
    requestId: given.requestId ?? '',
  })
  // The first message has been refused with 1008 since, so its requestId is free again.
  if (!first) return submit(ctx, developer, given)
  if (!ctx.seal.isSigned(requestPurpose, requestText(given), first.requestHash ?? '')) {
    throw new ApiError('badParameter', {
      zh: told`requestId ${given.requestId} 已用于另一条消息`,
      en: told`requestId ${given.requestId} was used for another message`,
    })
  }
  const { status, failed } = await ctx.messages.outcome({ corpId: developer.corpId, id: first.id })
  const answer = first.answer as ReturnType<typeof invalidLists>
  const invaliduser = [...new Set([...answer.invaliduser.split('|').filter(Boolean), ...failed])].join('|')
  return { msgId: first.id, status, ...answer, invaliduser }
}

/** A message that was accepted before the quota was used up is answered as it was then. */
async function repeatedOrRefused(
  ctx: SubmitNeeds,
  developer: Caller,
  given: Submission,
): Promise<SubmitResult> {
  const { requestId } = given
  if (
    requestId &&
    (await findByRequest(ctx.db, { corpId: developer.corpId, devId: developer.devId, requestId }))
  )
    return repeated(ctx, developer, given)
  const quota = ctx.corps.get(developer.corpId).quotas.messagesPerDay ?? 0
  throw overQuota('messagesPerDay', quota, Math.ceil((nextDayAt(ctx.now()) - ctx.now()) / 1000))
}

/** The reason when upstream refused credentials or settings for every part; undefined otherwise. */
function refusalOf(tried: FirstAttempt[]): Reason | undefined {
  const isRefused = tried.every(one => one.delivered?.refusal !== undefined)
  return isRefused ? tried[0]?.delivered?.refusal : undefined
}

/**
 * A message answered with 1008 was not accepted: nothing of it may leave later, and its requestId becomes free again.
 */
export async function withdraw(ctx: Core, message: MessageKey, reason: string): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await markRecalled(tx, message, at, false)
    await cancelParts(tx, message, reason, at)
  })
}

type FirstAttempt = { part: MessagePart; delivered: PartOutcome | undefined }

async function tryAtOnce(
  ctx: Core & { dispatcher: Dispatcher },
  draft: Draft,
  parts: MessagePart[],
): Promise<FirstAttempt[]> {
  let isWaiting = true
  const attempts = parts.map(part => ctx.dispatcher.attempt(draft.message, part, () => isWaiting))
  const timeUp = new Promise<undefined>(resolve => {
    const timer = setTimeout(() => resolve(undefined), answerWithinMs)
    // Failed attempts are handled below, and allSettled itself never rejects.
    void Promise.allSettled(attempts).then(() => clearTimeout(timer))
  })
  const delivered = await Promise.all(attempts.map(one => Promise.race([one.catch(() => undefined), timeUp])))
  isWaiting = false
  return parts.map((part, index) => ({ part, delivered: delivered[index] }))
}

/** `isLeft`: something is left to the dispatcher, such as the second half of a long text. */
function answerOf(draft: Draft, audience: Audience, tried: FirstAttempt[], isLeft: boolean): SubmitResult {
  const { message } = draft
  const failed = [
    ...draft.results.map(one => one.userId),
    ...tried.flatMap(one => one.delivered?.failures.map(failure => failure.userId) ?? []),
    ...tried.flatMap(one => (one.delivered?.state === 'failed' ? one.part.userIds : [])),
  ]
  return {
    msgId: message.id,
    status: isLeft ? 'queued' : statusOf(tried),
    ...invalidLists(audience, failed),
    ...(message.truncated.length > 0 ? { truncated: message.truncated } : {}),
  }
}

function statusOf(tried: FirstAttempt[]): SendAnswer['status'] {
  const states = new Set(tried.map(one => one.delivered?.state))
  const isOpen = [undefined, 'waiting', 'asking', 'replaced'] as const
  if (isOpen.some(state => states.has(state))) return 'queued'
  if (states.has('unknown')) return 'unknown'
  return states.has('sent') ? 'sent' : 'failed'
}
