import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../errors.ts'
import { optionalInteger, optionalObjects, optionalStructured, optionalText, text } from '../input.ts'
import { withMeantNames } from './meant-names.ts'
import { knownNames, mistypedAs, namesTold, unknownNames, warningHeaders } from './unknown-names.ts'

const told = { zh: '参数', en: 'Input' }
const word = optionalText(told, { max: 10 })
const number = optionalInteger(told, { min: 1, max: 9 })
const known = knownNames({ userId: word, pageNo: number, pageSize: number, searchName: word }, ['devToken'])

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

  const items = optionalObjects(told, { name: text(told, { max: 9 }), unitPrice: number }, { max: 9 })
  const nested = knownNames(
    {
      todos: optionalObjects(told, { dueAt: word, items }, { max: 500 }),
      data: optionalStructured(
        told,
        Type.Record(
          Type.String(),
          Type.Union([Type.String(), Type.Object({ value: Type.String(), more: Type.Unknown() })]),
        ),
      ),
      card: optionalStructured(told, Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()])),
      open: optionalStructured(told, Type.Object({ name: Type.String() }, { additionalProperties: true })),
      quiet: optionalStructured(told, Type.Union([Type.Null(), Type.Object({ from: Type.String() })])),
      either: optionalStructured(
        told,
        Type.Union([Type.Object({ userId: Type.String() }), Type.Object({ tag: Type.Integer() })]),
      ),
    },
    [],
  )

  it.each([
    [{ todos: [{ dueAt: '' }, { dueat: 'x' }] }, 'unknown todos[1].dueat (dueAt?)'],
    [
      { todos: [{ items: [{ name: 'x', unit_price: 1 }] }] },
      'unknown todos[0].items[0].unit_price (unitPrice?)',
    ],
    [{ todos: [{ 'a b': 1 }] }, 'unknown name of 3 characters in todos[0]'],
    [{ data: { thing1: { value: 'x', valu: 1 } } }, 'unknown data.*.valu (value?)'],
    [{ data: { 'a b': { colour: 'x' } } }, 'unknown data.*.colour'],
    [{ quiet: { frm: '1' } }, 'unknown quiet.frm (from?)'],
    [{ either: { userId: 'x', tags: 1 } }, 'unknown either.tags (tag?)'],
  ])('are found inside of inputs: %j', (given, warning) => {
    expect(warningHeaders(unknownNames(nested, given) ?? [])).toEqual({ 'x-wisp-warning': warning })
  })

  it.each([
    [{ card: { whatever: { x: 1 } } }],
    [{ open: { whatever: 1 } }],
    [{ data: { any: 'x', other: { value: 'y', more: { z: 1 } } } }],
    [{ either: { userId: 'x', tag: 1 } }],
    [{ todos: 'not a list', quiet: null, data: [{ value: 'x' }] }],
  ])('are none where any name is taken, or the shape is another: %j', given => {
    expect(unknownNames(nested, given)).toBeUndefined()
  })

  it('are told of five at most, wherever they are', () => {
    const todos = Array.from({ length: 500 }, () => ({ dueat: 'x', titel: 'y' }))
    expect(unknownNames(nested, { todo: 1, todos })).toHaveLength(5)
  })

  it('are asked for in both languages', () => {
    const unknown = unknownNames(nested, { todos: [{ dueat: 'x' }] }) ?? []
    expect(namesTold(unknown)).toEqual({
      zh: 'todos[0].dueat（是不是 dueAt？）',
      en: 'todos[0].dueat (did you mean dueAt?)',
    })
  })

  it('cost nothing more where no input holds objects', () => {
    expect(known.inside).toEqual([])
  })
})
