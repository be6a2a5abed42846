/**
 * The part of BER (X.690) that LDAP uses (RFC 4511 section 5.1): definite lengths, tags of one byte. Lengths are checked against what
 * holds them before anything is read, which the reader of ldapts does not do.
 */

export type Element = { tag: number; value: Buffer }

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
}

/** What was sent is not LDAP. The connection ends with it. */
export class BerError extends Error {}

/**
 * The header of an element at the start of `buffer`: how many bytes it has itself, and how many follow. Undefined while it is
 * incomplete. Throws BerError for a length that LDAP does not allow.
 */
export function headerOf(buffer: Buffer): { size: number; length: number } | undefined {
  if (buffer.length < 2) return undefined
  const first = buffer[1]!
  if (first < 0x80) return { size: 2, length: first }
  const bytes = first & 0x7f
  if (bytes === 0 || bytes > 4) throw new BerError('a length is indefinite or too long')
  if (buffer.length < 2 + bytes) return undefined
  return { size: 2 + bytes, length: buffer.readUIntBE(2, bytes) }
}

/** Reads elements one after the other, none of which reaches beyond the end. Throws BerError. */
export class Elements {
  #rest: Buffer

  constructor(buffer: Buffer) {
    this.#rest = buffer
  }

  get isAtEnd(): boolean {
    return this.#rest.length === 0
  }

  /** The tag of the next element; undefined at the end. */
  get tag(): number | undefined {
    return this.#rest[0]
  }

  next(tag?: number): Element {
    const header = headerOf(this.#rest)
    const found = this.#rest[0]
    if (!header || found === undefined) throw new BerError('an element is cut')
    if (tag !== undefined && found !== tag) throw new BerError(`tag ${found} stands in the place of ${tag}`)
    const end = header.size + header.length
    if (end > this.#rest.length) throw new BerError('an element is longer than what holds it')
    const value = this.#rest.subarray(header.size, end)
    this.#rest = this.#rest.subarray(end)
    return { tag: found, value }
  }

  text(tag = tags.octets): string {
    return textOf(this.next(tag).value)
  }

  integer(tag = tags.integer): number {
    return integerOf(this.next(tag).value)
  }

  boolean(): boolean {
    const { value } = this.next(tags.boolean)
    if (value.length !== 1) throw new BerError('a boolean has one byte')
    return value[0] !== 0
  }

  within(tag = tags.sequence): Elements {
    return new Elements(this.next(tag).value)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function textOf(value: Buffer): string {
  try {
    return utf8.decode(value)
  } catch {
    throw new BerError('a text is not UTF-8')
  }
}

function integerOf(value: Buffer): number {
  if (value.length === 0 || value.length > 4) throw new BerError('an integer has 1 to 4 bytes')
  return value.readIntBE(0, value.length)
}

export function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, one) => sum + one.length, 0)
  return Buffer.concat([header(tag, length), ...parts])
}

function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length])
  const bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4
  const head = Buffer.alloc(2 + bytes)
  head[0] = tag
  head[1] = 0x80 | bytes
  head.writeUIntBE(length, 2, bytes)
  return head
}

export function octets(text: string, tag = tags.octets): Buffer {
  return encode(tag, Buffer.from(text))
}

/** Not negative, and below 2^31. */
export function integer(value: number, tag = tags.integer): Buffer {
  const bytes = value < 0x80 ? 1 : value < 0x8000 ? 2 : value < 0x800000 ? 3 : 4
  const buffer = Buffer.alloc(bytes)
  buffer.writeIntBE(value, 0, bytes)
  return encode(tag, buffer)
}
