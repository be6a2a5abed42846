import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSearchIndex, type SearchIndex } from './search-index.ts'
import { createSettler, settle } from './settle.ts'

function filled(count: number): SearchIndex {
  const index = createSearchIndex()
  for (let n = 0; n < count; n++)
    index.set(n, { userId: `user${n}`, name: `张${n % 97}`, alias: '', mobile: `138${n}`, pinyin: 'zhang' })
  return index
}

it('builds in slices: others get their turn', async () => {
  const index = filled(20_000)
  let turns = 0
  const counting = setInterval(() => turns++, 1)
  await settle(index)
  clearInterval(counting)
  expect(turns).toBeGreaterThan(3)
  expect(index.step()).toBe(false)
  expect(index.search('user19999', { offset: 0, limit: 5, mobile: true })).toEqual([19_999])
})

it('begins when a corp has been quiet, and ends with the process', async () => {
  const stopping = new AbortController()
  const index = filled(20_000)
  const settleLater = createSettler(() => index, stopping.signal)
  const unsettled = index.memoryBytes()
  for (let n = 0; n < 8; n++) {
    settleLater('corp')
    await delay(100)
  }
  expect(index.memoryBytes()).toBe(unsettled)
  await expect.poll(() => index.memoryBytes(), { timeout: 20_000 }).toBeGreaterThan(unsettled)
  await expect.poll(() => index.step(), { timeout: 20_000 }).toBe(false)

  const other = filled(20_000)
  createSettler(() => other, stopping.signal)('corp')
  stopping.abort()
  await delay(700)
  expect(other.step()).toBe(true)
})
