import { expect, it } from 'vitest'
import { backoffMs, growingDelayMs } from './retry.ts'

it('the delay between attempts grows to its end, with and without chance', () => {
  for (const step of [0, 3, 7, 40, 4000]) {
    const full = Math.min(30_000, 200 * 2 ** step)
    const delay = backoffMs(step)
    expect(delay).toBeGreaterThanOrEqual(full / 2)
    expect(delay).toBeLessThanOrEqual(full)
  }
  const delays = { first: 1000, longest: 60_000 }
  expect([0, 1, 2, 5, 6, 4000].map(failed => growingDelayMs(failed, delays))).toEqual([
    1000, 2000, 4000, 32_000, 60_000, 60_000,
  ])
})
