import { type Static, Type } from 'typebox'
import type { Tag } from '../../organisation/directory/entities.ts'
import { externalDepartments } from '../../organisation/directory/external-department-store.ts'
import { externalFrom, isHere, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type DepartmentTree, lineages } from '../../organisation/directory/mirror/tree.ts'
import { mayAct } from '../../organisation/directory/permissions/person.ts'
import { namesOfGroups } from '../../organisation/groups/group-store.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { readSet } from '../../platform/http/rules.ts'
import { told } from '../../platform/http/told.ts'
import type { Identity } from '../../platform/http/visitor.ts'
import type { Visibility } from './app.ts'
import * as store from './store.ts'

type Needs = Core & { mirrors: Mirrors }

export const toEveryone: Visibility = { everyone: true, departments: [], memberIds: [], tags: [] }

/** People from outside WeCom see only what names them or a department of theirs. */
const isFromOutside = ({ departments }: Pick<Identity, 'departments'>): boolean =>
  departments.some(id => id >= externalFrom)

/** Returns a test for many apps of one member: their departments with all ancestors are looked up once. */
export function visibilityFor(mirror: Mirror, member: Identity): (visibility: Visibility) => boolean {
  const own = new Set(lineages(mirror.tree, member.departments))
  const isMeant = !isFromOutside(member)
  return visibility =>
    (visibility.everyone && isMeant) ||
    visibility.memberIds.includes(member.id) ||
    isInGroup(mirror, visibility, member.id) ||
    visibility.departments.some(id => own.has(id)) ||
    visibility.tags.some(id => {
      const tag = mirror.tags.get(id)
      return tag !== undefined && (keysOf(tag).has(member.key) || tag.departments.some(one => own.has(one)))
    })
}

/** Returns a test for many members and one visibility. */
export function seenBy(mirror: Mirror, visibility: Visibility): (member: Identity) => boolean {
  const marked = markDepartments(mirror, visibility)
  const ids = new Set(visibility.memberIds)
  const outside = new Set(visibility.departments.filter(id => id >= externalFrom))
  const keys = new Set(visibility.tags.flatMap(id => mirror.tags.get(id)?.userKeys ?? []))
  return member =>
    (visibility.everyone && !isFromOutside(member)) ||
    ids.has(member.id) ||
    keys.has(member.key) ||
    isInGroup(mirror, visibility, member.id) ||
    member.departments.some(id => isMarked(mirror.tree, marked, id) || outside.has(id))
}

function isInGroup({ groups }: Mirror, visibility: Visibility, memberId: number): boolean {
  return visibility.groups?.some(id => groups.has(id, memberId)) ?? false
}

/** How many members in the address book may see it, and how many of those are active and can therefore open it. */
export function countVisible(mirror: Mirror, visibility: Visibility): { members: number; active: number } {
  const sees = seenBy(mirror, visibility)
  const counts = { members: 0, active: 0 }
  for (const member of mirror.members.all()) {
    if (!isHere(member) || !sees(member)) continue
    counts.members++
    if (mayAct(member)) counts.active++
  }
  return counts
}

const entriesAtMost = 1000

/**
 * Checks that everything in a visibility exists. Entries that are gone from the address book may stay if `known` has them.
 * @throws ApiError 1000 if it is empty, 1005 (department), 1006 (tag or group), 1007 (member).
 */
export function checkVisibility(mirror: Mirror, visibility: Visibility, known: Visibility): void {
  const { departments, memberIds, tags, groups = [] } = visibility
  for (const [name, ids] of Object.entries({ departments, memberIds, tags, groups }))
    readSet(ids, name, entriesAtMost)
  // Whether a department of people from outside WeCom exists, `visibilityOf` has found out.
  for (const id of departments)
    if (id < externalFrom && !mirror.tree.get(id) && !known.departments.includes(id))
      throw new ApiError('unknownDepartment', told`${id}`)
  for (const id of tags)
    if (!mirror.tags.has(id) && !known.tags.includes(id)) throw new ApiError('unknownTag', told`${id}`)
  for (const id of memberIds)
    if (!mirror.members.byId(id) && !known.memberIds.includes(id))
      throw new ApiError('unknownMember', told`${id}`)
  if (!visibility.everyone && departments.length + memberIds.length + tags.length + groups.length === 0)
    throw new ApiError('badParameter', {
      zh: 'visibility 请选择部门、成员、标签或人群，或改为全员可见',
      en: 'visibility is empty: choose departments, members, tags or groups, or show it to all members',
    })
}

const keySets = new WeakMap<Tag, ReadonlySet<string>>()

/** A changed tag is a new object, so its set can be cached by object. */
function keysOf(tag: Tag): ReadonlySet<string> {
  let keys = keySets.get(tag)
  if (!keys) {
    keys = new Set(tag.userKeys)
    keySets.set(tag, keys)
  }
  return keys
}

function markDepartments(mirror: Mirror, visibility: Visibility): Uint8Array {
  const marked = new Uint8Array(mirror.tree.order.length)
  const ofTags = visibility.tags.flatMap(id => mirror.tags.get(id)?.departments ?? [])
  for (const id of [...visibility.departments, ...ofTags]) {
    const node = mirror.tree.get(id)
    if (node) marked.fill(1, node.index, node.end)
  }
  return marked
}

function isMarked(tree: DepartmentTree, marked: Uint8Array, departmentId: number): boolean {
  const node = tree.get(departmentId)
  return node !== undefined && marked[node.index] === 1
}

export const visibilityNamesSchema = Type.Object({
  everyone: Type.Boolean(),
  /** `isGone`: no longer in the address book. */
  departments: Type.Array(
    Type.Object({
      id: Type.Number(),
      name: Type.String(),
      isGone: Type.Boolean(),
    }),
  ),
  members: Type.Array(
    Type.Object({
      userId: Type.String(),
      name: Type.String(),
      isGone: Type.Boolean(),
    }),
  ),
  tags: Type.Array(
    Type.Object({
      id: Type.Number(),
      name: Type.String(),
      isGone: Type.Boolean(),
    }),
  ),
  groups: Type.Array(
    Type.Object({
      id: Type.Number(),
      name: Type.String(),
      isGone: Type.Boolean(),
    }),
  ),
})
export type VisibilityNames = Static<typeof visibilityNamesSchema>

/** The visibility with names, for a form. */
export async function namesOf(ctx: Needs, corpId: string, visibility: Visibility): Promise<VisibilityNames> {
  const mirror = ctx.mirrors.of(corpId)
  const outside = await outsideNames(ctx, corpId, visibility.departments)
  const gone = await store.namesOfMembers(
    ctx.db,
    corpId,
    visibility.memberIds.filter(id => !mirror.members.byId(id)),
  )
  return {
    everyone: visibility.everyone,
    departments: visibility.departments.map(id => {
      const name = mirror.tree.get(id)?.department.name ?? outside.get(id)
      return { id, name: name ?? String(id), isGone: name === undefined }
    }),
    members: visibility.memberIds.map(id => {
      const member = mirror.members.byId(id)
      const row = gone.find(one => one.id === id)
      return {
        userId: member?.userId ?? row?.userId ?? String(id),
        name: member?.name ?? row?.name ?? '',
        isGone: !member,
      }
    }),
    tags: visibility.tags.map(id => {
      const tag = mirror.tags.get(id)
      return { id, name: tag?.name ?? String(id), isGone: !tag }
    }),
    groups: (await namesOfGroups(ctx.db, corpId, visibility.groups)).map(({ id, name }) => ({
      id,
      name: name ?? String(id),
      isGone: name === undefined,
    })),
  }
}

/** The names of departments of people from outside WeCom, where any is among these. */
async function outsideNames(ctx: Core, corpId: string, ids: readonly number[]): Promise<Map<number, string>> {
  if (!ids.some(id => id >= externalFrom)) return new Map()
  const all = await externalDepartments(ctx.db, corpId)
  return new Map(all.map(one => [one.id, one.name]))
}

export type GivenVisibility = {
  everyone: boolean
  departments: readonly number[]
  userIds: readonly string[]
  tags: readonly number[]
  groups?: readonly number[]
}

/**
 * Builds a visibility from userids. People who left are found only among those whom `known` contains. Throws 1007, and 1005 for departments
 * of people from outside WeCom that do not exist.
 */
export async function visibilityOf(
  ctx: Needs,
  corpId: string,
  given: GivenVisibility,
  known: Visibility,
): Promise<Visibility> {
  const { members } = ctx.mirrors.of(corpId)
  const before = await store.namesOfMembers(ctx.db, corpId, known.memberIds)
  const outside = await outsideNames(ctx, corpId, given.departments)
  for (const id of given.departments)
    if (id >= externalFrom && !outside.has(id) && !known.departments.includes(id))
      throw new ApiError('unknownDepartment', told`${id}`)
  const memberIds = given.userIds.map(userId => {
    const key = userKey(userId)
    const id = members.byKey(key)?.id ?? before.find(one => userKey(one.userId) === key)?.id
    if (id === undefined) throw new ApiError('unknownMember', told`${userId}`)
    return id
  })
  return {
    everyone: given.everyone,
    departments: [...new Set(given.departments)],
    memberIds: [...new Set(memberIds)],
    tags: [...new Set(given.tags)],
    ...(given.groups?.length ? { groups: [...new Set(given.groups)] } : {}),
  }
}
