import { expect, it } from 'vitest'
import { parseForeignJson, storable } from './foreign-text.ts'

it.each([
  ['a\0b', 'ab'],
  ['张\ud83d', '张\ufffd'],
  ['\udc00\0x', '\ufffdx'],
  ['\ud83d\0\ude00', '😀'],
  ['😀', '😀'],
])('%j becomes %j', (text, expected) => {
  expect(storable(text)).toBe(expected)
})

it('JSON of other programs holds nothing that cannot be stored', () => {
  const text = '{"a\\u0000":["\\uD800",{"b":"x\\u0000y\\ud83d\\ude00"}],"n":1,"o":null,"__proto__":"\\u0000"}'
  const value = parseForeignJson(text)
  expect(JSON.stringify(value)).toBe('{"a":["\ufffd",{"b":"xy😀"}],"n":1,"o":null,"__proto__":""}')
  expect(parseForeignJson('{"a":"\\\\u0000"}')).toEqual({ a: '\\u0000' })
})
