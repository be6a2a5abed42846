import type { Core } from '../../platform/core.ts'
import type { Role, Roles } from '../directory/permissions/person.ts'
import type { OwnRoles } from '../roles/kept-roles.ts'
import type { Three } from '../three/three.ts'
import { readRoles } from './store.ts'

/** They are few, so every node holds them in memory and rereads them with the configuration. */
export type KeptRoles = Roles & {
  /** Rereads the roles of one corp, or of all. */
  reload(corpId?: string): Promise<void>
}

export function createRoles(ctx: Pick<Core, 'db'> & { ownRoles: OwnRoles; three: Three }): KeptRoles {
  let roles = new Map<number, { corpId: string; role: Role }>()
  return {
    async reload(corpId) {
      const read = await readRoles(ctx.db, corpId)
      const others = [...roles].filter(([, one]) => corpId !== undefined && one.corpId !== corpId)
      roles = new Map([...others, ...read])
    },
    of: memberId => roles.get(memberId)?.role,
    grantsOf: ctx.ownRoles.grantsOf,
    separationOf: ctx.three.ofMember,
    installationRoleOf: ctx.three.ofInstallation,
    threeOf: ctx.three.roleOf,
  }
}
