import { isOn } from '../../../organisation/corps/features/check-on.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { seesMember } from '../../../organisation/directory/permissions/sight.ts'
import type { Audience } from '../../../organisation/directory/read/audience.ts'
import type { View } from '../../../organisation/directory/read/view.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { ownTurn } from '../../../platform/operation/own-turn.ts'
import { type ChannelName, channelOf } from '../../channels/channels.ts'
import { reachOf, type SubmitNeeds, senderOf } from './submit.ts'

/** A channel, and who gets it by that channel. */
export type Route = { channel: ChannelName; audience: Audience }

export type RoutePlan = {
  /** In order. */
  channels: readonly ChannelName[]
  /** The sender of a channel, as the caller or the type names it. */
  agentIdOf(channel: ChannelName): string | undefined
  /** Some content of a channel, for one that must know what is sent to say whom it reaches. */
  contentOf(channel: ChannelName): object
  /** For how many persons a channel has budget; absent where nobody is led to another channel for want of it. */
  affordable?(channel: ChannelName): Promise<number>
}

/**
 * Sends each person along the first channel that is set up and reaches them; the last one takes those who are left, and says why it does not
 * reach them. With one channel nobody is looked up.
 */
export async function routesOf(
  ctx: SubmitNeeds,
  view: View,
  wanted: RoutePlan,
  audience: Audience,
): Promise<Route[]> {
  const usable = await usableOf(ctx, view, wanted)
  const [first = wanted.channels[0]!] = usable
  if (usable.length <= 1) return [{ channel: first, audience }]
  const routes: Route[] = []
  let left = audience.isAll ? await everybodyIn(view) : audience.members
  for (const [at, channel] of usable.entries()) {
    const isLast = at === usable.length - 1
    const all = isLast ? left : await reachedBy(ctx, view, channel, wanted.contentOf, left)
    const reached = isLast ? all : all.slice(0, await wanted.affordable?.(channel))
    // Everybody is one call of a channel that takes all at once.
    if (at === 0 && reached.length === left.length) return [{ channel, audience }]
    if (reached.length > 0) routes.push({ channel, audience: to(reached) })
    const done = new Set(reached)
    left = left.filter(core => !done.has(core))
    if (left.length === 0) break
  }
  return routes
}

export function to(members: MemberCore[]): Audience {
  return { isAll: false, members, invalid: { users: [], parties: [], tags: [] } }
}

/** Throws 1002 for a sender that the caller may not use. */
async function usableOf(
  ctx: SubmitNeeds,
  view: View,
  { channels, agentIdOf }: RoutePlan,
): Promise<ChannelName[]> {
  if (channels.length === 1) return [...channels]
  const { corpId } = view.developer
  const usable: ChannelName[] = []
  for (const name of channels) {
    const channel = channelOf(name)
    if (channel.feature && !isOn(ctx, corpId, channel.feature)) continue
    try {
      const agentId = await senderOf(ctx, view.developer, name, agentIdOf(name))
      const setup = ctx.messageSettings.setupOf(corpId, name)
      if (!channel.missing(setup, ctx.corps.get(corpId), agentId)) usable.push(name)
    } catch (error) {
      // It is not set up, as above.
      if (!(error instanceof ApiError && error.error === 'messageCentre')) throw error
    }
  }
  return usable
}

const inTurn = 1000

/** Everybody whom the caller sees; a corp may have a million members. */
export async function everybodyIn({ mirror, sight, tree, developer }: View): Promise<MemberCore[]> {
  const found: MemberCore[] = []
  let looked = 0
  for (const core of [...mirror.members.all()]) {
    if (isListed(core) && (developer.dataScope === undefined || seesMember(sight, tree, core)))
      found.push(core)
    if (++looked % inTurn === 0) await ownTurn()
  }
  return found
}

async function reachedBy(
  ctx: SubmitNeeds,
  view: View,
  name: ChannelName,
  contentOf: RoutePlan['contentOf'],
  members: readonly MemberCore[],
): Promise<MemberCore[]> {
  const channel = channelOf(name)
  const { reaches } = channel
  if (reaches) return members.filter(core => reaches(core))
  const content = contentOf(name)
  const reached: MemberCore[] = []
  for (let at = 0; at < members.length; at += inTurn) {
    const some = members.slice(at, at + inTurn)
    const { contacts, lost } = await reachOf(ctx, view.developer.corpId, channel, content, some)
    const there = new Set(contacts.flatMap(one => (lost.has(one.id) ? [] : one.id)))
    reached.push(...some.filter(core => there.has(core.id)))
  }
  return reached
}
