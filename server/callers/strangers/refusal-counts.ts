import type { Core } from '../../platform/core.ts'
import { networkOf } from '../../platform/security/network-of.ts'

/** `why` is one of few words; `said` is what the last of them was about. `what` is the line in the log. */
export type RefusedStep = {
  request: { id: string; ip: string }
  what: string
  why: string
  said?: string | undefined
}

const tellMs = 10_000
/** Networks with a line of their own each time, and those that are counted apart at all. */
const toldAtMost = 20
const networksAtMost = 2000
const saidAtMost = 200
const others = 'others'

type Counts = { what: string; network: string; times: number; why: Record<string, number>; last: object }

/** Counts what is refused again and again, and says it every ten seconds: a line for a network, those with most first, and one for all others. */
export function createRefusalCounts({ log, now }: Pick<Core, 'log' | 'now'>) {
  let counted = new Map<string, Counts>()
  let toldAt = Number.NEGATIVE_INFINITY

  function tell() {
    if (counted.size === 0 || now() - toldAt < tellMs) return
    toldAt = now()
    const all = [...counted.values()].sort((a, b) => b.times - a.times)
    counted = new Map()
    for (const { what, ...one } of all.slice(0, toldAtMost)) log.warn(one, what)
    const rest = all.slice(toldAtMost)
    if (rest.length === 0) return
    const times = rest.reduce((sum, one) => sum + one.times, 0)
    log.warn({ network: others, networks: rest.length, times }, 'refused, from other networks')
  }

  return {
    tell,
    count({ request, what, why, said }: RefusedStep): void {
      const network = networkOf(request.ip)
      const place = counted.has(`${what} ${network}`) || counted.size < networksAtMost ? network : others
      const one = counted.getOrInsertComputed(`${what} ${place}`, () => {
        return { what, network: place, times: 0, why: {}, last: {} }
      })
      one.times++
      one.why[why] = (one.why[why] ?? 0) + 1
      one.last = { requestId: request.id, ...(said ? { said: said.slice(0, saidAtMost) } : {}) }
    },
  }
}
