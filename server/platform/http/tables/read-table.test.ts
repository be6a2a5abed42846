import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readCsvTable, readTable } from './read-table.ts'

const wanted = { names: { userId: ['账号'], mobile: ['手机'] }, key: 'userId', recordsAtMost: 20_000 }

let threads = 0
const count = () => {
  threads++
}
beforeEach(() => {
  threads = 0
  subscribe('worker_threads', count)
})
afterEach(() => unsubscribe('worker_threads', count))

it('reads a large CSV file in a thread, rows in their order', async () => {
  const lines = Array.from({ length: 12_345 }, (_, n) => `user${n};"1380000${n}"`)
  const { rows, ...about } = await readCsvTable(Buffer.from(`账号;手机\n${lines.join('\n')}`), wanted)
  expect(about).toEqual({ encoding: 'UTF-8', separator: ';' })
  expect(rows).toHaveLength(12_346)
  expect([rows[1], rows.at(-1)]).toEqual([
    { line: 2, cells: ['user0', '13800000'] },
    { line: 12_346, cells: ['user12344', '138000012344'] },
  ])
  expect(threads).toBe(1)
})

it.each([
  ['5 MB of quotes', `账号,手机\n${'"'.repeat(5_000_000)}`, '第 2 行无法读取'],
  ['too many rows', `账号,手机\n${'a,1\n'.repeat(20_100)}`, '一次最多导入 20000 行'],
])('refuses %s, found in a thread', async (_what, text, words) => {
  await expect(readCsvTable(Buffer.from(text), wanted)).rejects.toThrow(words)
  await expect(readTable(Buffer.from(text), wanted)).rejects.toThrow(words)
  expect(threads).toBe(2)
})

it('starts no thread for a small file', async () => {
  const { rows } = await readTable(Buffer.from('账号,手机\na,1'), wanted)
  expect(rows.map(row => row.cells)).toEqual([
    ['账号', '手机'],
    ['a', '1'],
  ])
  expect(threads).toBe(0)
})
