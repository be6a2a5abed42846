import type { Tag } from '../../../organisation/directory/entities.ts'
import { isThere, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import {
  ancestors,
  type DepartmentNode,
  lineages,
  subtree,
} from '../../../organisation/directory/mirror/tree.ts'
import { visibilityFor } from '../../apps/visibility.ts'
import { LdapRefusal } from '../protocol/refusal.ts'
import { type LdapClient, rangeOf } from './client.ts'

/** Where an entry is asked for, and by whom. */
export type View = { mirror: Mirror; client: LdapClient }

/** A department, with its own members; a tag, with people of the departments below it too; or a group of members (人群). */
export type Group = { id: number; cn: string; name: string; description: string } & (
  | { kind: 'department'; node: DepartmentNode }
  | { kind: 'tag'; tag: Tag }
  | { kind: 'group'; ids: Readonly<Float64Array> }
)

/** In the order of their numbers in `uuidOf`, where people have 0. */
export const groupKinds = ['department', 'tag', 'group'] as const satisfies readonly Group['kind'][]

function departmentGroup(node: DepartmentNode): Group {
  const path = [...ancestors(node).reverse(), node].map(one => one.department.name)
  const { id, name } = node.department
  return { kind: 'department', node, id, cn: `department-${id}`, name, description: `/${path.join('/')}` }
}

function tagGroup(tag: Tag): Group {
  const { id, name } = tag
  return { kind: 'tag', tag, id, cn: `tag-${id}`, name, description: name }
}

/** A group of members that the client's settings name. */
function memberGroup({ mirror, client }: View, id: number): Group | undefined {
  const found = client.memberGroups.includes(id) ? mirror.groups.find(id) : undefined
  return (
    found && {
      kind: 'group',
      ids: found.ids,
      id,
      cn: `group-${id}`,
      name: found.name,
      description: found.name,
    }
  )
}

/** The group of this name that the client sees. Of a client with a range, tags say too much. */
export function groupNamed(view: View, cn: string): Group | undefined {
  const found = /^(department|tag|group)-(\d{1,15})$/.exec(cn.toLowerCase())
  if (!found || !view.client.fields.includes('groups')) return undefined
  const id = Number(found[2])
  if (found[1] === 'group') return memberGroup(view, id)
  if (found[1] === 'tag') {
    const tag = view.mirror.tags.get(id)
    return tag && view.client.everyone ? tagGroup(tag) : undefined
  }
  const node = view.mirror.tree.get(id)
  return node && seesDepartment(view, node) ? departmentGroup(node) : undefined
}

export function* allGroups(view: View): Generator<Group> {
  const { mirror, client } = view
  for (const node of mirror.tree.order) if (seesDepartment(view, node)) yield departmentGroup(node)
  if (client.everyone) for (const tag of mirror.tags.values()) yield tagGroup(tag)
  for (const id of client.memberGroups) {
    const group = memberGroup(view, id)
    if (group) yield group
  }
}

function seesDepartment({ client }: View, node: DepartmentNode): boolean {
  if (client.everyone) return true
  return [node, ...ancestors(node)].some(one => client.departments.includes(one.department.id))
}

/** Names of a member's groups, of those that the client sees. */
export function groupsOfMember(view: View, core: MemberCore): string[] {
  const { mirror, client } = view
  const names = core.departments.flatMap(id => {
    const node = mirror.tree.get(id)
    return node && seesDepartment(view, node) ? [`department-${id}`] : []
  })
  for (const id of client.memberGroups) if (mirror.groups.has(id, core.id)) names.push(`group-${id}`)
  if (!client.everyone) return names
  const own = lineages(mirror.tree, core.departments)
  for (const tag of mirror.tags.values()) if (isTagged(tag, core, own)) names.push(`tag-${tag.id}`)
  return names
}

const keySets = new WeakMap<Tag, ReadonlySet<string>>()
const departmentSets = new WeakMap<Tag, ReadonlySet<number>>()

/** `own`: the member's departments with those above. */
function isTagged(tag: Tag, core: MemberCore, own: readonly number[]): boolean {
  const keys = keySets.get(tag) ?? new Set(tag.userKeys)
  const departments = departmentSets.get(tag) ?? new Set(tag.departments)
  keySets.set(tag, keys)
  departmentSets.set(tag, departments)
  return keys.has(core.key) || own.some(id => departments.has(id))
}

/** Whether a group has this member, without listing it. */
export function hasMember({ tree, groups }: Mirror, group: Group, core: MemberCore): boolean {
  if (group.kind === 'group') return groups.has(group.id, core.id)
  if (group.kind === 'tag') return isTagged(group.tag, core, lineages(tree, core.departments))
  return core.departments.includes(group.id)
}

/** Whether the client finds a member. */
export function isFound({ mirror, client }: View, core: MemberCore): boolean {
  const range = rangeOf(client)
  return isThere(core) && (range.everyone || visibilityFor(mirror, core)(range))
}

/** Those of a group, some of them more than once. */
function* coresIn({ tree, members }: Mirror, group: Group): Generator<MemberCore> {
  if (group.kind === 'group') {
    for (const id of group.ids) {
      const core = members.byId(id)
      if (core) yield core
    }
    return
  }
  const nodes = group.kind === 'tag' ? nodesOf(tree, group.tag) : [group.node]
  for (const node of nodes)
    for (const ordinal of members.ordinalsIn(node.department.id)) {
      const core = members.at(ordinal)
      if (core) yield core
    }
  if (group.kind === 'department') return
  for (const key of group.tag.userKeys) {
    const core = members.byKey(key)
    if (core) yield core
  }
}

function nodesOf(tree: Mirror['tree'], tag: Tag): DepartmentNode[] {
  return tag.departments.flatMap(id => {
    const node = tree.get(id)
    return node ? subtree(tree, node) : []
  })
}

/** More than these are looked for in turns, among everybody. */
const candidatesAtMost = 20_000

/** Whom the client finds in a group; undefined when they are very many. */
export function membersIn(view: View, group: Group): MemberCore[] | undefined {
  const found = new Map<number, MemberCore>()
  for (const core of coresIn(view.mirror, group)) {
    if (isFound(view, core)) found.set(core.id, core)
    if (found.size > candidatesAtMost) return undefined
  }
  return [...found.values()]
}

const membersAtMost = 10_000

/** The same for the entry of the group. Throws 11 for one that is too large to be listed; whether somebody is in it can still be asked. */
export function membersShown(view: View, group: Group): MemberCore[] {
  const found = membersIn(view, group)
  if (!found || found.length > membersAtMost)
    throw new LdapRefusal(
      'adminLimit',
      `group ${group.cn} has more than ${membersAtMost} members: ask with (memberOf=…) or (member=…) instead`,
    )
  return found
}
