import { describe, expect, it } from 'vitest'
import { awakeAfter } from '../../../quiet-hours/quiet-end.ts'
import { allDays } from '../../../quiet-hours/quiet-hours.ts'
import { type NextStep, nextStep, type StepBasis, type Way } from './next-step.ts'

const minute = 60_000
const now = Date.parse('2026-12-01T12:00:00+08:00')
const way = (state: Way['state'], minutesAgo: number, channel = 'wecom'): Way => ({
  channel,
  state,
  at: now - minutesAgo * minute,
  reason: {
    zh: '没有邮箱',
    en: 'no address',
    ...(state === 'cancelled' ? { code: { code: 'expired' } } : {}),
  },
})

const step = (more: Partial<StepBasis['step']> = {}): StepBasis['step'] => ({
  after: 30,
  unless: 'read',
  channel: 'sms',
  ...more,
})

function decided(more: Partial<StepBasis>): string {
  const next: NextStep = nextStep({
    step: step(),
    ways: [],
    isRead: false,
    isAcknowledged: false,
    now,
    passedAt: (from, minutes) => from + minutes * minute,
    ...more,
  })
  return next.do === 'wait' ? `wait ${(next.until - now) / minute}` : `${next.do} ${next.cause.code}`
}

describe('the next step of a person', () => {
  const cases: [told: string, more: Partial<StepBasis>][] = [
    ['wait 30', { ways: [] }],
    ['wait 30', { ways: [way('open', 100)] }],
    ['wait 10', { ways: [way('sent', 20)] }],
    ['go notReadIn', { ways: [way('sent', 30)] }],
    [
      'go notAcknowledgedIn',
      { ways: [way('sent', 30)], isRead: true, step: step({ unless: 'acknowledged' }) },
    ],
    ['end readInTime', { ways: [way('sent', 5)], isRead: true }],
    ['end readInTime', { ways: [way('failed', 5)], isRead: true }],
    ['end acknowledgedInTime', { ways: [way('sent', 5)], isRead: true, isAcknowledged: true }],
    ['wait 25', { ways: [way('sent', 5)], isRead: true, step: step({ unless: 'acknowledged' }) }],
    ['end sentInTime', { ways: [way('sent', 1)], step: step({ unless: 'sent' }) }],
    ['end sentInTime', { ways: [way('sent', 50), way('failed', 1)], step: step({ unless: 'sent' }) }],
    ['go wayFailed', { ways: [way('failed', 0)], step: step({ unless: 'sent' }) }],
    ['go wayFailed', { ways: [way('failed', 0)] }],
    ['go wayFailed', { ways: [way('sent', 50), way('failed', 0, 'email')] }],
    ['wait 10', { ways: [way('failed', 50), way('sent', 20, 'email')] }],
    ['wait 29', { ways: [way('unknown', 1)] }],
    ['go unclearFor', { ways: [way('unknown', 30)] }],
    ['go unclearFor', { ways: [way('unknown', 30)], step: step({ unless: 'sent' }) }],
    ['skip wayUsed', { ways: [way('sent', 30, 'sms')] }],
    ['skip wayUsed', { ways: [way('failed', 0, 'sms')] }],
    ['end expired', { ways: [way('cancelled', 1)] }],
    ['end expired', { ways: [way('cancelled', 50), way('sent', 40, 'email')] }],
  ]
  it.each(cases.map((one, n) => [n, ...one] as const))('%i: %s', (_n, told, more) => {
    expect(decided(more)).toBe(told)
  })

  it('is due after as many minutes as are not quiet', () => {
    const night = { days: allDays, from: 22 * 60, to: 7 * 60, timeZone: 'Asia/Shanghai' }
    const noon = { ...night, from: 6 * 60, to: 8 * 60 }
    const at = (time: string) => Date.parse(`2026-12-${time}:00+08:00`)
    const passed = (from: string, minutes: number, all = [night]) =>
      new Date(awakeAfter(all, at(from), minutes * minute) + 8 * 60 * minute).toISOString().slice(8, 16)
    expect(passed('01T12:00', 30)).toBe('01T12:30')
    expect(passed('01T21:50', 10)).toBe('01T22:00')
    expect(passed('01T21:50', 30)).toBe('02T07:20')
    expect(passed('01T23:00', 30)).toBe('02T07:30')
    expect(passed('01T21:50', 30, [night, noon])).toBe('02T08:20')
    expect(passed('01T12:00', 24 * 60)).toBe('02T21:00')
    expect(awakeAfter([], now, 30 * minute)).toBe(now + 30 * minute)
    // Hours that leave a minute a day hold a step for a month at most.
    const endless = { ...night, from: 1, to: 0 }
    expect(awakeAfter([endless], now, 7 * 24 * 60 * minute)).toBeLessThan(now + 33 * 24 * 60 * minute)
  })
})
