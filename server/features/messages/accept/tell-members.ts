import { operator, operatorId } from '../../../callers/developers/operator.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type ChannelName, channelList } from '../../channels/channels.ts'
import { isReady } from '../../channels/settings/settings.ts'
import { findByRequest } from '../parts/store.ts'
import { submissionOf } from './submission.ts'
import { type SubmitNeeds, submit } from './submit.ts'

/** Inputs of all channels, each of which reads its own. A card shows as much of the text as fits, Chinese first. */
export type MemberNotice = {
  msgType: '01'
  agentName: string
  title: string
  content: string
  url: string
  btntxt: string
}

/** The channels that can carry what wisp itself has to say; those with a call of their own need a registered template. */
export function tellingChannels(
  ctx: Pick<SubmitNeeds, 'corps' | 'messageSettings'>,
  corpId: string,
): ChannelName[] {
  return channelList.flatMap(([channel, { hasOwnCall }]) =>
    !hasOwnCall && isReady(ctx, corpId, channel) ? [channel] : [],
  )
}

/**
 * Tells members of something through the first channel that reaches them; those whom it does not reach are told through the
 * next one. Returns those whom no channel reached. `key` names what is told: a node that repeats this because the first one
 * died sends nothing twice. The corp's address book is in memory (`mirrors.during`).
 */
export async function tellMembers(
  ctx: SubmitNeeds,
  corpId: string,
  userIds: readonly string[],
  key: string,
  told: MemberNotice,
): Promise<string[]> {
  let left = [...userIds]
  for (const channel of tellingChannels(ctx, corpId))
    if (left.length > 0) left = await tellThrough(ctx, channel, corpId, left, key, told)
  return left
}

async function tellThrough(
  ctx: SubmitNeeds,
  channel: ChannelName,
  corpId: string,
  userIds: string[],
  key: string,
  told: MemberNotice,
): Promise<string[]> {
  const requestId = `${key}-${channel}`
  const earlier = await findByRequest(ctx.db, { corpId, devId: operatorId, requestId })
  if (earlier) return lostOf(userIds, await ctx.messages.outcome({ corpId, id: earlier.id }))
  try {
    const given = { ...told, toUser: userIds, toParty: [], toTag: [], requestId }
    const { status, invaliduser } = await submit(
      ctx,
      operator(corpId),
      submissionOf(ctx, corpId, channel, given),
    )
    return lostOf(userIds, { status, failed: invaliduser.split('|') })
  } catch (error) {
    // The channel is refused (1008), which is a cause of alerts of its own, or the settings do not allow the message.
    if (!(error instanceof ApiError)) throw error
    ctx.log.warn({ corpId, requestId, ...describeError(error) }, 'members not told')
    return userIds
  }
}

function lostOf(userIds: string[], { status, failed }: { status: string; failed: string[] }): string[] {
  return status === 'failed' ? userIds : userIds.filter(userId => failed.includes(userId))
}
