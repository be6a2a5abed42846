import { describe, expect, it } from 'vitest'
import { OfficialError, OfficialUnavailable } from './errors.ts'
import { isLimit, isUsedUp, mayPass, passesByItself, tokenPath } from './passing.ts'

const refusal = (errcode: number, path = '/cgi-bin/x') => new OfficialError(errcode, '', path)
const silence = new OfficialUnavailable('/cgi-bin/x', 'timeout', 'no answer', { ambiguous: true })

describe('a failure', () => {
  it.each([
    ['no answer', silence, true, true],
    ['busy', refusal(-1), true, true],
    ['the limit of the minute', refusal(45011), true, true],
    ['a dead token', refusal(42001), true, true],
    ['a token that WeChat does not know', refusal(40001), true, true],
    ['a secret that gets no token', refusal(40001, tokenPath), false, true],
    ['the limit of the day', refusal(45009), false, true],
    ['an address that is not listed', refusal(40164), false, true],
    ['a wrong secret', refusal(40125), false, true],
    ['a follower who is unknown', refusal(40003), false, false],
    ['what is not of WeChat', new Error('x'), false, false],
  ])('of %s', (_name, error, byItself, later) => {
    expect([passesByItself(error), mayPass(error)]).toEqual([byItself, later])
  })
})

it('a limit tells nothing about secret and address', () => {
  expect([-1, 45009, 45011, 40125, 40164].map(isLimit)).toEqual([true, true, true, false, false])
})

it('is repeated after a minute where WeChat was asked too often, and earlier where it is busy', () => {
  expect([-1, 45011, 45009, 43117, 42001].map(isUsedUp)).toEqual([false, true, true, true, false])
})
