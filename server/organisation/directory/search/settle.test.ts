import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

describe('later', () => {
  // Only the timers that measure the quiet time are faked; the slices run in real time.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('begins when a corp has been quiet', async () => {
    const index = filled(20_000)
    const settled: string[] = []
    const settleLater = createSettler(
      () => index,
      corpId => settled.push(corpId),
      new AbortController().signal,
    )
    const unsettled = index.memoryBytes()
    for (let n = 0; n < 8; n++) {
      settleLater('corp')
      vi.advanceTimersByTime(400)
    }
    expect(index.memoryBytes()).toBe(unsettled)
    vi.advanceTimersByTime(100)
    vi.useRealTimers()
    await expect.poll(() => index.memoryBytes()).toBeGreaterThan(unsettled)
    await expect.poll(() => settled, { timeout: 20_000 }).toEqual(['corp'])
    expect(index.step()).toBe(false)
  })

  it('ends with the process', async () => {
    const index = filled(20_000)
    const stopping = new AbortController()
    createSettler(() => index, vi.fn(), stopping.signal)('corp')
    stopping.abort()
    vi.advanceTimersByTime(500)
    expect(index.step()).toBe(true)
  })
})
