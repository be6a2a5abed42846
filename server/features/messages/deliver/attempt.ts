/**
 * A message's part is `sending` in the database before anything leaves. When its lease expires, its fate is unclear. Then the
 * same bytes are sent again under WeCom's duplicate check, or the vendor's record is asked for, or the part is `unknown`.
 */

import { operatorId } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ChannelCall, Failure, Outcome, SendNeeds, Serial, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { type MessagePart, type MessageRow, type NewPart, only, type PartState } from '../../channels/part.ts'
import type { CommonReason, Reason } from '../../channels/reason.ts'
import type { ChannelRefusal } from '../../channels/refusal-store.ts'
import { openContent } from '../../channels/sealed.ts'
import { keptReason } from '../../channels/telling.ts'
import { stopUrlOf } from '../../message-choices/mail-link.ts'
import type { MessageTypes } from '../../message-types/catalog.ts'
import type { Attempt as AttemptRow, Result } from '../parts/store.ts'
import { type Attempt, partsOfLeaving, piecesOf, unclear } from './divide.ts'
import type { PartChange } from './part-store.ts'

type Needs = SendNeeds & { corps: Corps; messageSettings: Setups; messageTypes: MessageTypes }

const giveUpAfterMs = 24 * 3_600_000
/** The time that a slow call may take. */
const slackMs = 120_000
const delaysMs = [2000, 5000, 15_000, 45_000, 120_000, 300_000, 600_000, 900_000]
/** When the vendor's records are asked, in ms after the call; records may appear late. */
const askAfterMs = [5000, 20_000, 40_000, 80_000]
/** And besides, where another way is tried once they prove that nothing was sent. */
const askLaterMs = [330_000, 660_000, 1_800_000]
/** A record proves it when it was asked twice, this far apart. */
const lackingMs = 300_000

const tooLateToRepeat: CommonReason = { code: 'tooLateToRepeat' }
const paused: CommonReason = { code: 'paused' }
const interrupted: CommonReason = { code: 'interrupted' }

type FoundRecord = 'sent' | 'lacks' | 'noRecord' | undefined

/** The outcome of a part, for the call that waits for it. */
export type PartOutcome = {
  state: PartState
  failures: Failure[]
  /** Why the settings are at fault; undefined when they are not. */
  refusal: Reason | undefined
}

/** What became of an attempt. `parts` replace a part that was divided. */
export type AttemptRecord = {
  part: MessagePart
  change: PartChange
  attempt: AttemptRow | undefined
  results: Result[]
  parts: NewPart[]
  /** By which what was sent can be changed later. */
  responseCode?: string | undefined
  /** Upstream's ids of each address. */
  serials?: readonly Serial[] | undefined
  /** Upstream refused the channel because of its credentials or settings. */
  refusal?: ChannelRefusal | undefined
  /**
   * The part was sent, and if the database forgets this, repeating the same bytes is safe under WeCom's duplicate
   * check. See docs/decisions/message-records-without-a-flush.md.
   */
  isRepeatable: boolean
  /** It carries a text of a call by type: its receivers may have a next step. */
  isOfCall: boolean
  /** Its developer, by whose budget it was paid. */
  devId: string
}

export type AttemptResult = { recorded: AttemptRecord; delivered: PartOutcome }

/**
 * Makes one attempt and returns what to record. Clear failures are retried for 24 hours. When it is unclear whether
 * upstream accepted the part, WeCom gets the same bytes again where its duplicate check makes that safe; otherwise
 * the vendor's records are asked; failing that the part is marked as unknown. What certainly was not sent goes by the channel's next way,
 * which is written down before it leaves.
 * (docs/interface/messages.md#nothing-lost-nothing-twice).
 */
export async function attemptPart(
  ctx: Needs,
  message: MessageRow,
  part: MessagePart,
  isWaitedFor: () => boolean,
): Promise<AttemptResult> {
  const one = { message, part, at: new Date(ctx.now()) }
  if (part.was === 'sending') return settleInterrupted(ctx, one)
  if (part.was === 'asking') return settleAsked(ctx, one, await ask(ctx, message, part))
  const { unsureSince } = part
  if (unsureSince && ctx.now() > repeatableUntil(message, unsureSince)) {
    return settled(one, { state: 'unknown', reason: keptReason(tooLateToRepeat) }, undefined)
  }
  const started = performance.now()
  const outcome = await send(ctx, message, part)
  const ms = Math.round(performance.now() - started)
  noteChannel(ctx, message, outcome)
  const next = nextWay(ctx, one)
  const { recorded, delivered } = settle(
    ctx,
    one,
    goesOn(outcome, next) ? outcome : orLater(outcome, isWaitedFor),
    ms,
    next,
  )
  return { recorded: { ...recorded, refusal: channelRefusal(message, outcome) }, delivered }
}

/** Whether another way is tried at once. */
const goesOn = (outcome: Outcome, next: string | undefined) =>
  next !== undefined && 'isNext' in outcome && outcome.isNext === true

/** Whether the channel works; a refusal that is about the receiver or the content says nothing of that. */
function noteChannel({ outages }: Core, { corpId, channel, agentId }: MessageRow, outcome: Outcome): void {
  const name = agentId ? `${channel} ${agentId}` : channel
  const isFailure =
    outcome.kind === 'again' || outcome.kind === 'unsure' || (outcome.kind === 'refused' && outcome.isConfig)
  if (isFailure) outages.note({ kind: 'channel', name, corpId }, keptReason(outcome.reason))
  else if (outcome.kind === 'sent') outages.note({ kind: 'channel', name, corpId }, undefined)
}

function channelRefusal(message: MessageRow, outcome: Outcome): AttemptRecord['refusal'] {
  const { corpId, channel, agentId } = message
  const reason = message.aboutAlert ? undefined : refusalOf(outcome)
  return reason === undefined
    ? undefined
    : { corpId, channel, agentId: agentId ?? 0, reason: keptReason(reason) }
}

/**
 * A waiting caller is told that the settings are at fault. Without one the part is retried, since an administrator
 * may correct them within the day.
 */
function orLater(outcome: Outcome, isWaitedFor: () => boolean): Outcome {
  const isMendable = outcome.kind === 'refused' && outcome.isConfig && !isWaitedFor()
  return isMendable ? { kind: 'again', reason: outcome.reason } : outcome
}

async function send(ctx: Needs, message: MessageRow, part: MessagePart): Promise<Outcome> {
  const { corpId, channel, agentId } = message
  try {
    const corp = ctx.corps.get(corpId)
    const setup = ctx.messageSettings.setupOf(corpId, channel)
    const missing = channelOf(channel).missing(setup, corp, agentId)
    if (missing) return { kind: 'refused', reason: missing, isConfig: true }
    const outgoing = outgoingOf(ctx, message, part)
    // A node that was paused for that long may have lost the part to another one.
    if (ctx.now() >= part.nextAttemptAt.getTime()) return { kind: 'again', reason: paused }
    return await channelOf(channel).send(outgoing)
  } catch (error) {
    ctx.log.error({ messageId: message.id, part: part.n, ...describeError(error) }, 'message part not sent')
    return { kind: 'again', reason: thrown(error) }
  }
}

function thrown(error: unknown): Reason {
  const { error: text } = describeError(error)
  return error instanceof ApiError ? { zh: text, en: `${error.name}: ${error.messageIn('en')}` } : text
}

async function ask(ctx: Needs, message: MessageRow, part: MessagePart): Promise<FoundRecord> {
  try {
    return await channelOf(message.channel).ask?.(outgoingOf(ctx, message, part))
  } catch (error) {
    ctx.log.warn({ messageId: message.id, part: part.n, ...describeError(error) }, 'vendor record not read')
    return undefined
  }
}

function outgoingOf(ctx: Needs, message: MessageRow, part: MessagePart): ChannelCall {
  return {
    ctx,
    corp: ctx.corps.get(message.corpId),
    devId: message.devId === operatorId ? undefined : message.devId,
    setup: ctx.messageSettings.setupOf(message.corpId, message.channel),
    key: `${message.id}.${part.n}`,
    agentId: message.agentId,
    content: openContent(ctx, message),
    chunk: part.chunk,
    userIds: part.userIds,
    memberIds: part.memberIds,
    isChecked: part.isChecked,
    firstTriedAt: part.unsureSince ?? new Date(ctx.now()),
    isRepeated: part.unsureSince !== null,
    stopUrl: stopUrlFor(ctx, message, part),
    way: part.ways?.at(-1),
    account: part.account ?? undefined,
  }
}

function stopUrlFor(ctx: Needs, { corpId, typeKey }: MessageRow, { memberIds }: MessagePart) {
  const [memberId, ...others] = memberIds
  if (typeKey === null || memberId === undefined || others.length > 0) return undefined
  return stopUrlOf(ctx, { corpId, memberId, typeKey })
}

/** Until when upstream recognises a repetition of what may have arrived. */
function repeatableUntil({ channel }: MessageRow, unsureSince: Date): number {
  return unsureSince.getTime() + (channelOf(channel).repeatableMs ?? 0) - slackMs
}

/** Settles an attempt whose node died: whether the part arrived is unknown from the attempt's start on. */
function settleInterrupted(ctx: Core, one: Attempt): AttemptResult {
  const at = one.part.unsureSince ?? one.at
  return settle(ctx, { ...one, at }, { kind: 'unsure', reason: interrupted }, 0)
}

/** The way that is tried when this one certainly sent nothing. */
function nextWay(ctx: Needs, { message, part }: Attempt): string | undefined {
  const { ways } = channelOf(message.channel)
  const all = ways?.(ctx.messageSettings.setupOf(message.corpId, message.channel)) ?? []
  return all.find(way => !part.ways?.includes(way))
}

function settle(ctx: Core, one: Attempt, outcome: Outcome, ms: number, next?: string): AttemptResult {
  const { message, part, at } = one
  const all = outcome.kind === 'sent' || outcome.kind === 'refused' ? (outcome.failures ?? []) : []
  const leaving = all.filter(({ fate }) => fate === 'unknown' || (fate === 'next' && next !== undefined))
  const failures = all.filter(one => !leaving.includes(one))
  const told = (some: readonly Failure[]) =>
    some.map(one => ({ userId: one.userId, reason: keptReason(one.reason) }))
  const refused = told(failures)
  const attempt = {
    partId: part.id,
    n: part.attempts,
    at,
    ms,
    outcome: outcome.kind,
    answer: outcome.kind === 'sent' ? outcome.vendorId : keptReason(outcome.reason),
    refused: all.length > 0 ? told(all) : null,
    way: part.ways?.at(-1) ?? null,
  }
  const change =
    leaving.length > 0 ? withoutLeaving(ctx, one, outcome, leaving) : changeOf(ctx, one, outcome, next)
  const { recorded, delivered } = settled(one, change, attempt)
  const now = new Date(ctx.now())
  return {
    recorded: {
      ...recorded,
      results: refused.map(failure => ({
        messageId: message.id,
        partId: part.id,
        state: 'failed' as const,
        ...failure,
      })),
      parts:
        outcome.kind === 'divide' ? piecesOf(part, outcome, now) : partsOfLeaving(one, leaving, next, now),
      responseCode: outcome.kind === 'sent' ? outcome.responseCode : undefined,
      serials: outcome.kind === 'sent' ? outcome.serials : undefined,
    },
    delivered: {
      ...delivered,
      failures,
      refusal: delivered.state === 'failed' ? refusalOf(outcome) : undefined,
    },
  }
}

/** Those who go another way, or of whom nobody knows, leave the part: what becomes of it is said of the others. */
function withoutLeaving(ctx: Core, one: Attempt, outcome: Outcome, leaving: readonly Failure[]): Change {
  const gone = new Set(leaving.map(({ userId }) => userId))
  const { userIds, memberIds } = only(one.part, userId => !gone.has(userId))
  return userIds.length === 0
    ? { state: 'replaced' }
    : { ...changeOf(ctx, one, outcome, undefined), userIds, memberIds }
}

function refusalOf(outcome: Outcome): PartOutcome['refusal'] {
  return outcome.kind === 'refused' && outcome.isConfig ? outcome.reason : undefined
}

type Change = Pick<PartChange, 'state'> & Partial<PartChange>

const openStates: readonly PartState[] = ['waiting', 'sending', 'asking']

function settled(
  { message, part, at }: Attempt,
  change: Change,
  attempt: AttemptRecord['attempt'],
): AttemptResult {
  const isFinal = !openStates.includes(change.state)
  const whole = {
    id: part.id,
    attempts: part.attempts,
    nextAttemptAt: at,
    unsureSince: part.unsureSince,
    heldUntil: null,
    vendorId: null,
    reason: null,
    finishedAt: isFinal ? at : null,
    ways: part.ways,
    lackedAt: null,
    userIds: null,
    memberIds: null,
    cost: null,
    ...change,
  }
  const isRepeatable = whole.state === 'sent' && part.isChecked
  const isOfCall = message.parentId !== null && message.typeKey !== null
  return {
    recorded: {
      ...{ part, change: whole, attempt, results: [], parts: [], isRepeatable, isOfCall },
      devId: message.devId,
    },
    delivered: { state: change.state, failures: [], refusal: undefined },
  }
}

function changeOf(ctx: Core, one: Attempt, outcome: Outcome, next?: string): Change {
  const { unsureSince } = one.part
  const finishedAt = new Date(ctx.now())
  if (outcome.kind === 'sent') return { state: 'sent', vendorId: outcome.vendorId, finishedAt }
  const reason = keptReason(outcome.reason)
  if (next !== undefined && goesOn(outcome, next) && !unsureSince)
    return { ...byWay(one.part, next, finishedAt), reason }
  const change = { reason, ...changeWithoutReason() }
  return openStates.includes(change.state) ? change : { ...change, finishedAt }

  function changeWithoutReason(): Change {
    switch (outcome.kind) {
      case 'again':
        return tryAgain(ctx, one, unsureSince, outcome.afterMs)
      case 'unsure':
        return whenUnsure(ctx, one)
      case 'divide':
        return { state: 'replaced' }
      default:
        // The last of several ways refused it, and another one may take it later.
        if ('isNext' in outcome && (one.part.ways?.length ?? 0) > 1)
          return tryAgain(ctx, one, unsureSince, undefined)
        // The part was refused now, but an earlier attempt may have arrived.
        return { state: unsureSince ? 'unknown' : 'failed' }
    }
  }
}

/** Tried at once, and written down before it leaves. */
function byWay(part: MessagePart, way: string, nextAttemptAt: Date): Change {
  return { state: 'waiting', nextAttemptAt, unsureSince: null, ways: [...(part.ways ?? []), way] }
}

function tryAgain(
  ctx: Core,
  { message, part }: Attempt,
  unsureSince: Date | null,
  afterMs: number | undefined,
): Change {
  const now = ctx.now()
  const delay = delaysMs[Math.min(part.attempts - 1, delaysMs.length - 1)] ?? 0
  const nextAttemptAt = now + Math.max(delay, afterMs ?? 0)
  // An earlier attempt may have arrived; after the duplicate check has forgotten it, another one could deliver a
  // second message.
  if (unsureSince && nextAttemptAt > repeatableUntil(message, unsureSince)) return { state: 'unknown' }
  // What was held back, such as until there was budget, is tried for as long from then on.
  const since = Math.max(message.createdAt.getTime(), part.hold ? Date.parse(part.hold.until) : 0)
  if (nextAttemptAt > since + giveUpAfterMs) return { state: unsureSince ? 'unknown' : 'failed' }
  return {
    state: 'waiting',
    nextAttemptAt: new Date(nextAttemptAt),
    // After the last way comes the first again.
    ways: null,
    ...(afterMs === undefined ? {} : { heldUntil: new Date(nextAttemptAt) }),
  }
}

function whenUnsure(ctx: Core, one: Attempt): Change {
  const { message, part, at } = one
  const unsureSince = part.unsureSince ?? at
  if (part.isChecked) return { ...tryAgain(ctx, one, unsureSince, undefined), unsureSince }
  const askAt = channelOf(message.channel).ask && nextAsking(unsureSince, ctx.now())
  return askAt ? { state: 'asking', nextAttemptAt: askAt, unsureSince } : { state: 'unknown', unsureSince }
}

function nextAsking(unsureSince: Date, now: number, isMovable = false): Date | undefined {
  const all = isMovable ? [...askAfterMs, ...askLaterMs] : askAfterMs
  const next = all.map(after => unsureSince.getTime() + after).find(time => time > now)
  return next === undefined ? undefined : new Date(next)
}

/**
 * A missing record proves nothing by itself, since it may be late, so the vendor is asked several times. Where it was missing twice, far
 * enough apart, the next way is tried.
 */
function settleAsked(ctx: Needs, one: Attempt, found: FoundRecord): AttemptResult {
  const { part, at } = one
  const now = ctx.now()
  if (found === 'sent') return settled(one, { state: 'sent', finishedAt: new Date(now) }, undefined)
  const reason = keptReason(unclear)
  const unknown: Change = { state: 'unknown', reason }
  if (found === 'noRecord') return settled(one, unknown, undefined)
  const next = nextWay(ctx, one)
  const lackedAt = part.lackedAt ?? (found === 'lacks' ? new Date(now) : null)
  const provenAt = lackedAt && next !== undefined ? lackedAt.getTime() + lackingMs : undefined
  if (found === 'lacks' && next !== undefined && provenAt !== undefined && provenAt <= now)
    return settled(one, { ...byWay(part, next, new Date(now)), reason }, undefined)
  const unsureSince = part.unsureSince ?? at
  const askAt = nextAsking(unsureSince, now, next !== undefined) ?? (found && provenAt && new Date(provenAt))
  return settled(
    one,
    askAt ? { state: 'asking', nextAttemptAt: askAt, reason, lackedAt } : unknown,
    undefined,
  )
}
