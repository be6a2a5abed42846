import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import {
  type Change,
  type ChangedField,
  type ChangeKind,
  type Counts,
  countChanges,
  type FieldChange,
} from './changes.ts'
import {
  clearable,
  departmentsText,
  type FieldOwner,
  hiddenFields,
  isDisabled,
  type KnownMember,
  type SourceField,
  type Values,
} from './fields.ts'
import { type Note, type Problem, problems } from './problems.ts'
import { type FieldMapping, isStranger, type SourcePerson } from './read-record.ts'

/** Somebody whom the source has or had. `written`: what wisp last wrote or found right. */
export type HeldPerson = {
  key: string
  /** Null until the address book has shown who it is. */
  memberId: number | null
  userId: string
  written: Values
  /** Since when wisp has them disabled; null while they are not. */
  disabledAt: Date | null
}

export type PeopleInput = {
  fields: readonly FieldMapping[]
  people: readonly SourcePerson[]
  /** Lines of the source that are wrong as a whole; their people are no leavers. */
  wrongKeys: ReadonlySet<string>
  /** A line without a key may be anybody, so nobody is a leaver. */
  hasKeyless: boolean
  held: readonly HeldPerson[]
  /** Keys of those whose members were deleted in WeCom. */
  deleted: ReadonlySet<string>
  /** Names of the other sources that keep a member, by member id. */
  others: ReadonlyMap<number, string>
  /** Ids of departments by code; those that are wrong are not in it. */
  departments: ReadonlyMap<string, number>
  root: number
  /** Whether a department is the root or below it. */
  isBelow: (departmentId: number) => boolean
  /** `all`: whoever is below the root and not in the source leaves; `own`: only whom the source once had. */
  covers: 'own' | 'all'
  /** Members are also known by their employee number. */
  byEmployeeNo: ((member: KnownMember) => string) | undefined
  /** WeCom hides fields from wisp. */
  isRestricted: boolean
}

export type PeoplePlan = { changes: Change[]; problems: Problem[]; counts: Counts }

/** A member who is in the source, as far as it is needed when all have been seen. */
type MatchedMember = {
  member: Pick<KnownMember, 'id' | 'userId'>
  leader: string | undefined
  change: Draft | undefined
}
const peopleInTurn = 2000

type Draft = { kind: ChangeKind; fields: Partial<Record<ChangedField, FieldChange>>; notes: Note[] }

/**
 * Compares the people of a source with all members. Members are shown one after the other, so that an address book of a million is never in
 * memory; `end` then has the changes. It reads nothing and writes nothing.
 */
export class PeoplePlanner {
  readonly #input: PeopleInput
  readonly #found: Problem[] = []
  readonly #people: ReadonlyMap<string, SourcePerson>
  readonly #wrong: ReadonlySet<string>
  readonly #owners: ReadonlyMap<SourceField, FieldOwner>
  readonly #heldByKey: ReadonlyMap<string, HeldPerson>
  readonly #heldById = new Map<number, HeldPerson>()
  readonly #heldByUser = new Map<string, HeldPerson>()
  readonly #byUser = new Map<string, SourcePerson>()
  readonly #wantedMobiles: ReadonlySet<string>
  /** Whose mobiles of the source are in WeCom. */
  readonly #mobiles = new Map<string, string>()
  readonly #leaders: ReadonlySet<string>
  readonly #seenLeaders = new Map<string, string>()
  readonly #matched = new Map<string, MatchedMember>()
  readonly #leavers: Change[] = []
  readonly #drifts: Change[] = []
  /** Whom the source has for the first time, or again, with the fields that are as it says. */
  readonly #adopted = new Map<string, Change['fields']>()
  #strangers = 0

  constructor(input: PeopleInput) {
    this.#input = input
    const { people, doubled } = withoutTwice(input.people, this.#found)
    const all = [...people.values()]
    this.#people = people
    this.#wrong = new Set([...input.wrongKeys, ...doubled])
    this.#owners = new Map(input.fields.map(one => [one.field, one.owner]))
    this.#heldByKey = new Map(input.held.map(one => [one.key, one]))
    for (const one of input.held) {
      if (one.memberId === null) this.#heldByUser.set(userKey(one.userId), one)
      else this.#heldById.set(one.memberId, one)
    }
    for (const one of all)
      if (!this.#heldByKey.get(one.key)?.memberId) this.#byUser.set(userKey(one.userId), one)
    this.#wantedMobiles = new Set(all.flatMap(one => one.values.mobile || []))
    this.#leaders = new Set(all.map(one => userKey(one.leader ?? '')).filter(Boolean))
  }

  #bad(person: SourcePerson, why: Problem['why'], field?: SourceField): void {
    this.#found.push({ line: person.line, key: person.key, why, field })
  }

  see(member: KnownMember): void {
    const key = userKey(member.userId)
    if (member.values.mobile && this.#wantedMobiles.has(member.values.mobile))
      this.#mobiles.set(member.values.mobile, member.userId)
    if (this.#leaders.has(key)) this.#seenLeaders.set(key, member.userId)
    const held = this.#heldById.get(member.id) ?? this.#heldByUser.get(key)
    const person = this.#personOf(member, held)
    if (held && person && person.key !== held.key && !isStranger(held.key)) {
      // Somebody new with the account of one who left, or the same person with another key: nobody but people can tell, so that neither
      // gets the account and nobody is let go.
      this.#bad(person, problems.userIdOf(member.userId, held.key))
      this.#matched.set(person.key, { member, leader: undefined, change: undefined })
      return
    }
    if (!person || this.#matched.has(person.key)) return void this.#unmatched(member, held)
    const other = this.#input.others.get(member.id)
    if (other !== undefined) this.#bad(person, problems.otherSource(other))
    else if (!isListed(member)) this.#bad(person, problems.quit)
    if (other !== undefined || !isListed(member)) {
      this.#matched.set(person.key, { member, leader: undefined, change: undefined })
      return
    }
    if (person.isGone) {
      this.#matched.set(person.key, { member, leader: undefined, change: undefined })
      this.#leave(member, held, person)
      return
    }
    const current = { ...member.values }
    if (this.#input.isRestricted)
      for (const field of hiddenFields) if (!current[field]) current[field] = held?.written[field] ?? ''
    const change = this.#compare(person, member, held, current)
    this.#matched.set(person.key, {
      member: { id: member.id, userId: member.userId },
      leader: current.leader,
      change,
    })
  }

  #personOf(member: KnownMember, held: HeldPerson | undefined): SourcePerson | undefined {
    return (
      (held ? this.#people.get(held.key) : undefined) ??
      this.#byUser.get(userKey(member.userId)) ??
      this.#people.get(this.#input.byEmployeeNo?.(member) || ' ')
    )
  }

  #unmatched(member: KnownMember, held: HeldPerson | undefined): void {
    if (held) {
      if (!this.#people.has(held.key) && !this.#wrong.has(held.key)) this.#leave(member, held, undefined)
      return
    }
    if (
      this.#input.others.has(member.id) ||
      !isListed(member) ||
      !member.departments.some(this.#input.isBelow)
    )
      return
    this.#strangers++
    // A line that is wrong may be about any of them.
    if (this.#input.covers === 'all' && this.#wrong.size === 0 && !isDisabled(member))
      this.#leave(member, undefined, undefined)
  }

  #leave(member: KnownMember, held: HeldPerson | undefined, person: SourcePerson | undefined): void {
    if (this.#input.hasKeyless && !person) return
    const about = {
      line: person?.line ?? 0,
      key: person?.key ?? (held && !isStranger(held.key) ? held.key : ''),
      userId: member.userId,
      memberId: member.id,
      name: member.values.name ?? '',
    }
    // Whoever was let go before is deleted in the night when the time has come.
    if (held?.disabledAt || (!held && isDisabled(member))) return
    const fields = { enable: [isDisabled(member) ? '0' : '1', '0'] } as const
    this.#leavers.push({
      ...about,
      kind: 'leave',
      fields,
      notes: isDisabled(member) ? ['disabledByHand'] : [],
    })
  }

  #compare(
    person: SourcePerson,
    member: KnownMember,
    held: HeldPerson | undefined,
    current: Values,
  ): Draft | undefined {
    const wanted = this.#wantedOf(person)
    const draft: Draft = { kind: 'change', fields: {}, notes: [] }
    const drift: Partial<Record<ChangedField, FieldChange>> = {}
    for (const [field, value] of Object.entries(wanted) as [SourceField, string][]) {
      const now = current[field] ?? ''
      const written = held?.written[field]
      if (field === 'leader' || value === now) continue
      if (value === '' && !(clearable(field) && written)) continue
      const owner = this.#owners.get(field)
      const isHidden = this.#input.isRestricted && hiddenFields.includes(field) && now === ''
      if (owner === 'source' || (owner === 'person' && now === '' && !isHidden))
        draft.fields[field] = [now, value]
      else if (owner === 'wecom' && !isHidden) drift[field] = [now, value]
      if (owner === 'source' && written !== undefined && written !== now && !draft.notes.includes('byHand'))
        draft.notes.push('byHand')
    }
    if (held && userKey(held.userId) !== userKey(member.userId)) draft.notes.push('renamed')
    if (isDisabled(member)) {
      if (held?.disabledAt) {
        draft.kind = 'return'
        draft.fields['enable'] = ['0', '1']
      } else draft.notes.push('disabledByHand')
    }
    if (draft.kind === 'change' && draft.fields['departments']) draft.kind = 'move'
    if (Object.keys(drift).length > 0)
      this.#drifts.push({ ...aboutOf(person, member), kind: 'drift', fields: drift, notes: ['kept'] })
    // Somebody whom wisp had disabled and a person enabled is kept as before.
    if (!held || (held.disabledAt && !isDisabled(member)))
      this.#adopted.set(person.key, asTheSource(wanted, current))
    return draft
  }

  /** What the source says; a department that is wrong in the source leaves departments as they are. */
  #wantedOf(person: SourcePerson): Values {
    const wanted: Values = { ...person.values }
    const ids = person.departments?.map(code => this.#input.departments.get(code))
    const bad = ids?.indexOf(undefined) ?? -1
    if (bad >= 0) this.#bad(person, problems.noDepartment(person.departments?.[bad] ?? ''), 'departments')
    else if (ids) wanted.departments = departmentsText(ids as number[], ids[0])
    return wanted
  }

  /** All at once. */
  end(): PeoplePlan {
    const ending = this.ending()
    for (;;) {
      const step = ending.next()
      if (step.done) return step.value
    }
  }

  /** Piece by piece, so that whoever has it done gives others their turn between two of them. */
  *ending(): Generator<undefined, PeoplePlan> {
    const changes: Change[] = []
    const joins = new Map<string, Draft>()
    let seen = 0
    for (const person of this.#people.values()) {
      if (++seen % peopleInTurn === 0) yield
      if (this.#matched.has(person.key) || person.isGone) continue
      const draft = this.#joining(person)
      if (draft) joins.set(person.key, draft)
    }
    for (const person of this.#people.values()) {
      if (++seen % peopleInTurn === 0) yield
      const known = this.#matched.get(person.key)
      const draft = known ? known.change : joins.get(person.key)
      if (!draft) continue
      const mobile = draft.fields['mobile']?.[1]
      const owner = mobile && this.#mobiles.get(mobile)
      if (owner && userKey(owner) !== userKey(known?.member.userId ?? '')) {
        this.#bad(person, problems.mobileOf(owner), known ? 'mobile' : undefined)
        if (!known) continue
        delete draft.fields['mobile']
      }
      const about = aboutOf(person, known?.member)
      const isLater = this.#addLeader(person, known, draft, joins)
      const fields = this.#adopted.get(person.key)
      if (Object.keys(draft.fields).length > 0) changes.push({ ...about, ...draft })
      else if (fields) changes.push({ ...about, kind: 'adopt', fields, notes: [] })
      if (isLater) changes.push({ ...about, kind: 'leader', fields: { leader: isLater }, notes: [] })
    }
    const all = [...changes, ...this.#leavers, ...this.#drifts]
    const before = this.#input.held.filter(one => one.disabledAt === null).length
    const counts = countChanges(all, {
      people: this.#people.size,
      problems: this.#found.length,
      strangers: this.#strangers,
      before: this.#input.covers === 'all' ? before + this.#strangers : before,
    })
    return { changes: all, problems: this.#found, counts }
  }

  #joining(person: SourcePerson): Draft | undefined {
    const { values } = person
    const why = values.name
      ? values.mobile || values.email
        ? undefined
        : problems.noContact
      : problems.noName
    if (why) {
      this.#bad(person, why)
      return undefined
    }
    const wanted = this.#wantedOf(person)
    if (person.departments && wanted.departments === undefined) return undefined
    const all: Values = { departments: String(this.#input.root), ...wanted }
    const given = Object.entries(all).filter(([field, value]) => value !== '' && field !== 'leader')
    const fields = Object.fromEntries(given.map(([field, value]) => [field, ['', value ?? ''] as const]))
    return { kind: 'join', fields, notes: this.#input.deleted.has(person.key) ? ['deletedByHand'] : [] }
  }

  /** Returns the change of the leader where it is made after all people are there. */
  #addLeader(
    person: SourcePerson,
    known: MatchedMember | undefined,
    draft: Draft,
    joins: ReadonlyMap<string, Draft>,
  ): FieldChange | undefined {
    const { leader } = person
    const now = known?.leader ?? ''
    const owner = this.#owners.get('leader')
    if (leader === undefined || (known && !(owner === 'source' || (owner === 'person' && now === ''))))
      return undefined
    if (leader === '') {
      if (known && now !== '' && this.#heldByKey.get(person.key)?.written.leader)
        draft.fields['leader'] = [now, '']
      return undefined
    }
    const boss = this.#people.get(leader)
    const bossMember = boss && this.#matched.get(boss.key)?.member.userId
    const userId =
      bossMember ?? (boss && joins.has(boss.key) ? boss.userId : this.#seenLeaders.get(userKey(leader)))
    const why =
      leader === person.key
        ? problems.ownLeader
        : userId === undefined
          ? problems.noLeader(leader)
          : undefined
    if (why) this.#bad(person, why, 'leader')
    if (why || userId === undefined || userKey(userId) === userKey(now)) return undefined
    if (!bossMember && boss) return [now, userId]
    draft.fields['leader'] = [now, userId]
    return undefined
  }
}

const aboutOf = (person: SourcePerson, member?: Pick<KnownMember, 'id' | 'userId'>) => ({
  line: person.line,
  key: person.key,
  userId: member?.userId ?? person.userId,
  memberId: member?.id,
  name: person.values.name ?? '',
})

function asTheSource(wanted: Values, current: Values): Change['fields'] {
  const same = Object.entries(wanted).filter(
    ([field, value]) => value !== '' && current[field as SourceField] === value,
  )
  return Object.fromEntries(same.map(([field, value = '']) => [field, [value, value] as const]))
}

/** Two lines of one person are both left out, since it is not known which is right; so is the second of two with one mobile. */
function withoutTwice(
  people: readonly SourcePerson[],
  found: Problem[],
): { people: Map<string, SourcePerson>; doubled: string[] } {
  const kept = new Map<string, SourcePerson>()
  const lines = new Map<string, SourcePerson>()
  const doubled = new Set<SourcePerson>()
  const mobiles = new Map<string, SourcePerson>()
  for (const person of people) {
    for (const name of new Set([`k ${person.key}`, `u ${userKey(person.userId)}`])) {
      const other = lines.get(name)
      if (!other) lines.set(name, person)
      else if (other !== person) {
        for (const [one, line] of [
          [other, person.line],
          [person, other.line],
        ] as const) {
          if (!doubled.has(one)) found.push({ line: one.line, key: one.key, why: problems.twice(line) })
          doubled.add(one)
        }
      }
    }
  }
  for (const person of people) {
    if (doubled.has(person)) continue
    const { mobile } = person.values
    const other = mobile ? mobiles.get(mobile) : undefined
    if (other) {
      found.push({
        line: person.line,
        key: person.key,
        field: 'mobile',
        why: problems.mobileTwice(other.line),
      })
      delete person.values.mobile
    } else if (mobile && !person.isGone) mobiles.set(mobile, person)
    kept.set(person.key, person)
  }
  return { people: kept, doubled: [...doubled].map(one => one.key) }
}
