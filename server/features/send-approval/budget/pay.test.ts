import { expect, it } from 'vitest'
import type { SpentRow } from './budget-store.ts'
import { monthOf, nextMonthAt } from './months.ts'
import { type Bill, type Budget, payOne } from './pay.ts'

const row = (more: Partial<SpentRow> = {}): SpentRow => ({
  corpId: 'ww1',
  month: '2026-12',
  devId: '',
  used: 0,
  urgent: 0,
  isStopped: false,
  isUrgentStopped: false,
  ...more,
})
const bill = (persons: number, more: Partial<Bill> = {}): Bill => ({
  corpId: 'ww1',
  devId: 'wd1',
  isUrgent: false,
  fen: 5,
  persons,
  ...more,
})
const budget = (more: Partial<Budget> = {}): Budget => ({
  corp: 100,
  developer: undefined,
  urgent: 20,
  ...more,
})

it('pays for as many as there is budget for, and says whose was used up', () => {
  const [corp, developer] = [row({ used: 80 }), row({ devId: 'wd1', used: 30 })]
  const paid = payOne(bill(6), budget(), { corp, developer }, false)
  expect(paid).toEqual({ persons: 4, paidFrom: '2026-12', usedUp: 'corp' })
  expect([corp.used, developer.used, corp.isStopped]).toEqual([100, 50, false])
  const none = payOne(bill(2), budget(), { corp, developer }, false)
  expect(none).toEqual({ persons: 0, paidFrom: '2026-12', usedUp: 'corp' })
  expect([corp.used, corp.isStopped, developer.isStopped]).toEqual([100, true, false])
})

it('takes the smaller of two budgets', () => {
  const [corp, developer] = [row(), row({ devId: 'wd1', used: 10 })]
  const paid = payOne(bill(3), budget({ developer: 15 }), { corp, developer }, false)
  expect(paid).toEqual({ persons: 1, paidFrom: '2026-12', usedUp: 'developer' })
  payOne(bill(2), budget({ developer: 15 }), { corp, developer }, false)
  expect([corp.isStopped, developer.isStopped]).toEqual([false, true])
})

it('leaves what only urgent messages may use to them, after the common part', () => {
  const corp = row({ used: 95 })
  const purses = { corp, developer: undefined }
  const urgent = (persons: number) => payOne(bill(persons, { isUrgent: true }), budget(), purses, false)
  expect(urgent(1).paidFrom).toBe('2026-12')
  expect(urgent(3)).toEqual({ persons: 3, paidFrom: '2026-12 urgent' })
  expect([corp.used, corp.urgent]).toEqual([100, 15])
  expect(urgent(2)).toEqual({ persons: 1, paidFrom: '2026-12 urgent', usedUp: 'urgent' })
  expect(urgent(1)).toMatchObject({ persons: 0, usedUp: 'urgent' })
  expect([corp.used, corp.urgent, corp.isUrgentStopped]).toEqual([100, 20, true])
})

it('pays whole or not at all where that is asked, and stops nothing by that', () => {
  const corp = row({ used: 90 })
  const paid = payOne(bill(3), budget(), { corp, developer: undefined }, true)
  expect(paid.persons).toBe(0)
  expect([corp.used, corp.isStopped]).toEqual([90, false])
})

it('knows months by the clocks of the zone', () => {
  const at = Date.parse('2026-12-31T16:30:00Z')
  expect([monthOf(at, 'Asia/Shanghai'), monthOf(at, 'UTC')]).toEqual(['2027-01', '2026-12'])
  expect(new Date(nextMonthAt(at, 'Asia/Shanghai')).toISOString()).toBe('2027-01-31T16:00:00.000Z')
  expect(new Date(nextMonthAt(at, 'UTC')).toISOString()).toBe('2027-01-01T00:00:00.000Z')
})
