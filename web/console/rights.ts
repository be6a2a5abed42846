import { level } from '../ui/data/level.ts'
import type { ConsolePage, PageLevel } from './console-page.ts'
import { opens } from './page-points.ts'

const allowed: Record<PageLevel, readonly number[]> = {
  system: [level.system],
  super: [level.system, level.superAdministrator],
  graded: [level.system, level.superAdministrator, level.graded],
  helpDesk: [level.system, level.superAdministrator, level.graded, level.helpDesk],
}

/** Somebody by their level, and what their own roles open within which range. */
export type Rights = {
  person: { roleLevel: number }
  points?: Readonly<Record<string, 'corp' | 'departments' | 'apps'>>
}

export function mayOpen(page: Pick<ConsolePage, 'level' | 'path'>, { person, points = {} }: Rights): boolean {
  if (hasLevel(page.level, person.roleLevel)) return true
  return opens(points, page.path, page.level === 'graded' || page.level === 'helpDesk')
}

export function hasLevel(needed: PageLevel, roleLevel: number): boolean {
  return allowed[needed].includes(roleLevel)
}
