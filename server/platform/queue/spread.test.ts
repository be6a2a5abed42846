import { expect, it } from 'vitest'
import { placeOf, spreadOver } from './spread.ts'

const hourMs = 3_600_000
const night = { eachMs: 5000, atMostMs: 4 * hourMs }
const names = (count: number) => Array.from({ length: count }, (_, n) => `ww${n}`)

it('keeps the time of a single one exactly, and places every other the same each time', () => {
  expect(spreadOver(['ww1'], 1000, night)).toEqual([{ name: 'ww1', dueAt: new Date(1000) }])
  expect(spreadOver([], 1000, night)).toEqual([])
  expect(placeOf('ww1')).toBe(placeOf('ww1'))
  expect(spreadOver(names(3), 0, { eachMs: 5000, atMostMs: 0 }).map(one => one.dueAt.getTime())).toEqual([
    0, 0, 0,
  ])
})

it.each([
  [200, 999_000],
  [2000, 4 * hourMs],
  [20_000, 4 * hourMs],
])('spreads %i evenly over the night', (count, span) => {
  const minutes = new Map<number, number>()
  const times = spreadOver(names(count), 0, night).map(one => one.dueAt.getTime())
  expect(Math.max(...times)).toBeLessThan(Math.min(span, (count - 1) * night.eachMs))
  for (const time of times) {
    const minute = Math.floor(time / 60_000)
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
  }
  const perMinute = count / (Math.min(span, (count - 1) * night.eachMs) / 60_000)
  // Twice and some: what chance puts into one minute.
  expect(Math.max(...minutes.values())).toBeLessThan(2 * perMinute + 12)
})
