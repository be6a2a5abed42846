import { ownTurn } from '../../platform/operation/own-turn.ts'
import type { CounterNeeds } from '../../platform/security/counters.ts'
import { type CallLimits, createCallBudget, LimitReached } from './call-budget.ts'
import { type NoAnswerClass, wasMade } from './no-answer.ts'
import type { UpstreamPool } from './pool.ts'
import { type Headers, type RawAnswer, request } from './request.ts'
import type { Throttle } from './throttle.ts'
import type { TokenSource } from './token-source.ts'

/** A call as somebody else made it. `query` is raw and without a token. */
export type ForeignCall = {
  method: 'GET' | 'POST'
  /** For example `/cgi-bin/checkin/getcheckindata`. */
  path: string
  query: string
  body: { type: string; bytes: Buffer } | undefined
}

/** The vendor's answer as it came; `errcode` is 0 for bytes and where it has none. */
export type ForwardedAnswer = { errcode: number } & (
  | { json: string }
  | { bytes: Buffer; type: string; disposition: string }
)

export type Forward = (call: ForeignCall) => Promise<ForwardedAnswer>

export type ForwardOptions = {
  baseUrl: string
  /** Whose limits at the vendor count: a corp, or an AppID. */
  owner: string
  tokens: TokenSource
  pool: UpstreamPool
  /** The vendor's limits that all nodes keep together; what it says with 45009 is kept without any. */
  limits?: CallLimits
  counters: CounterNeeds
  failure: NoAnswerClass
  /** Whether the vendor refused the token, before it did anything. */
  isDeadToken: (errcode: number) => boolean
  onCall: (call: { path: string; errcode: number | 'network'; ms: number }) => void
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
}

/** Files of 20 MB take their time. */
const timeoutMsByDefault = 60_000
export const forwardedAtMost = 20 * 1024 * 1024
/** Half of what the vendor takes at once, so that these calls never hold up the syncs and messages of their corp. */
const atOnce = 8
const waitAtMostMs = 20_000
const askAgainSeconds = 5
/** Answers of more bytes than this are read in a turn of their own. */
const takesTurnAbove = 16_384

/** 45009: the call was made too often. */
export const usedUp = 45009

/**
 * Passes on calls to a vendor with the access token of one application or account. A call whose token was refused is made once more with
 * another; nothing else is repeated, because nobody knows what the vendor has done already.
 * @throws LimitReached before the vendor is asked, NoAnswer in the vendor's class, and what asking for a token throws
 */
export function createForward(options: ForwardOptions): Forward {
  const { pool, owner, tokens, isDeadToken } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const budget = createCallBudget(options.counters, { origin: baseUrl, owner }, options.limits)
  const throttle = pool.throttle(baseUrl, `${owner} passthrough`, atOnce)

  async function attempt(call: ForeignCall, token: string): Promise<ForwardedAnswer> {
    await budget.take(call.path)
    const answer = await inTurn(options, throttle, call, () => exchange(options, baseUrl, call, token))
    if (answer.errcode === usedUp) await budget.noteUsedUp(call.path)
    return answer
  }

  return async call => {
    budget.check(call.path)
    const token = await tokens.get()
    const answer = await attempt(call, token)
    return isDeadToken(answer.errcode) ? attempt(call, await tokens.renew(token)) : answer
  }
}

/** Nobody waits long for calls of others that the vendor is slow to answer. */
async function inTurn<T>(
  { signal }: ForwardOptions,
  throttle: Throttle,
  { path }: ForeignCall,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = AbortSignal.timeout(waitAtMostMs)
  try {
    return await throttle.run(work, signal ? AbortSignal.any([waiting, signal]) : waiting)
  } catch (error) {
    if (waiting.aborted && error === waiting.reason) throw new LimitReached(path, askAgainSeconds)
    throw error
  }
}

async function exchange(
  options: ForwardOptions,
  baseUrl: string,
  call: ForeignCall,
  token: string,
): Promise<ForwardedAnswer> {
  const started = performance.now()
  let errcode: number | 'network' = 'network'
  let isMade = true
  try {
    const answer = await read(options, call, await send(options, baseUrl, call, token))
    errcode = answer.errcode
    // Nobody but the platform may see the token, wherever the vendor repeats it.
    return 'json' in answer ? { ...answer, json: answer.json.replaceAll(token, '***') } : answer
  } catch (error) {
    isMade = wasMade(error)
    // Like every limit that wisp keeps itself.
    throw isMade ? error : new LimitReached(call.path, askAgainSeconds)
  } finally {
    if (isMade) options.onCall({ path: call.path, errcode, ms: performance.now() - started })
  }
}

async function send(
  { pool, failure, signal, timeoutMs = timeoutMsByDefault }: ForwardOptions,
  baseUrl: string,
  { method, path, query, body }: ForeignCall,
  token: string,
): Promise<RawAnswer> {
  const { origin, pathname } = new URL(baseUrl)
  const withToken = `access_token=${encodeURIComponent(token)}${query === '' ? '' : `&${query}`}`
  return request({
    pool,
    origin,
    target: `${pathname.replace(/\/$/, '')}${path}?${withToken}`,
    method,
    headers: body ? { 'content-type': body.type } : {},
    ...(method === 'POST' ? { body: body?.bytes ?? Buffer.alloc(0) } : {}),
    path,
    failure,
    answerAtMost: forwardedAtMost,
    timeoutMs,
    signal,
  })
}

async function read(
  { failure }: ForwardOptions,
  { path }: ForeignCall,
  { status, headers, body }: RawAnswer,
): Promise<ForwardedAnswer> {
  if (status !== 200) throw new failure(path, 'http', `HTTP ${status}`, { status, ambiguous: status >= 500 })
  const type = textOf(headers['content-type'])
  const disposition = textOf(headers['content-disposition'])
  // Vendors call a refusal a text here and a picture there, so the content decides; only files have a name.
  const begins = body.toString('latin1', 0, 64).trimStart()
  const isFile = /filename/i.test(disposition)
  if (!isFile && (begins.startsWith('{') || /json/i.test(type) || body.length === 0))
    return readJson(path, body, failure)
  if (!isFile && (/html/i.test(type) || begins.startsWith('<')))
    throw new failure(path, 'html', 'HTML instead of an answer', { status, ambiguous: true })
  return { errcode: 0, bytes: body, type, disposition: attachment(disposition) }
}

/** Only whether it is an object and its errcode are looked at; what is passed on is the text itself. */
async function readJson(path: string, body: Buffer, failure: NoAnswerClass): Promise<ForwardedAnswer> {
  if (body.length > takesTurnAbove) await ownTurn()
  const json = body.toString('utf8').replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new failure(path, 'json', 'broken or truncated JSON', { ambiguous: true })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new failure(path, 'json', 'the answer is not a JSON object', { ambiguous: true })
  const { errcode = 0 } = value as { errcode?: unknown }
  return { errcode: Number.isSafeInteger(Number(errcode)) ? Number(errcode) : 0, json }
}

function textOf(value: Headers[string]): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** The vendor's name of the file, always as one to be saved. Header values that Node would refuse are left out. */
function attachment(disposition: string): string {
  const name = /;.*$/.exec(disposition)?.[0] ?? ''
  return /^[\x20-\x7e\xa0-\xff]*$/.test(name) ? `attachment${name}` : 'attachment'
}
