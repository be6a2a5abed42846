import { expect, it } from 'vitest'
import {
  counted,
  formatCount,
  formatDate,
  formatDay,
  formatDuration,
  formatMoment,
  formatMoney,
  formatTime,
} from './format.ts'

it.each([
  [0, '0 毫秒', '0 ms'],
  [40.4, '40 毫秒', '40 ms'],
  [1000, '1 秒', '1 second'],
  [1640, '1.6 秒', '1.6 seconds'],
  [-9_960, '10 秒', '10 seconds'],
  [90_000, '90 秒', '90 seconds'],
  [12 * 60_000, '12 分钟', '12 minutes'],
  [3 * 3_600_000, '3 小时', '3 hours'],
  [71 * 3_600_000, '2 天', '2 days'],
])('%d ms are %s', (ms, zh, en) => expect(formatDuration(ms)).toEqual({ zh, en }))

it('groups numbers, and shows money to the fen', () => {
  expect([7868, 0, 1_000_000].map(formatCount)).toEqual(['7,868', '0', '1,000,000'])
  expect([12_850, 1, -123_456, 0].map(formatMoney)).toEqual(['¥128.50', '¥0.01', '-¥1,234.56', '¥0.00'])
  expect([counted(1, 'member'), counted(2000, 'member')]).toEqual(['1 member', '2,000 members'])
})

it.each([
  ['Asia/Shanghai', '2026-07-02 00:04:05', '7 月 2 日 00:04', 'Jul 2', '2026-07-02'],
  ['Europe/Berlin', '2026-07-01 18:04:05', '7 月 1 日 18:04', 'Jul 1', '2026-07-01'],
  ['UTC', '2026-07-01 16:04:05', '7 月 1 日 16:04', 'Jul 1', '2026-07-01'],
])('shows a time in %s, whatever zone the process has', (zone, time, moment, date, day) => {
  const at = new Date('2026-07-01T16:04:05Z')
  const now = at.getTime()
  expect([formatTime(at, zone), formatMoment(at, zone, now).zh]).toEqual([time, moment])
  expect([formatDate(at, zone, now).en, formatDay(at, zone)]).toEqual([date, day])
})
