import { describe, expect, it } from 'vitest'
import { createBatcher } from './batcher.ts'

/** Records the written batches; `duringFirst` runs during the first write. */
function recording(atMost: number, duringFirst = () => {}) {
  const batches: number[][] = []
  const put = createBatcher(async (items: number[]) => {
    if (batches.push(items) === 1) duringFirst()
    if (items.includes(13)) throw new Error('disk full')
    return items.map(item => item * 10)
  }, atMost)
  return { batches, put }
}

describe('batcher', () => {
  it('writes what arrives during a write in one batch, and answers each its own', async () => {
    const later: Promise<number>[] = []
    const { batches, put } = recording(10, () => later.push(put(2), put(3)))
    expect(await put(1)).toBe(10)
    expect(await Promise.all(later)).toEqual([20, 30])
    expect(batches).toEqual([[1], [2, 3]])
  })

  it('puts no more than `atMost` into one', async () => {
    const { batches, put } = recording(2)
    await Promise.all([1, 2, 3, 4, 5].map(put))
    expect(batches).toEqual([[1, 2], [3, 4], [5]])
  })

  it('tells all of a batch that failed, and goes on', async () => {
    const { put } = recording(2)
    const settled = await Promise.allSettled([1, 2, 13, 4].map(put))
    expect(settled.map(one => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(await put(3)).toBe(30)
  })
})
