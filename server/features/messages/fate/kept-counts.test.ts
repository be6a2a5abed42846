import { expect, it } from 'vitest'
import { keptCounts } from './kept-counts.ts'

it('counts anew what is counted quickly, keeps what took long for a while, and forgets what failed', async () => {
  let now = 1000
  let takesMs = 20
  let fails = false
  const asked: (readonly string[])[] = []
  const count = keptCounts(
    async corpIds => {
      const turn = asked.push(corpIds)
      await Promise.resolve()
      now += takesMs
      if (fails) throw new Error('away')
      return new Map(corpIds.filter(one => one !== 'none').map(one => [one, turn]))
    },
    () => now,
  )
  expect(await count(['a', 'none'])).toEqual(new Map([['a', 1]]))
  expect(await count(['a'])).toEqual(new Map([['a', 2]]))
  takesMs = 500
  // Whoever asks for the same meanwhile waits for the same.
  const [one, other] = await Promise.all([count(['a', 'b']), count(['b', 'c'])])
  expect(asked.slice(2)).toEqual([['a', 'b'], ['c']])
  expect([one.get('b'), other.get('b')]).toEqual([3, 3])
  now += 9000
  expect((await count(['a', 'b'])).get('a')).toBe(3)
  now += 12_000
  expect((await count(['a'])).get('a')).toBe(5)
  takesMs = 3_600_000
  await count(['long'])
  now += 60_001
  fails = true
  await expect(count(['long'])).rejects.toThrow('away')
  fails = false
  expect((await count(['long'])).get('long')).toBe(8)
})
