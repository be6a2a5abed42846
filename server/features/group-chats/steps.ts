import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { ChatChange, ChatInfo } from '../../upstream/wecom/chats.ts'

/** How many members a group chat has (docs/upstream/wecom-group-chats.md#limits). */
export const chatSize = { atLeast: 2, atMost: 2000 }
/** WeCom names no limit for one change; a smaller one is less to do again when its answer is lost. */
const membersInStep = 500

/**
 * The changes, one after the other, that lead from what a chat is to these members: 2 to 2000, by userid. WeCom counts at each, so that
 * people come before others go wherever there is room; an owner goes when another owns the chat. `owner` is who shall own it; else
 * the present one does, or the first of those who stay.
 */
export function stepsTo(info: ChatInfo, target: readonly string[], owner?: string | null): ChatChange[] {
  const there = new Set(info.userIds.map(userKey))
  const wanted = new Map(target.map(userId => [userKey(userId), userId]))
  let owns = userKey(info.owner)
  const staying = target.filter(userId => there.has(userKey(userId)))
  const goal =
    (owner && wanted.get(userKey(owner))) ?? wanted.get(owns) ?? staying[0] ?? target[0] ?? info.owner
  const goalKey = userKey(goal)
  const steps: ChatChange[] = []
  const give = (userId: string) => {
    if (userKey(userId) !== owns) steps.push({ owner: userId })
    owns = userKey(userId)
  }
  if (there.has(goalKey)) give(goal)
  else if (!wanted.has(owns) && staying[0]) give(staying[0])
  const coming = target.filter(userId => !there.has(userKey(userId)))
  coming.sort((a, b) => Number(userKey(b) === goalKey) - Number(userKey(a) === goalKey))
  const going = info.userIds.filter(userId => !wanted.has(userKey(userId)))
  going.sort((a, b) => Number(userKey(a) === owns) - Number(userKey(b) === owns))
  let size = there.size
  while (coming.length + going.length > 0) {
    const add = coming.splice(0, room(chatSize.atMost - size))
    if (add.length > 0) steps.push({ add })
    if (add.some(userId => userKey(userId) === goalKey)) give(goal)
    size += add.length
    const free = wanted.has(owns) ? going.length : going.length - 1
    const remove = going.splice(0, room(Math.min(free, size - chatSize.atLeast)))
    if (remove.length > 0) steps.push({ remove })
    size -= remove.length
  }
  return steps
}

const room = (count: number) => Math.max(0, Math.min(membersInStep, count))
