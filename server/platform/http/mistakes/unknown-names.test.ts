import { describe, expect, it } from 'vitest'
import { ApiError } from '../errors.ts'
import { withMeantNames } from './meant-names.ts'
import { mistypedAs, unknownNames, warningHeaders } from './unknown-names.ts'

const known = new Set(['devToken', 'userId', 'pageNo', 'pageSize', 'searchName'])

describe('unknown names', () => {
  it('are looked for only where there are some', () => {
    expect(unknownNames(known, { userId: 'x', devToken: 'y' })).toBeUndefined()
  })

  it.each([
    ['userid', 'unknown userid (userId?)'],
    ['user_id', 'unknown user_id (userId?)'],
    ['pagesize', 'unknown pagesize (pageSize?)'],
    ['pageNum', 'unknown pageNum (pageNo?)'],
    ['colour', 'unknown colour'],
    ['__proto__', 'unknown __proto__'],
    ['<b>', 'unknown name of 3 characters'],
    ['😀', 'unknown name of 2 characters'],
    ['x\r\nset-cookie: a=b', 'unknown name of 18 characters'],
    ['x'.repeat(500), 'unknown name of 500 characters'],
  ])('%s', (name, warning) => {
    const given = JSON.parse(`{"userId":"x",${JSON.stringify(name)}:"1"}`)
    expect(warningHeaders(unknownNames(known, given) ?? [])).toEqual({ 'x-wisp-warning': warning })
  })

  it('are told of five at most', () => {
    const given = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`n${n}`, '1']))
    expect(unknownNames(known, given)).toHaveLength(5)
  })

  it('are told in what a call is refused with, each once, where something was meant', () => {
    const unknown = unknownNames(known, { userid: '1', pageNum: '2', colour: '3' })
    const missing = withMeantNames(new ApiError('missingParameter', 'userId（收到 userid）'), unknown)
    expect(missing.messageIn('zh')).toBe('参数为空: userId（收到 userid）（收到 pageNum，应为 pageNo）')
    const wrong = withMeantNames(new ApiError('badParameter', { zh: '不对', en: 'wrong' }), unknown)
    expect(wrong.messageIn('en')).toMatch(/: wrong \(got userid, which should be userId; got pageNum, /)
    expect(wrong.code).toBe('1000')
    const others = [new ApiError('unknownMember', 'x'), new ApiError('badParameter', 'x', { status: 404 })]
    for (const error of others) expect(withMeantNames(error, unknown)).toBe(error)
    expect(withMeantNames(missing, undefined)).toBe(missing)
  })

  it('tell what was meant', () => {
    expect(mistypedAs('userId', { userid: 'x', pageNo: 1 }, { userId: 1, pageNo: 1 })).toBe('userid')
    expect(mistypedAs('userId', { '<b>': 'x', pageNo: 1 }, { userId: 1, pageNo: 1 })).toBeUndefined()
  })
})
