import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
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

export function ownsDeveloper({ member, corpId }: Person, developer: Developer): boolean {
  return member !== undefined && developer.corpId === corpId && developer.owners.has(member.id)
}
