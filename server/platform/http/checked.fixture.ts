import { expect } from 'vitest'
import type { Answer, Caller } from '../../../test/harness.ts'
import { codes } from './errors.ts'
import { checkBody } from './shape.fixture.ts'

const known = new Map<string, string>(Object.values(codes).map(({ code, zh }) => [code, zh]))

/** A caller that checks each answer against the envelope and the shape that its call declares. */
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
    checkBody(path, body)
  } else {
    expect(status).toBe(retCode === '1010' ? 429 : 200)
    expect(retMessage.startsWith(known.get(retCode) ?? 'unknown code')).toBe(true)
    expect('body' in answer).toBe(false)
  }
  return answer
}

/** Code and text of a refusal as one string, for tables of bad input. */
export function refusal({ retCode, retMessage }: Answer): string {
  return `${retCode} ${retMessage}`
}
