import { expect, it } from 'vitest'
import { createCallBudget, LimitReached } from './call-budget.ts'

const limits = { perOwner: { perMinute: 3, perHour: 5 }, perAddress: { perMinute: 5, perHour: 100 } }

function budgetAt() {
  let now = 1_000_000
  const budget = createCallBudget(limits, () => now)
  const taken = (owner: string, path: string, times: number) => {
    let count = 0
    for (let n = 0; n < times; n++) {
      try {
        budget.take(owner, path)
        count++
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error
      }
    }
    return count
  }
  return {
    budget,
    taken,
    pass: (ms: number) => {
      now += ms
    },
  }
}

it('limits one call of one corp a minute and an hour, and leaves other calls and corps alone', () => {
  const { taken, pass } = budgetAt()
  expect(taken('a', '/x', 10)).toBe(3)
  expect(taken('a', '/y', 10)).toBe(3)
  pass(60_000)
  expect(taken('a', '/x', 10)).toBe(2)
  pass(60_000)
  expect(taken('a', '/x', 10)).toBe(0)
  pass(3_600_000)
  expect(taken('a', '/x', 10)).toBe(3)
})

it('limits one call of all corps by the address that they share', () => {
  const { taken } = budgetAt()
  expect([taken('a', '/x', 10), taken('b', '/x', 10), taken('c', '/x', 10)]).toEqual([3, 2, 0])
  expect(taken('c', '/y', 10)).toBe(3)
})

it('waits a minute after the vendor has refused, with or without limits of its own', () => {
  const { budget, taken, pass } = budgetAt()
  budget.noteUsedUp('a', '/x')
  expect(taken('a', '/x', 1)).toBe(0)
  expect(taken('b', '/x', 1)).toBe(1)
  expect(() => budget.check('a', '/x')).toThrow(expect.objectContaining({ retryAfterSeconds: 60 }))
  pass(60_000)
  expect(taken('a', '/x', 1)).toBe(1)
  const unlimited = createCallBudget(undefined, () => 0)
  for (let n = 0; n < 1000; n++) unlimited.take('a', '/x')
  unlimited.noteUsedUp('a', '/x')
  expect(() => unlimited.take('a', '/x')).toThrow(LimitReached)
})
