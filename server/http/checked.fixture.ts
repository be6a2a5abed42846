import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import type { Answer, Caller } from '../../test/harness.ts'
import { endpoints } from '../app.ts'
import { codes } from './errors.ts'

const declared = new Map(endpoints.map(one => [one.path, one]))
const known = new Map<string, string>(Object.values(codes).map(({ code, zh }) => [code, zh]))

/** A caller each of whose answers is held against the envelope and the shape that its call declares. */
export function checked(caller: Caller): Caller {
  return {
    ...caller,
    get: async (path, query) => checkAnswer(path, await caller.get(path, query)),
    post: async (path, body, headers) => checkAnswer(path, await caller.post(path, body, headers)),
  }
}

export function checkAnswer(path: string, answer: Answer): Answer {
  const { status, headers, retCode, retMessage, body } = answer
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/)
  expect(typeof retCode).toBe('string')
  if (retCode === '0') {
    expect([status, retMessage]).toEqual([200, '成功'])
    const shape = declared.get(path)?.output as TSchema
    checkShape(Array.isArray(body) ? itemsOf(shape) : shape, body)
  } else {
    expect(status).toBe(retCode === '1010' ? 429 : 200)
    expect(retMessage.startsWith(known.get(retCode) ?? 'unknown code')).toBe(true)
    expect('body' in answer).toBe(false)
  }
  return answer
}

/** Exactly this shape: nothing missing, nothing of another type, nothing undeclared. */
function checkShape(shape: TSchema, body: unknown): void {
  expect([...Value.Errors(shape, body)].map(error => `${error.instancePath} ${error.message}`)).toEqual([])
  expect(Value.Clean(shape, structuredClone(body))).toEqual(body)
}

/** For developers with `listStyle: array`. */
function itemsOf(shape: TSchema): TSchema {
  type WithList = { properties: { list: TSchema } }
  const [object] = (shape as unknown as { anyOf?: WithList[] }).anyOf ?? [shape as unknown as WithList]
  return object!.properties.list
}

/** Code and text of a refusal, for tables of bad input. */
export function refusal({ retCode, retMessage }: Answer): string {
  return `${retCode} ${retMessage}`
}
