import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import { idsByAnyMail, idsByAttribute, idsByMobile } from '../../../organisation/directory/profile-store.ts'
import { numberNames } from '../../../organisation/directory/read/profile.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Filter } from '../protocol/filter.ts'
import { firstUid, idInUuid, personNames } from './entries.ts'
import { type Group, groupKinds, groupNamed, groupsOfMember, membersIn, type View } from './groups.ts'
import { placeOf } from './places.ts'

/** Members who alone can match, from indexes and memory; undefined where everybody has to be looked at. */
export async function membersFor(db: Db, view: View, filter: Filter): Promise<MemberCore[] | undefined> {
  switch (filter.kind) {
    case 'and':
      for (const part of filter.parts) {
        const found = await membersFor(db, view, part)
        if (found) return found
      }
      return undefined
    case 'or': {
      const found = new Map<number, MemberCore>()
      for (const part of filter.parts) {
        const some = await membersFor(db, view, part)
        if (!some) return undefined
        for (const core of some) found.set(core.id, core)
      }
      return [...found.values()]
    }
    case 'equal':
      return personNames(view.client).has(filter.name)
        ? membersWith(db, view, filter.name, filter.value.trim())
        : []
    default:
      return undefined
  }
}

async function membersWith(
  db: Db,
  view: View,
  name: string,
  value: string,
): Promise<MemberCore[] | undefined> {
  const { members, corpId } = view.mirror
  const byIds = (ids: readonly number[]) => ids.flatMap(id => members.byId(id) ?? [])
  const byKey = (userId: string) => listOf(members.byKey(userKey(userId)))
  // No value has one, and the database takes none.
  if (value.includes('\0')) return []
  switch (name) {
    case 'uid':
    case 'samaccountname':
      return byKey(value)
    case 'userprincipalname':
      return byKey(value.slice(0, Math.max(value.lastIndexOf('@'), 0)))
    case 'entrydn':
    case 'distinguishedname':
      return memberAt(view, value)
    case 'entryuuid':
    case 'objectguid': {
      const found = idInUuid(corpId, value)
      return found?.kind === 0 ? byIds([found.id]) : []
    }
    case 'uidnumber':
    case 'gidnumber':
      return /^\d{1,15}$/.test(value) ? byIds([Number(value) - firstUid]) : []
    case 'memberof': {
      const group = groupAt(view, value)
      return group ? membersIn(view, group) : []
    }
    case 'mail':
      return byIds((await idsByAnyMail(db, corpId, [value])).get(value.toLowerCase()) ?? [])
    case 'mobile':
      return byIds((await idsByMobile(db, corpId, [value])).get(value) ?? [])
    case 'employeenumber':
      return byIds((await idsByAttribute(db, corpId, numberNames, [value])).get(value) ?? [])
    default:
      return undefined
  }
}

/** Groups that alone can match; undefined where all have to be looked at. */
export function groupsFor(view: View, filter: Filter): Group[] | undefined {
  switch (filter.kind) {
    case 'and':
      for (const part of filter.parts) {
        const found = groupsFor(view, part)
        if (found) return found
      }
      return undefined
    case 'or': {
      const found = new Map<string, Group>()
      for (const part of filter.parts) {
        const some = groupsFor(view, part)
        if (!some) return undefined
        for (const group of some) found.set(group.cn, group)
      }
      return [...found.values()]
    }
    case 'equal':
      return groupsWith(view, filter.name, filter.value.trim())
    default:
      return undefined
  }
}

function groupsWith(view: View, name: string, value: string): Group[] | undefined {
  const of = (core: MemberCore | undefined) =>
    core ? groupsOfMember(view, core).flatMap(cn => listOf(groupNamed(view, cn))) : []
  switch (name) {
    case 'cn':
      return listOf(groupNamed(view, value))
    case 'entrydn':
      return listOf(groupAt(view, value))
    case 'member':
    case 'uniquemember':
      return of(memberAt(view, value)[0])
    case 'memberuid':
      return of(view.mirror.members.byKey(userKey(value)))
    case 'entryuuid': {
      const found = idInUuid(view.mirror.corpId, value)
      const kind = found && groupKinds[found.kind - 1]
      return kind ? listOf(groupNamed(view, `${kind}-${found.id}`)) : []
    }
    default:
      return undefined
  }
}

/** The member of this client's tree that a DN names. */
export function memberAt(view: View, dn: string): MemberCore[] {
  const place = placeOf(dn)
  if (place?.kind !== 'person' || !isHere(view, place)) return []
  return listOf(view.mirror.members.byKey(userKey(place.name)))
}

export function groupAt(view: View, dn: string): Group | undefined {
  const place = placeOf(dn)
  return place?.kind === 'group' && isHere(view, place) ? groupNamed(view, place.name) : undefined
}

export function isHere({ client }: View, place: { corpId: string; client: string }): boolean {
  return (
    place.corpId.toLowerCase() === client.corpId.toLowerCase() && place.client.toLowerCase() === client.name
  )
}

const listOf = <T>(one: T | undefined): T[] => (one === undefined ? [] : [one])
