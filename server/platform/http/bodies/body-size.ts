import 'fastify'
import type { Fields } from '../input.ts'
import { elementsAtMost } from './excess.ts'

/**
 * The largest body that a call takes. `elements` are counted as `checkStructure` does. `bytes` are infinite where a schema sets no
 * limit; lists without one count no elements. `form`: in bytes, of a call that takes a file.
 */
export type BodySize = { bytes: number; elements: number; form?: number }

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for each route that takes JSON or a form. */
    bodySize?: BodySize
  }
}

/** In bytes: what every call accepts, and the most that a call accepts unless its declaration names more. */
export const smallBody = 65_536
export const largeBody = 2_000_000

/**
 * In how many ms a body has to arrive. A larger one than `largeBody` is an upload, which may take as long as any request
 * (`requestTimeout` of app.ts).
 */
export const bodyWithinMs = 10_000

/**
 * As much as the declared inputs can come to as JSON, so that a call whose inputs are small reads no large body. Programs escape
 * all that is not ASCII, which makes six bytes of a character.
 */
export function sizeOfInputs(fields: Fields): BodySize {
  const sizes = Object.entries(fields).map(([name, { schema }]) => sizeOfMember(name, schema))
  const files = Object.values(fields).flatMap(({ schema }) => fileSizeOf(schema) ?? [])
  return {
    ...(files.length > 0 ? { form: Math.max(...files) + smallBody } : {}),
    bytes: Math.min(
      Math.max(
        smallBody,
        sumOf(sizes, one => one.bytes),
      ),
      largeBody,
    ),
    elements: Math.max(
      elementsAtMost,
      sumOf(sizes, one => one.elements),
    ),
  }
}

/** The same call as an encrypted packet: one text of Base64. */
export function sizeOfPacket({ bytes }: BodySize): BodySize {
  return { bytes: Math.ceil((bytes * 4) / 3) + 1000, elements: elementsAtMost }
}

type Schema = {
  type?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  maxLength?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  patternProperties?: unknown
  contentMediaType?: string
}

/** Of an input that is a file; undefined for others. */
function fileSizeOf({ contentMediaType, maxLength }: Schema): number | undefined {
  return contentMediaType === undefined ? undefined : maxLength
}

const bytesOfCharacter = 6
const bytesOfNumber = 25
const unlimited: BodySize = { bytes: Number.POSITIVE_INFINITY, elements: 1 }

function sizeOf(schema: Schema): BodySize {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  if (schema.contentMediaType !== undefined) return single(0)
  if (choices) return single(Math.max(...choices.map(one => JSON.stringify(one).length * bytesOfCharacter)))
  if (schema.anyOf) {
    const sizes = schema.anyOf.map(sizeOf)
    return {
      bytes: Math.max(...sizes.map(one => one.bytes)),
      elements: Math.max(...sizes.map(one => one.elements)),
    }
  }
  switch (schema.type) {
    case 'string':
      return single(2 + bytesOfCharacter * (schema.maxLength ?? Number.POSITIVE_INFINITY))
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return single(bytesOfNumber)
    case 'array':
      return sizeOfList(schema)
    case 'object':
      return sizeOfObject(schema)
    default:
      return unlimited
  }
}

function single(bytes: number): BodySize {
  return { bytes, elements: 1 }
}

function sizeOfList({ items = {}, maxItems }: Schema): BodySize {
  if (maxItems === undefined) return unlimited
  const item = sizeOf(items)
  return { bytes: 2 + maxItems * (item.bytes + 1), elements: 1 + maxItems * item.elements }
}

function sizeOfObject({ properties = {}, patternProperties }: Schema): BodySize {
  const sizes = Object.entries(properties).map(([name, one]) => sizeOfMember(name, one))
  return {
    bytes: patternProperties ? Number.POSITIVE_INFINITY : 2 + sumOf(sizes, one => one.bytes),
    elements: 1 + sumOf(sizes, one => one.elements),
  }
}

function sizeOfMember(name: string, schema: Schema): BodySize {
  const { bytes, elements } = sizeOf(schema)
  return { bytes: bytes + name.length + '"":,'.length, elements }
}

function sumOf(sizes: readonly BodySize[], read: (size: BodySize) => number): number {
  return sizes.reduce((sum, one) => sum + read(one), 0)
}
