import { createHash } from 'node:crypto'
import { type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import { type Audience, resolveAudience } from '../../organisation/directory/read/audience.ts'
import type { View } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { ChatReceivers } from '../channels/wecom/chat/chats-store.ts'
import { obstacleOf } from '../channels/wecom/obstacle.ts'
import { chatSize } from './steps.ts'

/** The userids of those who can be in a chat, and which receivers are wrong. */
export type ChatMembers = { userIds: string[]; invalid: Audience['invalid'] }

/** Throws 1000, 1001, and 1005, 1006 or 1007 when no receiver is known. */
export async function membersOf(ctx: Core, view: View, receivers: ChatReceivers): Promise<ChatMembers> {
  const { isAll, members, invalid } = await resolveAudience(ctx, view, receivers)
  if (isAll)
    throw new ApiError('badParameter', {
      zh: '群聊不支持 @all：请在 toParty 中填写部门',
      en: 'a group chat takes no @all: name departments in toParty',
    })
  return { userIds: members.filter(canJoin).map(core => core.userId), invalid }
}

/** WeCom refuses those who are disabled or have left. */
const canJoin = (core: MemberCore) => obstacleOf(core)?.isTaken !== false

const nobody = new Set(['unknownMember', 'unknownDepartment', 'unknownTag'])

/** The same for a chat that follows: receivers that are gone are nobody. */
export async function followedMembers(ctx: Core, view: View, receivers: ChatReceivers): Promise<string[]> {
  try {
    return (await membersOf(ctx, view, receivers)).userIds
  } catch (error) {
    if (error instanceof ApiError && nobody.has(error.error)) return []
    throw error
  }
}

/** Throws 1000. */
export function checkSize(count: number): void {
  if (count >= chatSize.atLeast && count <= chatSize.atMost) return
  throw new ApiError('badParameter', {
    zh: told`群聊须有 ${own(chatSize.atLeast)} 到 ${own(chatSize.atMost)} 名成员，收到的有 ${own(count)} 名`,
    en: told`a group chat takes ${own(chatSize.atLeast)} to ${own(chatSize.atMost)} members, and these are ${own(count)}`,
  })
}

export function hashOf(userIds: readonly string[], owner: string | null): string {
  const text = [...userIds.map(userKey).sort(), `owner ${userKey(owner ?? '')}`].join('\n')
  return createHash('sha256').update(text).digest('base64')
}
