import { isExternal, isHere, isListed, type MemberCore, nextRevision } from '../members.ts'
import { Columns } from './columns.ts'
import { StoredCore } from './core.ts'
import { DepartmentLists } from './department-lists.ts'
import { DepartmentSets } from './department-sets.ts'
import { encodeTexts } from './texts.ts'

/** A corp's members in memory, with the member list of each department kept up to date. */
export type MemberTable = {
  /** Without people from outside WeCom. */
  readonly size: number
  /** Without those who quit or are from outside WeCom. */
  readonly listed: number
  /** Moves with every change; no two tables ever have the same. */
  readonly revision: number
  /** In bytes, about. */
  readonly memory: number
  byKey(key: string): MemberCore | undefined
  byId(id: number): MemberCore | undefined
  at(ordinal: number): MemberCore | undefined
  set(member: Omit<MemberCore, 'ordinal'>): MemberCore
  remove(key: string): MemberCore | undefined
  all(): Iterable<MemberCore>
  /** Listed direct members of the department, by `order` descending, then by userid. */
  direct(departmentId: number): readonly MemberCore[]
  /** Their ordinals, for those who look at thousands. */
  directOrdinals(departmentId: number): readonly number[]
  /** The same in no order. */
  ordinalsIn(departmentId: number): readonly number[]
  departmentsAt(ordinal: number): readonly number[]
  isListedAt(ordinal: number): boolean
  /** One more than the highest ordinal. */
  readonly end: number
  reserve(count: number): void
  /** The row of this ordinal as it is stored; undefined when nobody has it. */
  rowAt(ordinal: number): MemberRow | undefined
  /** Puts stored rows back in the order of their ordinals, before anybody uses the table. `restored` comes after the last. */
  restore(ordinal: number, row: MemberRow): void
  /** `isStill`: nobody changed while the rows were stored. */
  restored(isStill: boolean): void
}

/** `texts` is good until the next one is asked for. */
export type MemberRow = {
  id: number
  hash: number
  status: number
  departments: readonly number[]
  texts: Buffer
}

export function createMemberTable(): MemberTable {
  return new ColumnTable()
}

/**
 * A million members as objects would be most of what the process holds and what its garbage collector looks at; as columns they are
 * 70 bytes each that it never looks at (docs/decisions/address-books-on-disk.md). Members are made of them when asked for.
 */
class ColumnTable implements MemberTable {
  size = 0
  listed = 0
  revision = nextRevision()
  readonly #columns = new Columns()
  readonly #sets = new DepartmentSets()
  readonly #lists = new DepartmentLists((ordinal, id) => {
    const { departments, orders, key } = this.#made(ordinal)
    return { order: orders[departments.indexOf(id)] ?? 0, key }
  })
  #free: number[] = []

  get memory(): number {
    return this.#columns.memory + this.listed * 10 + this.#sets.count * 120
  }

  get end(): number {
    return this.#columns.length
  }

  byKey(key: string): MemberCore | undefined {
    return this.at(this.#columns.ordinalOfKey(key))
  }

  byId(id: number): MemberCore | undefined {
    return this.at(this.#columns.ordinalOfId(id))
  }

  at(ordinal: number): MemberCore | undefined {
    return this.#columns.isTaken(ordinal) ? this.#made(ordinal) : undefined
  }

  set(member: Omit<MemberCore, 'ordinal'>): MemberCore {
    const before = this.#columns.ordinalOfId(member.id)
    const inTheWay = this.#columns.ordinalOfKey(member.key)
    const ordinal = before >= 0 ? before : (this.#free.pop() ?? this.#columns.length)
    if (before >= 0) this.#drop(before)
    if (inTheWay >= 0 && inTheWay !== before) {
      this.#drop(inTheWay)
      this.#free.push(inTheWay)
    }
    const { id, hash, status, departments, userId, name, orders } = member
    this.#put(ordinal, { id, hash, status, departments, texts: encodeTexts(userId, name, orders) })
    this.revision = nextRevision()
    return this.#made(ordinal)
  }

  remove(key: string): MemberCore | undefined {
    const ordinal = this.#columns.ordinalOfKey(key)
    if (ordinal < 0) return undefined
    const core = this.#made(ordinal)
    this.#drop(ordinal)
    this.#free.push(ordinal)
    return core
  }

  *all(): Iterable<MemberCore> {
    for (let ordinal = 0; ordinal < this.#columns.length; ordinal++) {
      if (this.#columns.isTaken(ordinal)) yield this.#made(ordinal)
    }
  }

  direct(departmentId: number): readonly MemberCore[] {
    return this.#lists.sorted(departmentId).map(ordinal => this.#made(ordinal))
  }

  directOrdinals(departmentId: number): readonly number[] {
    return this.#lists.sorted(departmentId)
  }

  ordinalsIn(departmentId: number): readonly number[] {
    return this.#lists.ordinals(departmentId)
  }

  departmentsAt(ordinal: number): readonly number[] {
    return this.#sets.get(this.#columns.sets[ordinal]!)
  }

  readonly isListedAt = (ordinal: number): boolean =>
    this.#columns.isTaken(ordinal) && isListed({ status: this.#columns.statuses[ordinal]! })

  reserve(count: number): void {
    this.#columns.reserve(count)
  }

  rowAt(ordinal: number): MemberRow | undefined {
    const { ids, hashes, statuses, places, texts } = this.#columns
    if (!this.#columns.isTaken(ordinal)) return undefined
    return {
      id: ids[ordinal]!,
      hash: hashes[ordinal]!,
      status: statuses[ordinal]!,
      departments: this.departmentsAt(ordinal),
      texts: texts.record(places[ordinal]!),
    }
  }

  restore(ordinal: number, row: MemberRow): void {
    this.#put(ordinal, row)
  }

  restored(isStill: boolean): void {
    if (!isStill) this.#dropDoubles()
    this.#free = []
    for (let ordinal = this.#columns.length - 1; ordinal >= 0; ordinal--)
      if (!this.#columns.isTaken(ordinal)) this.#free.push(ordinal)
    this.revision = nextRevision()
  }

  /** Somebody who moved to another row while the rows were stored is in both, of which the later one was stored later. */
  #dropDoubles(): void {
    for (let ordinal = 0; ordinal < this.#columns.length; ordinal++)
      if (this.#columns.isTaken(ordinal))
        for (const other of new Set(this.#columns.firstLike(ordinal)))
          if (other !== ordinal) this.#drop(other)
  }

  #put(ordinal: number, { id, hash, status, departments, texts }: MemberRow): void {
    this.#columns.take(ordinal, id, hash, status, this.#sets.hold(departments), texts)
    if (!isExternal({ status })) this.size++
    // Departments of people from outside WeCom have ids of their own, so that no list of members has them.
    if (isHere({ status })) this.#lists.add(ordinal, departments)
    if (isListed({ status })) this.listed++
  }

  #drop(ordinal: number): void {
    const columns = this.#columns
    const set = columns.sets[ordinal]!
    const status = columns.statuses[ordinal]!
    if (isHere({ status })) this.#lists.remove(ordinal, this.#sets.get(set))
    if (isListed({ status })) this.listed--
    columns.leave(ordinal)
    this.#sets.release(set)
    if (!isExternal({ status })) this.size--
    this.revision = nextRevision()
  }

  #made(ordinal: number): MemberCore {
    const { ids, hashes, statuses, places, texts } = this.#columns
    const place = places[ordinal]!
    return new StoredCore(
      ordinal,
      {
        id: ids[ordinal]!,
        status: statuses[ordinal]!,
        departments: this.departmentsAt(ordinal),
        hash: hashes[ordinal]!,
      },
      texts.bytesOf(place),
      place & 0xffff,
    )
  }
}
