import type { Definition } from '../../server/features/message-types/definition.ts'

/** What the types of the journey do; each message says its number, by which its arrivals are counted. */
const planOf: Record<string, Partial<Definition>> = {
  plain: {},
  digest: { digest: { minutes: 30 } },
  // In the hour that DST skips or doubles.
  daily: { digest: { at: '02:30' } },
  limited: { frequency: { atMost: 2, minutes: 60, rest: 'drop' } },
  receipt: { receipt: true, fallback: [{ after: 40, unless: 'acknowledged', channel: 'email' }] },
  fallback: { fallback: [{ after: 30, unless: 'sent', channel: 'email' }] },
  must: { level: 'must' },
  checked: {},
}
export const typeKeys = Object.keys(planOf)

/** Sends that hold it wait for approval. */
export const checkedWord = '中奖'

export const definitions: [string, Definition][] = Object.entries(planOf).map(([key, plan]) => [
  key,
  {
    name: '业务',
    level: 'normal',
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: `${key === 'checked' ? checkedWord : ''}单{{ n }}。` } },
      email: { zh: { title: '业务', content: '单{{ n }}。' } },
    },
    ...plan,
  },
])

/** One call, and what is done about it afterwards. `isGone`: nobody may get it. */
export type TypedCall = {
  n: number
  body: { type: string; toUser: string; requestId: string } & Record<string, unknown>
  to: string[]
  afterwards?: 'cancel' | 'approve' | 'refuse' | 'acknowledge'
  isGone: boolean
}

/** When something is wanted, from the time at which it is called. */
export type Times = { iso(inMinutes: number): string; switchesAt: string }

/**
 * The `n`-th call and those that belong to it, which are made one after the other. Of each pair with one about the later call replaces the
 * earlier one.
 */
export function callsOf(n: number, people: readonly string[], { iso, switchesAt }: Times): TypedCall[] {
  const type = typeKeys[n % typeKeys.length]!
  const k = Math.floor(n / typeKeys.length)
  const to = Array.from({ length: 1 + (k % 3) }, (_, more) => people[(n * 7 + more * 3 + k) % people.length]!)
  const one = (more: object = {}, rest: Partial<TypedCall> = {}): TypedCall => {
    const call = { n, to, isGone: false, ...rest }
    const toUser = call.to.join('|')
    return { ...call, body: { type, toUser, data: { n: call.n }, requestId: `typed-${call.n}`, ...more } }
  }
  if (type === 'checked') {
    if (k % 3 === 0) return [one({}, { afterwards: 'refuse', isGone: true })]
    return [one(k % 3 === 1 ? {} : { expiresAt: iso(300) }, { afterwards: 'approve' })]
  }
  if (type === 'receipt') return [one({}, k % 2 === 0 ? {} : { afterwards: 'acknowledge' })]
  if (type !== 'plain') return [one()]
  const about = `a${n}`
  if (k % 4 === 0)
    return [one({ sendAt: iso(360), about }, { isGone: true }), one({ about }, { n: n + typeKeys.length })]
  // The later one of the pair.
  if (k % 4 === 1) return []
  if (k % 4 === 2) return [one({ sendAt: switchesAt })]
  return [one({ sendAt: iso(240) }, { afterwards: 'cancel', isGone: true })]
}
