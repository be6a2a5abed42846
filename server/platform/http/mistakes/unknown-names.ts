import type { TSchema } from 'typebox'
import { nearestOf } from '../../nearest.ts'
import type { Words } from '../../words.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

/**
 * An input that a call does not know. `name` has the path in front of it, such as `list[3].dueat`; it is undefined where it is not
 * repeated, because it could be somebody's secret, and `inside` says in which object it was then. `nearest` is a name alone.
 */
export type UnknownName = { name?: string; length: number; nearest?: string; inside?: string }

/** The names that a call knows: of its inputs, and of the objects inside those whose shape is declared. */
export type KnownNames = {
  readonly names: ReadonlySet<string>
  /** Empty for most calls, so that these look at the names of their inputs alone. */
  readonly inside: readonly (readonly [name: string, NamesInside])[]
}

/** What objects inside a value may hold: the elements of a list or a map, or the fields of an object, of which some hold objects too. */
type NamesInside =
  | { readonly each: NamesInside }
  | { readonly fields: ReadonlyMap<string, NamesInside | undefined> }

const repeated = /^\w{1,40}$/
const toldAtMost = 5

/** Returns the names of the inputs of a call. `also` are names that do not surprise in any call. */
export function knownNames(input: Record<string, { schema: TSchema }>, also: readonly string[]): KnownNames {
  const inside = Object.entries(input).flatMap(([name, { schema }]) => {
    const found = namesInside(schema)
    return found ? [[name, found] as const] : []
  })
  return { names: new Set([...also, ...Object.keys(input)]), inside }
}

type DeclaredSchema = {
  type?: string
  anyOf?: readonly TSchema[]
  items?: TSchema
  properties?: Record<string, TSchema>
  patternProperties?: Record<string, TSchema>
  additionalProperties?: unknown
}

/** Undefined where there are no objects, or where these take any name. */
function namesInside(schema: TSchema): NamesInside | undefined {
  const { type, anyOf, items, properties, patternProperties, additionalProperties } = schema as DeclaredSchema
  if (anyOf) return ofAny(anyOf)
  const elements = type === 'array' ? items : patternProperties && Object.values(patternProperties)[0]
  if (elements) {
    const each = namesInside(elements)
    return each && { each }
  }
  if (!properties || additionalProperties) return undefined
  return { fields: new Map(Object.entries(properties).map(([name, one]) => [name, namesInside(one)])) }
}

/** A value of several shapes has the names of all of them; when one of these takes any name, so does the value. */
function ofAny(schemas: readonly TSchema[]): NamesInside | undefined {
  const mayHold = schemas.filter(one => ['object', 'array', undefined].includes((one as DeclaredSchema).type))
  const found = mayHold.map(namesInside)
  if (found.length < 2) return found[0]
  const fields = found.flatMap(one => (one && 'fields' in one ? [...one.fields] : []))
  return found.every(one => one && 'fields' in one) ? { fields: new Map(fields) } : undefined
}

/** Undefined when all are known, which costs one look at each name. */
export function unknownNames(
  { names, inside }: KnownNames,
  given: Record<string, unknown>,
): UnknownName[] | undefined {
  let unknown: UnknownName[] | undefined
  for (const name in given) {
    if (names.has(name)) continue
    unknown ??= []
    if (unknown.length === toldAtMost) return unknown
    unknown.push(tellOf('', name, names))
  }
  for (const [name, one] of inside) {
    unknown ??= []
    lookInside(one, given[name], name, unknown)
  }
  return unknown?.length ? unknown : undefined
}

function lookInside(known: NamesInside, value: unknown, path: string, unknown: UnknownName[]): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, one] of Object.entries(value)) {
    if (unknown.length === toldAtMost) return
    if ('each' in known) {
      const part = Array.isArray(value) ? `[${name}]` : '.*'
      lookInside(known.each, one, path + part, unknown)
    } else if (!Array.isArray(value)) {
      const field = known.fields.get(name)
      if (field) lookInside(field, one, `${path}.${name}`, unknown)
      else if (!known.fields.has(name)) unknown.push(tellOf(path, name, known.fields.keys()))
    }
  }
}

function tellOf(inside: string, name: string, known: Iterable<string>): UnknownName {
  if (!repeated.test(name)) return { length: name.length, ...(inside === '' ? {} : { inside }) }
  const nearest = nearestName(name, known)
  return {
    name: inside === '' ? name : `${inside}.${name}`,
    length: name.length,
    ...(nearest === undefined ? {} : { nearest }),
  }
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
    .map(({ name, length, nearest, inside }) => {
      if (name === undefined) return `unknown name of ${length} characters${inside ? ` in ${inside}` : ''}`
      return nearest === undefined ? `unknown ${name}` : `unknown ${name} (${nearest}?)`
    })
    .join(', ')
  return { 'x-wisp-warning': told }
}

/** Why, for developers who would rather have a mistyped name refused than ignored. */
export const ofStrictDeveloper = {
  zh: '；此开发者不接受未知参数',
  en: '; this developer takes no unknown ones',
}

/** 1000 that names them, and perhaps says why they are refused. */
export function unknownInputs(
  unknown: readonly UnknownName[],
  because: Words = { zh: '', en: '' },
): ApiError {
  const { zh, en } = namesTold(unknown)
  return new ApiError('badParameter', {
    zh: told`没有参数 ${own(zh)}${own(because.zh)}`,
    en: told`unknown parameters: ${own(en)}${own(because.en)}`,
  })
}

/** Unknown names in words, each with the one that was probably meant. */
export function namesTold(unknown: readonly UnknownName[]): Words {
  const listed = (of: (one: UnknownName) => string) => unknown.map(of).join(', ')
  return {
    zh: listed(({ name, length, nearest, inside }) =>
      name === undefined
        ? `${inside ? `${inside} 中` : ''}长 ${length} 个字符的参数`
        : nearest === undefined
          ? name
          : `${name}（是不是 ${nearest}？）`,
    ),
    en: listed(({ name, length, nearest, inside }) =>
      name === undefined
        ? `one of ${length} characters${inside ? ` in ${inside}` : ''}`
        : nearest === undefined
          ? name
          : `${name} (did you mean ${nearest}?)`,
    ),
  }
}
