import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import { overQuota } from '../../../organisation/corps/quotas/quotas.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Audience, InvalidPlaces } from '../../../organisation/directory/read/audience.ts'
import { type View, viewWithExternal } from '../../../organisation/directory/read/view.ts'
import { currentActor } from '../../../platform/audit/actor.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Channel, Setups } from '../../channels/channel.ts'
import { type AnyChannelName, channelOf } from '../../channels/channels.ts'
import { type Contact, contactsOf } from '../../channels/contacts-store.ts'
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
import { audienceOf } from './audience.ts'
import type { Alongside, Draft, Outbox } from './outbox.ts'
import type { SendAnswer, SendingType, Submission, SubmitResult } from './sending.ts'
import { checkTaken, isAlertNotice } from './submission.ts'

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
export const expandAbove = 2000
const answerWithinMs = 2000

/** Accepts a message, tries to send it at once, and answers within about two seconds. */
export async function submit(
  ctx: SubmitNeeds,
  developer: Caller,
  given: Submission,
  alongside?: Alongside,
): Promise<SubmitResult> {
  const view = viewWithExternal(ctx, developer)
  const { channel } = given
  await checkTaken(ctx, developer.corpId, given)
  const agentId = await senderOf(ctx, developer, channel, given.agentId)
  const audience = await audienceOf(ctx, view, given)
  return submitTo(ctx, view, given, agentId, audience, alongside)
}

/** The agent of a channel by which the caller may send. Throws 1000, 1002, 1008 and 1009. */
export async function senderOf(
  ctx: SubmitNeeds,
  developer: Caller,
  name: AnyChannelName,
  agentId: string | undefined,
): Promise<number | null> {
  const channel = channelOf(name)
  const { corpId } = developer
  if (channel.feature) checkOn(ctx, corpId, channel.feature)
  const setup = ctx.messageSettings.setupOf(corpId, name)
  return (await channel.agentOf?.(ctx, developer, agentId, setup)) ?? null
}

/** Throws 1008 for what the channel cannot send as it is set up. */
export function checkReady(
  ctx: SubmitNeeds,
  corpId: string,
  { channel: name, content }: Submission,
  agentId: number | null,
): void {
  const channel = channelOf(name)
  const corp = ctx.corps.get(corpId)
  const setup = ctx.messageSettings.setupOf(corpId, name)
  const missing =
    channel.missing(setup, corp, agentId) ?? channel.lacks?.(ctx.messageSettings, corp, agentId, content)
  if (missing) throw new Refusal(missing)
}

/** The same as `submit`, to receivers that have been resolved. */
export async function submitTo(
  ctx: SubmitNeeds,
  view: View,
  given: Submission,
  agentId: number | null,
  audience: Audience,
  alongside?: Alongside,
): Promise<SubmitResult> {
  const { developer } = view
  checkReady(ctx, developer.corpId, given, agentId)
  const only = await newDraft(ctx, view, given, agentId, audience)
  const draft = alongside ? { ...only, alongside } : only
  const accepted = await ctx.outbox.accept(draft)
  if (accepted === 'beyondQuota')
    return (await repeated(ctx, developer, given)) ?? refuseBeyondQuota(ctx, developer.corpId)
  // The first message may have been refused with 1008 since, so that its requestId is free again.
  if (!accepted)
    return (await repeated(ctx, developer, given)) ?? submitTo(ctx, view, given, agentId, audience, alongside)
  const tried = await tryAtOnce(ctx, draft, accepted.parts)
  const isLeft = tried.length < accepted.count || draft.message.expandedTo !== null
  if (isLeft) ctx.queue.kick(developer.corpId)
  const refusal = refusalOf(tried)
  if (refusal !== undefined) {
    await withdraw(ctx, draft.message, keptReason(refusal), alongside)
    throw new Refusal(refusal)
  }
  return {
    ...answerOf(draft, audience, tried, isLeft),
    ...(given.warnings ? { warnings: given.warnings } : {}),
  }
}

/** Who can be reached by a channel: addresses where it needs them, and why not. */
export type Reach = { contacts: readonly Contact[]; lost: ReadonlyMap<number, Reason> }

/** Looks up members for a channel. Whom it addresses by userid needs no more; addresses are in the database. */
export async function reachOf(
  ctx: Core,
  corpId: string,
  channel: Channel,
  content: object,
  members: readonly MemberCore[],
): Promise<Reach> {
  const ids = members.map(core => core.id)
  const known = channel.unreachable ? await contactsOf(ctx.db, corpId, ids) : members
  const contacts = known as readonly Contact[]
  return { contacts, lost: await unreachableAmong(ctx.db, corpId, channel, content, contacts) }
}

/**
 * A message to accept, with its parts as far as its receivers are few. `ofCall`: it carries one text of a call, whose receivers were looked
 * up for all texts together.
 */
export async function newDraft(
  ctx: SubmitNeeds,
  view: View,
  given: Submission,
  agentId: number | null,
  audience: Audience,
  ofCall?: { parentId: string | null; reach: Reach; id?: string },
): Promise<Draft> {
  const channel = channelOf(given.channel)
  const isPerPerson = channel.isPerPerson?.(given.content) ?? false
  if (isPerPerson) checkPerPerson(view, audience)
  const isOneCall =
    audience.isAll &&
    channel.takesAll?.(given.content) === true &&
    view.developer.dataScope === undefined &&
    !isPerPerson
  const isLarge = (audience.isAll && !isOneCall) || audience.members.length > expandAbove
  const id = ofCall?.id ?? ((!ofCall && given.type?.msgId) || ctx.newId())
  let batches: Batch[] = []
  let results: Result[] = []
  if (isOneCall) batches = [{ userIds: ['@all'], memberIds: [] }]
  else if (!isLarge) {
    const { corpId } = view.developer
    const { contacts, lost } =
      ofCall?.reach ?? (await reachOf(ctx, corpId, channel, given.content, audience.members))
    ;({ batches, results } = batched(channel, id, contacts, lost, partSizeOf(channel, given.content)))
    if (channel.unreachableOf && batches.length === 0 && !ofCall) throw nobodyReachable(channel, results)
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
    ...rowOf(
      ctx,
      view,
      given,
      agentId,
      invalidLists(
        audience,
        results.map(one => one.userId),
      ),
    ),
    id,
    receivers: isOneCall
      ? await reachedByAll(ctx, view, channel, agentId)
      : isLarge
        ? 0
        : audience.members.length,
    parentId: ofCall?.parentId ?? null,
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

/** A message without receivers. */
export function rowOf(
  ctx: Core,
  view: View,
  given: Submission,
  agentId: number | null,
  invalid: ReturnType<typeof invalidLists>,
): Omit<MessageWithAudience, 'id' | 'receivers'> {
  return {
    corpId: view.mirror.corpId,
    devId: view.developer.devId,
    channel: given.channel,
    agentId,
    agentName: given.agentName,
    templateId: given.templateId ?? null,
    content: sealContent(ctx, given.content),
    truncated: given.truncated,
    requestId: given.requestId ?? null,
    requestHash: given.requestId ? ctx.seal.sign(requestPurpose, requestText(given)) : null,
    answer: {
      ...invalid,
      ...(given.truncated.length > 0 ? { truncated: given.truncated } : {}),
      ...(given.warnings ? { warnings: given.warnings } : {}),
      ...(given.type ? { accepted: given.type.accepted } : {}),
    },
    createdAt: new Date(ctx.now()),
    recalledAt: null,
    aboutAlert: isAlertNotice(view.developer.devId, given.requestId),
    typeKey: given.type?.key ?? null,
    typeVersion: given.type?.version ?? null,
    parentId: null,
    children: null,
    about: given.timing?.about ?? null,
    dueAt: given.timing?.sendAt ?? null,
    expiresAt: given.timing?.expiresAt ?? null,
    audience: null,
    expandedTo: null,
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
    en: told`none of the receivers can be reached by ${own(label.en)}: ${ids}`,
  })
}

export function invalidLists(audience: Audience, failed: readonly string[]) {
  const { users, parties, tags, groups, places } = audience.invalid
  return {
    invaliduser: [...new Set([...users, ...failed])].join('|'),
    invalidparty: parties.join('|'),
    invalidtag: tags.join('|'),
    ...(groups ? { invalidgroup: groups.join('|') } : {}),
    ...(places ? namedAs(places) : {}),
  }
}

const namedAs = ({ as, ids }: InvalidPlaces): Partial<Record<InvalidPlaces['as'], string>> => ({
  [as]: ids.join('|'),
})

/**
 * Two messages are the same when this is. Languages whose maps have no order write a card in another one each time. A
 * type may have changed since, so what its caller gave counts.
 */
function requestText(given: RequestContent): string {
  if (given.type) return given.type.asked
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

/** What tells one request from another: a submission, or what its type was asked with. */
type RequestContent = Submission | (Pick<Submission, 'requestId'> & { type: SendingType })

/**
 * Answers a requestId that was used before, without sending again; undefined for one that was not. Throws 1000 when it belonged to a
 * different message.
 */
export async function repeated(
  ctx: SubmitNeeds,
  { corpId, devId }: Caller,
  given: RequestContent,
): Promise<SubmitResult | undefined> {
  const { requestId } = given
  const first = requestId ? await findByRequest(ctx.db, { corpId, devId, requestId }) : undefined
  if (!first) return undefined
  if (!ctx.seal.isSigned(requestPurpose, requestText(given), first.requestHash ?? '')) {
    throw new ApiError('badParameter', {
      zh: told`requestId ${requestId} 已用于另一条消息，没有发送；新消息请使用新的 requestId`,
      en: told`requestId ${requestId} was used for another message, and nothing was sent: give a new message a new requestId`,
    })
  }
  const { status, failed } = await ctx.messages.outcome({ corpId, id: first.id })
  const answer = first.answer as ReturnType<typeof invalidLists>
  const invaliduser = [...new Set([...answer.invaliduser.split('|').filter(Boolean), ...failed])].join('|')
  return { msgId: first.id, status, ...answer, invaliduser }
}

/** Throws 1010, which says when there is room again. */
export function refuseBeyondQuota(ctx: SubmitNeeds, corpId: string): never {
  const quota = ctx.corps.get(corpId).quotas.messagesPerDay ?? 0
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
export async function withdraw(
  ctx: Core,
  message: MessageKey,
  reason: string,
  alongside?: Alongside,
): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await markRecalled(tx, message, at, false)
    await cancelParts(tx, message, reason, at)
    await alongside?.undo?.(tx, message.id)
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
