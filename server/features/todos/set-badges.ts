import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { integer, readInput, readObject, text } from '../../platform/http/input.ts'
import { told } from '../../platform/http/told.ts'
import { putBadges } from './badge-store.ts'
import { readList } from './put-todos.ts'
import { appOf, type TodoWriter } from './writer.ts'

export const badgeFields = {
  userId: text({ zh: '成员的 userId', en: 'userId of the member' }, { max: 64 }),
  count: integer({ zh: '数字，0 为不显示', en: 'The number; 0 shows none' }, { min: 0, max: 9999 }),
}

/**
 * Sets the numbers on an app's tile, all or none; of a person who is given twice, the later counts. Throws 1000, 1001, 1002, and
 * 1007 for the first person whom the caller does not reach.
 */
export async function setBadges(
  ctx: Core,
  writer: TodoWriter,
  agentId: string,
  given: unknown,
): Promise<{ set: number }> {
  const appId = appOf(writer, agentId).id
  const rows = readList(given).map((one, index) => {
    const name = `list[${index}]`
    return readInput(badgeFields, readObject(one, name), `${name}.`)
  })
  const members = await writer.membersOf([...new Set(rows.map(one => one.userId))])
  const counts = new Map<number, number>()
  for (const { userId, count } of rows) {
    const member = members.get(userId)
    if (!member || member.hasLeft) throw new ApiError('unknownMember', told`${userId}`)
    counts.set(member.id, count)
  }
  const badges = [...counts].map(([memberId, count]) => ({ memberId, count }))
  await putBadges(ctx.db, writer.corpId, appId, badges, new Date(ctx.now()))
  return { set: badges.length }
}
