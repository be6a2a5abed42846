import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { parseForeignJson } from '../../platform/storage/foreign-text.ts'
import { NoAnswer } from '../transport/no-answer.ts'
import type { UpstreamPool } from '../transport/pool.ts'
import { type RawAnswer, request } from '../transport/request.ts'
import { backoffMs } from '../transport/retry.ts'
import { PayError, PayUnavailable } from './errors.ts'
import { type Repetition, repetitionAfter } from './repetition.ts'
import { authorization, type MerchantIdentity, signatureFault, type VerifyingKeys } from './signature.ts'

export type PayCallReport = { path: string; errcode: string; ms: number }

export type CallerOptions = {
  identity: MerchantIdentity
  /** For example `https://api.mch.weixin.qq.com`. */
  baseUrl: string
  /** Asked when the first one fails; it may be the same. */
  backupUrl: string
  pool: UpstreamPool
  keys: VerifyingKeys
  /** `PUB_KEY_ID_…`, which has answers signed by the public key; '' for certificates. */
  publicKeyId: string
  /** In ms since the epoch. */
  now: () => number
  /** Per attempt. */
  timeoutMs: number
  /** For a call with all its repetitions. */
  totalMs: number
  /** How often a call is repeated at most. */
  retries: number
  onCall: ((call: PayCallReport) => void) | undefined
  sleep: (ms: number) => Promise<void>
  /** Told of WeChat Pay's clock with every answer, in ms since the epoch. */
  onDate: (date: number) => void
  /** Aborts when the node stops. */
  signal: AbortSignal | undefined
}

export type PayCall = {
  method: 'GET' | 'POST'
  /** The path without ids, as it is counted and told: `/v3/pay/transactions/out-trade-no/{no}`. */
  name: string
  /** Path and query exactly as they are sent and signed. */
  target: string
  body?: object
  /** Set for a file whose address differs from the API's only in the host. */
  origin?: string
  /** A file's answer is not signed; its announced hash is compared instead. */
  isFile?: boolean
  answerAtMost?: number
  /** Other keys for this answer, which may bring them along itself. */
  keysFor?: (body: Buffer) => VerifyingKeys
  /** Only one attempt: what follows a failure is for the caller to decide. */
  isOnce?: boolean
  /** Which attempt of the caller's own this is: odd ones begin at the other host. */
  turn?: number
}

/** Makes a call, with its repetitions: each of them has its own signature, and the same path and body. */
export type Caller = (call: PayCall) => Promise<Buffer>

const answerAtMostByDefault = 4 * 1024 * 1024
const refusal = Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) })

/** @throws PayError when WeChat Pay refuses, PayUnavailable when no usable answer comes */
export function createCaller(options: CallerOptions): Caller {
  const { retries } = options
  return async call => {
    const body = call.body === undefined ? '' : JSON.stringify(call.body)
    const until = performance.now() + options.totalMs
    let hosts = [options.baseUrl, options.backupUrl]
    if ((call.turn ?? 0) % 2 === 1) hosts = hosts.toReversed()
    for (let failures = 0; ; failures++) {
      const left = until - performance.now()
      try {
        return await attempt(options, call, body, hosts[0] ?? '', Math.min(options.timeoutMs, left))
      } catch (error) {
        const how: Repetition = repetitionAfter(error)
        const pause = backoffMs(failures + (how === 'slower' ? 2 : 0))
        const isOver = failures >= retries || performance.now() + pause >= until
        if (how === 'never' || call.isOnce || isOver) throw error
        if (how === 'other-host') hosts = hosts.toReversed()
        await options.sleep(pause)
      }
    }
  }
}

/** Sends a call once, and reports and judges the answer. */
async function attempt(
  options: CallerOptions,
  call: PayCall,
  body: string,
  host: string,
  timeoutMs: number,
): Promise<Buffer> {
  const started = performance.now()
  const name = `${call.method} ${call.name}`
  let outcome = 'network'
  try {
    const { origin, pathname } = new URL(call.origin ?? host)
    const target = `${pathname.replace(/\/+$/, '')}${call.target}`
    const answer = await request({
      path: name,
      // WeChat Pay counts by merchant, and money does not wait for a turn.
      pool: { dispatcher: options.pool.dispatcher },
      origin,
      target,
      method: call.method,
      headers: headersOf(options, call.method, target, body),
      ...(body === '' ? {} : { body }),
      failure: NoAnswer,
      answerAtMost: call.answerAtMost ?? answerAtMostByDefault,
      timeoutMs: Math.max(1, Math.ceil(timeoutMs)),
      signal: options.signal,
    })
    outcome = String(answer.status)
    const date = Date.parse(String(answer.headers['date'] ?? ''))
    if (!Number.isNaN(date)) options.onDate(date)
    if (answer.status !== 200 && answer.status !== 204) throw refusalIn(name, answer)
    if (!call.isFile) await prove(options, call, name, answer)
    outcome = '0'
    return answer.body
  } catch (error) {
    if (error instanceof NoAnswer) throw PayUnavailable.of(error)
    if (error instanceof PayError && error.code !== '') outcome = error.code
    throw error
  } finally {
    options.onCall?.({ path: call.name, errcode: outcome, ms: performance.now() - started })
  }
}

function headersOf(
  { identity, now, publicKeyId }: CallerOptions,
  method: string,
  target: string,
  body: string,
): Record<string, string> {
  return {
    // Without these two, some paths refuse before they look at the signature (docs/upstream/wechat-pay-calls.md#signing-a-call).
    accept: 'application/json',
    'user-agent': 'wisp',
    authorization: authorization(identity, { method, target, body }, now()),
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...(publicKeyId === '' ? {} : { 'wechatpay-serial': publicKeyId }),
  }
}

async function prove(
  { keys, now }: CallerOptions,
  call: PayCall,
  name: string,
  { headers, body }: RawAnswer,
): Promise<void> {
  const fault = await signatureFault(headers, body, call.keysFor?.(body) ?? keys, now())
  if (fault === undefined) return
  const reason = fault === 'clock' ? 'clock' : 'signature'
  throw new PayUnavailable(name, reason, `the answer is not proved to be WeChat Pay's (${fault})`)
}

/** What is neither 200 nor 204; refusals are not signed (docs/upstream/wechat-pay-calls.md#answers). */
function refusalIn(name: string, { status, headers, body }: RawAnswer): PayError | PayUnavailable {
  if (status === 202) return new PayUnavailable(name, 'unfinished', 'accepted, and not finished yet')
  const requestId = String(headers['request-id'] ?? '')
  let answer: unknown
  try {
    answer = parseForeignJson(body.toString())
  } catch {
    // An unknown path and a wrong method have no body at all, and a proxy in between writes HTML.
  }
  if (!Check(refusal, answer)) return new PayError(name, status, { code: '', text: '', requestId })
  const { code, message: text = '' } = answer
  return new PayError(name, status, { code, text, detail: detailIn(answer), requestId })
}

function detailIn(answer: object): PayError['detail'] {
  const outer = objectIn(answer, 'detail')
  if (!outer) return undefined
  // For a wrong signature, WeChat Pay puts the reason one level further down.
  const given = [outer, objectIn(outer, 'detail') ?? {}]
  const word = (...names: string[]) =>
    String(given.flatMap(one => names.map(name => one[name])).find(Boolean) ?? '')
  const found = {
    field: word('field', 'param'),
    value: word('value'),
    issue: word('issue'),
    location: word('location'),
  }
  return Object.values(found).some(Boolean) ? found : undefined
}

function objectIn(answer: object, name: string): Record<string, unknown> | undefined {
  const value = (answer as Record<string, unknown>)[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}
