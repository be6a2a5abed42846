import { setImmediate as nextTurn } from 'node:timers/promises'
import { isThere, type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { ancestors } from '../../../organisation/directory/mirror/tree.ts'
import type { Core } from '../../../platform/core.ts'
import { seenBy } from '../../apps/visibility.ts'
import type { Filter, FilterItem } from '../protocol/filter.ts'
import { LdapRefusal } from '../protocol/refusal.ts'
import type { SearchRequest } from '../protocol/requests.ts'
import { groupAt, groupsFor, isHere, memberAt, membersFor } from './candidates.ts'
import { type LdapClient, rangeOf } from './client.ts'
import type { Details, DetailsOf } from './details.ts'
import {
  type Entry,
  groupEntry,
  namesOfGroups,
  operationalNames,
  personEntry,
  personNames,
} from './entries.ts'
import { allGroups, type Group, groupNamed, hasMember, isFound, type View } from './groups.ts'
import { chainRule, matches, mayMatch, type OwnTest } from './match.ts'
import { baseOf, groupsOf, type Place, peopleOf, placeOf } from './places.ts'

export type SearchNeeds = Core & { mirrors: Mirrors; ldapDetails: DetailsOf }

/** Who asks: a client, or a person, who finds nobody but themselves. */
export type Seeker = { client: LdapClient; memberId?: number | undefined }

/** Asked between members, also where none of them match. Throws 3 when the search has taken too long. */
export type Pace = () => Promise<void>

/** Members between two turns of the event loop, whose details are read together. */
const atOnce = 500
/** The same of groups, which have many members each. */
const groupsAtOnce = 50

const classesOfPeople = new Set(
  ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'posixAccount', 'user'].map(one =>
    one.toLowerCase(),
  ),
)
const classesOfGroups = new Set(['top', 'groupofnames', 'groupofuniquenames'])

/** All entries that match, one after the other, as fast as they are taken. Throws 32 for a base that this seeker does not have. */
export async function* findEntries(
  ctx: SearchNeeds,
  seeker: Seeker,
  request: Pick<SearchRequest, 'base' | 'scope' | 'filter' | 'attributes'>,
  pace: Pace = async () => void (await nextTurn()),
): AsyncGenerator<Entry> {
  const { client } = seeker
  const mirror = await ctx.mirrors.load(client.corpId)
  const view = { mirror, client }
  const place = ownPlace(view, request.base)
  if (!place) throw noSuch()
  const { scope, filter } = request
  for (const entry of frameEntries(client, place, scope))
    if (matches(filter, entry, byValues) === true) yield entry
  if (place.kind === 'person' || place.kind === 'group') {
    if (scope === 'one') return
    if (place.kind === 'group') {
      const group = seeker.memberId === undefined ? groupNamed(view, place.name) : undefined
      if (!group) throw noSuch()
      yield* amongGroups(view, [group], filter, pace)
    } else {
      const core = mirror.members.byKey(userKey(place.name))
      if (!core || !maySee(seeker, view, core)) throw noSuch()
      yield* peopleAmong(ctx, view, [core], request)
    }
    return
  }
  if (hasBelow(place, scope, 'groups') && seeker.memberId === undefined)
    yield* searchGroups(view, filter, pace)
  if (hasBelow(place, scope, 'people')) yield* searchPeople(ctx, seeker, view, request, pace)
}

const noSuch = () => new LdapRefusal('noSuchObject', 'there is no such entry for this client')

type OwnPlace = Exclude<Place, { kind: 'root' | 'subschema' | 'client' }>

/** The place, where it is in this client's part of the tree. */
function ownPlace(view: View, base: string): OwnPlace | undefined {
  const place = placeOf(base)
  if (!place || !('corpId' in place) || place.kind === 'client') return undefined
  const isOwn =
    place.kind === 'corp'
      ? place.corpId.toLowerCase() === view.client.corpId.toLowerCase()
      : isHere(view, place)
  return isOwn ? place : undefined
}

/** Whether people or groups are below a place, in this scope. */
function hasBelow(place: OwnPlace, scope: SearchRequest['scope'], what: 'people' | 'groups'): boolean {
  if (place.kind === what) return scope !== 'base'
  return scope === 'sub' && (place.kind === 'corp' || place.kind === 'base')
}

/** The entries above people and groups. */
function* frameEntries(client: LdapClient, place: OwnPlace, scope: SearchRequest['scope']): Generator<Entry> {
  const base = frame(baseOf(client), client.name)
  const inside = [frame(peopleOf(client), 'people'), frame(groupsOf(client), 'groups')]
  if (place.kind === 'corp') {
    if (scope === 'base') yield frame(`o=${client.corpId}`, client.corpId, 'o')
    else yield base
    if (scope === 'sub') yield* inside
  } else if (place.kind === 'base') {
    if (scope !== 'one') yield base
    if (scope !== 'base') yield* inside
  } else if (place.kind === 'people' && scope !== 'one') yield inside[0]!
  else if (place.kind === 'groups' && scope !== 'one') yield inside[1]!
}

function frame(dn: string, name: string, type: 'o' | 'ou' = 'ou'): Entry {
  const names = new Map([
    ['objectclass', 'objectClass'],
    [type, type],
    ['entrydn', 'entryDN'],
  ])
  const classes = ['top', type === 'o' ? 'organization' : 'organizationalUnit']
  const values = (asked: string) =>
    asked === 'objectclass' ? classes : asked === type ? [name] : asked === 'entrydn' ? [dn] : []
  return { dn, names, values }
}

const byValues: OwnTest = () => 'values'

async function* searchGroups(view: View, filter: Filter, pace: Pace): AsyncGenerator<Entry> {
  if (!view.client.fields.includes('groups') || !mayMatch(filter, namesOfGroups, classesOfGroups)) return
  yield* amongGroups(view, groupsFor(view, filter) ?? allGroups(view), filter, pace)
}

async function* amongGroups(
  view: View,
  groups: Iterable<Group>,
  filter: Filter,
  pace: Pace,
): AsyncGenerator<Entry> {
  const named = rememberOnce((dn: string) => memberAt(view, dn)[0])
  const byUid = (uid: string) => view.mirror.members.byKey(userKey(uid))
  let seen = 0
  for (const group of groups) {
    if (++seen % groupsAtOnce === 0) await pace()
    const entry = groupEntry(view, group)
    const own: OwnTest = item => {
      if (item.kind !== 'equal') return 'values'
      if (item.name !== 'member' && item.name !== 'uniquemember' && item.name !== 'memberuid') return 'values'
      const core = item.name === 'memberuid' ? byUid(item.value) : named(item.value)
      return core !== undefined && isFound(view, core) && hasMember(view.mirror, group, core)
    }
    if (matches(filter, entry, own) === true) yield entry
  }
}

async function* searchPeople(
  ctx: SearchNeeds,
  seeker: Seeker,
  view: View,
  request: Pick<SearchRequest, 'filter' | 'attributes'>,
  pace: Pace,
): AsyncGenerator<Entry> {
  const { members } = view.mirror
  if (!mayMatch(request.filter, personNames(view.client), classesOfPeople)) return
  if (seeker.memberId !== undefined) {
    const core = members.byId(seeker.memberId)
    if (core && isThere(core)) yield* peopleAmong(ctx, view, [core], request)
    return
  }
  const some = await membersFor(ctx.db, view, request.filter)
  if (some) {
    const seen = some.filter(core => isFound(view, core))
    for (let at = 0; at < seen.length; at += atOnce) {
      yield* peopleAmong(ctx, view, seen.slice(at, at + atOnce), request)
      await pace()
    }
    return
  }
  const range = rangeOf(view.client)
  const sees = range.everyone ? () => true : seenBy(view.mirror, range)
  for (let at = 0; at < members.end; at += atOnce) {
    const page: MemberCore[] = []
    for (let ordinal = at; ordinal < at + atOnce; ordinal++) {
      const core = members.at(ordinal)
      if (core && isThere(core) && sees(core)) page.push(core)
    }
    yield* peopleAmong(ctx, view, page, request)
    await pace()
  }
}

function maySee({ memberId }: Seeker, view: View, core: MemberCore): boolean {
  return memberId === undefined ? isFound(view, core) : core.id === memberId && isThere(core)
}

/** Those of these who match; details are read together, and only of those who need them. */
async function* peopleAmong(
  ctx: SearchNeeds,
  view: View,
  cores: readonly MemberCore[],
  { filter, attributes }: Pick<SearchRequest, 'filter' | 'attributes'>,
): AsyncGenerator<Entry> {
  const wantsDetails = detailsGiven(view.client, attributes).length > 0
  const tests = groupTests(view)
  const possible = cores.flatMap(core => {
    const verdict = matches(filter, personEntry(view, core, undefined), tests(core))
    return verdict === true || verdict === 'unknown' ? [{ core, isSure: verdict === true }] : []
  })
  const unread = possible.filter(one => wantsDetails || !one.isSure).map(one => one.core.id)
  const details = unread.length > 0 ? await ctx.ldapDetails(view.mirror, unread) : new Map<number, Details>()
  for (const { core, isSure } of possible) {
    const found = details.get(core.id)
    // Whoever has gone from the address book since has none.
    if (!found && (wantsDetails || !isSure)) continue
    const entry = personEntry(view, core, found)
    if (isSure || matches(filter, entry, tests(core)) === true) yield entry
  }
}

/** Attributes that need details, and what the API calls them. */
const detailed = { mail: 'email', mobile: 'mobile', employeenumber: 'employeeNumber', title: 'position' }

/** The personal details that an answer has of each person, by their names in the API. */
export function detailsGiven(client: LdapClient, attributes: readonly string[]): string[] {
  const names = personNames(client)
  const asked = namesAsked(attributes)
  return Object.entries(detailed).flatMap(([name, wire]) =>
    names.has(name) && (asked.all || asked.names.has(name)) ? [wire] : [],
  )
}

/** Answers membership without making lists of groups. */
function groupTests(view: View): (core: MemberCore) => OwnTest {
  const named = rememberOnce((dn: string) => groupAt(view, dn))
  const hasGroups = view.client.fields.includes('groups')
  return core => (item: FilterItem) => {
    if (item.name !== 'memberof' || !hasGroups) return 'values'
    if (item.kind === 'equal') {
      const group = named(item.value)
      return group !== undefined && hasMember(view.mirror, group, core)
    }
    if (item.kind === 'rule' && item.rule === chainRule) return isBelow(view, named(item.value), core)
    return 'values'
  }
}

function isBelow({ mirror }: View, group: Group | undefined, core: MemberCore): boolean {
  if (!group) return false
  if (group.kind !== 'department') return hasMember(mirror, group, core)
  return core.departments.some(id => {
    const node = mirror.tree.get(id)
    return node !== undefined && [node, ...ancestors(node)].some(one => one === group.node)
  })
}

/** One filter names few values, which are looked up for each entry. */
function rememberOnce<T>(look: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return text => {
    if (!known.has(text)) known.set(text, look(text))
    return known.get(text) as T
  }
}

type AttributeChoice = { all: boolean; operational: boolean; names: ReadonlySet<string> }

/** RFC 4511 section 4.5.1.8; names in lower case. */
function namesAsked(attributes: readonly string[]): AttributeChoice {
  const names = new Set(attributes.map(one => one.toLowerCase().split(';', 1)[0] ?? ''))
  return { all: names.size === 0 || names.has('*'), operational: names.has('+'), names }
}

/** What an answer has of an entry: the attributes that were asked for, without those that it lacks. */
export function attributesOf(entry: Entry, attributes: readonly string[]) {
  const asked = namesAsked(attributes)
  const list: { name: string; values: readonly string[] }[] = []
  for (const [key, name] of entry.names) {
    const isAsked = operationalNames.has(key) ? asked.operational : asked.all
    if (!isAsked && !asked.names.has(key)) continue
    const values = entry.values(key) ?? []
    if (values.length > 0) list.push({ name, values })
  }
  return list
}
