import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { calendarDayIn, clockOf, dueStateOf, momentIn, momentOfClock } from './moments.ts'

const timeZone = 'Asia/Shanghai'
const at = (clock: string) => momentOfClock(clock, timeZone)
const now = at('2026-12-01T09:30:00')

it.each([
  ['2026-12-01T18:00:00', '今天 18:00', 'Today 18:00', '12 月 1 日 18:00', 'Dec 1 18:00'],
  ['2026-12-01T00:00:00', '今天 00:00', 'Today 00:00', '12 月 1 日 00:00', 'Dec 1 00:00'],
  ['2026-11-30T08:43:00', '昨天 08:43', 'Yesterday 08:43', '11 月 30 日 08:43', 'Nov 30 08:43'],
  ['2026-12-02T23:59:59', '明天 23:59', 'Tomorrow 23:59', '12 月 2 日 23:59', 'Dec 2 23:59'],
  ['2026-01-12T07:05:00', '1 月 12 日 07:05', 'Jan 12 07:05', '1 月 12 日 07:05', 'Jan 12 07:05'],
  [
    '2025-12-01T18:00:00',
    '2025 年 12 月 1 日 18:00',
    'Dec 1, 2025 18:00',
    '2025 年 12 月 1 日 18:00',
    'Dec 1, 2025 18:00',
  ],
])('writes %s in words', (clock, zh, en, keptZh, keptEn) => {
  const shown = { timeZone, now }
  const kept = { ...shown, isKept: true }
  const written = [momentIn('zh', at(clock), shown), momentIn('en', at(clock), shown)]
  expect(written).toEqual([zh, en])
  expect([momentIn('zh', at(clock), kept), momentIn('en', at(clock), kept)]).toEqual([keptZh, keptEn])
  const whole = momentIn('zh', at(clock), { timeZone, to: 'second' })
  expect(whole).toMatch(/^\d{4} 年 \d+ 月 \d+ 日 \d\d:\d\d:\d\d$/)
  expect(momentIn('en', at(clock), { ...shown, isWithin: true })[0]).toMatch(/[a-zJDN]/)
})

it('writes a day without its time', () => {
  const form = { timeZone, now, to: 'day' } as const
  expect(momentIn('zh', at('2026-12-09T23:59:59'), form)).toBe('12 月 9 日')
  expect(momentIn('en', now, { ...form, isWithin: true })).toBe('today')
  expect(calendarDayIn('zh', '2027-01-03', { today: '2026-12-01' })).toBe('2027 年 1 月 3 日')
  expect(calendarDayIn('en', '2026-12-02', { today: '2026-12-01' })).toBe('Tomorrow')
})

it('has the day, the year and what is due today of the zone that it is given', () => {
  const moment = Date.parse('2026-12-31T17:00:00Z')
  const before = { now: moment - 3_600_000 }
  expect(momentIn('zh', moment, { ...before, timeZone })).toBe('今天 01:00')
  expect(momentIn('zh', moment, { ...before, timeZone: 'America/New_York' })).toBe('今天 12:00')
  expect(momentIn('en', moment, { now: moment - 7_200_000, timeZone })).toBe('Tomorrow 01:00')
  expect(momentIn('en', moment, { now, timeZone })).toBe('Jan 1, 2027 01:00')
  expect(dueStateOf(moment, { now: moment - 7_200_000, timeZone })).toBe('later')
  expect(dueStateOf(moment, { now: moment - 7_200_000, timeZone: 'UTC' })).toBe('today')
  expect(dueStateOf(moment, { now: moment + 1, timeZone })).toBe('late')
})

it('reads clocks back, also on days when they are changed', () => {
  const zone = 'America/New_York'
  for (const clock of [
    '2026-07-01T00:00:00',
    '2026-03-08T03:30:00',
    '2026-03-08T01:59:59',
    '2026-11-01T03:00:00',
  ])
    expect(clockOf(momentOfClock(clock, zone), zone)).toBe(clock)
  // What clocks leave out is moved, by the hour that they leave out.
  expect(clockOf(momentOfClock('2026-03-08T02:30:00', zone), zone)).toMatch(/T0[13]:30:00/)
})

it('does not depend on the zone of the process', () => {
  const program = `
    import { formatDate, formatMoment, formatTime } from '${import.meta.dirname}/format.ts'
    import { momentIn, momentOfClock } from '${import.meta.dirname}/moments.ts'
    import { nextTime } from '${import.meta.dirname}/cron-line.ts'
    import { dayOf } from '${import.meta.dirname}/operation/day.ts'
    const at = new Date('2026-12-31T17:04:05Z'), now = at.getTime() - 1000, zone = 'Asia/Shanghai'
    console.log(JSON.stringify([
      formatTime(at, zone), formatMoment(at, zone, now), formatDate(at, zone, now), momentIn('en', at, { timeZone: zone, now }),
      momentOfClock('2026-12-31T17:04:05', zone), nextTime('30 3 * * *', at, zone), dayOf(now)]))`
  const [there, here] = ['America/New_York', 'Asia/Shanghai'].map(TZ =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TZ },
    }),
  )
  expect(there).toBe(here)
  expect(there).toContain('1 月 1 日 01:04')
})
