import { level } from '../ui/data/level.ts'
import type { PageLevel } from './console-page.ts'

const allowed: Record<PageLevel, readonly number[]> = {
  system: [level.system],
  super: [level.system, level.superAdministrator],
  graded: [level.system, level.superAdministrator, level.graded],
  helpDesk: [level.system, level.superAdministrator, level.graded, level.helpDesk],
}

export function mayOpen(needed: PageLevel, roleLevel: number): boolean {
  return allowed[needed].includes(roleLevel)
}
