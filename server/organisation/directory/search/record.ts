export type SearchFields = {
  userId: string
  name: string
  alias: string
  mobile: string
  /** Full pinyin of the name's Chinese characters, `zhang san`; several readings separated by `|`. */
  pinyin: string
}

/** What index and pinyin count as Chinese characters: unified ideographs with all extensions, 々 and 〇. */
export function isHan(codePoint: number): boolean {
  if (codePoint < 0x3400) return codePoint === 0x3005 || codePoint === 0x3007
  return (
    codePoint <= 0x9fff ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3ffff)
  )
}

/** Applies NFKC and lower case. Lone surrogates become U+FFFD, so that every text has a UTF-8 form. */
export function normaliseText(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const isStable = unit < 0x80 ? unit < 65 || unit > 90 : unit >= 0x4e00 && unit <= 0x9fff
    if (!isStable) return text.toWellFormed().normalize('NFKC').toLowerCase()
  }
  return text
}

/** Brings readings into the form the matcher expects: single spaces, no empty reading, `ü` as the `v` that people type. */
export function normalisePinyin(text: string): string {
  if (/^(?:[a-z]+[ |](?=[a-z]))*[a-z]*$/.test(text)) return text
  const readings = normaliseText(text).replaceAll('ü', 'v').split('|')
  return readings
    .map(reading => reading.trim().replace(/\s+/g, ' '))
    .filter(reading => reading !== '')
    .join('|')
}

/** One encoded member: varints (code points of name; bytes of name, userId, alias, mobile), then the five texts. */
export type EncodedRecord = { bytes: Buffer; length: number }

const scratch: EncodedRecord = { bytes: Buffer.alloc(4096), length: 0 }

/** Encodes into a buffer that the next call overwrites. */
export function encodeRecord(fields: Omit<SearchFields, 'pinyin'>, readings: string): EncodedRecord {
  const name = normaliseText(fields.name)
  const texts = [
    name,
    normaliseText(fields.userId),
    normaliseText(fields.alias),
    normaliseText(fields.mobile),
  ]
  const pinyin = normalisePinyin(readings)
  let units = pinyin.length
  for (const text of texts) units += text.length
  if (scratch.bytes.length < units * 3 + 32) scratch.bytes = Buffer.alloc(units * 4 + 32)
  const { bytes } = scratch
  let at = putVarint(bytes, 0, countCodePoints(name))
  for (const text of texts) at = putVarint(bytes, at, Buffer.byteLength(text))
  for (const text of texts) at += bytes.write(text, at)
  scratch.length = at + bytes.write(pinyin, at)
  return scratch
}

function countCodePoints(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++
  return count
}

export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let end = at
  while (rest > 127) {
    bytes[end++] = (rest & 127) | 128
    rest >>>= 7
  }
  bytes[end++] = rest
  return end
}

/** The field boundaries of a record. One object is reused for record after record, so that reading allocates nothing. */
export class RecordView {
  bytes: Uint8Array = new Uint8Array(0)
  nameLength = 0
  name = 0
  userId = 0
  alias = 0
  mobile = 0
  pinyin = 0
  end = 0
  #at = 0

  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.#at = start
    this.nameLength = this.#varint()
    const name = this.#varint()
    const userId = this.#varint()
    const alias = this.#varint()
    const mobile = this.#varint()
    this.name = this.#at
    this.userId = this.name + name
    this.alias = this.userId + userId
    this.mobile = this.alias + alias
    this.pinyin = this.mobile + mobile
    this.end = end
  }

  #varint(): number {
    let byte = this.bytes[this.#at++]!
    if (byte < 128) return byte
    let value = byte & 127
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.bytes[this.#at++]!
      value |= (byte & 127) << shift
    }
    return value
  }
}

/** Reads the code point at `at` of well-formed UTF-8; its width in bytes is `utf8Width` of the first byte. */
export function codePointAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return first
  if (first < 0xe0) return ((first & 31) << 6) | (bytes[at + 1]! & 63)
  const middle = ((bytes[at + 1]! & 63) << 6) | (bytes[at + 2]! & 63)
  if (first < 0xf0) return ((first & 15) << 12) | middle
  return ((first & 7) << 18) | (middle << 6) | (bytes[at + 3]! & 63)
}

export function utf8Width(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}
