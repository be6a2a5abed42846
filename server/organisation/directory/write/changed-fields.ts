import type { StoredMember } from '../entities.ts'
import type { ChangedFields } from '../feed-store.ts'

/** The fields of a member that the change feed keeps and people are shown. */
export const shownFields = [
  'name',
  'alias',
  'position',
  'mobile',
  'email',
  'sex',
  'avatar',
  'address',
  'status',
  'departments',
  'mainDepartment',
  'leaderIn',
  'directLeaders',
] as const

/** What the change feed keeps of an update, and null when it is nothing that is shown, such as the order in a department. */
export function changedFields(before: StoredMember, after: StoredMember): ChangedFields | null {
  const changed: ChangedFields = {}
  for (const field of shownFields) {
    const [old, now] = field === 'leaderIn' ? [leads(before), leads(after)] : [before[field], after[field]]
    if (JSON.stringify(old) !== JSON.stringify(now)) changed[field] = [old, now]
  }
  return Object.keys(changed).length > 0 ? changed : null
}

/** The departments that the member leads; the stored flags mean nothing without the list of departments. */
function leads({ departments, leaderIn }: StoredMember): number[] {
  return departments.filter((_id, index) => leaderIn[index] === 1)
}
