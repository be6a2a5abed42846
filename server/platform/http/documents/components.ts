import { sharedShapes } from './shared-shapes.ts'

/** A part of the document; `named` says how a request, a body, an answer or the data of an event is called. */
type Json = Record<string, unknown>

/**
 * The parts of an OpenAPI document with references to components in the place of objects that have a name, and these components by
 * name. What a place says of its value (`description`, `default`) stays beside the reference; the fields of a component have no default.
 * Throws where one name has two shapes.
 * A document without the events leaves out the shapes of their data.
 */
export function withComponents<P extends Json>(parts: P): { parts: Json; schemas: Json } {
  const own = new Map<string, Json>()
  collect(parts, own)
  const firstOf = new Map(
    Object.entries(sharedShapes).flatMap(([name, place]) => {
      const shape = shapeAt(place, own)
      return shape ? [[name, shape] as const] : []
    }),
  )
  const shared = new Map([...firstOf].map(([name, shape]) => [textOf(shape), name] as const))
  const schemas = new Map<string, Json>()
  const refer = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(refer)
    if (!isObject(part)) return part
    const { named, description, default: usual, ...shape } = part
    const name = shape['type'] === 'object' ? (shared.get(textOf(part)) ?? named) : undefined
    if (typeof name !== 'string') return eachOf(part, refer)
    if (!schemas.has(name)) {
      // A shape may come inside itself no further than one that is known.
      schemas.set(name, {})
      schemas.set(name, withoutDefaults(withoutPlace(eachOf(firstOf.get(name) ?? shape, refer))) as Json)
    }
    return {
      $ref: `#/components/schemas/${name}`,
      ...(description === undefined ? {} : { description }),
      ...(usual === undefined ? {} : { default: usual }),
    }
  }
  const referring = refer(parts) as Json
  const sorted = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1))
  return { parts: referring, schemas: Object.fromEntries(sorted) }
}

/** The part of a component's name that comes from a path or a type of event: `/api/user/get` is `UserGet`, `bill.paid` is `BillPaid`. */
export function nameOf(pathOrType: string): string {
  return pathOrType
    .replace(/^\/(api\/)?/, '')
    .split(/\W|_/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

function collect(part: unknown, own: Map<string, Json>): void {
  if (Array.isArray(part)) for (const one of part) collect(one, own)
  if (!isObject(part)) return
  const { named } = part
  if (typeof named === 'string') {
    const known = own.get(named)
    if (known && textOf(known) !== textOf(part)) throw new Error(`two shapes are called ${named}`)
    own.set(named, part)
  }
  for (const [key, one] of Object.entries(part)) if (!isSample(key, part)) collect(one, own)
}

/** The object at `UserGetBody/orgList`: through lists, and past null. A number is a place among several kinds. */
function shapeAt(place: string, own: ReadonlyMap<string, Json>): Json | undefined {
  const [first = '', ...fields] = place.split('/')
  let found: Json | undefined = own.get(first)
  for (const field of fields) {
    const { properties, anyOf } = found ?? {}
    found = objectIn(
      /^\d+$/.test(field) ? (anyOf as unknown[])?.[Number(field)] : (properties as Json)?.[field],
    )
  }
  return found
}

function objectIn(schema: unknown): Json | undefined {
  if (!isObject(schema) || schema['properties'] !== undefined) return isObject(schema) ? schema : undefined
  const { items, anyOf } = schema
  if (items !== undefined) return objectIn(items)
  const objects = (Array.isArray(anyOf) ? anyOf : []).filter(one => isObject(one) && one['type'] !== 'null')
  return objects.length === 1 ? objectIn(objects[0]) : schema
}

/** Equal for equal shapes, whatever is said of their values. */
function textOf(shape: Json): string {
  const { named: _named, default: _usual, ...rest } = shape
  return JSON.stringify(rest, (key, value) =>
    (key === 'description' && typeof value === 'string') || (key === 'named' && typeof value === 'string')
      ? undefined
      : value,
  )
}

function eachOf(part: Json, change: (one: unknown) => unknown): Json {
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key, value]) => key !== 'named' || typeof value !== 'string')
      .map(([key, value]) => [key, isSample(key, part) ? value : change(value)]),
  )
}

function withoutPlace({ description: _description, default: _usual, ...shape }: Json): Json {
  return shape
}

/** Of a component nobody knows whether it is asked or answered, so that generators of types take a field with a default as always there. */
function withoutDefaults(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutDefaults)
  if (!isObject(part)) return part
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, value]) => {
      if (key === 'default') return []
      if (key !== 'properties' || !isObject(value))
        return [[key, isSample(key, part) ? value : withoutDefaults(value)]]
      const fields = Object.entries(value).map(([name, field]) => [name, withoutDefaults(field)])
      return [[key, Object.fromEntries(fields)]]
    }),
  )
}

/** Values of examples are no schemas, and may have any names. */
function isSample(key: string, part: Json): boolean {
  return ['example', 'examples', 'x-sample-input'].includes(key) && typeof part['properties'] !== 'object'
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
