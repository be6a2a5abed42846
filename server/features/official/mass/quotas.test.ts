import { describe, expect, it } from 'vitest'
import { callsOf } from './audience.ts'
import { startsInChina } from './quotas.ts'
import { statusWords } from './status.ts'

describe('what WeChat counts and says', () => {
  it('counts days and months as China does', () => {
    const { day, month } = startsInChina(Date.UTC(2026, 6, 31, 17))
    expect([day.toISOString(), month.toISOString()]).toEqual([
      '2026-07-31T16:00:00.000Z',
      '2026-07-31T16:00:00.000Z',
    ])
  })

  it('a long list is split so that no call has one openid', () => {
    const sizes = (n: number) =>
      callsOf(Array.from({ length: n }, (_, i) => `openid-${i}`)).map(one => one.length)
    expect(sizes(10_000)).toEqual([10_000])
    expect(sizes(10_001)).toEqual([5001, 5000])
    expect(sizes(20_001)).toEqual([6667, 6667, 6667])
    expect(() => sizes(1)).toThrow('至少 2 位')
  })

  it('all statuses that docs/upstream names have words', () => {
    const codes = [10001, 20001, 20002, 20004, 20006, 20008, 20013, 21000, 22000, 30001, 30002, 30003]
    for (const code of codes) expect(statusWords(`err(${code})`, false).zh).toMatch(/（err\(\d+\)）$/)
  })
})
