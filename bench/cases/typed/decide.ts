import { decide } from '../../../server/features/message-types/decide/decide.ts'
import type { DecisionBasis } from '../../../server/features/message-types/decide/decision.ts'
import { allDays } from '../../../server/features/quiet-hours/quiet-hours.ts'
import { type Figure, median, short } from '../../report.ts'

const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe']
const minute = 60_000
const inRound = 20_000

/** Everything that can hold a message up, at times around those at which zones change their clocks. */
function basisOf(n: number): DecisionBasis {
  const timeZone = zones[n % zones.length]!
  const now = Date.parse('2026-10-24T00:00:00Z') + n * 7 * minute
  return {
    level: n % 5 === 0 ? 'must' : 'normal',
    channels: ['wecom', 'email', 'sms'],
    digest: { at: '02:30', first: true },
    frequency: { atMost: 3, minutes: 600, rest: 'digest' },
    choice: {
      isOff: false,
      isAllOff: false,
      channels: ['email', 'wecom'],
      without: ['sms'],
      digest: undefined,
      quietHours: { days: [1, 3, 5, 7], from: 13 * 60, to: 14 * 60, timeZone },
    },
    corpQuietHours: { days: allDays, from: 22 * 60, to: 7 * 60, timeZone: 'Asia/Shanghai' },
    timeZone,
    acceptedAt: now,
    expiresAt: now + 3000 * minute,
    hasWaited: false,
    history: {
      leftAt: [now - minute, now - 90 * minute, now - 500 * minute],
      collectingUntil: undefined,
      lastDigestAt: now - 60 * minute,
    },
    now,
  }
}

/** One decision about one message for one person. */
export function measureDecide(): Figure[] {
  const rounds = Array.from({ length: 5 }, (_, round) => {
    const bases = Array.from({ length: inRound }, (_, n) => basisOf(round * inRound + n))
    const startedAt = performance.now()
    for (const basis of bases) decide(basis)
    return (performance.now() - startedAt) / inRound
  })
  const detail = `rounds of ${inRound}: ${rounds.map(ms => short(ms * 1000)).join(', ')} µs`
  return [{ name: 'a decision', measured: median(rounds), unit: 'ms', target: { atMost: 0.2 }, detail }]
}
