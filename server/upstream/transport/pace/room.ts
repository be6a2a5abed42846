/**
 * An upstream that is away costs one question, not one for each corp. Each node judges for itself: two corps got no answer, and
 * no corp got one (operation/answering.ts). Then streams with `room` claim no task, their calls fail without being made
 * (operation/background.ts says which), and what waited begins again a few tasks at a time.
 */

import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { NoAnswer } from '../no-answer.ts'

type Needs = Pick<Core, 'answering' | 'log' | 'now' | 'stopping'>

/**
 * How much of the work that nobody waits for may be under way: none while the upstream is away. `ask` is the one question that
 * shows, from time to time and for all corps, whether it is back; it is asked only while something is due.
 */
export function roomAt(
  ctx: Needs,
  upstream: string,
  ask: () => Promise<unknown>,
): (atMost: number) => number {
  let asking = false

  async function question(): Promise<void> {
    try {
      await ask()
      ctx.answering.tried(upstream, undefined)
    } catch (error) {
      if (ctx.stopping.aborted) return
      if (!(error instanceof NoAnswer))
        ctx.log.error({ upstream, ...describeError(error) }, 'upstream not asked')
      ctx.answering.tried(upstream, whyOf(error))
    } finally {
      asking = false
    }
  }

  return atMost => {
    const silence = ctx.answering.silence(upstream)
    if (silence && !asking && silence.nextAt.getTime() <= ctx.now()) {
      asking = true
      void question()
    }
    return ctx.answering.room(upstream, atMost)
  }
}

/** How it shows, in a word: ECONNREFUSED, timeout, HTTP 503. */
export function whyOf(error: unknown): string {
  if (!(error instanceof NoAnswer)) return ''
  const { reason, status } = error
  if (reason === 'network') return /\((.*)\)$/.exec(error.message)?.[1] ?? reason
  return reason === 'http' && status ? `HTTP ${status}` : reason
}
