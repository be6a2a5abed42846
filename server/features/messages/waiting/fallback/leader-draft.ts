import { operatorId } from '../../../../callers/developers/operator.ts'
import type { MemberCore } from '../../../../organisation/directory/mirror/members.ts'
import { leaderOf } from '../../../../organisation/directory/permissions/leader.ts'
import { profilesOf } from '../../../../organisation/directory/profile-store.ts'
import type { ChannelName } from '../../../channels/channels.ts'
import type { MessageType } from '../../../message-types/catalog.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'
import type { Draft } from '../../accept/outbox.ts'
import { shownFor } from '../digest.ts'
import { noticeDraft } from '../notice-draft.ts'
import type { OpenCall, WaitingNeeds } from '../open-call.ts'

/** The leaders of these persons, by `member.id`; those who have none, or lead themselves, are left out. */
export async function leadersOf(
  ctx: WaitingNeeds,
  { message, view }: OpenCall,
  memberIds: readonly number[],
): Promise<Map<number, MemberCore>> {
  const profiles = await profilesOf(ctx.db, message.corpId, [...memberIds])
  return new Map(
    memberIds.flatMap(id => {
      const profile = profiles.get(id)
      const leader = profile && leaderOf(view.mirror, profile)
      return leader && leader.id !== id ? [[id, leader] as const] : []
    }),
  )
}

const lacking = { sent: '没有送达', read: '没有查看', acknowledged: '没有点「收到」' } as const

type LeaderNotice = {
  step: FallbackStep
  core: MemberCore
  leader: MemberCore
  channels: readonly ChannelName[]
}

/**
 * What a leader is told: who and which type, and what it says only where the type has it so. It is wisp's own message, of which the sender
 * hears nothing. Undefined where no channel reaches the leader.
 */
export async function leaderDraft(
  ctx: WaitingNeeds,
  call: OpenCall,
  type: MessageType,
  { step: { unless, leaderSees }, core, leader, channels }: LeaderNotice,
): Promise<Draft | undefined> {
  const { name } = type.definition
  const shown = leaderSees ? await shownFor(ctx, call, core) : undefined
  const about = `发给 ${core.name} 的「${name}」消息至今${lacking[unless]}。`
  const content = [about, ...(shown ? [shown.title, shown.text] : [])].filter(Boolean).join('\n')
  const title = `${core.name} ${lacking[unless]}：${name}`
  const draft = await noticeDraft(ctx, call.view, type, { channels, core: leader, title, content })
  if (!draft || draft.batches.length === 0) return undefined
  return { ...draft, message: { ...draft.message, devId: operatorId } }
}
