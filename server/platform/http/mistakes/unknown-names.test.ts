import { describe, expect, it } from 'vitest'
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

  it('tell what was meant', () => {
    expect(mistypedAs('userId', { userid: 'x', pageNo: 1 }, { userId: 1, pageNo: 1 })).toBe('userid')
    expect(mistypedAs('userId', { '<b>': 'x', pageNo: 1 }, { userId: 1, pageNo: 1 })).toBeUndefined()
  })
})
