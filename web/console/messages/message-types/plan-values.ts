/** When and how a type goes out, as its definition has it. */
export type Plan = {
  digest?: { minutes?: number; at?: string; first?: boolean; byAbout?: boolean }
  frequency?: { atMost: number; minutes: number; rest: 'digest' | 'drop' }
  fallback?: FallbackStep[]
  expiresAfter?: number
  receipt?: boolean
  private?: boolean
  testPeople?: string[]
}

export type FallbackStep = {
  after: number
  unless: 'sent' | 'read' | 'acknowledged'
  channel: 'wecom' | 'email' | 'sms' | 'official' | 'leader'
  leaderSees?: boolean
}

/** The same as a form. */
export type PlanValues = {
  collects: 'no' | 'minutes' | 'daily'
  minutes: number
  at: string
  first: boolean
  byAbout: boolean
  isLimited: boolean
  atMost: number
  within: number
  rest: 'digest' | 'drop'
  fallback: FallbackStep[]
  expiresAfter: number | null
  receipt: boolean
  private: boolean
  testPeople: string[]
}

export function planValuesOf({
  digest,
  frequency,
  fallback = [],
  expiresAfter,
  receipt,
  private: isPrivate,
  testPeople,
}: Plan): PlanValues {
  return {
    collects: !digest ? 'no' : digest.at === undefined ? 'minutes' : 'daily',
    minutes: digest?.minutes ?? 30,
    at: digest?.at ?? '09:00',
    first: digest?.first ?? false,
    byAbout: digest?.byAbout ?? false,
    isLimited: frequency !== undefined,
    atMost: frequency?.atMost ?? 3,
    within: frequency?.minutes ?? 60,
    rest: frequency?.rest ?? (digest ? 'digest' : 'drop'),
    fallback: [...fallback],
    expiresAfter: expiresAfter ?? null,
    receipt: receipt ?? false,
    private: isPrivate ?? false,
    testPeople: testPeople ?? [],
  }
}

/** What the level does not take is left out, as its fields are not shown. */
export function planOf(values: PlanValues, level: 'normal' | 'must' | 'urgent'): Plan {
  const { collects, minutes, at, first, byAbout, isLimited, atMost, within, rest, expiresAfter } = values
  const isHeld = level !== 'urgent'
  const digest = {
    ...(collects === 'daily' ? { at } : { minutes }),
    ...(first ? { first } : {}),
    ...(byAbout ? { byAbout } : {}),
  }
  return {
    ...(isHeld && collects !== 'no' ? { digest } : {}),
    ...(isHeld && isLimited ? { frequency: { atMost, minutes: within, rest } } : {}),
    ...(isTried(level, values) && values.fallback.length > 0
      ? { fallback: values.fallback.map(stepOf) }
      : {}),
    ...(level !== 'must' && expiresAfter ? { expiresAfter } : {}),
    ...(values.receipt ? { receipt: true } : {}),
    ...(values.private ? { private: true } : {}),
    ...(values.testPeople.length > 0 ? { testPeople: values.testPeople } : {}),
  }
}

/** Whether more channels may be tried: a digest goes by one. */
export const isTried = (level: 'normal' | 'must' | 'urgent', { collects }: PlanValues): boolean =>
  level === 'urgent' || collects === 'no'

function stepOf({ after, unless, channel, leaderSees }: FallbackStep): FallbackStep {
  return { after, unless, channel, ...(channel === 'leader' && leaderSees ? { leaderSees } : {}) }
}
