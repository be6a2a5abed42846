import type { Core } from '../../platform/core.ts'
import type { Grant } from '../../platform/http/admin/grant.ts'
import type { Point } from '../../platform/http/admin/points.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { givablePoints } from '../rights/shipped.ts'
import { type HeldRow, readHeld } from './role-store.ts'

/**
 * Who has which of a corp's own roles. They are few, so every node holds them in memory and rereads them with the configuration:
 * a role that is given, changed or taken counts with the next call of an open session, and one that ends does so by the clock. Who has
 * one by a group is asked of the groups that are in memory beside the address book: leaving the group ends it.
 */
export type OwnRoles = {
  grantsOf(corpId: string, memberId: number): readonly Grant[]
  /** What a role gives, as long as it has not ended. */
  find(corpId: string, roleId: number): Grant | undefined
  /** Rereads those of one corp, or of all. */
  reload(corpId?: string): Promise<void>
}

type KeptRole = { corpId: string; endsAt: number; grant: Grant; groups: readonly number[] }
const none: readonly Grant[] = []
const givable: ReadonlySet<string> = new Set(givablePoints)
const keyOf = (corpId: string, roleId: number) => `${corpId} ${roleId}`
const endOf = (until: Date | null) => until?.getTime() ?? Number.POSITIVE_INFINITY

export function createOwnRoles(ctx: Pick<Core, 'db' | 'now'> & { mirrors: Pick<Mirrors, 'of'> }): OwnRoles {
  let held = new Map<number, KeptRole[]>()
  let roles = new Map<string, KeptRole>()
  /** Those that give to groups, by corp. */
  let grouped = new Map<string, KeptRole[]>()
  return {
    async reload(corpId) {
      const rows = await readHeld(ctx.db, corpId)
      const isOther = (one: KeptRole | undefined) => corpId !== undefined && one?.corpId !== corpId
      const nextHeld = new Map([...held].filter(([, [one]]) => isOther(one)))
      const nextRoles = new Map([...roles].filter(([, one]) => isOther(one)))
      for (const row of rows) {
        const kept = nextRoles.getOrInsertComputed(keyOf(row.corpId, row.id), () => keptOf(row))
        if (row.memberId === null) continue
        const own = { ...kept, endsAt: Math.min(kept.endsAt, endOf(row.heldUntil)) }
        nextHeld.getOrInsertComputed(row.memberId, () => []).push(own)
      }
      held = nextHeld
      roles = nextRoles
      const withGroups = [...nextRoles.values()].filter(({ groups }) => groups.length > 0)
      grouped = Map.groupBy(withGroups, one => one.corpId)
    },
    grantsOf(corpId, memberId) {
      const own = held.get(memberId)
      const ofGroups = grouped.get(corpId)
      if (!own && !ofGroups) return none
      const sets = ofGroups && ctx.mirrors.of(corpId).groups
      const isInOne = ({ groups }: KeptRole) => groups.some(id => sets?.has(id, memberId))
      const now = ctx.now()
      const live = [...(own ?? []), ...(ofGroups ?? []).filter(isInOne)].filter(({ endsAt }) => endsAt > now)
      return [...new Set(live.map(({ grant }) => grant))]
    },
    find(corpId, roleId) {
      const kept = roles.get(keyOf(corpId, roleId))
      return kept && kept.endsAt > ctx.now() ? kept.grant : undefined
    },
  }
}

function keptOf({ corpId, id: roleId, name, points, range, until, groups }: HeldRow): KeptRole {
  // A point that was written by hand, or that another version gave, opens nothing.
  const own = points.filter((one): one is Point => givable.has(one))
  return { corpId, endsAt: endOf(until), grant: { roleId, name, points: new Set(own), range }, groups }
}
