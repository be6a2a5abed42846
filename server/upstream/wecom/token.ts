import { exchange, type UpstreamAnswer } from '../transport/exchange.ts'
import { wasMade } from '../transport/no-answer.ts'
import type { UpstreamPool } from '../transport/pool.ts'
import type { StoredToken } from '../transport/token-source.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { checkShape } from './shapes.ts'

export interface FetchTokenOptions {
  pool: UpstreamPool
  baseUrl: string
  corpId: string
  secret: string
  timeoutMs?: number
  now?: () => number
  signal?: AbortSignal
  onCall?: (call: { path: string; errcode: number | 'network'; ms: number }) => void
}

/**
 * Asks WeCom once for a token (`gettoken`, docs/upstream/wecom-calls.md#access-tokens). Retrying is up to the caller.
 * @throws WecomError (40001, 40013, 60020, …), WecomUnavailable
 */
export async function fetchToken(options: FetchTokenOptions): Promise<StoredToken> {
  const { pool, corpId, secret, now = Date.now } = options
  const path = '/cgi-bin/gettoken'
  // WeCom would answer the same, and it counts such calls against the corp.
  if (corpId === '') throw new WecomError(41002, 'corpid missing', path)
  if (secret === '') throw new WecomError(41004, 'corpsecret missing', path)
  const started = performance.now()
  const report = (errcode: number | 'network') =>
    options.onCall?.({ path, errcode, ms: performance.now() - started })
  // The lifetime counts from before the request, so that a slow answer never makes the token look younger than it is.
  const askedAt = now()
  let answer: UpstreamAnswer
  try {
    answer = await exchange({
      pool,
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      path,
      query: { corpid: corpId, corpsecret: secret },
      failure: WecomUnavailable,
      timeoutMs: options.timeoutMs ?? 15_000,
      signal: options.signal,
    })
  } catch (error) {
    if (error instanceof WecomUnavailable && wasMade(error)) report('network')
    throw error
  }
  report(answer.errcode)
  if (answer.errcode !== 0) throw new WecomError(answer.errcode, answer.errmsg, path, [secret])
  const { access_token, expires_in } = checkShape('gettoken', path, answer)
  return { token: access_token, expiresAt: askedAt + expires_in * 1000 }
}
