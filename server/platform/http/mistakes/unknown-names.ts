import { nearestOf } from '../../nearest.ts'
import type { Words } from '../words.ts'

/** An input that a call does not know. `name` is undefined where it is not repeated, because it could be somebody's secret. */
export type UnknownName = { name?: string; length: number; nearest?: string }

const repeated = /^\w{1,40}$/
const toldAtMost = 5

/** Undefined when all are known, which costs one look at each name. */
export function unknownNames(
  known: ReadonlySet<string>,
  given: Record<string, unknown>,
): UnknownName[] | undefined {
  let unknown: UnknownName[] | undefined
  for (const name in given) {
    if (known.has(name)) continue
    unknown ??= []
    if (unknown.length === toldAtMost) break
    unknown.push(tellOf(name, known))
  }
  return unknown
}

function tellOf(name: string, known: Iterable<string>): UnknownName {
  if (!repeated.test(name)) return { length: name.length }
  const nearest = nearestName(name, known)
  return { name, length: name.length, ...(nearest === undefined ? {} : { nearest }) }
}

/** The known name that was meant, most likely. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  return nearestOf(name, known, Math.max(1, Math.floor(name.length / 3)))
}

/** The name among those given that was probably meant to be this one. */
export function mistypedAs(
  wanted: string,
  given: Record<string, unknown>,
  known: object,
): string | undefined {
  const candidates = Object.keys(given).filter(name => repeated.test(name) && !Object.hasOwn(known, name))
  return candidates.find(name => nearestName(name, [wanted]) !== undefined)
}

/** The header that says so, which cannot hold Chinese: `unknown userid (userId?), unknown name of 60 characters`. */
export function warningHeaders(unknown: readonly UnknownName[]): Record<string, string> {
  const told = unknown
    .map(({ name, length, nearest }) => {
      if (name === undefined) return `unknown name of ${length} characters`
      return nearest === undefined ? `unknown ${name}` : `unknown ${name} (${nearest}?)`
    })
    .join(', ')
  return { 'x-wisp-warning': told }
}

/** Unknown names in words, each with the one that was probably meant. */
export function namesTold(unknown: readonly UnknownName[]): Words {
  const listed = (of: (one: UnknownName) => string) => unknown.map(of).join(', ')
  return {
    zh: listed(({ name, length, nearest }) =>
      name === undefined
        ? `长 ${length} 个字符的参数`
        : nearest === undefined
          ? name
          : `${name}（应为 ${nearest}）`,
    ),
    en: listed(({ name, length, nearest }) =>
      name === undefined
        ? `one of ${length} characters`
        : nearest === undefined
          ? name
          : `${name} (${nearest}?)`,
    ),
  }
}
