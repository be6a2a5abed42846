import { userKey } from '../members.ts'
import { OrdinalIndex } from './ordinal-index.ts'
import { hashAt, hashOfKey, hasKey, Texts, userIdAt } from './texts.ts'

const smallest = 32
/** The status of a place that nobody has. */
export const nobody = -32_768

/** What is kept of each member beside its departments, by ordinal: numbers in columns, texts as bytes. */
export class Columns {
  ids = new Float64Array(smallest)
  hashes = new Float64Array(smallest)
  keyHashes = new Uint32Array(smallest)
  places = new Uint32Array(smallest)
  sets = new Uint32Array(smallest)
  statuses = new Int16Array(smallest).fill(nobody)
  readonly texts = new Texts()
  /** One more than the highest ordinal that was ever used. */
  length = 0
  readonly #byKey = new OrdinalIndex(ordinal => this.keyHashes[ordinal]!)
  readonly #byId = new OrdinalIndex(ordinal => hashOfId(this.ids[ordinal]!))

  isTaken(ordinal: number): boolean {
    return (this.statuses[ordinal] ?? nobody) !== nobody
  }

  /** -1 when nobody has it, as below. */
  ordinalOfKey(key: string): number {
    const hash = hashOfKey(key)
    const { keyHashes, places, texts } = this
    return this.#byKey.find(hash, ordinal => {
      if (keyHashes[ordinal] !== hash) return false
      const place = places[ordinal]!
      return hasKey(texts.bytesOf(place), place & 0xffff, key)
    })
  }

  ordinalOfId(id: number): number {
    return this.#byId.find(hashOfId(id), ordinal => this.ids[ordinal] === id)
  }

  /** The first who came with the id of this one, and with its key: this one itself where there is nobody else. */
  firstLike(ordinal: number): number[] {
    const hash = this.keyHashes[ordinal]!
    const record = this.texts.record(this.places[ordinal]!)
    const byKey = this.#byKey.find(
      hash,
      other => this.keyHashes[other] === hash && this.#hasKeyOf(other, record),
    )
    return [this.ordinalOfId(this.ids[ordinal]!), byKey]
  }

  #hasKeyOf(ordinal: number, record: Buffer): boolean {
    const place = this.places[ordinal]!
    return hasKey(this.texts.bytesOf(place), place & 0xffff, userKey(userIdAt(record, 0)))
  }

  take(ordinal: number, id: number, hash: number, status: number, set: number, record: Uint8Array): void {
    if (ordinal >= this.ids.length) this.reserve(Math.max(ordinal + 1, this.ids.length * 2))
    if (ordinal >= this.length) this.length = ordinal + 1
    const place = this.texts.put(record)
    this.ids[ordinal] = id
    this.hashes[ordinal] = hash
    this.statuses[ordinal] = status
    this.sets[ordinal] = set
    this.places[ordinal] = place
    this.keyHashes[ordinal] = hashAt(this.texts.bytesOf(place), place & 0xffff)
    this.#byKey.add(ordinal)
    this.#byId.add(ordinal)
    this.#tidy()
  }

  leave(ordinal: number): void {
    this.#byKey.remove(ordinal)
    this.#byId.remove(ordinal)
    this.statuses[ordinal] = nobody
    this.texts.drop(this.places[ordinal]!)
    this.#tidy()
  }

  /** Also makes room for lookups, so that neither grows step by step while an address book is read. */
  reserve(count: number): void {
    this.#byKey.reserve(count)
    this.#byId.reserve(count)
    const size = this.ids.length
    if (count <= size) return
    this.ids = longer(this.ids, count)
    this.hashes = longer(this.hashes, count)
    this.keyHashes = longer(this.keyHashes, count)
    this.places = longer(this.places, count)
    this.sets = longer(this.sets, count)
    this.statuses = longer(this.statuses, count).fill(nobody, size)
  }

  get memory(): number {
    return this.ids.length * 30 + this.texts.memory + this.#byKey.memory + this.#byId.memory
  }

  #tidy(): void {
    for (let chunk = this.texts.takeWasteful(); chunk !== undefined; chunk = this.texts.takeWasteful())
      this.#rewrite(chunk)
  }

  #rewrite(chunk: number): void {
    for (let ordinal = 0; ordinal < this.length; ordinal++) {
      const place = this.places[ordinal]!
      if (place >>> 16 !== chunk || !this.isTaken(ordinal)) continue
      this.places[ordinal] = this.texts.put(this.texts.record(place))
    }
    this.texts.forget(chunk)
  }
}

function hashOfId(id: number): number {
  const mixed = Math.imul((id % 0x1_0000_0000) | 0, 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

function longer<T extends Float64Array | Uint32Array | Int16Array>(column: T, length: number): T {
  const made = new (column.constructor as new (length: number) => T)(length)
  made.set(column)
  return made
}
