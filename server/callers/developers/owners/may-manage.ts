import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { reached } from '../../../organisation/rights/reached.ts'
import type { Point } from '../../../platform/http/admin/points.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { Developer } from '../developers.ts'

/**
 * Whether somebody may see and manage a developer on pages: administrators from level super on may manage those of the call's
 * corp, which `checkDeveloper` compares, and members those that they own. A session ends when its member leaves or is disabled,
 * so an owner here is one who may act.
 */
export function mayManage(visitor: Person, developer: Developer | undefined): boolean {
  const { roleLevel: level } = visitor
  if (level === roleLevel.system || level === roleLevel.superAdministrator) return true
  return developer !== undefined && ownsDeveloper(visitor, developer)
}

/** Whether somebody may do this with the developer: as its owner, or because of a role. */
export function mayDo(visitor: Person, point: Point, developer: Developer): boolean {
  return (
    ownsDeveloper(visitor, developer) || reached(visitor, { point, devId: developer.devId }) !== undefined
  )
}

export function ownsDeveloper({ member, corpId }: Person, developer: Developer): boolean {
  return member !== undefined && developer.corpId === corpId && developer.owners.has(member.id)
}
