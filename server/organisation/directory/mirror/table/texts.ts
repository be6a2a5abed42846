import { userKey } from '../members.ts'

/*
 * What a member is called, as bytes: three varints (bytes of the userid, bytes of the name, count of orders), the two texts in
 * UTF-8, and the orders as doubles, none where all are 0. A record never changes once it is written, so that whoever holds a member
 * sees what it was, whatever has become of it since.
 */

const chunkBytes = 1 << 16
const smallestChunk = 1 << 10
const none: readonly number[] = []
const zeros = [none, [0], [0, 0], [0, 0, 0], [0, 0, 0, 0]] as const

/** The parts of a record. One object is reused, so that reading allocates nothing. */
type Layout = { userId: number; name: number; orders: number; end: number; orderCount: number }
const layout: Layout = { userId: 0, name: 0, orders: 0, end: 0, orderCount: 0 }

export function layoutAt(bytes: Uint8Array, start: number): Layout {
  let at = start
  const next = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const [userId, name, orderCount] = [next(), next(), next()]
  layout.userId = at
  layout.name = at + userId
  layout.orders = layout.name + name
  layout.orderCount = orderCount
  layout.end = layout.orders + orderCount * 8
  return layout
}

export function userIdAt(bytes: Buffer, start: number): string {
  const { userId, name } = layoutAt(bytes, start)
  return bytes.toString('utf8', userId, name)
}

export function nameAt(bytes: Buffer, start: number): string {
  const { name, orders } = layoutAt(bytes, start)
  return bytes.toString('utf8', name, orders)
}

export function ordersAt(bytes: Buffer, start: number, departments: number): readonly number[] {
  const { orders, orderCount } = layoutAt(bytes, start)
  if (orderCount === 0) return zeros[departments] ?? new Array<number>(departments).fill(0)
  return Array.from({ length: orderCount }, (_, n) => bytes.readDoubleLE(orders + n * 8))
}

let scratch: Buffer = Buffer.alloc(1024)

/** Encodes into a buffer that the next call overwrites. */
export function encodeTexts(userId: string, name: string, orders: readonly number[]): Buffer {
  const kept = orders.some(order => order !== 0) ? orders : none
  const atMost = (userId.length + name.length) * 3 + kept.length * 8 + 15
  if (scratch.length < atMost) scratch = Buffer.alloc(atMost * 2)
  let at = 0
  for (const length of [Buffer.byteLength(userId), Buffer.byteLength(name), kept.length]) {
    let rest = length
    for (; rest > 127; rest >>>= 7) scratch[at++] = (rest & 127) | 128
    scratch[at++] = rest
  }
  at += scratch.write(userId, at)
  at += scratch.write(name, at)
  for (const order of kept) at = scratch.writeDoubleLE(order, at)
  return scratch.subarray(0, at)
}

/** Where the same texts hash to differs between processes, so that nobody can make them meet. */
const seed = (Math.random() * 0x1_0000_0000) | 0
const step = (hash: number, code: number) => Math.imul(hash ^ code, 0x01000193)
const end = (hash: number) => (hash ^ (hash >>> 15)) >>> 0

export function hashOfKey(key: string): number {
  let hash = seed
  for (let i = 0; i < key.length; i++) hash = step(hash, key.charCodeAt(i))
  return end(hash)
}

/** The hash of the key of whoever has this record. */
export function hashAt(bytes: Buffer, start: number): number {
  const { userId, name } = layoutAt(bytes, start)
  let hash = seed
  for (let at = userId; at < name; at++) {
    const byte = bytes[at]!
    if (byte > 127) return hashOfKey(userKey(bytes.toString('utf8', userId, name)))
    hash = step(hash, lower(byte))
  }
  return end(hash)
}

const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

export function hasKey(bytes: Buffer, start: number, key: string): boolean {
  const { userId, name } = layoutAt(bytes, start)
  if (name - userId !== key.length) return userKey(bytes.toString('utf8', userId, name)) === key
  for (let i = 0; i < key.length; i++) {
    const byte = bytes[userId + i]!
    if (byte > 127) return userKey(bytes.toString('utf8', userId, name)) === key
    if (lower(byte) !== key.charCodeAt(i)) return false
  }
  return true
}

type Chunk = { bytes: Buffer; used: number; wasted: number }

/** Records in chunks. A place is the chunk's number and 16 bits of where in it. */
export class Texts {
  #chunks: (Chunk | undefined)[] = []
  #free: number[] = []
  #wasteful: number[] = []
  #open = this.#newChunk(smallestChunk)

  put(record: Uint8Array): number {
    let chunk = this.#chunks[this.#open]!
    const needed = chunk.used + record.length
    if (needed > chunkBytes && chunk.used > 0) {
      const full = this.#open
      this.#open = this.#newChunk(Math.max(chunkBytes, record.length))
      // Perhaps nothing that is in it is still wanted, so that no record that goes would ever tell.
      this.#noteIfWasteful(full)
      chunk = this.#chunks[this.#open]!
    } else if (needed > chunk.bytes.length) {
      // Who holds the old bytes goes on reading them: they stay as they are.
      const larger = Buffer.alloc(Math.max(needed, Math.min(chunk.bytes.length * 2, chunkBytes)))
      chunk.bytes.copy(larger)
      chunk.bytes = larger
    }
    const at = chunk.used
    chunk.bytes.set(record, at)
    chunk.used += record.length
    return ((this.#open << 16) | at) >>> 0
  }

  bytesOf(place: number): Buffer {
    return this.#chunks[place >>> 16]!.bytes
  }

  record(place: number): Buffer {
    const bytes = this.bytesOf(place)
    const at = place & 0xffff
    return bytes.subarray(at, layoutAt(bytes, at).end)
  }

  drop(place: number): void {
    const number = place >>> 16
    this.#chunks[number]!.wasted += this.record(place).length
    if (number !== this.#open) this.#noteIfWasteful(number)
  }

  /** A full chunk of which more is wasted than used by now: its records are to be put elsewhere, and it is to be forgotten. */
  takeWasteful(): number | undefined {
    return this.#wasteful.pop()
  }

  forget(number: number): void {
    this.#chunks[number] = undefined
    this.#free.push(number)
  }

  #noteIfWasteful(number: number): void {
    const { used, wasted } = this.#chunks[number]!
    if (wasted * 2 > used) this.#wasteful.push(number)
  }

  get memory(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.bytes.length ?? 0), 0)
  }

  #newChunk(size: number): number {
    const number = this.#free.pop() ?? this.#chunks.length
    this.#chunks[number] = { bytes: Buffer.alloc(size), used: 0, wasted: 0 }
    return number
  }
}
