import { setTimeout as wait } from 'node:timers/promises'
import { isBackground } from '../../platform/operation/background.ts'
import { exchange, type UpstreamAnswer } from '../transport/exchange.ts'
import { wasMade } from '../transport/no-answer.ts'
import { createUpstreamPool, type UpstreamPool } from '../transport/pool.ts'
import { backoffMs } from '../transport/retry.ts'
import { abortable } from '../transport/throttle.ts'
import type { TokenSource } from '../transport/token-source.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { isBusy, isDeadToken, isLimit, isPassingSilence } from './passing.ts'

export interface WecomCallOptions {
  /** For example `https://qyapi.weixin.qq.com`. */
  baseUrl: string
  corpId: string
  /** The secret behind `tokens`, needed here only to remove it from error texts. */
  secret: string
  tokens: TokenSource
  /** Shares connections, concurrency and the hold after 45009. Clients without one share a pool of the process. */
  pool?: UpstreamPool
  /** How many calls of one corp may run at once, over all its clients; default 16. */
  concurrency?: number
  /** Per attempt; default 15 s. */
  timeoutMs?: number
  /** How often a call is retried after -1 and unusable answers; default 4. */
  retries?: number
  /**
   * How often a call is retried after 45009 and 45033; default as `retries`. WeCom blocks for a minute or more. Twelve
   * retries wait about three minutes, which suits a sync but is too long for somebody waiting for an answer.
   */
  limitRetries?: number
  onCall?: (call: { path: string; errcode: number | 'network'; ms: number }) => void
  sleep?: (ms: number) => Promise<void>
  /** Why WeCom answers nobody; undefined while it does. */
  away?: () => string | undefined
  /** Aborting it ends every call and wait of this client; they reject with its reason. */
  signal?: AbortSignal
}

export interface Call {
  path: string
  query?: Record<string, string>
  body?: unknown
  /** A write is repeated only when WeCom has certainly not carried it out. */
  write?: boolean
}

let processPool: UpstreamPool | undefined

/**
 * Every call of a client goes through this function, which adds token, throttle and back-off
 * (docs/upstream/wecom-calls.md#access-tokens).
 */
export function createCaller(options: WecomCallOptions): (call: Call) => Promise<UpstreamAnswer> {
  const { tokens, signal, retries = 4, limitRetries = retries } = options
  processPool ??= options.pool === undefined ? createUpstreamPool() : undefined
  const pool = options.pool ?? (processPool as UpstreamPool)
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const throttle = pool.throttle(baseUrl, options.corpId, options.concurrency)
  const pause = pauser(options.sleep, signal)

  async function attempt(call: Call, token: string): Promise<UpstreamAnswer> {
    const started = performance.now()
    const report = (errcode: number | 'network') =>
      options.onCall?.({ path: call.path, errcode, ms: performance.now() - started })
    let answer: UpstreamAnswer
    try {
      answer = await exchange({
        pool,
        baseUrl,
        path: call.path,
        query: { ...call.query, access_token: token },
        body: call.body,
        failure: WecomUnavailable,
        needsErrcode: call.write === true,
        timeoutMs: options.timeoutMs ?? 15_000,
        signal,
      })
    } catch (error) {
      if (error instanceof WecomUnavailable && wasMade(error)) report('network')
      throw error
    }
    report(answer.errcode)
    if (answer.errcode === 0) return answer
    throw new WecomError(answer.errcode, answer.errmsg, call.path, [token, options.secret])
  }

  return async call => {
    let failures = 0
    let limited = 0
    let deadToken: string | undefined
    let renewed = false
    for (;;) {
      // What nobody waits for does not ask a WeCom that answers nobody, nor for a token.
      const away = isBackground() ? options.away?.() : undefined
      if (away !== undefined)
        throw new WecomUnavailable(call.path, 'network', `not asked (${away})`, { ambiguous: false })
      let token: string | undefined
      let mark = 0
      try {
        return await throttle.run(async entered => {
          mark = entered
          const usable = deadToken === undefined ? await tokens.get() : await tokens.renew(deadToken)
          deadToken = undefined
          token = usable
          const answer = await attempt(call, usable)
          throttle.succeeded(entered)
          return answer
        }, signal)
      } catch (error) {
        if (token !== undefined && !renewed && isDeadToken(error)) {
          renewed = true
          deadToken = token
        } else if (error instanceof WecomError && isLimit(error.errcode)) {
          // The corp slows down even if this call gives up; the next turn waits for the hold.
          throttle.slowDown(mark, pause(backoffMs(throttle.consecutiveSlowdowns)))
          if (limited++ >= limitRetries) throw error
        } else if (failures < retries && isPassing(error, call.write === true && token !== undefined)) {
          await pause(backoffMs(failures++))
        } else {
          throw error
        }
      }
    }
  }
}

function pauser(sleep: WecomCallOptions['sleep'], signal: AbortSignal | undefined) {
  return async (ms: number): Promise<void> => {
    if (sleep !== undefined) return abortable(sleep(ms), signal)
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
}

/** Whether a retry may help and cannot carry out a write twice. */
function isPassing(error: unknown, sentWrite: boolean): boolean {
  if (error instanceof WecomError) return isBusy(error.errcode)
  if (!(error instanceof WecomUnavailable)) return false
  if (sentWrite) return error.reason === 'network' && !error.ambiguous
  return isPassingSilence(error)
}
