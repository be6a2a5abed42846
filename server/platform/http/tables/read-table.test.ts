import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TableRow } from './columns.ts'
import { readCsvTable, readTable } from './read-table.ts'
import { oneFileOfCorp } from './uploaded-file.ts'

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

/** With so many columns in each line, beside the two that are known. */
const wide = (columns: number, lines: number, cell = 'x') =>
  Buffer.from(
    ['账号,手机', ...Array(lines).fill('a,1')].map(line => line + `,${cell}`.repeat(columns - 2)).join('\n'),
  )

it('takes 200 columns, and empty ones behind them', async () => {
  const { rows } = await readTable(wide(200, 3), wanted)
  expect(rows.map(row => row.cells.length)).toEqual([200, 200, 200, 200])
  const { rows: padded } = await readTable(wide(900, 3, ''), wanted)
  expect(padded[1]?.cells.slice(0, 3)).toEqual(['a', '1', ''])
})

it.each([
  ['small', 1],
  ['read in a thread', 100],
])('refuses more columns, and says where: %s', async (_what, lines) => {
  await expect(readTable(wide(201, lines), wanted)).rejects.toThrow('第 1 行有 201 列，一个文件最多 200 列')
})

it('passes on at most 10,000 cells at a time, so that others get their turn', async () => {
  const worker = new Worker(new URL('./table-thread.ts', import.meta.url), {
    workerData: { bytes: wide(200, 999), wanted, takesWorkbooks: false },
  })
  const pieces: number[] = []
  await once(worker, 'message')
  for (let rows: TableRow[] = []; pieces.length === 0 || rows.length > 0; ) {
    worker.postMessage('next')
    rows = (await once(worker, 'message'))[0].rows
    pieces.push(rows.reduce((sum, row) => sum + row.cells.length, 0))
  }
  expect(Math.max(...pieces)).toBeLessThanOrEqual(10_000)
  expect(pieces.reduce((sum, one) => sum + one, 0)).toBe(200_000)
})

it('has fewer threads at work than there are cores', async () => {
  let atWork = 0
  const together: number[] = []
  const note = (message: unknown) => {
    together.push(++atWork)
    ;(message as { worker: Worker }).worker.once('exit', () => atWork--)
  }
  subscribe('worker_threads', note)
  const file = wide(20, 500)
  await Promise.all(Array.from({ length: 4 }, () => readTable(file, wanted)))
  unsubscribe('worker_threads', note)
  expect(together).toHaveLength(4)
  expect(Math.max(...together)).toBeLessThanOrEqual(Math.max(1, availableParallelism() - 1))
})

it('lets a corp have one file looked through at a time', async () => {
  const steps: string[] = []
  const look = (corpId: string, name: string) =>
    oneFileOfCorp(corpId, async () => {
      steps.push(`${name} begins`)
      await readTable(wide(20, 500), wanted)
      steps.push(`${name} ends`)
    })
  await Promise.all([look('one', 'a'), look('one', 'b'), look('two', 'c')])
  expect(steps.filter(step => !step.startsWith('c'))).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(steps.indexOf('c begins')).toBeLessThan(steps.indexOf('a ends'))
  const crowd = Array.from({ length: 7 }, (_, n) => look('three', `d${n}`))
  await expect(Promise.all(crowd)).rejects.toThrow('另有 5 个排队')
  await Promise.allSettled(crowd)
})
