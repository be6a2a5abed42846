import { isExternal, isListed, memberStatus } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { departmentLevel, level, type Sight, seesMember } from '../permissions/sight.ts'

export type SeenCounts = {
  /** Without those who quit at WeCom, who are kept and listed nowhere. */
  listed: number
  active: number
  disabled: number
  notActivated: number
  quit: number
  departments: number
}

/** How many members and departments somebody sees, for every page that says it. Of a whole corp its row knows the same (`directorySize`). */
export function countSeen({ members, tree }: Pick<Mirror, 'members' | 'tree'>, sight: Sight): SeenCounts {
  const counts = { listed: 0, active: 0, disabled: 0, notActivated: 0, quit: 0 }
  for (const member of members.all()) {
    if (isExternal(member) || !seesMember(sight, tree, member)) continue
    if (!isListed(member)) {
      counts.quit++
      continue
    }
    counts.listed++
    if (member.status === memberStatus.active) counts.active++
    else if (member.status === memberStatus.disabled) counts.disabled++
    else counts.notActivated++
  }
  const departments = tree.order.filter(node => departmentLevel(sight, node) > level.none).length
  return { ...counts, departments }
}
