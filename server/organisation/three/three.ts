import type { Core } from '../../platform/core.ts'
import type { Separation, ThreeRole } from '../../platform/http/admin/three-role.ts'
import { type HolderRow, liveHolders, scopes } from './three-store.ts'

/**
 * Where the three administrators (三员) are separated and who they are. Every node holds it in memory and reads it again with the
 * configuration. `corpId` is undefined for the installation.
 */
export type Three = {
  isOn(corpId: string | undefined): boolean
  /** When it was switched on. */
  since(corpId: string | undefined): Date | undefined
  /** What it means for a member of this corp; undefined where the three are not separated. */
  ofMember(corpId: string, memberId: number): Separation | undefined
  /** Which of the installation's three a member of whichever corp is. */
  ofInstallation(memberId: number): ThreeRole | undefined
  /** What it means for the local account, which is system administrator and nothing else. */
  ofAccount(corpId: string | undefined): Separation | undefined
  /** As `ofAccount`, for a call that is about no corp and shows something of all of them. */
  ofAccountAnywhere(): Separation | undefined
  /** Which of the three a member is, wherever; nobody is two of them. */
  roleOf(memberId: number): ThreeRole | undefined
  holders(corpId: string | undefined): readonly HolderRow[]
  reload(corpId?: string): Promise<void>
}

const asSystem: Separation = { as: 'system' }
const asNone: Separation = { as: undefined }

export function createThree(ctx: Pick<Core, 'db'>): Three {
  let on = new Map<string, Date>()
  let holders: HolderRow[] = []
  /** By member, then by corp; '' is the installation. */
  let held = new Map<number, Map<string, Separation>>()
  const isOn = (corpId: string | undefined) => on.has(corpId ?? '')
  return {
    async reload() {
      const [nextOn, nextHolders] = await Promise.all([scopes(ctx.db), liveHolders(ctx.db)])
      on = new Map(nextOn.map(({ scope, since }) => [scope, since]))
      holders = nextHolders
      held = new Map()
      for (const { memberId, corpId, role } of nextHolders)
        if (memberId !== null)
          held.getOrInsertComputed(memberId, () => new Map()).set(corpId ?? '', { as: role })
    },
    isOn,
    since: corpId => on.get(corpId ?? ''),
    ofMember(corpId, memberId) {
      if (!on.has(corpId)) return undefined
      return held.get(memberId)?.get(corpId) ?? asNone
    },
    ofInstallation: memberId => (on.has('') ? held.get(memberId)?.get('')?.as : undefined),
    ofAccount: corpId => (on.has('') || isOn(corpId) ? asSystem : undefined),
    ofAccountAnywhere: () => (on.size > 0 ? asSystem : undefined),
    roleOf: memberId => held.get(memberId)?.values().next().value?.as,
    holders: corpId => holders.filter(one => one.corpId === (corpId ?? null)),
  }
}
