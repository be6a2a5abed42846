import { checkScope } from '../../../callers/developers/developers.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import {
  type Audience,
  type ReceiverInput,
  resolveAudience,
} from '../../../organisation/directory/read/audience.ts'
import { namedMembers, type View, viewWithExternal } from '../../../organisation/directory/read/view.ts'
import { currentActor } from '../../../platform/audit/actor.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { type AnyChannelName, type ChannelName, channelOf } from '../../channels/channels.ts'
import { httpUrl } from '../../channels/message-fields.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { noType } from '../../message-types/change-type.ts'
import { revoked } from '../../message-types/put-type.ts'
import { readData } from '../../message-types/render.ts'
import type { Data } from '../../message-types/templates/template.ts'
import { findType } from '../../message-types/types-store.ts'
import type { PaymentNeeds } from '../deliver/payments.ts'
import { marksSince } from '../marks/mark-store.ts'
import { withBudget } from './affordable.ts'
import type { Alongside, Draft } from './outbox.ts'
import { type Receivers, receiversOfList } from './receivers-of-list.ts'
import { everybodyIn, routesOf, to } from './route.ts'
import type { SendingType, SendTime, SubmitResult } from './sending.ts'
import {
  checkReady,
  expandAbove,
  invalidLists,
  newDraft,
  type Reach,
  reachOf,
  refuseBeyondQuota,
  repeated,
  rowOf,
  type SubmitNeeds,
  senderOf,
  submitTo,
} from './submit.ts'
import { checkOwnTexts, chosenAgent, type Speech, type Text, textOf, textsOf } from './texts.ts'
import { checkedTiming } from './timing.ts'

export type NotifyNeeds = SubmitNeeds & PaymentNeeds

type Row = { userId: string; data: Data | undefined }
export type Notice = {
  type: string
  receivers: ReceiverInput
  /** With data of their own, in the place of `receivers`. */
  rows: readonly Row[]
  /** A list that was uploaded, in the place of both. */
  toList: string | undefined
  /** Of all; a row may have another value. */
  data: Data | undefined
  link: string | undefined
  requestId: string | undefined
  /** When it is to leave; absent where nothing was said. */
  timing?: SendTime
  /** The administrator who sends it, for the audit log. */
  actor?: string
}

/** The order of names in data means nothing. */
export function askedText({ requestId: _id, actor: _actor, ...given }: Notice): string {
  const inOrder = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return `notify ${JSON.stringify(given, inOrder)}`
}

/** One text by one channel is a message like any other; several are one message whose texts are messages of their own. */
export async function sendTexts(
  ctx: NotifyNeeds,
  view: View,
  { texts, audience, accepted }: NotifyPlan,
  alongside?: Alongside,
): Promise<SubmitResult> {
  const [only, ...others] = texts
  if (!only) throw new Error('a message to nobody')
  if (others.length > 0) return submitTexts(ctx, view, texts, audience, alongside)
  const { submission } = only
  const agentId = await senderOf(ctx, view.developer, submission.channel, submission.agentId)
  const meant = { ...only.audience, invalid: audience.invalid }
  return { accepted, ...(await submitTo(ctx, view, submission, agentId, meant, alongside)) }
}

/** What is said to whom; `accepted` is to how many persons it goes. */
export type NotifyCall = { said: Speech; audience: Audience; accepted: number }

/** The same with who gets which text by which channel. Nothing is stored. */
export type NotifyPlan = NotifyCall & { texts: Text[] }

/** Throws what a notice is refused with. */
export async function planOf(
  ctx: NotifyNeeds,
  view: View,
  type: MessageType,
  given: Notice,
  asked: string,
): Promise<NotifyPlan> {
  // An older node would show what is private, and not know what a receipt is.
  if (type.definition.receipt || type.definition.private) await checkKnownByAll(ctx.db, marksSince)
  const call = await callOf(ctx, view, type, given, asked)
  return { ...call, texts: await textsFor(ctx, view, call.said, call.audience, type.definition.channels) }
}

/**
 * Who is meant, and what is said to them, as it is now. `isForSome`: for persons who are known already, so that the others are not looked up
 * and the audience has nobody.
 */
export async function callOf(
  ctx: NotifyNeeds,
  view: View,
  type: MessageType,
  given: Notice,
  asked: string,
  isForSome = false,
): Promise<NotifyCall> {
  for (const name of type.definition.channels) checkScope(view.developer, channelOf(name).scope)
  const link = given.link === undefined ? undefined : httpUrl('link', given.link)
  const { audience, dataOf } = isForSome
    ? await dataFor(ctx, view, type, given)
    : await receiversOf(ctx, view, type, given)
  const accepted = await personsIn(view, audience)
  const sending: SendingType = { key: type.key, version: type.version, asked, accepted, msgId: ctx.newId() }
  const isByRows = given.rows.length > 0 || given.toList !== undefined
  const { requestId, timing, actor } = given
  const said: Speech = {
    type,
    sending,
    dataOf,
    isByRows,
    link,
    requestId,
    actor,
    ...(timing ? { timing } : {}),
  }
  checkOwnTexts(said, accepted)
  const isEach = audience.isAll && type.compiled.isOfMember
  return { said, audience: isEach ? { ...audience, ...to(await everybodyIn(view)) } : audience, accepted }
}

/** The texts for these people, each by the first of these channels that reaches them. */
export async function textsFor(
  ctx: NotifyNeeds,
  view: View,
  said: Speech,
  audience: Audience,
  channels: readonly ChannelName[],
): Promise<Text[]> {
  const { type, dataOf } = said
  const example = {
    data: dataOf(audience.members[0]),
    member: { name: '', userId: '', department: '' },
  }
  const wanted = {
    channels,
    agentIdOf: (channel: ChannelName) => chosenAgent(type, channel),
    contentOf: (channel: ChannelName) => textOf(ctx, view.developer, said, channel, example).content,
  }
  return textsOf(ctx, view, said, await routesOf(ctx, view, withBudget(ctx, view, type, wanted), audience))
}

/** What a notice would do; nothing is sent or stored. `texts` are the first, each with how many persons get it. */
export type NotifyPreview = {
  persons: number
  invaliduser: string
  invalidparty: string
  invalidtag: string
  texts: { channel: string; persons: number; content: object }[]
}

const textsShown = 5

/** Throws the same errors as the notice itself. */
export async function planNotice(ctx: NotifyNeeds, developer: Caller, given: Notice): Promise<NotifyPlan> {
  checkOn(ctx, developer.corpId, 'message-types')
  const type = await usableType(ctx, developer, given.type)
  effectiveTiming(type, given.timing, ctx.now())
  return planOf(ctx, viewWithExternal(ctx, developer), type, given, '')
}

/** Throws the same errors as the notice itself. */
export async function previewNotice(
  ctx: NotifyNeeds,
  developer: Caller,
  given: Notice,
): Promise<NotifyPreview> {
  const { texts, audience, accepted } = await planNotice(ctx, developer, given)
  const shown = texts.slice(0, textsShown).map(({ submission, audience: own }) => ({
    channel: submission.channel,
    persons: own.isAll ? accepted : own.members.length,
    content: submission.content,
  }))
  return { persons: accepted, ...invalidLists(audience, []), texts: shown }
}

/** With the type's own expiry; what is due now has no `sendAt`. Throws 1000. */
export function effectiveTiming(
  { key, definition: { level, expiresAfter } }: MessageType,
  given: SendTime | undefined,
  now: number,
): SendTime {
  const timing = checkedTiming(given ?? {}, now)
  if (timing.expiresAt && level === 'must')
    throw new ApiError('badParameter', {
      zh: told`expiresAt：类型 ${key} 的级别为 must（必达），不会过期`,
      en: told`expiresAt: the type ${key} has the level must, which does not expire`,
    })
  if (expiresAfter === undefined || level === 'must') return timing
  const from = timing.sendAt?.getTime() ?? now
  const own = from + expiresAfter * 60_000
  return { ...timing, expiresAt: new Date(Math.min(own, timing.expiresAt?.getTime() ?? own)) }
}

/** Throws 1000 for a type that is not there or another developer's, 1009 for one that is paused, revoked or not approved yet. */
export async function usableType(
  ctx: NotifyNeeds,
  { corpId, devId }: Caller,
  key: string,
): Promise<MessageType> {
  const type = ctx.messageTypes.find(corpId, key) ?? (await ctx.messageTypes.read(corpId, key))
  if (!type) throw await notInForce(ctx, { corpId, devId }, key)
  if (type.devId !== null && type.devId !== devId) throw noType(key)
  if (type.state === 'revoked') throw revoked(key)
  if (type.state === 'paused')
    throw new ApiError('forbidden', {
      zh: told`消息类型 ${key} 已被管理员暂停，没有发送；恢复后再发`,
      en: told`the message type ${key} is paused by an administrator, and nothing was sent: send it when the type is resumed`,
    })
  return type
}

async function notInForce(
  ctx: NotifyNeeds,
  { corpId, devId }: Pick<Caller, 'corpId' | 'devId'>,
  key: string,
): Promise<ApiError> {
  const draft = await findType(ctx.db, corpId, key)
  if (!draft || (draft.devId !== null && draft.devId !== devId)) return noType(key)
  return new ApiError('forbidden', {
    zh: told`消息类型 ${key} 等待超级管理员批准，尚未生效；没有发送`,
    en: told`the message type ${key} waits for the approval of a super administrator and is not in effect yet; nothing was sent`,
  })
}

/** Reads all data before anybody is looked up. Throws 1000, 1001, and 1005 to 1007 when nobody is known. */
async function receiversOf(
  ctx: NotifyNeeds,
  view: View,
  type: MessageType,
  given: Notice,
): Promise<Receivers> {
  const { rows, receivers, toList } = given
  const isNamed = Object.values(receivers).some(one => one.length > 0)
  const ways = [isNamed, rows.length > 0, toList !== undefined].filter(Boolean).length
  if (ways > 1)
    throw new ApiError('badParameter', {
      zh: 'toUser、toParty、toTag、toGroup，rows，toList 三者只能选一',
      en: 'only one of three is given: toUser, toParty, toTag, toGroup; rows; toList',
    })
  if (ways === 0)
    throw new ApiError('missingParameter', {
      zh: 'toUser、toParty、toTag、toGroup，rows 或 toList',
      en: 'toUser, toParty, toTag, toGroup; rows; or toList',
    })
  if (toList !== undefined) return receiversOfList(ctx, view, type, { listId: toList, data: given.data })
  if (rows.length > 0) return ofRows(ctx, view, type, given)
  const data = readData(type.compiled, given.data ?? {}, 'data')
  return { audience: await resolveAudience(ctx, view, receivers), dataOf: () => data }
}

async function dataFor(ctx: NotifyNeeds, view: View, type: MessageType, given: Notice): Promise<Receivers> {
  const data = given.data ?? {}
  const nobody = to([])
  if (given.toList !== undefined) {
    const listed = await receiversOfList(ctx, view, type, { listId: given.toList, data: given.data })
    return { ...listed, audience: nobody }
  }
  if (given.rows.length === 0) return { audience: nobody, dataOf: () => data }
  return { ...(await ofRows(ctx, view, type, given)), audience: nobody }
}

async function ofRows(
  ctx: NotifyNeeds,
  view: View,
  { compiled }: MessageType,
  { rows, data }: Notice,
): Promise<Receivers> {
  const read = rows.map((row, at) => readData(compiled, { ...data, ...row.data }, `rows[${at}].data`))
  const named = await namedMembers(
    ctx,
    view,
    rows.map(row => row.userId),
  )
  const dataOfPersons = new Map<number, Data>()
  const members: MemberCore[] = []
  const unknown: string[] = []
  const rowOfPerson = new Map<number, number>()
  for (const [at, { userId }] of rows.entries()) {
    const core = named.get(userId)
    if (!core) {
      unknown.push(userId)
      continue
    }
    const before = rowOfPerson.get(core.id)
    if (before !== undefined) throw twice(before, at, userId)
    rowOfPerson.set(core.id, at)
    dataOfPersons.set(core.id, read[at]!)
    members.push(core)
  }
  if (members.length === 0) throw new ApiError('unknownMember', told`${unknown.slice(0, 20).join('|')}`)
  const audience = { ...to(members), invalid: { users: unknown, parties: [], tags: [] } }
  return { audience, dataOf: core => dataOfPersons.get(core?.id ?? 0) ?? read[0]! }
}

function twice(before: number, at: number, userId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`rows[${own(at)}] 与 rows[${own(before)}] 是同一人：${userId}`,
    en: told`rows[${own(at)}] and rows[${own(before)}] are the same person: ${userId}`,
  })
}

/** How many persons it is. */
export async function personsIn(view: View, { isAll, members }: Audience): Promise<number> {
  if (!isAll) return members.length
  return view.developer.dataScope === undefined
    ? view.mirror.members.listed
    : (await everybodyIn(view)).length
}

/** The migration with which messages that have their texts in others came. */
const textsSince = '0140-message-types.sql'

/**
 * Accepts several texts as one message, in one commit, with what is to be stored `alongside`. Nobody waits for the calls; what upstream refuses is tried again, or becomes failed.
 * Throws what one of them would be refused with, before anything is stored.
 */
export async function submitTexts(
  ctx: SubmitNeeds,
  view: View,
  texts: readonly Text[],
  audience: Audience,
  alongside?: Alongside,
): Promise<SubmitResult> {
  const { developer } = view
  await checkKnownByAll(ctx.db, textsSince)
  const parentId = texts[0]?.submission.type?.msgId ?? ctx.newId()
  const drafts = await draftsOf(ctx, view, texts, { parentId, isAtOnce: true })
  const whole = {
    ...wholeOf(ctx, view, { id: parentId, texts, drafts, audience }),
    ...(alongside ? { alongside } : {}),
  }
  const { submission } = texts[0]!
  const accepted = await ctx.outbox.acceptTexts(whole, drafts)
  if (accepted === 'beyondQuota')
    return (await repeated(ctx, developer, submission)) ?? refuseBeyondQuota(ctx, developer.corpId)
  if (!accepted)
    return (await repeated(ctx, developer, submission)) ?? submitTexts(ctx, view, texts, audience, alongside)
  for (const [at, { parts }] of accepted.entries())
    for (const part of parts) {
      // The call records what became of it; one that could not be recorded is taken up when its lease has ended.
      void ctx.dispatcher.attempt(drafts[at]!.message, part).catch(() => undefined)
    }
  ctx.queue.kick(developer.corpId)
  const { answer, receivers } = whole.message
  const invalid = answer as ReturnType<typeof invalidLists>
  return { msgId: parentId, status: 'queued', accepted: receivers, ...invalid }
}

/**
 * The messages that carry texts of a call. `isAtOnce`: one that cannot be sent as its channel is set up is refused; what was accepted before
 * is tried for as long as any other message.
 */
export async function draftsOf(
  ctx: SubmitNeeds,
  view: View,
  texts: readonly Text[],
  { parentId, isAtOnce }: { parentId: string; isAtOnce: boolean },
): Promise<Draft[]> {
  const { developer } = view
  const reaches = await reachOfChannels(ctx, view, texts)
  const drafts: Draft[] = []
  const agents = new Map<string, number | null>()
  for (const { submission, audience: own } of texts) {
    const { channel, agentId: named } = submission
    const key = `${channel} ${named ?? ''}`
    if (!agents.has(key)) agents.set(key, await senderOf(ctx, developer, channel, named))
    const agentId = agents.get(key) ?? null
    if (isAtOnce) checkReady(ctx, developer.corpId, submission, agentId)
    const reach = narrowed(reaches.get(channel) ?? noneLooked, own.members)
    const { requestId: _id, actor: _actor, ...text } = submission
    drafts.push(
      await newDraft(ctx, view, { ...text, requestId: undefined }, agentId, own, { parentId, reach }),
    )
  }
  return drafts
}

/** The message of a call whose texts are messages of their own. */
export function wholeOf(
  ctx: SubmitNeeds,
  view: View,
  {
    id,
    texts,
    drafts,
    audience,
  }: { id: string; texts: readonly Text[]; drafts: readonly Draft[]; audience: Audience },
): Draft {
  const { submission } = texts[0]!
  const failed = drafts.flatMap(one => one.results.map(result => result.userId))
  const row = rowOf(ctx, view, submission, drafts[0]!.message.agentId, invalidLists(audience, failed))
  const children = drafts.map(one => one.message.id)
  const receivers = submission.type?.accepted ?? audience.members.length
  const message = { ...row, id, receivers, children }
  const { actor } = submission
  const draft = { message, content: submission.content, batches: [], results: [], by: currentActor() }
  return actor === undefined ? draft : { ...draft, actor }
}

/** Who can be reached by each channel, looked up for all its texts at once. */
async function reachOfChannels(
  ctx: SubmitNeeds,
  view: View,
  texts: readonly Text[],
): Promise<Map<AnyChannelName, Reach>> {
  const reaches = new Map<AnyChannelName, Reach>()
  // The receivers of a large text are looked up bit by bit, when they are written down.
  const few = texts.filter(one => one.audience.members.length <= expandAbove)
  for (const [name, own] of Map.groupBy(few, one => one.submission.channel)) {
    const members = own.flatMap(one => one.audience.members)
    const { content } = own[0]!.submission
    reaches.set(name, await reachOf(ctx, view.developer.corpId, channelOf(name), content, members))
  }
  return reaches
}

const noneLooked: Reach = { contacts: [], lost: new Map() }

function narrowed({ contacts, lost }: Reach, members: readonly MemberCore[]): Reach {
  const ids = new Set(members.map(core => core.id))
  return { contacts: contacts.filter(one => ids.has(one.id)), lost }
}
