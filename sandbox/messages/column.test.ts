import { expect, test } from 'vitest'
import { Column } from './column.ts'

test('a column reads back what was pushed, over the end of a block, and nothing behind its own end', () => {
  const column = new Column()
  for (let n = 0; n < 70_000; n++) column.push(n * 3)
  expect(column.size).toBe(70_000)
  expect([0, 65_535, 65_536, 69_999].map(at => column.at(at))).toEqual([0, 196_605, 196_608, 209_997])
  expect(column.at(70_000)).toBeUndefined()
  expect(column.at(-1)).toBeUndefined()
})
