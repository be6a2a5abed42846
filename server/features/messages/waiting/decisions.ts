import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import { visibleMember } from '../../../organisation/directory/read/view.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import { placeOf } from '../../../platform/queue/spread.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageRow } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { decide } from '../../message-types/decide/decide.ts'
import type { Decision, DecisionBasis } from '../../message-types/decide/decision.ts'
import { draftsOf } from '../accept/notify.ts'
import type { Draft } from '../accept/outbox.ts'
import { to } from '../accept/route.ts'
import type { StopReason } from '../fate/stop-waiting.ts'
import { putCancelled, putSteps, type Step } from '../plans/plan-store.ts'
import { joinDigests, putLeft, putWaiting } from '../plans/waiting-store.ts'
import { basesOf, digestAbout } from './basis.ts'
import type { OpenCall, WaitingNeeds } from './open-call.ts'

/** What was decided of one message for one person. `core` is undefined for one who is not there any more. */
export type Fate = {
  message: MessageRow
  type: MessageType | undefined
  memberId: number
  userId: string
  core: MemberCore | undefined
  decision: Decision | { do: 'drop'; cause: StopReason }
}

const gone: WaitingReason = { code: 'receiverGone' }
const expired: WaitingReason = { code: 'expired' }

/** A person as a message knows them; who they are now is looked up. */
export type Person = { memberId: number; userId: string; dueAt?: Date }

/** What is looked at so long after its time, because its corp or its type was held up, may have come into the next quiet hours. */
const lateAfterMs = 600_000

function isLate({ dueAt }: Person, now: number): boolean {
  return dueAt !== undefined && now - dueAt.getTime() > lateAfterMs
}

/** Decides about these persons of a message. `noted` is what this batch has let leave already, for a limit. */
export async function decideEach(
  ctx: WaitingNeeds,
  call: OpenCall,
  persons: readonly Person[],
  { hasWaited, noted }: { hasWaited: boolean; noted: LeftNotes },
): Promise<Fate[]> {
  const { message, view, type } = call
  const now = ctx.now()
  const cores = new Map(
    persons.map(({ memberId }) => [memberId, visibleMember(view, view.mirror.members.byId(memberId))]),
  )
  const bases =
    type &&
    (await basesOf(ctx, message.corpId, type, [...cores.keys()], {
      now,
      acceptedAt: message.createdAt.getTime(),
      expiresAt: message.expiresAt?.getTime(),
      about: message.about,
      hasWaited,
    }))
  const isOver = message.expiresAt !== null && message.expiresAt.getTime() <= now
  const fateOf = (person: Person): Fate => {
    const { memberId, userId } = person
    const core = cores.get(memberId)
    const fate = { message, type, memberId, userId, core }
    if (!core) return { ...fate, decision: { do: 'drop', cause: gone } }
    if (isOver) return { ...fate, decision: { do: 'drop', cause: expired } }
    const basis = bases?.get(memberId)
    if (!basis || !type) return { ...fate, decision: { do: 'send', channels: [] } }
    const seen = noted.of(type, memberId)
    const history = { ...basis.history, leftAt: [...seen, ...basis.history.leftAt] }
    const decision = decidedFor({ ...basis, history }, isLate(person, now))
    if (decision.do === 'send') seen.unshift(now)
    return { ...fate, decision }
  }
  const fates: Fate[] = []
  for (const person of persons) {
    fates.push(fateOf(person))
    if (fates.length % decidedInTurn === 0) await ownTurn()
  }
  return fates
}

/** Quiet hours hold what comes late from others; a digest that has closed does not open again. */
function decidedFor(basis: DecisionBasis, isLate: boolean): Decision {
  const decision = decide(basis)
  if (decision.do !== 'send' || !basis.hasWaited || !isLate) return decision
  const held = decide({ ...basis, hasWaited: false })
  const isByQuiet = held.cause?.code === 'quietOfCorp' || held.cause?.code === 'quietOfPerson'
  return isByQuiet ? held : decision
}

/** A call may be to everybody of a corp: others have their turn in between. */
const decidedInTurn = 1000

export type LeftNotes = { of(type: MessageType, memberId: number): number[] }

export function createNoted(): LeftNotes {
  const left = new Map<string, number[]>()
  return { of: ({ key }, memberId) => left.getOrInsertComputed(`${key} ${memberId}`, () => []) }
}

/** The messages that carry what these persons get of one message, now. */
export async function draftsFor(
  ctx: WaitingNeeds,
  { message, view, textsFor }: OpenCall,
  fates: readonly Fate[],
): Promise<Draft[]> {
  const drafts: Draft[] = []
  const sent = fates.filter(one => one.decision.do === 'send')
  for (const own of Map.groupBy(sent, channelsOf).values()) {
    const { decision } = own[0]!
    const channels = decision.do === 'send' && decision.channels.length > 0 ? decision.channels : undefined
    const texts = await textsFor(to(own.map(one => one.core!)), channels)
    drafts.push(...(await draftsOf(ctx, view, texts, { parentId: message.id, isAtOnce: false })))
  }
  return drafts
}

const channelsOf = ({ decision }: Fate) => (decision.do === 'send' ? decision.channels.join() : '')

/** The same for all receivers of a call, about whom nothing was decided. */
export async function draftsForAll(
  ctx: WaitingNeeds,
  { message, view, textsFor }: OpenCall,
  audience: Audience,
): Promise<Draft[]> {
  if (!audience.isAll && audience.members.length === 0) return []
  return draftsOf(ctx, view, await textsFor(audience), { parentId: message.id, isAtOnce: false })
}

/** After quiet hours what waited leaves within so long, each person at a time of their own. */
const spreadOverMs = 5 * 60_000

/** After quiet hours, at a time of the person's own. What expires soon has half of the time that it has left. */
export function afterWait(until: number, memberId: number, expiresAt: Date | null): Date {
  const left = expiresAt ? Math.max(0, expiresAt.getTime() - until) : Infinity
  return new Date(until + Math.floor(placeOf(String(memberId)) * Math.min(spreadOverMs, left / 2)))
}

const fatesAtOnce = 5000

/**
 * Writes what was decided of messages, and why; what leaves is written after it. `digested` are those who get theirs within a digest, whose
 * writer notes that.
 */
export async function writeFates(
  tx: Db,
  ctx: WaitingNeeds,
  corpId: string,
  fates: readonly Fate[],
  digested: ReadonlySet<Fate> = new Set(),
): Promise<void> {
  for (let from = 0; from < fates.length; from += fatesAtOnce)
    await writeSome(tx, ctx, corpId, fates.slice(from, from + fatesAtOnce), digested)
}

async function writeSome(
  tx: Db,
  ctx: WaitingNeeds,
  corpId: string,
  fates: readonly Fate[],
  digested: ReadonlySet<Fate>,
): Promise<void> {
  const at = new Date(ctx.now())
  const collected = fates.filter(one => one.decision.do === 'collect')
  const digests = await joinDigests(
    tx,
    corpId,
    collected.map(({ message, type, memberId, decision }) => ({
      id: ctx.newId(),
      typeKey: type!.key,
      memberId,
      about: digestAbout(type!, message.about),
      closesAt: new Date(decision.do === 'collect' ? decision.until : 0),
    })),
  )
  const digestOf = new Map(collected.map((one, index) => [one, digests[index]!]))
  await putWaiting(
    tx,
    corpId,
    fates.flatMap(one => {
      const { message, type, memberId, userId, decision } = one
      if (decision.do !== 'wait' && decision.do !== 'collect') return []
      const digest = digestOf.get(one)
      return {
        messageId: message.id,
        memberId,
        userId,
        typeKey: type!.key,
        about: message.about,
        digestId: digest?.id ?? null,
        dueAt: digest?.closesAt ?? afterWait(decision.until, memberId, message.expiresAt),
      }
    }),
  )
  await putCancelled(
    tx,
    corpId,
    fates.flatMap(({ message, userId, decision }) =>
      decision.do === 'drop' ? { messageId: message.id, userId, reason: keptReason(decision.cause) } : [],
    ),
    at,
  )
  await putSteps(tx, corpId, fates.flatMap(stepOf), at)
  const left = fates.filter(one => one.decision.do === 'send' && !digested.has(one) && isCounted(one.type))
  for (const [key, own] of Map.groupBy(left, one => one.type!.key))
    await putLeft(tx, corpId, key, { memberIds: own.map(one => one.memberId), at, isDigest: false })
}

/** Whether it matters for later messages of the type that this one left. */
export function isCounted(type: MessageType | undefined): boolean {
  return type?.definition.frequency !== undefined || type?.definition.digest !== undefined
}

function stepOf({ message, memberId, decision }: Fate): Step[] {
  if (!decision.cause) return []
  const until = decision.do === 'wait' || decision.do === 'collect' ? new Date(decision.until) : null
  const channel = decision.do === 'send' ? (decision.channels[0] ?? null) : null
  return [{ messageId: message.id, memberId, what: decision.do, channel, cause: decision.cause, until }]
}
