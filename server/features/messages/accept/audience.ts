import { operatorId } from '../../../callers/developers/operator.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import { type Audience, resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { livingMember, type View } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Place, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Submission } from './sending.ts'

/**
 * Returns who gets a message: members, or for a channel of places the places that its content names. Throws what `resolveAudience`
 * and `placesOf` throw.
 */
export async function audienceOf(
  ctx: Core & { messageSettings: Setups },
  view: View,
  { channel, content, receivers }: Pick<Submission, 'channel' | 'content' | 'receivers'>,
): Promise<Audience> {
  const { placesOf, placeInputs, withPlaces } = channelOf(channel)
  if (!placesOf || !placeInputs) return resolveAudience(ctx, view, receivers)
  const { corpId, devId } = view.developer
  const nameOf = (userId: string) => livingMember(view, userId)?.name
  const by = { devId, isOperator: devId === operatorId, nameOf }
  const known = ctx.messageSettings.setupOf(corpId, channel)
  const setup = (await withPlaces?.(ctx.db, corpId, known, content)) ?? known
  const { places, invalid } = placesOf(setup, content, by)
  return {
    isAll: false,
    members: places.map(asReceiver),
    invalid: { users: [], parties: [], tags: [], places: { as: placeInputs.invalid, ids: invalid } },
  }
}

/** Receivers have numbers, and those of members are positive. */
function asReceiver({ n, id, name }: Place): MemberCore {
  const { active: status } = memberStatus
  return { ordinal: 0, id: -n, userId: id, key: id, name, status, departments: [], orders: [], hash: 0 }
}
