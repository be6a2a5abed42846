import { isThere, type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import { leaderOf } from '../../../organisation/directory/permissions/leader.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { latestOfAct } from '../../../platform/audit/store.ts'
import { placesOf } from '../people/people-store.ts'
import { countOwned } from './holder-store.ts'
import type { SettleNeeds } from './settle-holders.ts'

/** Why this person: has the userid of the leaver now, is their leader, or was the last whom an administrator chose for a leaver. */
type SuccessorReason = 'returned' | 'leader' | 'last'

export type Successor = {
  userId: string
  name: string
  reason: SuccessorReason
  /** What they would get: open to-dos of these apps. */
  count: number
  appIds: string[]
}

/**
 * Returns who most likely takes over what each of these leavers has open, by the leaver's id; none where nobody is evident or nothing may be passed
 * on. The address book is in memory.
 */
export async function successorsOf(
  ctx: SettleNeeds,
  corpId: string,
  leavers: readonly { id: number; userId: string }[],
): Promise<Map<number, Successor>> {
  if (leavers.length === 0) return new Map()
  const mirror = ctx.mirrors.of(corpId)
  const ids = leavers.map(one => one.id)
  const [places, owned, last] = await Promise.all([
    placesOf(ctx.db, corpId, ids),
    countOwned(ctx.db, corpId, ids),
    latestOfAct(ctx.db, corpId, 'todo.pass-on'),
  ])
  const active = (userId: unknown): MemberCore | undefined => {
    const member = typeof userId === 'string' ? mirror.members.byKey(userKey(userId)) : undefined
    return member && mayAct(member) ? member : undefined
  }
  const allowed = new Set(ctx.todoSettings.passingOn(corpId))
  const lastTo = last?.detail['to']
  // What was given back was chosen for nobody else.
  const chosenBefore = lastTo === last?.target ? undefined : active(lastTo)
  const found = new Map<number, Successor>()
  for (const { id, userId } of leavers) {
    const place = places.get(id)
    const now = mirror.members.byKey(userKey(userId))
    const returned = now && now.id !== id && isThere(now) ? now : undefined
    const leader = place && leaderOf(mirror, place)
    const member = returned ?? leader ?? chosenBefore
    if (!member || member.id === id) continue
    const apps = owned.filter(one => one.ownerId === id && (returned || allowed.has(one.appId)))
    if (apps.length === 0) continue
    found.set(id, {
      userId: member.userId,
      name: member.name,
      reason: returned ? 'returned' : leader ? 'leader' : 'last',
      count: apps.reduce((sum, one) => sum + one.count, 0),
      appIds: apps.map(one => one.appId),
    })
  }
  return found
}
