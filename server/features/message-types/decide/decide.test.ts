import { describe, expect, it } from 'vitest'
import { seed, soak } from '../../../../test/soak.ts'
import { quietEnd } from '../../quiet-hours/quiet-end.ts'
import { allDays, type QuietHours } from '../../quiet-hours/quiet-hours.ts'
import { decide } from './decide.ts'
import type { Choice, Decision, DecisionBasis } from './decision.ts'
import { decidePlainly } from './plainly.fixture.ts'

const minute = 60_000
const hour = 60 * minute
const at = (time: string) => Date.parse(time)
const night: QuietHours = { days: allDays, from: 22 * 60, to: 7 * 60, timeZone: 'Asia/Shanghai' }
const nothing: Choice = {
  isOff: false,
  isAllOff: false,
  channels: undefined,
  without: [],
  digest: undefined,
  quietHours: undefined,
}

function basis(more: Partial<DecisionBasis> = {}): DecisionBasis {
  return {
    level: 'normal',
    channels: ['wecom', 'email', 'sms'],
    digest: undefined,
    frequency: undefined,
    choice: undefined,
    corpQuietHours: undefined,
    timeZone: 'Asia/Shanghai',
    acceptedAt: at('2026-12-01T12:00:00+08:00'),
    expiresAt: undefined,
    hasWaited: false,
    history: { leftAt: [], collectingUntil: undefined, lastDigestAt: undefined },
    now: at('2026-12-01T12:00:00+08:00'),
    ...more,
  }
}

const told = (decision: Decision) => ({
  do: decision.do,
  ...('until' in decision ? { until: new Date(decision.until).toISOString() } : {}),
  ...('channels' in decision ? { channels: decision.channels } : {}),
  ...(decision.cause ? { code: decision.cause.code } : {}),
})
const decided = (more: Partial<DecisionBasis>) => told(decide(basis(more)))
const chosen = (choice: Partial<Choice>, more: Partial<DecisionBasis> = {}) =>
  decided({ choice: { ...nothing, ...choice }, ...more })

describe('a decision', () => {
  it('sends at once what nothing holds up, and says no cause', () => {
    expect(decided({})).toEqual({ do: 'send', channels: ['wecom', 'email', 'sms'] })
    expect(chosen({})).toEqual({ do: 'send', channels: ['wecom', 'email', 'sms'] })
  })

  it('goes by the level first, then by the person’s choice of the type, then by that for all', () => {
    const off = { isOff: true, isAllOff: true }
    expect(chosen(off)).toEqual({ do: 'drop', code: 'offByPerson' })
    expect(chosen({ isAllOff: true })).toEqual({ do: 'drop', code: 'allOffByPerson' })
    expect(chosen({ without: ['sms', 'email', 'wecom'] })).toEqual({ do: 'drop', code: 'noWayWanted' })
    for (const level of ['must', 'urgent'] as const)
      expect(chosen(off, { level })).toMatchObject({ do: 'send', code: 'mustArrive' })
  })

  it('takes the person’s order of the type’s ways, and for must keeps the last that reaches them', () => {
    const choice = { channels: ['official', 'email'] as const, without: ['wecom'] as const }
    expect(chosen(choice)).toEqual({ do: 'send', channels: ['email', 'sms'], code: 'orderOfPerson' })
    expect(chosen(choice, { level: 'must' })).toMatchObject({ channels: ['email', 'sms', 'wecom'] })
  })

  it('waits for the end of the quiet hours that hold, of the corp and of the person, one behind the other', () => {
    const corpQuietHours = night
    const now = at('2026-12-01T23:30:00+08:00')
    expect(decided({ corpQuietHours, now })).toEqual({
      do: 'wait',
      until: '2026-12-01T23:00:00.000Z',
      code: 'quietOfCorp',
    })
    const quietHours = { ...night, from: 6 * 60, to: 9 * 60 + 30 }
    const later = { do: 'wait', until: '2026-12-02T01:30:00.000Z', code: 'quietOfPerson' }
    expect(chosen({ quietHours }, { corpQuietHours, now })).toEqual(later)
    expect(chosen({ quietHours }, { corpQuietHours, now, level: 'must' })).toEqual(later)
    expect(decided({ corpQuietHours, now, level: 'urgent' }).do).toBe('send')
    expect(decided({ corpQuietHours, now, hasWaited: true })).toMatchObject({ do: 'send', code: 'waited' })
  })

  it('leaves what must arrive four hours a day, and lets no two quiet hours hold a message for ever', () => {
    const corpQuietHours = night
    const quietHours = { ...night, from: 7 * 60, to: 22 * 60 }
    const noon = at('2026-12-01T12:00:00+08:00')
    expect(chosen({ quietHours }, { corpQuietHours, now: noon, level: 'must' }).do).toBe('send')
    expect(chosen({ quietHours }, { corpQuietHours, now: noon }).do).toBe('send')
    const evening = at('2026-12-01T22:00:00+08:00')
    expect(chosen({ quietHours }, { corpQuietHours, now: evening })).toMatchObject({
      until: '2026-12-01T23:00:00.000Z',
    })
    const whole = { ...night, from: 1, to: 0 }
    const must = decided({ corpQuietHours: whole, now: at('2026-12-01T00:01:00+08:00'), level: 'must' })
    expect(must).toMatchObject({ do: 'wait', until: '2026-12-01T12:01:00.000Z' })
  })

  it('looks again when it expires, and never sends what has expired unless it must arrive', () => {
    const now = at('2026-12-01T23:30:00+08:00')
    const expiresAt = now + hour
    expect(decided({ corpQuietHours: night, now, expiresAt })).toMatchObject({
      do: 'wait',
      until: new Date(expiresAt).toISOString(),
    })
    const over = { corpQuietHours: night, now: expiresAt, expiresAt, hasWaited: true }
    expect(decided(over)).toEqual({ do: 'drop', code: 'expired' })
    expect(decided({ ...over, level: 'must' }).do).toBe('send')
  })

  it('collects in a window, the first at once, and closes no window in quiet hours', () => {
    const digest = { minutes: 30 }
    const now = at('2026-12-01T12:00:00+08:00')
    const history = { leftAt: [], collectingUntil: undefined, lastDigestAt: undefined }
    const next = { do: 'collect', until: '2026-12-01T04:30:00.000Z', code: 'digestEvery' }
    expect(decided({ digest })).toEqual(next)
    expect(decided({ digest: { ...digest, first: true } }).do).toBe('send')
    const last = { ...history, lastDigestAt: now - 29 * minute }
    expect(decided({ digest: { ...digest, first: true }, history: last })).toEqual(next)
    const open = { ...history, collectingUntil: now + minute }
    expect(decided({ digest: { ...digest, first: true }, history: open })).toMatchObject({
      until: '2026-12-01T04:01:00.000Z',
    })
    const late = at('2026-12-01T21:45:00+08:00')
    expect(decided({ digest, corpQuietHours: night, now: late })).toEqual({
      do: 'collect',
      until: '2026-12-01T23:00:00.000Z',
      code: 'quietOfCorp',
    })
    const first = { digest: { ...digest, first: true }, corpQuietHours: night, now: late + hour }
    expect(decided(first)).toMatchObject({ do: 'collect', until: '2026-12-01T23:00:00.000Z' })
    expect(decided({ digest: { at: '09:00' } })).toMatchObject({
      until: '2026-12-02T01:00:00.000Z',
      code: 'digestAt',
    })
    expect(chosen({ digest: { at: '18:00' } }, { digest })).toMatchObject({
      until: '2026-12-01T10:00:00.000Z',
    })
  })

  it('drops or collects what is over the limit', () => {
    const now = at('2026-12-01T12:00:00+08:00')
    const history = {
      leftAt: [now - 5 * minute, now - 50 * minute],
      collectingUntil: undefined,
      lastDigestAt: now - 5 * minute,
    }
    const limit = { atMost: 2, minutes: 60 }
    const drop = { frequency: { ...limit, rest: 'drop' as const }, history }
    expect(decided(drop)).toEqual({ do: 'drop', code: 'limit' })
    expect(decided({ ...drop, level: 'must' }).do).toBe('send')
    expect(decided({ ...drop, frequency: { ...drop.frequency, atMost: 3 } }).do).toBe('send')
    const digest = { minutes: 5, first: true }
    const rest = { frequency: { ...limit, rest: 'digest' as const }, digest, history }
    expect(decided(rest)).toEqual({ do: 'collect', until: '2026-12-01T04:10:00.000Z', code: 'limit' })
  })

  it('takes a time that is skipped in the next minute, and a doubled one once', () => {
    const timeZone = 'America/New_York'
    const until = (from: number, to: number, now: string) => {
      const end = quietEnd([{ days: allDays, from, to, timeZone }], at(now))
      return end && new Date(end.until).toISOString()
    }
    // 02:00 to 03:00 of March 8 is skipped, 01:00 to 02:00 of November 1 comes twice.
    expect(until(22 * 60, 150, '2026-03-08T06:30:00Z')).toBe('2026-03-08T07:00:00.000Z')
    expect(until(22 * 60, 120, '2026-03-08T06:30:00Z')).toBe('2026-03-08T07:00:00.000Z')
    expect(until(22 * 60, 150, '2026-03-08T07:00:00Z')).toBeUndefined()
    expect(until(22 * 60, 90, '2026-11-01T05:10:00Z')).toBe('2026-11-01T05:30:00.000Z')
    expect(until(22 * 60, 90, '2026-11-01T06:10:00Z')).toBeUndefined()
    expect(until(90, 7 * 60, '2026-11-01T06:10:00Z')).toBe('2026-11-01T12:00:00.000Z')
    const daily = (now: string) => decided({ timeZone, digest: { at: '01:30' }, now: at(now) })
    expect(daily('2026-11-01T05:29:00Z')).toMatchObject({ until: '2026-11-01T05:30:00.000Z' })
    expect(daily('2026-11-01T05:30:00Z')).toMatchObject({ until: '2026-11-02T06:30:00.000Z' })
  })
})

/** Numbers from 0 to 1 that a seed decides. */
function randomOf(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function anyBasis(random: () => number): DecisionBasis {
  const below = (count: number) => Math.floor(random() * count)
  const one = <T>(of: readonly T[]) => of[below(of.length)]!
  const maybe = <T>(make: () => T, share = 0.5) => (random() < share ? make() : undefined)
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC']
  const ways = ['wecom', 'email', 'sms', 'official'] as const
  const some = () => ways.filter(() => random() < 0.5).sort(() => random() - 0.5)
  const hours = (): QuietHours => {
    const from = below(96) * 15
    const days = allDays.filter(() => random() < 0.8)
    const to = (from + (1 + below(95)) * 15) % 1440
    return { days: days.length > 0 ? days : [1], from, to, timeZone: one(zones) }
  }
  const digest = () => ({
    ...(random() < 0.5 ? { minutes: 1 + below(600) } : { at: `0${below(4)}:${one(['00', '15', '30'])}` }),
    ...(random() < 0.5 ? { first: true } : {}),
  })
  // Around the days on which clocks change, as often as on others.
  const day = one(['2026-03-07', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'])
  const now = at(`${day}T00:00:00Z`) + below(3 * 1440) * minute + one([0, 0, 12_345])
  const leftAt = Array.from({ length: below(6) }, () => now - below(300) * minute).sort((a, b) => b - a)
  const channels = some()
  return {
    level: one(['normal', 'normal', 'must', 'urgent']),
    channels: channels.length > 0 ? channels : ['wecom'],
    digest: maybe(digest),
    frequency: maybe(() => ({
      atMost: 1 + below(4),
      minutes: 1 + below(300),
      rest: one(['digest', 'drop'] as const),
    })),
    choice: maybe(
      (): Choice => ({
        isOff: random() < 0.1,
        isAllOff: random() < 0.1,
        channels: maybe(some),
        without: maybe(some, 0.3) ?? [],
        digest: maybe(() => one([digest(), 'off' as const]), 0.3),
        quietHours: maybe(hours, 0.7),
      }),
      0.7,
    ),
    corpQuietHours: maybe(hours, 0.7),
    timeZone: one(zones),
    acceptedAt: now - below(300) * minute,
    expiresAt: maybe(() => now + (below(900) - 100) * minute, 0.4),
    hasWaited: random() < 0.2,
    history: {
      leftAt,
      collectingUntil: maybe(() => now + (below(120) - 20) * minute, 0.3),
      lastDigestAt: maybe(() => now - below(2000) * minute),
    },
    now,
  }
}

/** What holds for every decision, whatever the reference says. */
function brokenLaws(given: DecisionBasis, made: Decision): string[] {
  const { level, now, corpQuietHours, choice, hasWaited } = given
  const quiet = [corpQuietHours, choice?.quietHours].filter(one => one !== undefined)
  const isHeld = made.do === 'wait' || made.do === 'collect'
  const laws: Record<string, boolean> = {
    'must is never dropped': level !== 'must' || made.do !== 'drop',
    'urgent never waits': level !== 'urgent' || !isHeld,
    'it waits for what is to come': !isHeld || made.until > now,
    'it waits once': !hasWaited || !isHeld,
    'must waits less than a day for quiet hours':
      level !== 'must' || made.do !== 'wait' || made.until - now <= 20 * hour,
    'nothing is sent within the quiet hours of the corp':
      made.do !== 'send' ||
      level !== 'normal' ||
      hasWaited ||
      !corpQuietHours ||
      !quietEnd([corpQuietHours], now),
    'nothing waits to within the quiet hours of the corp':
      !isHeld ||
      level !== 'normal' ||
      !corpQuietHours ||
      made.until === given.expiresAt ||
      !quietEnd([corpQuietHours], made.until),
    'quiet hours alone neither drop nor change the ways': made.do !== 'wait' || quiet.length > 0,
    'it goes by ways of the type':
      made.do !== 'send' || made.channels.every(way => given.channels.includes(way)),
    'must and urgent keep every way':
      made.do !== 'send' || level === 'normal' || made.channels.length === given.channels.length,
    'something is sent by some way': made.do !== 'send' || made.channels.length > 0,
    'all but what leaves at once says why': made.do === 'send' || made.cause !== undefined,
  }
  return Object.keys(laws).filter(law => !laws[law])
}

it('is the same as the one that is written plainly, and keeps its laws', () => {
  const random = randomOf(seed)
  const seen = new Map<string, number>()
  for (let n = 0; n < soak(2_000, 100_000); n++) {
    const given = anyBasis(random)
    const made = decide(given)
    const plain = decidePlainly(given)
    const said = {
      do: made.do,
      ...('until' in made ? { until: made.until } : {}),
      ...('channels' in made ? { channels: made.channels } : {}),
      ...(made.cause ? { code: made.cause.code } : {}),
    }
    const broken = brokenLaws(given, made)
    if (broken.length > 0 || JSON.stringify(said) !== JSON.stringify(inOrder(plain)))
      expect({ n, given, said, broken }).toEqual({ n, given, said: plain, broken: [] })
    const kind = `${made.do} ${made.cause?.code ?? ''}`
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
  }
  // Each kind of decision was among them.
  expect([...seen.keys()].sort()).toEqual([
    'collect digestAt',
    'collect digestEvery',
    'collect limit',
    'collect quietOfCorp',
    'collect quietOfPerson',
    'drop allOffByPerson',
    'drop expired',
    'drop limit',
    'drop noWayWanted',
    'drop offByPerson',
    'send ',
    'send mustArrive',
    'send orderOfPerson',
    'send waited',
    'wait quietOfCorp',
    'wait quietOfPerson',
  ])
})

function inOrder({ do: what, until, channels, code }: ReturnType<typeof decidePlainly>) {
  return {
    do: what,
    ...(until !== undefined ? { until } : {}),
    ...(channels ? { channels } : {}),
    ...(code ? { code } : {}),
  }
}
