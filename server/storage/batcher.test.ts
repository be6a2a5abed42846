import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createBatcher } from './batcher.ts'

/** Records the written batches; each write takes `writeMs`. */
function recording(options: { atMost: number; gapMs?: number }, writeMs = 0) {
  const batches: number[][] = []
  const put = createBatcher(async (items: number[]) => {
    batches.push(items)
    await delay(writeMs)
    if (items.includes(13)) throw new Error('disk full')
    return items.map(item => item * 10)
  }, options)
  return { batches, put }
}

describe('batcher', () => {
  it('writes what arrives meanwhile in one batch, and answers each its own', async () => {
    const { batches, put } = recording({ atMost: 10 }, 5)
    expect(await Promise.all([1, 2, 3].map(put))).toEqual([10, 20, 30])
    expect(batches).toEqual([[1], [2, 3]])
  })

  it('puts no more than `atMost` into one', async () => {
    const { batches, put } = recording({ atMost: 2 })
    await Promise.all([1, 2, 3, 4, 5, 6].map(put))
    expect(batches).toEqual([[1], [2, 3], [4, 5], [6]])
  })

  it('tells all of a batch that failed, and goes on', async () => {
    const { put } = recording({ atMost: 10 })
    const settled = await Promise.allSettled([1, 13, 2].map(put))
    expect(settled.map(one => one.status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(await put(3)).toBe(30)
  })

  it('leaves a gap between batches, in which items come together; one that comes alone does not wait', async () => {
    const gapMs = 300
    const { batches, put } = recording({ atMost: 10, gapMs })
    const startedAt = performance.now()
    await put(1)
    const aloneMs = performance.now() - startedAt
    await Promise.all([put(2), delay(1).then(() => put(3))])
    expect(aloneMs).toBeLessThan(gapMs)
    expect(batches).toEqual([[1], [2, 3]])
  })

  it('does not wait out the gap with a full batch', async () => {
    const { batches, put } = recording({ atMost: 2, gapMs: 60_000 })
    await Promise.all([1, 2, 3].map(put))
    expect(batches).toEqual([[1], [2, 3]])
  })
})
