import type { Corps } from '../../../organisation/corps/corps.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { choicesOf, type MessageChoices } from '../../message-choices/choices.ts'
import type { MessageType, MessageTypes } from '../../message-types/catalog.ts'
import type { Choice, DecisionBasis, History } from '../../message-types/decide/decision.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { quietEnd } from '../../quiet-hours/quiet-end.ts'
import { leftSince, openDigests } from '../plans/waiting-store.ts'

export type BasisNeeds = Core & {
  corps: Corps
  mirrors: Mirrors
  messageChoices: MessageChoices
  messageTypes: MessageTypes
  quietHours: QuietHoursOfCorps
}

/** What is decided about: `hasWaited` once a person has waited for quiet hours or a digest. Times are milliseconds. */
export type BasisQuestion = {
  now: number
  acceptedAt: number
  expiresAt: number | undefined
  about: string | null
  hasWaited: boolean
}

/**
 * Whether messages of the type may leave for some persons later, or not at all, or by other channels; where they cannot, nobody is decided
 * about. In memory.
 */
export function mayHold(ctx: BasisNeeds, corpId: string, type: MessageType): boolean {
  const { level, digest, frequency, fallback } = type.definition
  if (fallback || type.state === 'trial') return true
  if (level === 'urgent') return false
  if (digest || frequency || ctx.messageChoices.hasAny(corpId)) return true
  const corpQuietHours = ctx.quietHours.of(corpId)
  return corpQuietHours !== undefined && quietEnd([corpQuietHours], ctx.now()) !== undefined
}

/** What the decision about each of these persons rests on, by `member.id`. */
export async function basesOf(
  ctx: BasisNeeds,
  corpId: string,
  type: MessageType,
  memberIds: readonly number[],
  { now, acceptedAt, expiresAt, about, hasWaited }: BasisQuestion,
): Promise<Map<number, DecisionBasis>> {
  const { level, channels, digest, frequency } = type.definition
  const choices = await choicesOf(ctx, corpId, type.key, memberIds)
  const corpQuietHours = ctx.quietHours.of(corpId)
  const { timeZone } = ctx.corps.get(corpId)
  const testers = testersOf(ctx, corpId, type)
  const histories = await historiesOf(ctx, corpId, type, memberIds, { now, about, choices })
  return new Map(
    memberIds.map(id => [
      id,
      {
        level,
        channels,
        digest,
        frequency,
        choice: choices.get(id),
        corpQuietHours,
        timeZone,
        acceptedAt,
        expiresAt,
        hasWaited,
        isOutOfTrial: testers !== undefined && !testers.has(id),
        history: histories.get(id) ?? noHistory(),
        now,
      },
    ]),
  )
}

/** By member id; undefined unless the type is on trial. The address book is in memory. */
function testersOf(
  ctx: BasisNeeds,
  corpId: string,
  { state, definition }: MessageType,
): Set<number> | undefined {
  if (state !== 'trial') return undefined
  const { members } = ctx.mirrors.of(corpId)
  return new Set((definition.testPeople ?? []).flatMap(userId => members.byKey(userKey(userId))?.id ?? []))
}

const noHistory = (): History => ({ leftAt: [], collectingUntil: undefined, lastDigestAt: undefined })

/** Longer than any digest that goes out at its time of day, or within its minutes. */
const digestsWithinMs = 8 * 86_400_000

/** Nothing is read for types without a limit or a digest, unless a person chose a digest. */
async function historiesOf(
  ctx: BasisNeeds,
  corpId: string,
  type: MessageType,
  memberIds: readonly number[],
  { now, about, choices }: Pick<BasisQuestion, 'now' | 'about'> & { choices: ReadonlyMap<number, Choice> },
): Promise<Map<number, History>> {
  const { digest, frequency } = type.definition
  const hasDigest = digest !== undefined || [...choices.values()].some(one => one.digest !== undefined)
  const histories = new Map<number, History>()
  const historyOf = (id: number) => histories.getOrInsertComputed(id, noHistory)
  if (frequency || hasDigest) {
    const withinMs = Math.max((frequency?.minutes ?? 0) * 60_000, hasDigest ? digestsWithinMs : 0)
    const left = await leftSince(ctx.db, corpId, type.key, memberIds, new Date(now - withinMs))
    for (const { memberId, at } of left) {
      const history = historyOf(memberId)
      const ms = at.getTime()
      if (frequency && ms > now - frequency.minutes * 60_000) history.leftAt = [...history.leftAt, ms]
      // What left alone begins a digest's time as the digest itself does.
      if (hasDigest) history.lastDigestAt = Math.max(history.lastDigestAt ?? 0, ms)
    }
    const key = digestAbout(type, about)
    for (const [id, at] of await openDigests(ctx.db, corpId, type.key, memberIds, key))
      historyOf(id).collectingUntil = at.getTime()
  }
  return histories
}

/** By what the digests of a type are apart, beside the person. */
export function digestAbout({ definition }: MessageType, about: string | null): string {
  return definition.digest?.byAbout ? (about ?? '') : ''
}
