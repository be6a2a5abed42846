/*
 * What was not understood is kept for people to look at, in whatever form it came. So this reads no format: it looks for names of secrets,
 * and hides what stands behind them as any of the usual forms has it, rather too much than too little.
 */

const hidden = '***'
const secretName =
  /passw(?:or)?d|passphrase|passcode|pwd|token|secret|credential|authorization|密码|口令|令牌/i

/** Whether a value of this name is hidden. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** Hides values of secret names in JSON, also with single or escaped quotes, forms, XML with CDATA, attributes, and multipart. */
export function withoutSecrets(text: string): string {
  let masked = ''
  let done = 0
  const ends = endsIn(text)
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}_.-]+/gu)) {
    if (index < done || !isSecretName(word)) continue
    const value = valueBehind(text, index, index + word.length, ends)
    if (!value || value.from === value.to) continue
    masked += text.slice(done, value.from) + hidden
    done = value.to
  }
  return masked + text.slice(done)
}

/** The same in values that were read already. */
export function withoutSecretsIn<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSecretsIn) as T
  if (typeof value === 'string') return withoutSecrets(value) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSecretName(name) ? hidden : withoutSecretsIn(one)]),
  ) as T
}

type Span = { from: number; to: number }

/** A quote may be escaped, or written for XML or a form. */
const quote = String.raw`(?:\\*["']|&quot;|&apos;|&#3[49];|%22|%27)`
const behindName = new RegExp(String.raw`(?:${quote}|\]|%5D)*\s*(?:=>|[:=]|%3A|%3D)\s*`, 'iy')
const opening = new RegExp(quote, 'iy')
// What these look for is at most so far away that a text full of names takes no longer than its length says.
const multipart = /["']?[^\r\n]{0,300}\r?\n(?:[^\r\n]{1,300}\r?\n){0,5}\r?\n/y
/** `{name: 'password', value: 'x'}` and `<param name="password" value="x">`. */
const valueOfPair = new RegExp(String.raw`(?:${quote})?[\s,]*(?:${quote})?value(?:${quote})?\s*[:=]\s*`, 'iy')
const endOfTag = /[^<>]{0,1000}?(?:>|&gt;)/iy

/** Says where the next element of this name ends, from an index on that only grows; undefined when none does. */
type Ends = (name: string, from: number) => number | undefined

/** Looked for once in the whole text, when it is first asked. */
function endsIn(text: string): Ends {
  let byName: Map<string, number[]> | undefined
  return (name, from) => {
    byName ??= closingTags(text)
    const places = byName.get(name.toLowerCase()) ?? []
    while ((places.at(-1) ?? from) < from) places.pop()
    return places.at(-1)
  }
}

/** By the name in lower case, the last one first. */
function closingTags(text: string): Map<string, number[]> {
  const byName = new Map<string, number[]>()
  const all = [...text.matchAll(/(?:<|&lt;)\/(?:[\w.-]+:)?([\p{L}\p{N}_.-]+)/giu)]
  for (const { 1: name = '', index } of all.reverse())
    byName.getOrInsertComputed(name.toLowerCase(), () => []).push(index)
  return byName
}

function valueBehind(text: string, start: number, end: number, ends: Ends): Span | undefined {
  const before = text.slice(Math.max(0, start - 80), start)
  if (/(?:<|&lt;)(?:[\w.-]+:)?$/i.test(before)) return contentOf(text, start, end, ends)
  if (/\bname=["']?$/i.test(before)) {
    const from = at(multipart, text, end)
    if (from !== undefined) return { from, to: orEnd(text, text.indexOf('\n--', from)) }
  }
  if (/(?:name|key)["']?\s*[:=]\s*["']?$/i.test(before)) {
    const from = at(valueOfPair, text, end)
    if (from !== undefined) return valueAt(text, from)
    return contentOf(text, start, end, ends)
  }
  const from = at(behindName, text, end)
  return from === undefined ? undefined : valueAt(text, from)
}

/** Of an element whose tag the name stands in: up to the next tag that ends one, with whatever CDATA or elements are between. */
function contentOf(text: string, start: number, end: number, ends: Ends): Span | undefined {
  const from = at(endOfTag, text, end)
  if (from === undefined) return { from: end, to: text.length }
  // What has no content may have its value in the tag.
  if (/\/(?:>|&gt;)$/i.test(text.slice(end, from))) return undefined
  const last = ends(text.slice(start, end), from)
  if (last !== undefined) return { from, to: last }
  const rest = text.slice(from)
  if (/^\s*<!\[CDATA\[/.test(rest)) {
    const close = rest.indexOf(']]>')
    return { from, to: orEnd(text, close < 0 ? -1 : from + close + 3) }
  }
  const next = rest.search(/<|&lt;/i)
  return { from, to: orEnd(text, next < 0 ? -1 : from + next) }
}

function valueAt(text: string, from: number): Span {
  const inner = at(opening, text, from)
  if (inner !== undefined) return { from: inner, to: endOfQuoted(text, text.slice(from, inner), inner) }
  if (text[from] === '{' || text[from] === '[') return { from, to: endOfBrackets(text, from) }
  const length = text.slice(from).search(/[\s&,;}\])<>"']/)
  const rest = text.slice(from, orEnd(text, length < 0 ? -1 : from + length))
  // `Authorization: Bearer x` has its value behind a space.
  const scheme = /^(?:Bearer|Basic|Digest)$/i.test(rest)
    ? /^[ \t]+[^\s&,;}\])<>"']*/.exec(text.slice(from + rest.length))
    : null
  return { from, to: from + rest.length + (scheme?.[0].length ?? 0) }
}

function endOfQuoted(text: string, by: string, from: number): number {
  for (let end = text.indexOf(by, from); end >= 0; end = text.indexOf(by, end + by.length)) {
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (by.startsWith('\\') || slashes % 2 === 0) return end
  }
  return text.length
}

function endOfBrackets(text: string, from: number): number {
  let depth = 0
  for (let end = from; end < text.length; end++) {
    if (text[end] === '{' || text[end] === '[') depth++
    if ((text[end] === '}' || text[end] === ']') && --depth === 0) return end + 1
  }
  return text.length
}

/** Where the pattern ends that begins there. */
function at(pattern: RegExp, text: string, index: number): number | undefined {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function orEnd(text: string, index: number): number {
  return index < 0 ? text.length : index
}
