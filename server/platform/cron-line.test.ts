import { expect, it } from 'vitest'
import { cronProblem, nextTime } from './cron-line.ts'

it.each([
  '30 2 * * *',
  '*/5 * * * *',
  '0 0 1,15 * 1-5',
  '0-30/10 1 * JAN-mar sun',
  '0 0 29 2 *',
  '0 0 31 2 5',
  '0 0 * * 7',
])('takes %s', line => {
  expect(cronProblem(line)).toBeUndefined()
})

it.each([
  ['', 'five fields'],
  ['every night', 'five fields'],
  ['0 30 2 * * *', 'five fields'],
  ['60 2 * * *', '"60" as minute'],
  ['30 25 * * *', '"25" as hour'],
  ['30 2 0 * *', '"0" as day of the month'],
  ['30 2 * 13 *', '"13" as month'],
  ['30 2 * * mond', '"mond" as day of the week'],
  ['30 5-2 * * *', '"5-2" as hour'],
  ['*/0 2 * * *', '"*/0" as minute'],
  ['30 2 , * *', '"," as day of the month'],
  ['30 2 31 2,4 *', 'never comes'],
  ['30 2 30 feb *', 'never comes'],
  ['@daily', 'five fields'],
])('says what is wrong with %j', (line, why) => {
  expect(cronProblem(line)?.en).toContain(why)
  expect(cronProblem(line)?.zh).toMatch(/[一-鿿]/)
})

it.each([
  ['30 2 * * *', [2026, 0, 1, 2, 29], [2026, 0, 1, 2, 30]],
  ['30 2 * * *', [2026, 0, 1, 2, 30], [2026, 0, 2, 2, 30]],
  ['30 2 * * *', [2026, 0, 1, 2, 30, 0, 1], [2026, 0, 2, 2, 30]],
  ['*/5 * * * *', [2026, 0, 1, 23, 57], [2026, 0, 2, 0, 0]],
  ['0 0 29 2 *', [2026, 0, 1], [2028, 1, 29]],
  ['0 3 31 * 5', [2026, 0, 1], [2026, 0, 2, 3]],
] as [string, number[], number[]][])(
  'finds the next time of %s after %j, in the zone that is asked for',
  (line, after, next) => {
    const at = ([year = 0, month = 0, day = 1, ...rest]: number[]) => Date.UTC(year, month, day, ...rest)
    for (const [zone, hours] of [
      ['Asia/Shanghai', 8],
      ['America/New_York', -5],
    ] as const) {
      const there = (parts: number[]) => new Date(at(parts) - hours * 3_600_000)
      expect(nextTime(line, there(after), zone)).toEqual(there(next))
    }
  },
)

it('comes once where clocks are changed', () => {
  const next = nextTime('30 2 * * *', new Date('2026-03-29T00:00:00Z'), 'Europe/Berlin')
  expect(next.toISOString()).toBe('2026-03-29T01:00:00.000Z')
})

it('finds no next time where none comes', () => {
  expect(() => nextTime('30 2 30 2 *', new Date(), 'UTC')).toThrow('never comes')
})
