import type { Core } from '../../../platform/core.ts'
import { describeError, type Log } from '../../../platform/operation/log.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { reasonOf, silence, type UpstreamReach } from '../outage.ts'

/** People see within five seconds what a run waits for. */
const silentMs = 4000
const lookEveryMs = 500
/** A shorter outage is waited for, so that a run which reads much need not start again. */
const graspMs = 10_000

/** A run's line to WeCom, over all of its calls at once. */
export type Contact = {
  /** Makes a call, and notes whether an answer came. */
  ask<T>(read: () => Promise<T>): Promise<T>
  /** Whether there was no answer to any call for so long that the run should rather be continued later. */
  isLost(): boolean
  end(): void
}

export function createContact(ctx: Core, reach: UpstreamReach): Contact {
  let pending = 0
  let heardAt = performance.now()
  let isMissed = false
  const note = (writing: Promise<void>) => {
    writing.catch(error => logUnwritten(ctx.log, error))
  }
  const miss = (why = silence(ctx)) => {
    isMissed = true
    note(reach.missed(why, new Date(ctx.now() - (performance.now() - heardAt))))
  }
  const looking = setInterval(() => {
    if (!isMissed && pending > 0 && performance.now() - heardAt >= silentMs) miss()
  }, lookEveryMs)

  function hear() {
    heardAt = performance.now()
    isMissed = false
    if (reach.isOut()) note(reach.heard())
  }

  return {
    async ask(read) {
      // Only an upstream that was asked can be silent.
      if (pending++ === 0 && !isMissed) heardAt = performance.now()
      try {
        const answer = await read()
        hear()
        return answer
      } catch (error) {
        if (error instanceof WecomUnavailable) miss(reasonOf(ctx, error))
        else if (error instanceof WecomError) hear()
        throw error
      } finally {
        pending--
      }
    },
    isLost: () => isMissed && performance.now() - heardAt >= graspMs,
    end: () => clearInterval(looking),
  }
}

function logUnwritten(log: Log, error: unknown): void {
  log.warn(describeError(error), 'reach of WeCom not written down')
}
