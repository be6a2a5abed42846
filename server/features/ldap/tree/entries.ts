import { hash } from 'node:crypto'
import type { Tag } from '../../../organisation/directory/entities.ts'
import { isThere, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import { ancestors, type DepartmentNode } from '../../../organisation/directory/mirror/tree.ts'
import { visibilityFor } from '../../apps/visibility.ts'
import { LdapRefusal } from '../protocol/refusal.ts'
import { type LdapClient, rangeOf } from './client.ts'
import type { Details } from './details.ts'
import { groupDn, personDn, principalOf } from './places.ts'

/** Where an entry is asked for, and by whom. */
export type View = { mirror: Mirror; client: LdapClient }

/** What filters and answers read of an entry. */
export type Entry = {
  readonly dn: string
  /** Of a person. */
  readonly memberId?: number
  /** By name in lower case; none for an attribute that it lacks. Undefined: this needs details that were not read yet. */
  values(name: string): readonly string[] | undefined
  /** The names that an answer has, in their usual spelling, by name in lower case. */
  readonly names: ReadonlyMap<string, string>
}

const named = (...names: string[]) => names.map(name => [name.toLowerCase(), name] as const)
const always = named('objectClass', 'uid', 'cn', 'sn', 'displayName')
const operational = named('entryUUID', 'entryDN', 'subschemaSubentry')
export const operationalNames: ReadonlySet<string> = new Set(operational.map(([key]) => key))
const ofFields: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  mail: named('mail'),
  mobile: named('mobile'),
  employeeNumber: named('employeeNumber'),
  title: named('title'),
  groups: named('memberOf'),
  ad: named('sAMAccountName', 'userPrincipalName', 'userAccountControl', 'distinguishedName', 'objectGUID'),
  posix: named('uidNumber', 'gidNumber', 'homeDirectory', 'loginShell', 'gecos'),
}
const groupNames = named(
  'objectClass',
  'cn',
  'displayName',
  'description',
  'member',
  'uniqueMember',
  'memberUid',
)

const kept = new WeakMap<readonly string[], ReadonlyMap<string, string>>()

/** The attributes that people have for this client. */
export function personNames({ fields }: Pick<LdapClient, 'fields'>): ReadonlyMap<string, string> {
  let names = kept.get(fields)
  if (!names) {
    names = new Map([...always, ...fields.flatMap(one => ofFields[one] ?? []), ...operational])
    kept.set(fields, names)
  }
  return names
}

export const namesOfGroups: ReadonlyMap<string, string> = new Map([...groupNames, ...operational])

export const firstUid = 100_000

export function personEntry(view: View, core: MemberCore, details: Details | undefined): Entry {
  const { client } = view
  const dn = personDn(client, core.userId)
  const names = personNames(client)
  const detail = (read: (found: Details) => string) => details && listOf(read(details))
  const read = (name: string): readonly string[] | undefined => {
    switch (name) {
      case 'objectclass':
        return classesOf(client)
      case 'uid':
      case 'samaccountname':
        return [core.userId]
      case 'cn':
      case 'displayname':
      case 'sn':
      case 'gecos':
        return [core.name || core.userId]
      case 'entrydn':
      case 'distinguishedname':
        return [dn]
      case 'entryuuid':
      case 'objectguid':
        return [uuidOf(view.mirror.corpId, 0, core.id)]
      case 'memberof':
        return groupsOfMember(view, core).map(cn => groupDn(client, cn))
      case 'userprincipalname':
        return [principalOf(client, core.userId)]
      case 'useraccountcontrol':
        return ['512']
      case 'uidnumber':
      case 'gidnumber':
        return [String(firstUid + core.id)]
      case 'homedirectory':
        return [`/home/${core.userId}`]
      case 'loginshell':
        return ['/bin/bash']
      case 'subschemasubentry':
        return ['cn=subschema']
      case 'mail':
        return detail(found => found.mail)
      case 'mobile':
        return detail(found => found.mobile)
      case 'employeenumber':
        return detail(found => found.employeeNumber)
      case 'title':
        return detail(found => found.title)
      default:
        return []
    }
  }
  return { dn, memberId: core.id, names, values: name => (names.has(name) ? read(name) : []) }
}

function classesOf({ fields }: LdapClient): string[] {
  const more = [
    ...(fields.includes('posix') ? ['posixAccount'] : []),
    ...(fields.includes('ad') ? ['user'] : []),
  ]
  return ['top', 'person', 'organizationalPerson', 'inetOrgPerson', ...more]
}

const listOf = (value: string) => (value === '' ? [] : [value])

/** A department, with its own members, or a tag. */
export type Group = { cn: string; name: string; description: string } & (
  | { kind: 'department'; node: DepartmentNode }
  | { kind: 'tag'; tag: Tag }
)

export function departmentGroup(node: DepartmentNode): Group {
  const path = [...ancestors(node).reverse(), node].map(one => one.department.name)
  const { id, name } = node.department
  return { kind: 'department', node, cn: `department-${id}`, name, description: `/${path.join('/')}` }
}

export function tagGroup(tag: Tag): Group {
  return { kind: 'tag', tag, cn: `tag-${tag.id}`, name: tag.name, description: tag.name }
}

/** The group of this name that the client sees. Of a client with a range, tags say too much. */
export function groupNamed(view: View, cn: string): Group | undefined {
  const found = /^(department|tag)-(\d{1,15})$/.exec(cn.toLowerCase())
  if (!found || !view.client.fields.includes('groups')) return undefined
  if (found[1] === 'tag') {
    const tag = view.mirror.tags.get(Number(found[2]))
    return tag && view.client.everyone ? tagGroup(tag) : undefined
  }
  const node = view.mirror.tree.get(Number(found[2]))
  return node && seesDepartment(view, node) ? departmentGroup(node) : undefined
}

export function seesDepartment({ client }: View, node: DepartmentNode): boolean {
  if (client.everyone) return true
  return [node, ...ancestors(node)].some(one => client.departments.includes(one.department.id))
}

/** Names of a member's groups, of those that the client sees. */
export function groupsOfMember(view: View, core: MemberCore): string[] {
  const { mirror, client } = view
  const departments = core.departments.flatMap(id => {
    const node = mirror.tree.get(id)
    return node && seesDepartment(view, node) ? [`department-${id}`] : []
  })
  if (!client.everyone) return departments
  const tags = [...mirror.tags.values()].filter(tag => isTagged(tag, core))
  return [...departments, ...tags.map(tag => `tag-${tag.id}`)]
}

const keySets = new WeakMap<Tag, ReadonlySet<string>>()
const departmentSets = new WeakMap<Tag, ReadonlySet<number>>()

function isTagged(tag: Tag, core: MemberCore): boolean {
  const keys = keySets.get(tag) ?? new Set(tag.userKeys)
  const departments = departmentSets.get(tag) ?? new Set(tag.departments)
  keySets.set(tag, keys)
  departmentSets.set(tag, departments)
  return keys.has(core.key) || core.departments.some(id => departments.has(id))
}

const membersAtMost = 10_000

export function groupEntry(view: View, group: Group): Entry {
  const { client } = view
  const dn = groupDn(client, group.cn)
  const id = group.kind === 'tag' ? group.tag.id : group.node.department.id
  const read = (name: string): readonly string[] => {
    switch (name) {
      case 'objectclass':
        return ['top', 'groupOfNames', 'groupOfUniqueNames']
      case 'cn':
        return [group.cn]
      case 'displayname':
        return [group.name]
      case 'description':
        return [group.description]
      case 'entrydn':
        return [dn]
      case 'entryuuid':
        return [uuidOf(view.mirror.corpId, group.kind === 'tag' ? 2 : 1, id)]
      case 'subschemasubentry':
        return ['cn=subschema']
      case 'member':
      case 'uniquemember':
        return membersOf(view, group).map(core => personDn(client, core.userId))
      case 'memberuid':
        return membersOf(view, group).map(core => core.userId)
      default:
        return []
    }
  }
  return { dn, names: namesOfGroups, values: read }
}

/** Throws 11 for a group that is too large to be listed; whether somebody is in it can still be asked. */
function membersOf(view: View, group: Group): MemberCore[] {
  const { mirror, client } = view
  const range = rangeOf(client)
  const ids = group.kind === 'department' ? [group.node.department.id] : group.tag.departments
  const keys = group.kind === 'tag' ? group.tag.userKeys : []
  const found = new Map<number, MemberCore>()
  const add = (core: MemberCore | undefined) => {
    if (!core || !isThere(core)) return
    if (!range.everyone && !visibilityFor(mirror, core)(range)) return
    found.set(core.id, core)
    if (found.size > membersAtMost)
      throw new LdapRefusal(
        'adminLimit',
        `group ${group.cn} has more than ${membersAtMost} members: ask with (memberOf=…) or (member=…) instead`,
      )
  }
  for (const id of ids) for (const ordinal of mirror.members.ordinalsIn(id)) add(mirror.members.at(ordinal))
  for (const key of keys) add(mirror.members.byKey(key))
  return [...found.values()]
}

/** Whether a group has this member, without listing it. */
export function hasMember(group: Group, core: MemberCore): boolean {
  if (group.kind === 'tag') return isTagged(group.tag, core)
  return core.departments.includes(group.node.department.id)
}

/** The same for the same thing for ever. The number is in its end, so that it can be searched. */
export function uuidOf(corpId: string, kind: 0 | 1 | 2, id: number): string {
  const of = hash('sha256', `wisp ldap ${corpId}`, 'hex')
  return `${of.slice(0, 8)}-${of.slice(8, 12)}-8${of.slice(12, 15)}-8${kind}${of.slice(15, 17)}-${id.toString(16).padStart(12, '0')}`
}

export function idInUuid(corpId: string, uuid: string): { kind: number; id: number } | undefined {
  const id = Number.parseInt(uuid.slice(-12), 16)
  const kind = Number(uuid[20])
  const isOne = Number.isSafeInteger(id) && (kind === 0 || kind === 1 || kind === 2)
  return isOne && uuidOf(corpId, kind, id) === uuid.toLowerCase() ? { kind, id } : undefined
}
