/** One part of a distinguished name, such as `uid=zhangsan`; the type is in lower case. */
export type DnPart = { type: string; value: string }

const escaped = new Set([',', '+', '"', '\\', '<', '>', ';', '='])

/** A value as a DN carries it (RFC 4514 section 2.4). */
export function escapeDn(value: string): string {
  const chars = [...value]
  const last = chars.length - 1
  return chars.map((char, n) => (isPlain(char, n, last) ? char : escapeOf(char))).join('')
}

function isPlain(char: string, n: number, last: number): boolean {
  if (char === ' ') return n !== 0 && n !== last
  return !(escaped.has(char) || char === '\0' || (char === '#' && n === 0))
}

const escapeOf = (char: string) => (char === '\0' ? '\\00' : `\\${char}`)

const partsAtMost = 20

/** The parts of a DN (RFC 4514 section 3), the lowest first; undefined for a text that is none, or that has more than one value in a part. */
export function parseDn(text: string): DnPart[] | undefined {
  if (text.trim() === '') return []
  const parts: DnPart[] = []
  let at = 0
  while (at <= text.length) {
    const sign = text.indexOf('=', at)
    const type = text.slice(at, sign).trim().toLowerCase()
    if (sign < 0 || !/^[a-z][a-z0-9-]*$|^[0-9.]+$/.test(type)) return undefined
    const found = readValue(text, sign + 1)
    if (!found || parts.length >= partsAtMost) return undefined
    parts.push({ type, value: found.value })
    at = found.end + 1
  }
  return parts
}

function readValue(text: string, from: number): { value: string; end: number } | undefined {
  const bytes: number[] = []
  let at = from
  while (text[at] === ' ') at++
  // Spaces that were escaped belong to the value.
  let kept = 0
  for (; at < text.length && text[at] !== ','; at++) {
    const char = text[at]!
    if (char === '+' || char === '"' || char === ';' || char === '<' || char === '>') return undefined
    if (char !== '\\') {
      const point = String.fromCodePoint(text.codePointAt(at)!)
      bytes.push(...Buffer.from(point))
      at += point.length - 1
      if (char !== ' ') kept = bytes.length
      continue
    }
    const hex = /^[0-9a-fA-F]{2}/.exec(text.slice(at + 1, at + 3))?.[0]
    const next = text[at + 1]
    if (hex) bytes.push(Number.parseInt(hex, 16))
    else if (next !== undefined && (escaped.has(next) || next === ' ' || next === '#'))
      bytes.push(next.charCodeAt(0))
    else return undefined
    at += hex ? 2 : 1
    kept = bytes.length
  }
  return { value: Buffer.from(bytes.slice(0, kept)).toString('utf8'), end: at }
}
