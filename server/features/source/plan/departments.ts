import type { Department } from '../../../organisation/directory/entities.ts'
import type { Words } from '../../../platform/words.ts'
import type { Change, FieldChange } from './changes.ts'
import { departmentsOf } from './fields.ts'
import { type Problem, problems } from './problems.ts'
import { isDirty, pathAtMost } from './read-record.ts'

/** A department of the source; `parent` is a code, '' for the root of the source. */
export type SourceDepartment = {
  line: number
  code: string
  name: string
  parent: string
  order?: number | undefined
  /** Why its line cannot be used. */
  wrong?: Words
}

/** Which department of WeCom one of the source is. */
export type BoundDepartment = { departmentId: number; isOwn: boolean }

export type DepartmentPlan = {
  changes: Change[]
  problems: Problem[]
  /** Ids of the good ones, by code. */
  ids: Map<string, number>
}

const levelsAtMost = 15
const badName = /[\\:*?"<>|]/

/** Makes departments of the paths of people: `研发/前端` is below `研发`. The code of one is its path. */
export function departmentsOfPaths(
  people: readonly { line: number; departments: readonly string[] | undefined }[],
  separator: string,
): { departments: SourceDepartment[]; codeOf: (path: string) => string } {
  const all = new Map<string, SourceDepartment>()
  const namesOf = (path: string) =>
    path
      .split(separator)
      .map(one => one.trim())
      .filter(Boolean)
  for (const { line, departments = [] } of people) {
    for (const path of departments) {
      let parent = ''
      for (const name of namesOf(path)) {
        const code = parent === '' ? name : `${parent}${separator}${name}`
        if (!all.has(code)) all.set(code, { line, code, name, parent })
        parent = code
      }
    }
  }
  return { departments: [...all.values()], codeOf: path => namesOf(path).join(separator) }
}

/**
 * Compares the departments of a source with those of WeCom. New ones get free ids here, so that a creation whose answer was lost is found.
 * One that WeCom has by the same name below the same department is taken as it.
 */
export function planDepartments({
  root,
  known,
  bindings,
  source,
}: {
  root: number
  known: readonly Department[]
  bindings: ReadonlyMap<string, BoundDepartment>
  source: readonly SourceDepartment[]
}): DepartmentPlan {
  const found: Problem[] = []
  const bad = ({ line, code }: SourceDepartment, why: Problem['why']) => found.push({ line, key: code, why })
  const byCode = new Map<string, SourceDepartment>()
  for (const one of source) {
    const first = byCode.get(one.code)
    if (first) bad(one, problems.departmentTwice(first.line))
    else byCode.set(one.code, one)
  }
  const good = inOrder(byCode, bad)
  const place = createPlaces(known)
  const ids = new Map<string, number>()
  const changes: Change[] = []
  for (const { code } of good) {
    const bound = bindings.get(code)
    if (bound && place.get(bound.departmentId)) place.take(bound.departmentId)
  }
  for (const one of good) {
    const parent = one.parent === '' ? root : ids.get(one.parent)
    // Its parent was refused below.
    if (parent === undefined) {
      bad(one, problems.parentBad)
      continue
    }
    const bound = bindings.get(one.code)
    const before = bound && place.get(bound.departmentId)
    const sibling = place.named(parent, one.name)
    if (!before && sibling !== undefined && place.isTaken(sibling)) {
      const other = good.find(each => ids.get(each.code) === sibling)
      bad(one, other ? problems.siblingTwice(other.line) : problems.nameTaken(one.name))
      continue
    }
    const id = before?.id ?? sibling ?? place.newId()
    ids.set(one.code, id)
    place.take(id)
    const was = place.get(id)
    if (was && sibling !== undefined && sibling !== id) {
      bad(one, problems.nameTaken(one.name))
      continue
    }
    const fields = differences(was, { ...one, parentId: parent })
    const kind = !was
      ? 'department-add'
      : Object.keys(fields).length > 0
        ? 'department-set'
        : 'department-adopt'
    const { line, code, name } = one
    if (kind !== 'department-adopt' || bound?.departmentId !== id)
      changes.push({ kind, line, key: code, userId: '', departmentId: id, name, fields, notes: [] })
    place.put({ id, name: one.name, parentId: parent, sortNo: one.order ?? was?.sortNo ?? 0, leaders: [] })
  }
  return { changes: [...changes, ...removals(byCode, bindings, known)], problems: found, ids }
}

function differences(
  was: Department | undefined,
  { name, parentId, order }: { name: string; parentId: number; order?: number | undefined },
): Change['fields'] {
  const pairs: [string, FieldChange][] = [
    ['name', [was?.name ?? '', name]],
    ['parent', [was ? String(was.parentId) : '', String(parentId)]],
    ...(order === undefined
      ? []
      : [['order', [was ? String(was.sortNo) : '', String(order)]] as [string, FieldChange]]),
  ]
  return Object.fromEntries(pairs.filter(([, [before, after]]) => before !== after))
}

/** Departments that the source once had and that wisp made, from the bottom up. */
function removals(
  source: ReadonlyMap<string, SourceDepartment>,
  bindings: ReadonlyMap<string, BoundDepartment>,
  known: readonly Department[],
): Change[] {
  const byId = new Map(known.map(one => [one.id, one]))
  const gone = [...bindings].flatMap(([code, { departmentId, isOwn }]) => {
    const department = source.has(code) || !isOwn ? undefined : byId.get(departmentId)
    return department ? [{ code, department, depth: depthOf(department, byId) }] : []
  })
  gone.sort((a, b) => b.depth - a.depth || a.department.id - b.department.id)
  return gone.map(({ code, department: { id, name, parentId } }) => ({
    kind: 'department-remove',
    line: 0,
    key: code,
    userId: '',
    departmentId: id,
    name,
    fields: { name: [name, ''], parent: [String(parentId), ''] },
    notes: [],
  }))
}

/**
 * Without removals of departments in which somebody stays, such as leavers until they are deleted: WeCom would refuse them in each run.
 * `inside`: where the members of removed departments are now.
 */
export function withoutOccupied(
  departments: readonly Change[],
  people: readonly Change[],
  inside: ReadonlyMap<number, readonly number[]>,
): Change[] {
  const later = new Map(inside)
  for (const { memberId, fields } of people)
    if (memberId !== undefined && fields.departments && later.has(memberId))
      later.set(memberId, departmentsOf(fields.departments[1]))
  const occupied = new Set([...later.values()].flat())
  return departments.filter(({ kind, departmentId, fields }) => {
    if (kind !== 'department-remove' || !occupied.has(departmentId ?? 0)) return true
    occupied.add(Number(fields.parent?.[0]))
    return false
  })
}

function depthOf(department: Department, byId: ReadonlyMap<number, Department>): number {
  let depth = 0
  for (let at = byId.get(department.parentId); at && depth < byId.size; at = byId.get(at.parentId)) depth++
  return depth
}

/** Those without an error, each behind the one above it. */
function inOrder(
  byCode: ReadonlyMap<string, SourceDepartment>,
  bad: (one: SourceDepartment, why: Problem['why']) => void,
): SourceDepartment[] {
  /** Undefined while it is being looked at; false for a bad one. */
  const levels = new Map<string, number | false | undefined>()
  const order: SourceDepartment[] = []
  for (const start of byCode.values()) {
    const path: SourceDepartment[] = []
    let one: SourceDepartment | undefined = start
    while (one && !levels.has(one.code)) {
      levels.set(one.code, undefined)
      path.push(one)
      one = one.parent === '' ? undefined : byCode.get(one.parent)
    }
    const isCircle = one !== undefined && levels.get(one.code) === undefined
    const circle = isCircle ? path.slice(path.findIndex(each => each.code === one?.code)) : []
    for (const each of path.reverse()) {
      const above = each.parent === '' ? 1 : levels.get(each.parent)
      const why = circle.includes(each)
        ? problems.circle([...circle, circle[0]!].map(node => node.name))
        : wrongWith(each, above, byCode)
      levels.set(each.code, why ? false : (above as number) + 1)
      if (why) bad(each, why)
      else order.push(each)
    }
  }
  return order
}

function wrongWith(
  { code, name, parent, wrong }: SourceDepartment,
  above: number | false | undefined,
  byCode: ReadonlyMap<string, SourceDepartment>,
): Problem['why'] | undefined {
  if (wrong) return wrong
  if (code === '' || code.length > pathAtMost) return problems.departmentCode
  if (parent !== '' && !byCode.has(parent)) return problems.noParent(parent)
  if (above === false || above === undefined) return problems.parentBad
  const length = [...name].length
  if (name.trim() === '' || length > 64 || badName.test(name) || isDirty(name))
    return problems.departmentName(name)
  return above >= levelsAtMost ? problems.tooDeep : undefined
}

/** Departments as they will be, by place and name. */
function createPlaces(known: readonly Department[]) {
  const byId = new Map(known.map(one => [one.id, one]))
  const nameKey = (parentId: number, name: string) => `${parentId}\n${name}`
  const named = new Map(known.map(one => [nameKey(one.parentId, one.name), one.id]))
  const taken = new Set<number>()
  let last = known.reduce((most, { id }) => Math.max(most, id), 1)
  return {
    get: (id: number) => byId.get(id),
    named: (parentId: number, name: string) => named.get(nameKey(parentId, name)),
    newId: () => ++last,
    take: (id: number) => void taken.add(id),
    isTaken: (id: number) => taken.has(id),
    put(one: Department) {
      const before = byId.get(one.id)
      if (before && named.get(nameKey(before.parentId, before.name)) === one.id)
        named.delete(nameKey(before.parentId, before.name))
      byId.set(one.id, one)
      named.set(nameKey(one.parentId, one.name), one.id)
    },
  }
}
