import type { GivenName } from './given-name.ts'

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const space = 0x20
/** What is looked for is shorter, whatever its escapes. */
const bytesAtMost = 128

/**
 * The names in JSON that has been parsed before which begin with one of these letters, at any depth and each time they stand there: of
 * two members with one name, the vendor may read the other one than JavaScript does. Long names and values are left out.
 */
export function jsonNames(bytes: Buffer, letters: string): GivenName[] {
  const begins = new Set(Buffer.from(letters.toLowerCase() + letters.toUpperCase()))
  const found: GivenName[] = []
  let at = bytes.indexOf(quote)
  while (at >= 0) {
    const end = endOfText(bytes, at + 1)
    const after = skipSpace(bytes, end + 1)
    if (bytes[after] !== colon) {
      at = bytes.indexOf(quote, end + 1)
      continue
    }
    const from = skipSpace(bytes, after + 1)
    const isText = bytes[from] === quote
    const to = isText ? endOfText(bytes, from + 1) + 1 : endOfNumber(bytes, from)
    const name = mayBegin(bytes, at + 1, begins) ? textOf(bytes, at, end + 1) : undefined
    if (name !== undefined) found.push({ name, value: textOf(bytes, from, to) })
    at = bytes.indexOf(quote, isText ? to : from)
  }
  return found
}

/** Most names are told by their first byte and need not become texts. What is escaped or not ASCII may be any letter, or a blank. */
function mayBegin(bytes: Buffer, from: number, begins: ReadonlySet<number>): boolean {
  const first = bytes[skipSpace(bytes, from)] ?? 0
  return first >= 0x80 || first === backslash || begins.has(first)
}

/** Where the quote stands that ends a text which begins at `from`. */
function endOfText(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let slashes = 0
    while (at - slashes > from && bytes[at - slashes - 1] === backslash) slashes++
    if (slashes % 2 === 0) return at
  }
  return bytes.length
}

function endOfNumber(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && /[0-9.eE+-]/.test(String.fromCharCode(bytes[at]!))) at++
  return at
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at]! <= space) at++
  return at
}

function textOf(bytes: Buffer, from: number, to: number): string | undefined {
  if (to - from > bytesAtMost) return undefined
  const text = bytes.toString('utf8', from, to)
  return text.startsWith('"') ? (JSON.parse(text) as string) : text
}
