import { ownersOf } from '../../../callers/developers/owners/owner-store.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { leaderOf } from '../../../organisation/directory/permissions/leader.ts'
import { profilesOf } from '../../../organisation/directory/profile-store.ts'
import type { Core } from '../../../platform/core.ts'
import type { Apps } from '../../apps/catalog.ts'
import { askedBefore } from './notice-store.ts'

type OverdueTodo = { id: number; appId: string; holderId: number }

/**
 * Whom each of these to-dos is escalated to: the first active of the direct leaders of whoever has it, else of those of the main department.
 * Where there is none, it is the person themselves, or was asked about it before: the owners of the app. The address book is in memory.
 */
export async function whomToAsk(
  ctx: Core & { apps: Apps; mirrors: Mirrors },
  corpId: string,
  late: readonly OverdueTodo[],
): Promise<Map<number, number[]>> {
  if (late.length === 0) return new Map()
  const mirror = ctx.mirrors.of(corpId)
  const [profiles, before] = await Promise.all([
    profilesOf(ctx.db, corpId, [...new Set(late.map(one => one.holderId))]),
    askedBefore(
      ctx.db,
      corpId,
      late.map(one => one.id),
    ),
  ])
  const asked = new Set(before.map(one => `${one.todoId} ${one.toId}`))
  const owners = new Map<string, Promise<number[]>>()
  const found = new Map<number, number[]>()
  for (const { id, appId, holderId } of late) {
    const profile = profiles.get(holderId)
    const leader = profile && leaderOf(mirror, profile)
    if (leader && leader.id !== holderId && !asked.has(`${id} ${leader.id}`)) found.set(id, [leader.id])
    else {
      const known = owners.get(appId) ?? ownersOfApp(ctx, corpId, appId)
      owners.set(appId, known)
      found.set(id, await known)
    }
  }
  return found
}

async function ownersOfApp(ctx: Core & { apps: Apps }, corpId: string, appId: string): Promise<number[]> {
  const devId = ctx.apps.find(appId)?.devId
  if (!devId) return []
  return (await ownersOf(ctx.db, corpId, devId)).flatMap(one => (one.mayAct ? [one.memberId] : []))
}
