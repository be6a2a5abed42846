import { describe, expect, it } from 'vitest'
import { holderOf, makesCircle } from './chain.ts'

describe('a chain of delegations', () => {
  const days = (n: number) => new Date(Date.UTC(2026, 0, n))
  const one = (fromId: number, toId: number, from: number, to: number) => ({
    fromId,
    toId,
    startsAt: days(from),
    endsAt: days(to),
  })

  it('is followed until somebody has theirs, and never round', () => {
    const follow = (pairs: [number, number][], may = (_id: number) => true) =>
      holderOf(new Map(pairs), 1, may)
    expect(follow([])).toBe(1)
    expect(
      follow([
        [1, 2],
        [2, 3],
      ]),
    ).toBe(3)
    expect(
      follow(
        [
          [1, 2],
          [2, 3],
        ],
        id => id !== 3,
      ),
    ).toBe(2)
    expect(
      follow([
        [1, 2],
        [2, 1],
      ]),
    ).toBe(2)
  })

  it('is a circle only where all of it holds at once', () => {
    const known = [one(2, 3, 1, 10), one(3, 1, 5, 15)]
    expect(makesCircle(known, one(1, 2, 8, 20))).toBe(true)
    expect(makesCircle(known, one(1, 2, 10, 20))).toBe(false)
    expect(makesCircle(known, one(4, 2, 1, 20))).toBe(false)
  })
})
