import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { textWithoutValues, wholeText } from '../told.ts'
import { shapeFault } from './shape-words.ts'

const closed = { additionalProperties: false }
const schema = Type.Object(
  {
    scopes: Type.Optional(Type.Array(Type.String(), { maxItems: 2, uniqueItems: true })),
    name: Type.Optional(Type.String({ minLength: 2, maxLength: 3 })),
    level: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    state: Type.Optional(Type.Enum(['on', 'off'])),
    hours: Type.Optional(Type.Union([Type.Object({ from: Type.String() }, closed), Type.Null()])),
    list: Type.Optional(Type.Array(Type.Object({ colour: Type.Boolean() }, closed))),
    url: Type.Optional(Type.String({ pattern: '^https:' })),
    free: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  },
  closed,
)

describe('what is wrong with a value', () => {
  it.each([
    [
      { scops: [] },
      'settings.scops 是不认识的名称，应为 scopes',
      'settings.scops is an unknown name: scopes?',
    ],
    [{ zzz: 1 }, 'settings.zzz 是不认识的名称', 'settings.zzz is an unknown name'],
    [{ __proto__x: 1 }, 'settings.__proto__x 是不认识的名称', 'settings.__proto__x is an unknown name'],
    [
      { list: [{ colour: true }, { color: true }] },
      'settings.list[1].color 是不认识的名称，应为 colour',
      'settings.list[1].color is an unknown name: colour?',
    ],
    [
      { hours: { From: '1' } },
      'settings.hours.From 是不认识的名称，应为 from',
      'settings.hours.From is an unknown name: from?',
    ],
    [{ scopes: 'x' }, 'settings.scopes 应为 数组', 'settings.scopes should be an array'],
    [{ scopes: ['a', 'b', 'c'] }, 'settings.scopes 最多 2 个', 'settings.scopes should have at most 2'],
    [{ scopes: ['a', 'a'] }, 'settings.scopes 有重复的项', 'settings.scopes has the same item twice'],
    [{ scopes: [1] }, 'settings.scopes[0] 应为 字符串', 'settings.scopes[0] should be a string'],
    [{ name: 'x' }, 'settings.name 最少 2 字', 'settings.name should have at least 2 characters'],
    [{ name: 'xxxx' }, 'settings.name 最多 3 字', 'settings.name should have at most 3 characters'],
    [{ level: 0 }, 'settings.level 不能小于 1', 'settings.level should be at least 1'],
    [{ level: 10 }, 'settings.level 不能大于 9', 'settings.level should be at most 9'],
    [{ kind: 'c' }, 'settings.kind 应为 a、b 之一', 'settings.kind should be one of a, b'],
    [{ state: 'c' }, 'settings.state 应为 on、off 之一', 'settings.state should be one of on, off'],
    [{ hours: {} }, 'settings.hours 缺少 from', 'settings.hours lacks from'],
    [{ url: 'http:' }, 'settings.url 的格式不对', 'settings.url has the wrong format'],
    [{ free: { a: 'x' } }, 'settings.free.a 应为 整数', 'settings.free.a should be an integer'],
    [[], 'settings 应为 JSON 对象', 'settings should be a JSON object'],
    [null, 'settings 应为 JSON 对象', 'settings should be a JSON object'],
  ])('%j', (value, zh, en) => {
    const fault = shapeFault('settings', schema, value)
    expect(fault && { zh: wholeText(fault.zh), en: wholeText(fault.en) }).toEqual({ zh, en })
    expect(`${fault?.zh} ${fault?.en}`).not.toMatch(/schema|must/)
  })

  it('is nothing where it fits', () => {
    const value = { scopes: ['a'], kind: 'b', hours: null, list: [{ colour: true }], free: { anything: 1 } }
    expect(shapeFault('settings', schema, value)).toBeUndefined()
  })

  it('keeps what a caller wrote out of the log', () => {
    const fault = shapeFault('settings', schema, { hunter2: 1 })
    expect(textWithoutValues(fault?.zh ?? '')).toBe('settings… 是不认识的名称')
  })
})
