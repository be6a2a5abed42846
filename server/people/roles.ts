import type { Core } from '../core.ts'
import { type Role, rolesOfAll } from './store.ts'

/** Who is an administrator: few, so every node has them in memory and reads them anew with the configuration. */
export type Roles = {
  reload(): Promise<void>
  of(memberId: number): Role | undefined
}

export function createRoles(ctx: Pick<Core, 'db'>): Roles {
  let roles = new Map<number, Role>()
  return {
    async reload() {
      roles = await rolesOfAll(ctx.db)
    },
    of: memberId => roles.get(memberId),
  }
}
