import type { RecordArrays } from '../../search/records.ts'
import type { SegmentSlice } from '../../search/search-index.ts'
import type { MemberRow } from '../table/member-table.ts'
import { layoutAt } from '../table/texts.ts'

/*
 * What a snapshot consists of (docs/decisions/address-books-on-disk.md). The first byte of a frame says what is in it. Members are
 * rows of bytes; the search's arrays, which are most of it, lie as they do in memory.
 */

export const kinds = { departments: 1, tags: 2, members: 3, store: 4, array: 5, end: 6 } as const
export const format = 1

export function jsonFrame(kind: number, value: unknown): Buffer {
  const text = JSON.stringify(value)
  const frame = Buffer.allocUnsafe(Buffer.byteLength(text) + 1)
  frame[0] = kind
  frame.write(text, 1)
  return frame
}

export function jsonOf<T>(frame: Buffer): T {
  return JSON.parse(frame.toString('utf8', 1)) as T
}

export const rowsPerFrame = 2000

/** Rows of members, each with its ordinal. */
export class RowWriter {
  #bytes = Buffer.allocUnsafe(1 << 17)
  #at = 1
  count = 0

  add(ordinal: number, { id, hash, status, departments, texts }: MemberRow): void {
    const needed = texts.length + (departments.length + 4) * 10 + 10
    if (this.#at + needed > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2 + needed)
    this.#varint(ordinal)
    this.#varint(id)
    this.#at = this.#bytes.writeDoubleLE(hash, this.#at)
    this.#at = this.#bytes.writeInt16LE(status, this.#at)
    this.#varint(departments.length)
    for (const department of departments) this.#varint(department)
    this.#bytes.set(texts, this.#at)
    this.#at += texts.length
    this.count++
  }

  take(): Buffer {
    this.#bytes[0] = kinds.members
    const frame = this.#bytes.subarray(0, this.#at)
    this.#bytes = Buffer.allocUnsafe(1 << 17)
    this.#at = 1
    this.count = 0
    return frame
  }

  #varint(value: number): void {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 128
    this.#bytes[this.#at++] = rest
  }
}

export function readRows(frame: Buffer, take: (ordinal: number, row: MemberRow) => void): number {
  let at = 1
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = frame[at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  let count = 0
  for (; at < frame.length; count++) {
    const ordinal = varint()
    const id = varint()
    const hash = frame.readDoubleLE(at)
    const status = frame.readInt16LE(at + 8)
    at += 10
    const departments = Array.from({ length: varint() }, varint)
    const start = at
    at = layoutAt(frame, start).end
    take(ordinal, { id, hash, status, departments, texts: frame.subarray(start, at) })
  }
  return count
}

const names = ['bytes', 'offsets', 'ordinals', 'dead', 'keys', 'starts', 'postings'] as const
type Lengths = Partial<Record<(typeof names)[number], number>>
const pieceBytes = 1 << 19

/** A frame that says how long the arrays of a store are, then the arrays in pieces. */
export function* storeFrames(store: RecordArrays | SegmentSlice): Generator<Buffer> {
  const arrays = names.flatMap(name => {
    const array = (store as Partial<SegmentSlice>)[name]
    return array ? [{ name, array }] : []
  })
  yield jsonFrame(kinds.store, Object.fromEntries(arrays.map(({ name, array }) => [name, array.length])))
  for (const { array } of arrays) {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength)
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      const frame = Buffer.allocUnsafe(piece.length + 1)
      frame[0] = kinds.array
      frame.set(piece, 1)
      yield frame
    }
  }
}

/** Puts the arrays of stores together again. */
export class StoreReader {
  readonly parts: (SegmentSlice | RecordArrays)[] = []
  #waiting: Uint8Array[] = []
  #filled = 0

  begin(lengths: Lengths): void {
    const made = Object.fromEntries(
      names.flatMap(name => {
        const length = lengths[name]
        if (length === undefined) return []
        const isBytes = name === 'bytes' || name === 'postings'
        return [[name, isBytes ? new Uint8Array(length) : new Uint32Array(length)]]
      }),
    ) as unknown as SegmentSlice
    this.parts.push(made)
    for (const name of names) {
      const array: Uint8Array | Uint32Array | undefined = made[name]
      if (array?.byteLength)
        this.#waiting.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    }
  }

  fill(frame: Buffer): void {
    const target = this.#waiting[0]
    if (!target) throw new Error('more arrays than were announced')
    target.set(frame.subarray(1), this.#filled)
    this.#filled += frame.length - 1
    if (this.#filled < target.length) return
    this.#waiting.shift()
    this.#filled = 0
  }

  get isComplete(): boolean {
    return this.#waiting.length === 0
  }
}
