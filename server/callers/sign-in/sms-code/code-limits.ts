import { inNetworks, parseNetworks } from '../../../platform/config.ts'
import {
  type AttemptKey,
  type AttemptLimit,
  type CounterNeeds,
  countAttempt,
  countTogether,
  takeBack,
} from '../../../platform/security/counters.ts'
import { networkOf } from '../../../platform/security/network-of.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/**
 * Codes that are asked for: whoever asks is counted before anything is looked at, and the same for numbers that nobody has. A browser in
 * which its member signed in before is counted apart from everybody else, so that strangers who ask for a number use up nothing of its.
 */
const asks = {
  minute: { purpose: 'sms-code-minute', atMost: 1, windowMs: 60_000 },
  day: { purpose: 'sms-code-day', atMost: 10, windowMs: dayMs },
  minuteOfKnown: { purpose: 'sms-code-minute-known', atMost: 1, windowMs: 60_000 },
  dayOfKnown: { purpose: 'sms-code-day-known', atMost: 10, windowMs: dayMs },
  /** A number from one network: half of what everybody has. */
  dayFromNetwork: { purpose: 'sms-code-day-network', atMost: 5, windowMs: dayMs },
  /** Enough for a campus behind one address in the hour when everybody comes. */
  network: { purpose: 'sms-code-network', atMost: 200, windowMs: hourMs },
} as const satisfies Record<string, AttemptLimit>

/** Each message costs money, so that what is sent is counted, and not what is asked for. */
const sent: AttemptLimit = { purpose: 'sms-code-corp', atMost: 2000, windowMs: hourMs }

const wrongFromNetwork: AttemptLimit = { purpose: 'sms-code-wrong-network', atMost: 30, windowMs: hourMs }
/** From networks that the corp lists; and from any network for all corps together. */
const wrongFromCrowd: AttemptLimit = { ...wrongFromNetwork, atMost: 300 }
const wrongFromAll: AttemptLimit = { ...wrongFromCrowd, purpose: 'sms-code-wrong-all' }
/** Refuses nobody, because anybody can reach it: administrators are told. */
export const wrongOfCorp: AttemptLimit = { purpose: 'sms-code-wrong-corp', atMost: 100, windowMs: hourMs }

export const sentAtMost = sent.atMost

/** For how many seconds whoever asks has to wait; undefined where the code may be sent. What is refused uses up nothing. */
export function countAsk(
  ctx: CounterNeeds,
  { corpId, mobile, address, isKnown }: { corpId: string; mobile: string; address: string; isKnown: boolean },
): Promise<number | undefined> {
  const number = { corpId, of: mobile }
  const network = networkOf(address)
  const counted: AttemptKey[] = isKnown
    ? [
        { limit: asks.minuteOfKnown, subject: number },
        { limit: asks.dayOfKnown, subject: number },
      ]
    : [
        { limit: asks.dayFromNetwork, subject: { corpId, of: `${mobile} ${network}` } },
        { limit: asks.minute, subject: number },
        { limit: asks.day, subject: number },
        { limit: asks.network, subject: { corpId: '', of: network } },
      ]
  return countTogether(ctx, counted, [{ limit: sent, subject: { corpId, of: '' } }])
}

/** Whether one more may leave. */
export async function countSent(ctx: CounterNeeds, corpId: string): Promise<boolean> {
  return !(await countAttempt(ctx, sent, { corpId, of: '' })).isOver
}

export type GuessSource = { corpId: string; address: string; crowdNetworks: readonly string[] }

/** Counts a try before it is looked at; for how many seconds the network has to wait. */
export function countTry(ctx: CounterNeeds, given: GuessSource): Promise<number | undefined> {
  return countTogether(ctx, triesOf(given), [])
}

/** It was right. */
export async function takeBackTry(ctx: CounterNeeds, given: GuessSource): Promise<void> {
  await takeBack(ctx, triesOf(given))
}

function triesOf({ corpId, address, crowdNetworks }: GuessSource): AttemptKey[] {
  const isCrowd = inNetworks(parseNetworks([...crowdNetworks], ''), address)
  const of = networkOf(address)
  return [
    { limit: isCrowd ? wrongFromCrowd : wrongFromNetwork, subject: { corpId, of } },
    { limit: wrongFromAll, subject: { corpId: '', of } },
  ]
}
