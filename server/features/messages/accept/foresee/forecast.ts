import { type Static, Type } from 'typebox'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { isHere, isListed, type MemberCore } from '../../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../../organisation/directory/mirror/mirrors.ts'
import { seesMember } from '../../../../organisation/directory/permissions/sight.ts'
import { viewWithExternal } from '../../../../organisation/directory/read/view.ts'
import type { Core } from '../../../../platform/core.ts'
import type { Caller } from '../../../../platform/http/caller.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import { type Language, wordsIn } from '../../../../platform/words.ts'
import type { Setups } from '../../../channels/channel.ts'
import { channelOf } from '../../../channels/channels.ts'
import { allContacts, type Contact, contactsOf } from '../../../channels/contacts-store.ts'
import type { Reason } from '../../../channels/reason.ts'
import { wordsOf } from '../../../channels/telling.ts'
import { partSizeOf, unreachableAmong } from '../../parts/parts.ts'
import { audienceOf } from '../audience.ts'
import type { Submission } from '../sending.ts'
import { checkTaken } from '../submission.ts'
import { callPace } from './forecast-store.ts'

export const forecastSchema = Type.Object({
  /** How many people the send addresses. */
  persons: Type.Number(),
  /** How many of them will not get it, by reason. */
  unreachable: Type.Array(
    Type.Object({
      reason: Type.String(),
      persons: Type.Number(),
    }),
  ),
  /** How many others do not see it yet although upstream takes it, by reason. */
  unseen: Type.Array(
    Type.Object({
      reason: Type.String(),
      persons: Type.Number(),
    }),
  ),
  /** Ids that match nobody. */
  invalid: Type.Object({
    users: Type.Array(Type.String()),
    parties: Type.Array(Type.String()),
    tags: Type.Array(Type.String()),
    groups: Type.Optional(Type.Array(Type.String())),
    /** Ids of places such as group robots. */
    places: Type.Optional(Type.Array(Type.String())),
  }),
  /** How many requests to upstream the send needs. */
  calls: Type.Number(),
  /** Estimated from the latest calls of this channel; 0 means "at once". */
  seconds: Type.Number(),
  /**
   * What is left of WeCom's daily quota for this agent, and until when the rest would wait. Absent for other
   * channels.
   */
  day: Type.Optional(
    Type.Object({
      cap: Type.Number(),
      left: Type.Number(),
      needed: Type.Number(),
      restAt: Type.String(),
    }),
  ),
  /** How many wait because of a limit on what one member gets, and until when. Absent when nobody does. */
  pace: Type.Optional(Type.Object({ persons: Type.Number(), until: Type.String() })),
  /** Why nothing can be sent at all; '' when sending is possible. */
  missing: Type.String(),
})
export type Forecast = Static<typeof forecastSchema>

const membersAtOnce = 1000

/**
 * Predicts a send: who would not receive it, and how long it takes. `sender` is a developer or the operator. Throws the same
 * errors as the send itself.
 */
export async function forecastOf(
  ctx: Core & { corps: Corps; messageSettings: Setups; mirrors: Mirrors; offered: FeatureOffers },
  sender: Caller,
  given: Submission,
  language: Language,
): Promise<Forecast> {
  const { corpId } = sender
  const channel = channelOf(given.channel)
  const view = viewWithExternal(ctx, sender)
  await checkTaken(ctx, corpId, given)
  const setup = ctx.messageSettings.setupOf(corpId, given.channel)
  const agentId = (await channel.agentOf?.(ctx, sender, given.agentId, setup)) ?? null
  const {
    members,
    invalid: { places, ...invalid },
    ...named
  } = await audienceOf(ctx, view, given)
  const isAll = named.isAll && sender.dataScope === undefined
  const isReached = (core: MemberCore) =>
    isListed(core) && (isAll || seesMember(view.sight, view.mirror.tree, core))
  const meant = named.isAll ? [...view.mirror.members.all()].filter(isReached) : members
  const reasons = await unreachableOf(ctx, corpId, given, isAll ? undefined : meant)
  const lost = reasons.reduce((sum, [, persons]) => sum + persons, 0)
  const pieces = channel.pieces?.(given.content) ?? 1
  const isOneCall = isAll && channel.takesAll?.(given.content) && !channel.isPerPerson?.(given.content)
  const batches = isOneCall ? 1 : Math.ceil((meant.length - lost) / partSizeOf(channel, given.content))
  const calls = batches * pieces
  const pace = await callPace(ctx.db, corpId, given.channel)
  const rounds = (calls + pace.waiting) / channel.callsAtMost
  const corp = ctx.corps.get(corpId)
  const send = { members: meant, isAll, pieces }
  const foreseen = agentId === null ? undefined : await channel.foresee?.(ctx, corp, agentId, send)
  const missing =
    channel.missing(setup, corp, agentId) ??
    channel.lacks?.(ctx.messageSettings, corp, agentId, given.content)
  return {
    persons: meant.length,
    unreachable: toldCounts(language, [...reasons, ...(foreseen?.lost ?? [])]),
    unseen: toldCounts(language, foreseen?.unseen ?? []),
    invalid: { ...invalid, ...(places ? { places: [...places.ids] } : {}) },
    calls,
    seconds: Math.round((Math.max(rounds, calls > 0 ? 1 : 0) * (pace.ms ?? channel.usualMs)) / 1000),
    ...(foreseen ? { day: foreseen.day } : {}),
    ...(foreseen?.pace ? { pace: foreseen.pace } : {}),
    missing: wordsIn(language, wordsOf(missing ?? '')),
  }
}

function toldCounts(language: Language, counts: Iterable<readonly [Reason, number]>) {
  return Array.from(counts, ([reason, persons]) => ({ reason: wordsIn(language, wordsOf(reason)), persons }))
}

/** Counts the unreachable among these members, or among all of them. */
async function unreachableOf(
  ctx: Core,
  corpId: string,
  given: Submission,
  members: MemberCore[] | undefined,
): Promise<[Reason, number][]> {
  const counts = new Map<string, [Reason, number]>()
  const channel = channelOf(given.channel)
  if (!channel.unreachable && !channel.unreachableOf) return []
  for await (const page of members
    ? pagesOf(ctx, corpId, members)
    : allContacts(ctx.db, corpId, membersAtOnce)) {
    const reasons = await unreachableAmong(
      ctx.db,
      corpId,
      channel,
      given.content,
      page.filter(members ? isHere : isListed),
    )
    for (const reason of reasons.values())
      counts.getOrInsertComputed(JSON.stringify(reason), () => [reason, 0])[1]++
  }
  return [...counts.values()]
}

async function* pagesOf(ctx: Core, corpId: string, members: MemberCore[]): AsyncGenerator<Contact[]> {
  for (let at = 0; at < members.length; at += membersAtOnce) {
    const page = members.slice(at, at + membersAtOnce)
    yield await contactsOf(
      ctx.db,
      corpId,
      page.map(one => one.id),
    )
  }
}
