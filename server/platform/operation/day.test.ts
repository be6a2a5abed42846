import { expect, it } from 'vitest'
import { dayOf, nextDayAt } from './day.ts'

it('days begin at midnight in Beijing', () => {
  const lastMoment = Date.parse('2026-03-01T23:59:59.999+08:00')
  expect(dayOf(lastMoment)).toBe('2026-03-01')
  expect(dayOf(lastMoment + 1)).toBe('2026-03-02')
  expect(nextDayAt(lastMoment)).toBe(lastMoment + 1)
  expect(nextDayAt(lastMoment + 1)).toBe(lastMoment + 1 + 86_400_000)
})
