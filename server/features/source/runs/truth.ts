import type { Department } from '../../../organisation/directory/entities.ts'
import { memberStatus, userKey } from '../../../organisation/directory/mirror/members.ts'
import { departmentsById } from '../../../organisation/directory/store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type FullMember, heldOf, membersNamed } from '../person-store.ts'
import type { ChangedField } from '../plan/changes.ts'
import type { HeldPerson } from '../plan/people.ts'
import { currentOf, departmentValues, knownMember } from './members.ts'
import type { Run, RunRow } from './run-store.ts'

/** `open`: as the preview found it. `written`: as it is to become. `other`: somebody changed it meanwhile. */
export type Truth = 'open' | 'written' | 'other'

/** What rows of a run are about, as it is now. */
export type Present = {
  memberOf(row: RunRow): FullMember | undefined
  heldOf(row: RunRow): HeldPerson | undefined
  department(id: number): Department | undefined
  truthOf(row: RunRow): Truth
}

export async function readPresent(
  db: Db,
  { corpId, sourceId, kind: runKind }: Run,
  rows: readonly RunRow[],
  isRestricted: boolean,
): Promise<Present> {
  const people = rows.filter(one => one.userId !== '')
  const ids = people.flatMap(one => one.memberId ?? [])
  const keys = people.flatMap(one => (one.memberId === null ? userKey(one.userId) : []))
  const [members, held, departments] = await Promise.all([
    people.length === 0 ? [] : membersNamed(db, corpId, { ids, keys }),
    people.length === 0 ? [] : heldOf(db, { corpId, sourceId }, [...new Set(people.map(one => one.key))]),
    departmentsById(
      db,
      corpId,
      rows.flatMap(one => one.departmentId ?? []),
    ),
  ])
  const byId = new Map(members.map(one => [one.id, one]))
  const byKey = new Map(members.map(one => [userKey(one.userId), one]))
  const heldByKey = new Map(held.map(one => [one.key, one]))
  const byDepartment = new Map(departments.map(one => [one.id, one]))
  const memberOf = ({ memberId, userId }: RunRow) =>
    memberId === null ? byKey.get(userKey(userId)) : byId.get(memberId)
  const heldOfRow = ({ key }: RunRow) => heldByKey.get(key)

  function truthOf(row: RunRow): Truth {
    if (row.departmentId !== null) return truthOfDepartment(row, byDepartment.get(row.departmentId))
    const member = memberOf(row)
    if (row.kind === 'join') return member ? 'other' : 'open'
    // A member who joins in this run is not in the address book yet.
    if (row.kind === 'leader' && !member) return row.memberId === null ? 'open' : 'other'
    // Who was let in again by hand is not deleted; whom an undo deletes was made by the run.
    if (row.kind === 'delete')
      return member
        ? runKind === 'undo' || member.status === memberStatus.disabled
          ? 'open'
          : 'other'
        : 'written'
    if (!member) return row.kind === 'leave' ? 'written' : 'other'
    if (row.kind === 'adopt') return 'open'
    const values = currentOf(knownMember(member), heldOfRow(row)?.written ?? {}, isRestricted)
    return compared(row, values)
  }

  return { memberOf, heldOf: heldOfRow, department: id => byDepartment.get(id), truthOf }
}

function truthOfDepartment(row: RunRow, department: Department | undefined): Truth {
  if (row.kind === 'department-remove') return department ? 'open' : 'written'
  if (row.kind === 'department-add') return department ? compared(row, departmentValues(department)) : 'open'
  if (!department) return 'other'
  return row.kind === 'department-adopt' ? 'open' : compared(row, departmentValues(department))
}

function compared({ fields }: RunRow, now: Readonly<Partial<Record<ChangedField, string>>>): Truth {
  const entries = Object.entries(fields) as [ChangedField, readonly [string, string]][]
  const is = (field: ChangedField, wanted: string) => {
    const text = now[field] ?? ''
    // userids of leaders differ in case.
    return text === wanted || (field === 'leader' && userKey(text) === userKey(wanted))
  }
  if (entries.every(([field, [, after]]) => is(field, after))) return 'written'
  return entries.every(([field, both]) => both.some(one => is(field, one))) ? 'open' : 'other'
}
