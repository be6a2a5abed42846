import { expect, it } from 'vitest'
import { growingDelayMs } from './growing-delay.ts'

it('the delay between attempts of stored work grows to its end', () => {
  const delays = { first: 1000, longest: 60_000 }
  expect([0, 1, 2, 5, 6, 4000].map(failed => growingDelayMs(failed, delays))).toEqual([
    1000, 2000, 4000, 32_000, 60_000, 60_000,
  ])
})
