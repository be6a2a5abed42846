import { exchange } from '../transport/exchange.ts'
import { wasMade } from '../transport/no-answer.ts'
import type { UpstreamPool } from '../transport/pool.ts'
import type { StoredToken } from '../transport/token-source.ts'
import type { CallReport } from './call.ts'
import { OfficialError, OfficialUnavailable } from './errors.ts'
import { tokenPath as path } from './passing.ts'

export type FetchTokenOptions = {
  pool: UpstreamPool
  baseUrl: string
  appId: string
  secret: string
  timeoutMs?: number
  now: () => number
  signal?: AbortSignal
  onCall?: (call: CallReport) => void
}

/**
 * Asks WeChat once for an account's token. `stable_token` answers everybody who asks with the same one, where `token` would
 * end what another program of the organisation uses (docs/upstream/official-calls.md#tokens).
 * @throws OfficialError (40125, 40013, 40164, 89503, …), OfficialUnavailable
 */
export async function fetchStableToken(options: FetchTokenOptions): Promise<StoredToken> {
  const { pool, appId, secret, now } = options
  const started = performance.now()
  // The lifetime counts from before the request, so that a slow answer never makes the token look younger than it is.
  const askedAt = now()
  let errcode: number | 'network' = 'network'
  let isMade = true
  try {
    const answer = await exchange({
      pool,
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      path,
      query: {},
      body: { grant_type: 'client_credential', appid: appId, secret },
      failure: OfficialUnavailable,
      timeoutMs: options.timeoutMs ?? 15_000,
      signal: options.signal,
    })
    errcode = answer.errcode
    if (errcode !== 0) throw new OfficialError(errcode, answer.errmsg, path, [secret])
    const { access_token: token, expires_in: seconds } = answer
    if (typeof token !== 'string' || token === '' || typeof seconds !== 'number')
      throw new OfficialUnavailable(path, 'json', 'no access_token in the answer', { ambiguous: false })
    return { token, expiresAt: askedAt + seconds * 1000 }
  } catch (error) {
    isMade = wasMade(error)
    throw error
  } finally {
    if (isMade) options.onCall?.({ path, errcode, ms: performance.now() - started })
  }
}
