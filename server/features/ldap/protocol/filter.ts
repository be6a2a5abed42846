import { BerError, type Element, Elements, textOf } from './ber.ts'
import { LdapRefusal } from './refusal.ts'

/** A filter of RFC 4511 section 4.5.1. Names of attributes are in lower case and without options. */
export type Filter =
  | { kind: 'and' | 'or'; parts: readonly Filter[] }
  | { kind: 'not'; part: Filter }
  | { kind: 'present'; name: string }
  | { kind: 'equal' | 'atLeast' | 'atMost'; name: string; value: string }
  | { kind: 'substrings'; name: string; start: string; inner: readonly string[]; end: string }
  /** `name` is '' where the rule is asked of all attributes. */
  | { kind: 'rule'; name: string; rule: string; value: string }

export type FilterItem = Exclude<Filter, { kind: 'and' | 'or' | 'not' }>

const depthAtMost = 20
const partsAtMost = 200

/** Reads the next element as a filter. Throws BerError, and 11 for one that is too deep or too large to be evaluated. */
export function readFilter(from: Elements): Filter {
  const budget = { parts: partsAtMost }
  return read(from.next(), 1, budget)
}

function read({ tag, value }: Element, depth: number, budget: { parts: number }): Filter {
  if (depth > depthAtMost)
    throw new LdapRefusal('adminLimit', `the filter is more than ${depthAtMost} levels deep`)
  if (budget.parts-- <= 0)
    throw new LdapRefusal('adminLimit', `the filter has more than ${partsAtMost} parts`)
  const inside = new Elements(value)
  switch (tag) {
    case 0xa0:
    case 0xa1: {
      const parts: Filter[] = []
      while (!inside.isAtEnd) parts.push(read(inside.next(), depth + 1, budget))
      return { kind: tag === 0xa0 ? 'and' : 'or', parts }
    }
    case 0xa2: {
      const part = read(inside.next(), depth + 1, budget)
      if (!inside.isAtEnd) throw new BerError('a negation has one filter')
      return { kind: 'not', part }
    }
    case 0xa3:
    case 0xa8:
      return { kind: 'equal', ...assertion(inside) }
    case 0xa5:
      return { kind: 'atLeast', ...assertion(inside) }
    case 0xa6:
      return { kind: 'atMost', ...assertion(inside) }
    case 0xa4:
      return substrings(inside)
    case 0x87:
      return { kind: 'present', name: nameOf(textOf(value)) }
    case 0xa9:
      return rule(inside)
    default:
      throw new BerError('a filter of this kind does not exist')
  }
}

function assertion(inside: Elements): { name: string; value: string } {
  return { name: nameOf(inside.text()), value: inside.text() }
}

function substrings(inside: Elements): Filter {
  const name = nameOf(inside.text())
  const pieces = inside.within()
  let [start, end] = ['', '']
  const inner: string[] = []
  let isAfterEnd = false
  while (!pieces.isAtEnd) {
    const { tag, value } = pieces.next()
    const text = textOf(value)
    if (isAfterEnd || text === '') throw new BerError('the pieces of a text are in a wrong order')
    if (tag === 0x80 && start === '' && inner.length === 0) start = text
    else if (tag === 0x81) inner.push(text)
    else if (tag === 0x82) [end, isAfterEnd] = [text, true]
    else throw new BerError('the pieces of a text are in a wrong order')
  }
  if (start === '' && end === '' && inner.length === 0) throw new BerError('a text has no pieces')
  return { kind: 'substrings', name, start, inner, end }
}

function rule(inside: Elements): Filter {
  let [name, oid, value] = ['', '', '']
  while (!inside.isAtEnd) {
    const { tag, value: given } = inside.next()
    if (tag === 0x81) oid = textOf(given).toLowerCase()
    else if (tag === 0x82) name = nameOf(textOf(given))
    else if (tag === 0x83) value = textOf(given)
    else if (tag !== 0x84) throw new BerError('a matching rule has no such part')
  }
  return oid === '' && name !== '' ? { kind: 'equal', name, value } : { kind: 'rule', name, rule: oid, value }
}

function nameOf(text: string): string {
  const [name = ''] = text.toLowerCase().split(';', 1)
  return name
}
