import { expect, it } from 'vitest'
import { backoffMs } from './retry.ts'

it('the delay between attempts grows to its end, by chance', () => {
  for (const step of [0, 3, 7, 40, 4000]) {
    const full = Math.min(30_000, 200 * 2 ** step)
    const delay = backoffMs(step)
    expect(delay).toBeGreaterThanOrEqual(full / 2)
    expect(delay).toBeLessThanOrEqual(full)
  }
})
