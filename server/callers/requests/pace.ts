/** How many calls of one second a node keeps at most; web/docs/content/en/run/request-log.md says why so many. */
export const pace = {
  successes: 20,
  /** How many of these go to developers who have had one in this second already; the rest is for the first calls of others. */
  furtherSuccesses: 16,
  failures: 300,
  failuresOfOne: 100,
  failuresOfOneAnHour: 10_000,
} as const

type Tally = { second: number; successes: number; failures: number; hour: number; failuresThisHour: number }

/**
 * Decides which calls a node keeps. Failures are kept up to a number per developer and node. Successes are sampled: a busy
 * developer takes an equal share of a second, so that the calls of somebody who calls once a minute are not lost beside it.
 */
export function createPace(): { keeps(devId: string, isFailure: boolean, nowMs: number): boolean } {
  const seenOf = new Map<string, Tally>()
  const node = { second: 0, successes: 0, further: 0, failures: 0, busy: 0, share: 1 }

  function begin(second: number) {
    const busy = node.second === second - 1 ? node.busy : 0
    node.share = 1 + Math.max(1, Math.floor(pace.furtherSuccesses / Math.max(1, busy)))
    Object.assign(node, { second, successes: 0, further: 0, failures: 0, busy: 0 })
  }

  function keepsFailure(seen: Tally, second: number): boolean {
    const hour = Math.floor(second / 3600)
    if (seen.hour !== hour) Object.assign(seen, { hour, failuresThisHour: 0 })
    if (seen.failures >= pace.failuresOfOne || seen.failuresThisHour >= pace.failuresOfOneAnHour) return false
    if (node.failures >= pace.failures) return false
    node.failures++
    seen.failures++
    seen.failuresThisHour++
    return true
  }

  function keepsSuccess(seen: Tally): boolean {
    if (node.successes >= pace.successes || seen.successes >= node.share) return false
    if (seen.successes > 0) {
      if (node.further >= pace.furtherSuccesses) return false
      node.further++
      if (seen.successes === 1) node.busy++
    }
    node.successes++
    seen.successes++
    return true
  }

  return {
    keeps(devId, isFailure, nowMs) {
      const second = Math.floor(nowMs / 1000)
      if (node.second !== second) begin(second)
      let seen = seenOf.get(devId)
      if (!seen) {
        seen = { second, successes: 0, failures: 0, hour: 0, failuresThisHour: 0 }
        seenOf.set(devId, seen)
      } else if (seen.second !== second) {
        seen.second = second
        seen.successes = 0
        seen.failures = 0
      }
      return isFailure ? keepsFailure(seen, second) : keepsSuccess(seen)
    },
  }
}
