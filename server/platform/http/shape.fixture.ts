import type { TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { adminCalls, allFeatures, endpoints, pageCalls } from '../../features.ts'

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null
type Shape = { check(body: unknown): void }

const declared = new Map<string, TSchema>(
  [...endpoints, ...adminCalls, ...pageCalls].flatMap(one =>
    'output' in one && one.output ? [[one.path, one.output]] : [],
  ),
)
const shapes = new Map<string, Shape>()

/**
 * Throws when a body does not match exactly what the call of this path declares: something is missing, of another
 * type, or undeclared. The harness calls this for every answer in every test, since ready bytes bypass the
 * declaration.
 */
export function checkBody(path: string, body: unknown): void {
  const schema = declared.get(path)
  if (!schema) return
  shapes.getOrInsertComputed(path, () => shapeOf(path, schema)).check(body)
}

const eventSchemas = new Map(
  allFeatures.flatMap(one => Object.entries(one.eventTypes ?? {})).map(([type, { data }]) => [type, data]),
)

/** The same for the `data` of an event, without what all events have. */
export function checkEvent(type: string, data: object): void {
  const schema = eventSchemas.get(type)
  if (!schema) throw new Error(`no feature declares the event ${type}`)
  const { corpId: _corp, seq: _seq, ...own } = data as Record<string, unknown>
  shapes.getOrInsertComputed(type, () => shapeOf(type, schema)).check(own)
}

function shapeOf(path: string, schema: TSchema): Shape {
  const whole = closed(JSON.parse(JSON.stringify(schema)))
  const one = Compile(whole as object)
  const list = Compile(itemsOf(whole) as object)
  return {
    check(body) {
      const shape = Array.isArray(body) ? list : one
      if (shape.Check(body)) return
      const [, errors] = shape.Errors(body)
      throw new Error(`${path} answers what it does not declare: ${JSON.stringify(errors)}`)
    },
  }
}

/** Copies a schema so that no object in it accepts undeclared properties. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner
}

/** The schema of an answer for developers with `listStyle: array`. */
function itemsOf(schema: Json): Json {
  type WithList = { properties?: { list?: Json }; anyOf?: WithList[] }
  const { properties, anyOf } = schema as WithList
  return properties?.list ?? anyOf?.find(one => one.properties?.list)?.properties?.list ?? { not: {} }
}
