import { setTimeout as wait } from 'node:timers/promises'
import type { TokenSource } from '../token-source.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'
import { abortable } from './gate.ts'
import { createWecomPool, type WecomPool } from './pool.ts'

export interface WecomCallOptions {
  /** For example `https://qyapi.weixin.qq.com`. */
  baseUrl: string
  corpId: string
  /** The secret behind `tokens`, needed here only to remove it from error texts. */
  secret: string
  tokens: TokenSource
  /** Shares connections, concurrency and the hold after 45009. Clients without one share a pool of the process. */
  pool?: WecomPool
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

const DEAD_TOKEN = new Set([40014, 42001, 40001])
const LIMITED = new Set([45009, 45033])
const PASSING_STATUS = new Set([429, 500, 502, 503, 504])
const FIRST_DELAY_MS = 200
const LONGEST_DELAY_MS = 30_000

let processPool: WecomPool | undefined

/** A random delay between half and all of 0.2 s × 2^step, at most 30 s. */
export function backoffMs(step: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** step)
  return full * (0.5 + Math.random() / 2)
}

/**
 * Every call of a client goes through this function, which adds token, gate and back-off
 * (docs/upstream/wecom-calls.md#access-tokens).
 */
export function createCaller(options: WecomCallOptions): (call: Call) => Promise<Answer> {
  const { tokens, signal, retries = 4, limitRetries = retries } = options
  processPool ??= options.pool === undefined ? createWecomPool() : undefined
  const pool = options.pool ?? (processPool as WecomPool)
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const gate = pool.gate(baseUrl, options.corpId, options.concurrency)
  const pause = pauser(options.sleep, signal)

  async function attempt(call: Call, token: string): Promise<Answer> {
    const started = performance.now()
    const report = (errcode: number | 'network') =>
      options.onCall?.({ path: call.path, errcode, ms: performance.now() - started })
    let answer: Answer
    try {
      answer = await exchange({
        dispatcher: pool.dispatcher,
        baseUrl,
        path: call.path,
        query: { ...call.query, access_token: token },
        body: call.body,
        needsErrcode: call.write === true,
        timeoutMs: options.timeoutMs ?? 15_000,
        signal,
      })
    } catch (error) {
      if (error instanceof WecomUnavailable) report('network')
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
      let token: string | undefined
      let mark = 0
      try {
        return await gate.run(async entered => {
          mark = entered
          const usable = deadToken === undefined ? await tokens.get() : await tokens.renew(deadToken)
          deadToken = undefined
          token = usable
          const answer = await attempt(call, usable)
          gate.succeeded(entered)
          return answer
        }, signal)
      } catch (error) {
        if (token !== undefined && !renewed && hasErrcode(error, DEAD_TOKEN)) {
          renewed = true
          deadToken = token
        } else if (hasErrcode(error, LIMITED)) {
          // The corp slows down even if this call gives up; the next turn through the gate waits for the hold.
          gate.slowDown(mark, pause(backoffMs(gate.consecutiveSlowdowns)))
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

function hasErrcode(error: unknown, codes: ReadonlySet<number>): boolean {
  return error instanceof WecomError && codes.has(error.errcode)
}

/** Whether a retry may help and cannot carry out a write twice. */
function isPassing(error: unknown, sentWrite: boolean): boolean {
  if (error instanceof WecomError) return error.kind === 'busy'
  if (!(error instanceof WecomUnavailable)) return false
  if (sentWrite) return error.reason === 'network' && !error.ambiguous
  return error.reason !== 'http' || PASSING_STATUS.has(error.status ?? 0)
}
