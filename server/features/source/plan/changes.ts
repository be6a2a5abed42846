import type { SourceField } from './fields.ts'
import type { Note } from './problems.ts'

/**
 * What a run does, in the order in which it does it. Departments are there before their members, and go after them. `adopt`: what is as the
 * source says already is kept by it from now on; nothing is written to WeCom. `drift` is only shown.
 */
export const changeKinds = [
  'department-adopt',
  'department-add',
  'department-set',
  'join',
  'return',
  'move',
  'change',
  'leader',
  'leave',
  'delete',
  'department-remove',
  'adopt',
  'drift',
] as const
export type ChangeKind = (typeof changeKinds)[number]

const phases: Record<ChangeKind, number> = {
  'department-adopt': 1,
  'department-add': 1,
  'department-set': 2,
  join: 3,
  return: 4,
  move: 4,
  change: 4,
  leader: 5,
  leave: 6,
  delete: 7,
  'department-remove': 8,
  adopt: 9,
  drift: 9,
}
export const phaseOf = (kind: ChangeKind): number => phases[kind]

/** A field before and after. */
export type FieldChange = readonly [before: string, after: string]

/** `department` has name, parent and order in its fields. */
export type ChangedField = SourceField | 'parent' | 'order' | 'enable'

/** One row of a run. */
export type Change = {
  kind: ChangeKind
  line: number
  /** The key of the person, or the code of the department; '' for one that the source does not have. */
  key: string
  /** '' for a department. */
  userId: string
  memberId?: number | undefined
  departmentId?: number | undefined
  name: string
  fields: Readonly<Partial<Record<ChangedField, FieldChange>>>
  notes: readonly Note[]
}

export type Counts = {
  people: number
  joiners: number
  movers: number
  changed: number
  leavers: number
  returned: number
  adopted: number
  deleted: number
  departmentsAdded: number
  departmentsSet: number
  departmentsRemoved: number
  /** Fields that differ and that WeCom decides. */
  drift: number
  problems: number
  /** Members below the root of the source who are not in it. */
  strangers: number
  /** Whom the source has had, of which the leavers are a part. */
  before: number
}

const countOf: Record<ChangeKind, keyof Counts | undefined> = {
  'department-adopt': undefined,
  'department-add': 'departmentsAdded',
  'department-set': 'departmentsSet',
  'department-remove': 'departmentsRemoved',
  join: 'joiners',
  return: 'returned',
  move: 'movers',
  change: 'changed',
  leader: undefined,
  leave: 'leavers',
  delete: 'deleted',
  adopt: 'adopted',
  drift: 'drift',
}

export function countChanges(
  changes: readonly Change[],
  rest: Pick<Counts, 'people' | 'problems' | 'strangers' | 'before'>,
): Counts {
  const counts: Counts = {
    ...rest,
    joiners: 0,
    movers: 0,
    changed: 0,
    leavers: 0,
    returned: 0,
    adopted: 0,
    deleted: 0,
    departmentsAdded: 0,
    departmentsSet: 0,
    departmentsRemoved: 0,
    drift: 0,
  }
  for (const { kind } of changes) {
    const name = countOf[kind]
    if (name) counts[name]++
  }
  return counts
}

const leaversAtMost = 20
const shareAtMost = 0.05

/** Who would be let in no more: leavers, and those whom an undo deletes. */
export const leaversOf = ({ leavers, deleted }: Pick<Counts, 'leavers' | 'deleted'>): number =>
  leavers + deleted

/** Whether so many leave that somebody has to say that it is right. */
export function asksForLeavers(counts: Pick<Counts, 'leavers' | 'deleted' | 'before'>): boolean {
  const count = leaversOf(counts)
  return count > leaversAtMost || (count > 0 && count > counts.before * shareAtMost)
}

/** How many rows are written. */
export function writesOf(counts: Counts): number {
  const { joiners, movers, changed, leavers, returned, deleted } = counts
  const { departmentsAdded, departmentsSet, departmentsRemoved } = counts
  return (
    joiners +
    movers +
    changed +
    leavers +
    returned +
    deleted +
    departmentsAdded +
    departmentsSet +
    departmentsRemoved
  )
}
