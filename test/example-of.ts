import type { TSchema } from 'typebox'

type Shape = TSchema & {
  const?: unknown
  anyOf?: Shape[]
  enum?: unknown[]
  type?: string
  minimum?: number
  minItems?: number
  items?: Shape
  required?: string[]
  properties?: Record<string, Shape>
}

/** A value of the declared shape, so that a call's reading lets it pass and its handler is asked. */
export function exampleOf(schema: Shape): unknown {
  const { anyOf, type, required = [], properties = {}, minimum = 1, minItems = 0, items } = schema
  // Where a thing may be missing, that is said last.
  const last = anyOf?.at(-1)
  if (last) return exampleOf(last)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (type === 'string') return 'x'
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') return minimum
  if (type === 'null') return null
  if (type === 'array') return items && minItems > 0 ? [exampleOf(items)] : []
  return Object.fromEntries(required.map(name => [name, exampleOf(properties[name] ?? {})]))
}
