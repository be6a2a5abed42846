import { type EncodedRecord, RecordView } from './record.ts'

/** Local ids must fit into 16 bits, because a place is `slot << 16 | local`. */
export const STORE_LIMIT = 65_536

export type RecordArrays = Pick<RecordStore, 'bytes' | 'offsets' | 'ordinals' | 'dead'>

/** Records of up to 65,536 members in one byte buffer. Records are only appended; removed members are marked dead. */
export class RecordStore {
  readonly slot: number
  bytes: Uint8Array = new Uint8Array(512)
  offsets: Uint32Array = new Uint32Array(65)
  ordinals: Uint32Array = new Uint32Array(64)
  dead: Uint32Array = new Uint32Array(2)
  count = 0
  live = 0

  constructor(slot: number) {
    this.slot = slot
  }

  append(source: Uint8Array, start: number, end: number, ordinal: number): number {
    const local = this.count
    const from = this.offsets[local]!
    const to = from + end - start
    if (to > this.bytes.length) this.bytes = grown(this.bytes, to * 2)
    if (local === this.ordinals.length) this.#growTables()
    const { bytes } = this
    for (let i = from, j = start; i < to; i++, j++) bytes[i] = source[j]!
    this.offsets[local + 1] = to
    this.ordinals[local] = ordinal
    this.count++
    this.live++
    return local
  }

  #growTables(): void {
    const size = this.ordinals.length * 2
    this.offsets = grown(this.offsets, size + 1)
    this.ordinals = grown(this.ordinals, size)
    this.dead = grown(this.dead, size >>> 5)
  }

  kill(local: number): void {
    this.dead[local >>> 5]! |= 1 << (local & 31)
    this.live--
  }

  isDead(local: number): boolean {
    return ((this.dead[local >>> 5]! >>> (local & 31)) & 1) === 1
  }

  holds(local: number, record: EncodedRecord): boolean {
    const start = this.offsets[local]!
    if (this.offsets[local + 1]! - start !== record.length) return false
    for (let i = 0; i < record.length; i++) if (this.bytes[start + i] !== record.bytes[i]) return false
    return true
  }

  open(local: number, view: RecordView): void {
    view.open(this.bytes, this.offsets[local]!, this.offsets[local + 1]!)
  }

  /** Frees the spare room that growing left. */
  seal(): void {
    this.bytes = this.bytes.slice(0, this.offsets[this.count]!)
    this.offsets = this.offsets.slice(0, this.count + 1)
    this.ordinals = this.ordinals.slice(0, this.count)
    this.dead = this.dead.slice(0, (this.count + 31) >>> 5)
  }

  /** Its records as they are at this moment: what is written later goes behind them or into other arrays, but for the dead marks. */
  cut(): RecordArrays {
    const { count } = this
    return {
      bytes: this.bytes.subarray(0, this.offsets[count]!),
      offsets: this.offsets.subarray(0, count + 1),
      ordinals: this.ordinals.subarray(0, count),
      dead: this.dead.slice(0, (count + 31) >>> 5),
    }
  }

  /** Takes arrays of a cut as its own. */
  adopt({ bytes, offsets, ordinals, dead }: RecordArrays): void {
    this.bytes = bytes
    this.offsets = offsets
    this.ordinals = ordinals
    this.dead = dead
    this.count = ordinals.length
    this.live = 0
    for (let local = 0; local < this.count; local++) if (!this.isDead(local)) this.live++
  }

  memoryBytes(): number {
    return this.bytes.byteLength + this.offsets.byteLength + this.ordinals.byteLength + this.dead.byteLength
  }
}

export function grown<T extends Uint8Array | Uint16Array | Uint32Array>(array: T, size: number): T {
  const larger = new (array.constructor as new (size: number) => T)(Math.max(size, array.length))
  larger.set(array)
  return larger
}

const left = new RecordView()
const right = new RecordView()

/**
 * The order within a tier: shorter name (in code points), then name, then userId, both normalised and by code point. The
 * userids of a corp differ after normalisation, so these alone decide and every node orders alike. The ordinal only keeps
 * the order total if a caller breaks that.
 */
export function compareRecords(a: RecordStore, i: number, b: RecordStore, j: number): number {
  a.open(i, left)
  b.open(j, right)
  return (
    left.nameLength - right.nameLength ||
    compareBytes(left.name, left.userId, right.name, right.userId) ||
    compareBytes(left.userId, left.alias, right.userId, right.alias) ||
    a.ordinals[i]! - b.ordinals[j]!
  )
}

/** Comparing UTF-8 by bytes gives the same order as comparing code points. */
function compareBytes(start: number, end: number, otherStart: number, otherEnd: number): number {
  const length = Math.min(end - start, otherEnd - otherStart)
  for (let i = 0; i < length; i++) {
    const difference = left.bytes[start + i]! - right.bytes[otherStart + i]!
    if (difference !== 0) return difference
  }
  return end - start - (otherEnd - otherStart)
}
