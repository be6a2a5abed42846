import { parseDn } from '../protocol/dn.ts'
import type { Filter, FilterItem } from '../protocol/filter.ts'
import type { Entry } from './entries.ts'

/** `unknown`: details are needed to tell; `undefined`, of RFC 4511, is a rule that wisp does not know: neither true nor false. */
export type Verdict = true | false | 'unknown' | undefined

/** Tests that an entry decides by itself: of a group, who is in it; of a person, in which groups they are, above too. */
export type OwnTest = (item: FilterItem) => Verdict | 'values'

const bitAnd = '1.2.840.113556.1.4.803'
const bitOr = '1.2.840.113556.1.4.804'
/** Groups of groups, of Active Directory. */
export const chainRule = '1.2.840.113556.1.4.1941'
const ignoringCase = new Set(['2.5.13.2', 'caseignorematch', '2.5.13.1', 'distinguishednamematch'])

export function matches(filter: Filter, entry: Entry, own: OwnTest): Verdict {
  switch (filter.kind) {
    case 'and':
      return all(filter.parts, entry, own, false)
    case 'or':
      return all(filter.parts, entry, own, true)
    case 'not': {
      const verdict = matches(filter.part, entry, own)
      return typeof verdict === 'boolean' ? !verdict : verdict
    }
    default: {
      const verdict = own(filter)
      return verdict === 'values' ? item(filter, entry) : verdict
    }
  }
}

/** `ends` is the verdict of one part that decides for all. */
function all(parts: readonly Filter[], entry: Entry, own: OwnTest, ends: boolean): Verdict {
  let verdict: Verdict = !ends
  for (const part of parts) {
    const found = matches(part, entry, own)
    if (found === ends) return ends
    if (found === 'unknown' || (found === undefined && verdict !== 'unknown')) verdict = found
  }
  return verdict
}

function item(filter: FilterItem, entry: Entry): Verdict {
  if (filter.kind === 'rule' && !isKnownRule(filter.rule, filter.name)) return undefined
  const values = entry.values(filter.name)
  if (!values) return 'unknown'
  if (filter.kind === 'present') return values.length > 0
  if (filter.kind === 'substrings') return values.some(value => hasPieces(value, filter))
  const wanted = normal(filter.name, filter.value)
  return values.some(value => {
    switch (filter.kind) {
      case 'equal':
        return normal(filter.name, value) === wanted
      case 'atLeast':
        return compare(normal(filter.name, value), wanted) >= 0
      case 'atMost':
        return compare(normal(filter.name, value), wanted) <= 0
      default:
        return byRule(filter.rule, normal(filter.name, value), wanted)
    }
  })
}

function isKnownRule(rule: string, name: string): boolean {
  return name !== '' && (rule === bitAnd || rule === bitOr || ignoringCase.has(rule))
}

const isNumber = (text: string) => /^-?\d{1,15}$/.test(text)

function byRule(rule: string, value: string, wanted: string): boolean {
  if (ignoringCase.has(rule)) return value === wanted
  if (!isNumber(value) || !isNumber(wanted)) return false
  const both = BigInt(value) & BigInt(wanted)
  return rule === bitAnd ? both === BigInt(wanted) : both !== 0n
}

function compare(value: string, wanted: string): number {
  if (isNumber(value) && isNumber(wanted)) return Number(value) - Number(wanted)
  return value < wanted ? -1 : value > wanted ? 1 : 0
}

function hasPieces(value: string, { start, inner, end }: FilterItem & { kind: 'substrings' }): boolean {
  const text = plain(value)
  const [first, last] = [plain(start), plain(end)]
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false
  let at = first.length
  for (const piece of inner.map(plain)) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= text.length - last.length
}

export const namesOfDns: ReadonlySet<string> = new Set([
  'memberof',
  'member',
  'uniquemember',
  'entrydn',
  'distinguishedname',
])

/** Values are compared without case, and with one space where there are several. */
function normal(name: string, value: string): string {
  if (!namesOfDns.has(name)) return plain(value).trim()
  return dnKey(value) ?? plain(value)
}

const plain = (text: string) => text.toLowerCase().replace(/ {2,}/g, ' ')

/** Returns a key that is equal for two spellings of a DN; undefined for a text that is none. */
export function dnKey(dn: string): string | undefined {
  return parseDn(dn)
    ?.map(({ type, value }) => `${type}=${plain(value)}`)
    .join('\n')
}

/** Whether an entry that has these attributes and classes alone may match at all. */
export function mayMatch(
  filter: Filter,
  names: ReadonlyMap<string, string>,
  classes: ReadonlySet<string>,
): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every(part => mayMatch(part, names, classes))
    case 'or':
      return filter.parts.some(part => mayMatch(part, names, classes))
    case 'not':
      return true
    default:
      if (filter.kind === 'equal' && filter.name === 'objectclass')
        return classes.has(filter.value.toLowerCase())
      return names.has(filter.name)
  }
}
