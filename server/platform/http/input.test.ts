import fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { ApiError } from './errors.ts'
import {
  choice,
  type Field,
  type Fields,
  flag,
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
  readInput,
  structured,
  text,
  texts,
} from './input.ts'

function read(field: Field<unknown>, value: unknown): unknown {
  try {
    return readInput({ it: field }, { it: value })['it']
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`
    throw error
  }
}

describe('inputs', () => {
  const name = text('', { max: 5 })
  const lines = text('', { max: 9, lines: true })
  const note = optionalText('', { max: 5 })
  const page = optionalInteger('', { min: 1, max: 1000 })
  const kind = choice('', ['0', '2'])
  const ids = optionalIds('', { max: 3 })
  const values = texts('', { max: 2, length: 3 })
  const shape = structured(
    '',
    Type.Object({
      a: Type.Optional(Type.Array(Type.Integer({ maximum: 9 }), { maxItems: 2 })),
      b: Type.Enum(['x', 'y']),
    }),
  )
  it.each<[string, Field<unknown>, unknown, unknown]>([
    ['text', name, '张三', '张三'],
    ['text', name, 12, '12'],
    ['a list as a text', values, '["a","b"]', ['a', 'b']],
    ['a list as a text', values, 'a,b', '1000 参数错误: it 应为数组'],
    ['a list as a text', values, '["a"', '1000 参数错误: it 应为数组'],
    ['shape', shape, { a: [1], b: 'x' }, { a: [1], b: 'x' }],
    ['shape', shape, 'x', '1000 参数错误: it 应为 JSON 对象'],
    ['shape', shape, {}, '1000 参数错误: it 缺少 b'],
    ['shape', shape, { b: 'z' }, '1000 参数错误: it.b 应为 x、y 之一'],
    ['shape', shape, { a: [10], b: 'x' }, '1000 参数错误: it.a[0] 不能大于 9'],
    ['shape', shape, { a: [1, 2, 3], b: 'x' }, '1000 参数错误: it.a 最多 2 个'],
    ['text', name, undefined, '1001 参数为空: it'],
    ['text', name, null, '1001 参数为空: it'],
    ['text', name, '', '1001 参数为空: it'],
    ['text', name, '123456', '1000 参数错误: it 最长 5 个字符，现有 6 个'],
    ['text', name, 'a\tb', '1000 参数错误: it 含有控制字符，请去掉'],
    ['text', name, '\ud800', '1000 参数错误: it 含有不成对的代理字符'],
    ['text', name, '😀', '😀'],
    ['text', name, false, '1000 参数错误: it 应为字符串'],
    ['text', name, {}, '1000 参数错误: it 应为字符串'],
    ['text', name, ['a'], '1000 参数错误: it 应为单个字符串，收到数组或重复的参数'],
    ['lines', lines, 'a\r\n\tb', 'a\r\n\tb'],
    ['lines', lines, 'a\u0000', '1000 参数错误: it 含有控制字符，请去掉'],
    ['optional text', note, '', undefined],
    ['optional text', note, 0, '0'],
    ['flag', flag(''), undefined, false],
    ['flag', flag(''), '1', true],
    ['flag', flag(''), 0, false],
    ['flag', flag(''), true, '1000 参数错误: it 应为字符串'],
    ['flag', flag(''), 'no', '1000 参数错误: it 应为 0 或 1'],
    ['integer', page, '007', 7],
    ['integer', page, 1000, 1000],
    ['integer', page, '', undefined],
    ['integer', page, 1001, '1000 参数错误: it 应为 1 到 1000 的整数'],
    ['integer', page, -0, '1000 参数错误: it 应为 1 到 1000 的整数'],
    ['integer', page, '1.0', '1000 参数错误: it 应为 1 到 1000 的整数'],
    ['integer', page, Number.POSITIVE_INFINITY, '1000 参数错误: it 应为 1 到 1000 的整数'],
    ['choice', kind, 2, '2'],
    ['choice', kind, '1', '1000 参数错误: it 应为 0、2 之一'],
    ['choice', kind, '', '1001 参数为空: it'],
    ['optional choice', optionalChoice('', ['a']), undefined, undefined],
    ['ids', ids, undefined, []],
    ['ids', ids, 'a|b', ['a', 'b']],
    ['ids', ids, 'a,b c', ['a', 'b', 'c']],
    ['ids', ids, '|a||a|', ['a']],
    ['ids', ids, 7, ['7']],
    ['ids', ids, [1, ' b ', '', 'b'], ['1', 'b']],
    ['ids', ids, 'a|b|c|d', '1000 参数错误: it 最多 3 个，收到 4 个'],
    ['ids', ids, ['a', null], '1000 参数错误: it[1] 应为字符串'],
    ['ids', ids, [['a']], '1000 参数错误: it[0] 应为单个字符串，收到数组或重复的参数'],
    ['texts', values, ['a', ''], ['a', '']],
    ['texts', values, 'a', '1000 参数错误: it 应为数组'],
    ['texts', values, ['a', 'b', 'c'], '1000 参数错误: it 最多 2 个'],
    ['texts', values, ['abcd'], '1000 参数错误: it[0] 最长 3 个字符，现有 4 个'],
  ])('%s %#: %o %j', (_kind, field, value, wanted) => {
    expect(read(field, value)).toEqual(wanted)
  })
})

it('joined ids and listed ids mean the same', () => {
  const id = fc.string({
    unit: fc.constantFrom('a', 'B', '0', '.', '_', '@', '-', '部'),
    minLength: 1,
    maxLength: 8,
  })
  const separator = fc.constantFrom('|', ',', ' ', '||', ' | ')
  fc.assert(
    fc.property(fc.array(id, { maxLength: 10 }), separator, (list, separator) => {
      const ids = optionalIds('', { max: 10 })
      expect(read(ids, list.join(separator))).toEqual([...new Set(list)])
      expect(read(ids, list)).toEqual([...new Set(list)])
    }),
  )
})

it('whatever is given, it is read or refused by name', () => {
  const fields: Fields = {
    a: text('', { max: 20 }),
    b: optionalInteger('', { min: 0, max: 9 }),
    c: optionalIds('', { max: 5 }),
    d: flag(''),
    e: texts('', { max: 5, length: 5 }),
  }
  const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constant(undefined))
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'z'), anything),
      given => {
        try {
          const values = readInput(fields, given)
          expect(Object.keys(values)).toEqual(Object.keys(fields))
          expect(JSON.stringify(values).includes('\\u0000')).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError)
          expect((error as ApiError).message).toMatch(/^(参数错误|参数为空): [abcde]\b/)
        }
      },
    ),
    { numRuns: 500 },
  )
})
