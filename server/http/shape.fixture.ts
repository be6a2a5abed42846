import type { TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { endpoints } from '../app.ts'
import { pageCalls } from '../page-calls.ts'

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null
type Shape = { check(body: unknown): void }

const declared = new Map<string, TSchema>(
  [...endpoints, ...pageCalls].flatMap(one =>
    'output' in one && one.output ? [[one.path, one.output]] : [],
  ),
)
const shapes = new Map<string, Shape>()

/**
 * Throws where a body is not exactly what the call of this path declares: something missing, of another type or undeclared.
 * The harness asks it of every answer that any test gets, since ready bytes do not pass through the declaration.
 */
export function checkBody(path: string, body: unknown): void {
  const schema = declared.get(path)
  if (!schema) return
  shapes.getOrInsertComputed(path, () => shapeOf(path, schema)).check(body)
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

/** The same where no object takes what is not named. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner
}

/** For developers with `listStyle: array`. */
function itemsOf(schema: Json): Json {
  type WithList = { properties?: { list?: Json }; anyOf?: WithList[] }
  const { properties, anyOf } = schema as WithList
  return properties?.list ?? anyOf?.find(one => one.properties?.list)?.properties?.list ?? { not: {} }
}
