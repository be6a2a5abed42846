import { hash } from 'node:crypto'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { LdapClient } from './client.ts'
import type { Details } from './details.ts'
import { type Group, groupKinds, groupsOfMember, membersShown, type View } from './groups.ts'
import { groupDn, personDn, principalOf } from './places.ts'

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

export function groupEntry(view: View, group: Group): Entry {
  const { client } = view
  const dn = groupDn(client, group.cn)
  let found: MemberCore[] | undefined
  const members = () => {
    found ??= membersShown(view, group)
    return found
  }
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
        return [uuidOf(view.mirror.corpId, groupKinds.indexOf(group.kind) + 1, group.id)]
      case 'subschemasubentry':
        return ['cn=subschema']
      case 'member':
      case 'uniquemember':
        return members().map(core => personDn(client, core.userId))
      case 'memberuid':
        return members().map(core => core.userId)
      default:
        return []
    }
  }
  return { dn, names: namesOfGroups, values: read }
}

/** The same for the same thing for ever. The number is in its end, so that it can be searched. */
export function uuidOf(corpId: string, kind: number, id: number): string {
  const of = hash('sha256', `wisp ldap ${corpId}`, 'hex')
  return `${of.slice(0, 8)}-${of.slice(8, 12)}-8${of.slice(12, 15)}-8${kind}${of.slice(15, 17)}-${id.toString(16).padStart(12, '0')}`
}

export function idInUuid(corpId: string, uuid: string): { kind: number; id: number } | undefined {
  const id = Number.parseInt(uuid.slice(-12), 16)
  const kind = Number(uuid[20])
  const isOne = Number.isSafeInteger(id) && kind >= 0 && kind <= groupKinds.length
  return isOne && uuidOf(corpId, kind, id) === uuid.toLowerCase() ? { kind, id } : undefined
}
