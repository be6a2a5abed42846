import { type CorpSize, generateCorp, type SampleCorp } from '../corp/corp.ts'
import { slotOfMobile } from '../corp/mobiles.ts'
import { mailDomain } from '../corp/people.ts'
import type { Department, Member, Tag } from '../corp/records.ts'

function addTo<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key)
  if (set) set.add(value)
  else index.set(key, new Set([value]))
}

function removeFrom<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key)
  if (set?.delete(value) && set.size === 0) index.delete(key)
}

/**
 * Departments, members and tags of one corp, with indexes so that the cost of a call depends only on the size
 * of its result. Members who were never edited are computed from the sample corp on demand; only edited
 * members are stored as objects.
 */
export class CorpState {
  readonly size: CorpSize
  readonly departments = new Map<number, Department>()
  readonly tags = new Map<number, Tag>()
  /** The current userid by slot; undefined when the person has left. */
  readonly userids: (string | undefined)[]
  memberCount: number
  readonly #sample: SampleCorp
  readonly #edited = new Map<number, Member>()
  readonly #slots = new Map<string, number>()
  readonly #children = new Map<number, Set<number>>()
  readonly #members = new Map<number, Set<number>>()
  readonly #leaders = new Map<number, Set<number>>()
  readonly #userTags = new Map<number, Set<number>>()
  readonly #mobiles = new Map<string, number>()
  readonly #emails = new Map<string, number>()
  readonly #bizMails = new Map<string, number>()
  #lastDepartmentId = 0
  #lastTagId = 0

  constructor(size: CorpSize) {
    this.size = size
    this.#sample = generateCorp(size)
    const { people } = this.#sample
    this.userids = people.userids.slice()
    this.memberCount = people.count
    for (const department of this.#sample.departments) this.putDepartment(department)
    for (let slot = 0; slot < people.count; slot++) {
      this.#slots.set(people.userids[slot]!.toLowerCase(), slot)
      for (const id of people.departments(slot)) addTo(this.#members, id, slot)
    }
    this.#indexLeaders()
    for (const { tagid, tagname, users, parties } of this.#sample.tags) {
      this.putTag({ tagid, tagname, users: new Set(), parties: new Set(parties) })
      for (const slot of users) this.addTagUser(tagid, slot)
    }
  }

  /**
   * In the sample corp only heads of departments and every ninth member can be leaders, so few members have
   * to be built here.
   */
  #indexLeaders(): void {
    const { people, size } = this.#sample
    const seen = (slot: number): void => {
      const member = people.member(slot)
      member.department.forEach((id, index) => {
        if (member.is_leader_in_dept[index] === 1) addTo(this.#leaders, id, slot)
      })
    }
    for (let slot = 0; slot < people.count; slot++) {
      if (slot < size.departments || (slot % 9 === 0 && people.departments(slot).length > 1)) seen(slot)
    }
  }

  slotOf(userid: string): number | undefined {
    return this.#slots.get(userid.toLowerCase())
  }

  /** The member in a slot whose person has not left. */
  member(slot: number): Member {
    return this.#edited.get(slot) ?? this.#sample.people.member(slot)
  }

  /** Reads one field without building the member, for loops over all members. */
  nameOf(slot: number): string {
    return this.#edited.get(slot)?.name ?? this.#sample.people.name(slot)
  }

  mobileOf(slot: number): string {
    return this.#edited.get(slot)?.mobile ?? this.#sample.people.mobile(slot)
  }

  departmentsOf(slot: number): readonly number[] {
    return this.#edited.get(slot)?.department ?? this.#sample.people.departments(slot)
  }

  membersOf(departmentId: number): ReadonlySet<number> {
    return this.#members.get(departmentId) ?? empty
  }

  leadersOf(departmentId: number): ReadonlySet<number> {
    return this.#leaders.get(departmentId) ?? empty
  }

  childrenOf(departmentId: number): ReadonlySet<number> {
    return this.#children.get(departmentId) ?? empty
  }

  /** The department and all departments below it, parents first. */
  subtree(departmentId: number): number[] {
    const list = [departmentId]
    for (let head = 0; head < list.length; head++) list.push(...this.childrenOf(list[head]!))
    return list
  }

  /** The department and its ancestors up to the root. */
  *upwards(departmentId: number): Generator<number> {
    let current = this.departments.get(departmentId)
    while (current) {
      yield current.id
      current = this.departments.get(current.parentid)
    }
  }

  nextDepartmentId(): number {
    return this.#lastDepartmentId + 1
  }

  nextTagId(): number {
    return this.#lastTagId + 1
  }

  putDepartment(department: Department): void {
    const before = this.departments.get(department.id)
    if (before && before.parentid !== department.parentid)
      removeFrom(this.#children, before.parentid, department.id)
    this.departments.set(department.id, department)
    addTo(this.#children, department.parentid, department.id)
    this.#lastDepartmentId = Math.max(this.#lastDepartmentId, department.id)
  }

  /** Deletes an empty department and removes it from the tags. */
  deleteDepartment(id: number): void {
    const department = this.departments.get(id)
    if (!department) return
    removeFrom(this.#children, department.parentid, id)
    this.departments.delete(id)
    for (const tag of this.tags.values()) tag.parties.delete(id)
  }

  /** Reserves a slot for a new person. */
  newSlot(): number {
    this.userids.push(undefined)
    return this.userids.length - 1
  }

  putMember(member: Member): void {
    const { slot } = member
    if (this.userids[slot] === undefined) this.memberCount++
    else this.#unlink(this.member(slot))
    this.#edited.set(slot, member)
    this.userids[slot] = member.userid
    this.#slots.set(member.userid.toLowerCase(), slot)
    member.department.forEach((id, index) => {
      addTo(this.#members, id, slot)
      if (member.is_leader_in_dept[index] === 1) addTo(this.#leaders, id, slot)
    })
    if (member.mobile) this.#mobiles.set(member.mobile, slot)
    if (member.email) this.#emails.set(member.email.toLowerCase(), slot)
    if (member.biz_mail) this.#bizMails.set(member.biz_mail.toLowerCase(), slot)
  }

  /** Removes the person from the corp and from all tags. */
  deleteMember(slot: number): void {
    this.#unlink(this.member(slot))
    for (const tagid of this.#userTags.get(slot) ?? []) this.tags.get(tagid)?.users.delete(slot)
    this.#userTags.delete(slot)
    this.#edited.delete(slot)
    this.userids[slot] = undefined
    this.memberCount--
  }

  #unlink(member: Member): void {
    const { slot } = member
    this.#slots.delete(member.userid.toLowerCase())
    for (const id of member.department) {
      removeFrom(this.#members, id, slot)
      removeFrom(this.#leaders, id, slot)
    }
    if (!this.#edited.has(slot)) return
    this.#mobiles.delete(member.mobile)
    this.#emails.delete(member.email.toLowerCase())
    this.#bizMails.delete(member.biz_mail.toLowerCase())
  }

  slotOfMobile(mobile: string): number | undefined {
    const slot = this.#mobiles.get(mobile) ?? slotOfMobile(this.size.seed, mobile)
    return this.#confirm(slot, 'mobile', mobile)
  }

  slotOfEmail(email: string, kind: 'email' | 'biz_mail'): number | undefined {
    const key = email.toLowerCase()
    const index = kind === 'email' ? this.#emails : this.#bizMails
    const name =
      kind === 'biz_mail' || key.endsWith(`@${mailDomain}`) ? key.slice(0, key.lastIndexOf('@')) : undefined
    return this.#confirm(
      index.get(key) ?? (name === undefined ? undefined : this.#slots.get(name)),
      kind,
      key,
    )
  }

  /**
   * A slot that was computed instead of looked up may be that of somebody who has left or has another number
   * or address now.
   */
  #confirm(
    slot: number | undefined,
    field: 'mobile' | 'email' | 'biz_mail',
    value: string,
  ): number | undefined {
    if (slot === undefined || this.userids[slot] === undefined) return undefined
    return this.member(slot)[field].toLowerCase() === value ? slot : undefined
  }

  putTag(tag: Tag): void {
    this.tags.set(tag.tagid, tag)
    this.#lastTagId = Math.max(this.#lastTagId, tag.tagid)
  }

  deleteTag(tagid: number): void {
    for (const slot of this.tags.get(tagid)?.users ?? []) removeFrom(this.#userTags, slot, tagid)
    this.tags.delete(tagid)
  }

  addTagUser(tagid: number, slot: number): void {
    this.tags.get(tagid)?.users.add(slot)
    addTo(this.#userTags, slot, tagid)
  }

  removeTagUser(tagid: number, slot: number): void {
    this.tags.get(tagid)?.users.delete(slot)
    removeFrom(this.#userTags, slot, tagid)
  }

  tagsOf(slot: number): ReadonlySet<number> {
    return this.#userTags.get(slot) ?? empty
  }
}

const empty: ReadonlySet<number> = new Set()
