import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import { findDepartment, type View } from '../../organisation/directory/read/view.ts'
import type { MemberValues } from './templates/template.ts'

/** What a text may say of its receiver; the department is the first that the sender sees. */
export function memberValues(view: View, { name, userId, departments }: MemberCore): MemberValues {
  const seen = departments.flatMap(id => findDepartment(view, String(id)) ?? [])
  return { name, userId, department: seen[0]?.department.name ?? '' }
}
