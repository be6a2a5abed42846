import { parseForeignJson } from '../../platform/storage/foreign-text.ts'
import type { NoAnswerClass } from './no-answer.ts'
import { type RawAnswer, type Request, request } from './request.ts'

export interface Exchange {
  pool: Request['pool']
  baseUrl: string
  /** For example `/cgi-bin/user/get`; error texts contain only this part of the URL. */
  path: string
  query: Record<string, string>
  /** With a body the request is a POST of this JSON, otherwise a GET. */
  body?: unknown
  /** The vendor's own class of failures. */
  failure: NoAnswerClass
  /** Rejects an answer without errcode, where nothing else would tell success from some other server's JSON. */
  needsErrcode?: boolean
  /** Integers beyond 2^53 become texts, where others would lose their last digits. */
  keepsIntegers?: boolean
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** The fields of every answer of WeCom and of official accounts; a missing errcode counts as 0 (docs/upstream/wecom-calls.md#answers). */
export interface UpstreamAnswer {
  errcode: number
  errmsg: string
  [field: string]: unknown
}

/**
 * Makes one call whose answer is JSON with an errcode.
 * @throws NoAnswer, in the vendor's class, when no JSON object came back; the signal's reason when it aborts
 */
export async function exchange(call: Exchange): Promise<UpstreamAnswer> {
  const { pool, baseUrl, path, query, body, failure, timeoutMs, signal } = call
  const { origin, pathname } = new URL(baseUrl)
  const target = `${pathname.replace(/\/$/, '')}${path}?${new URLSearchParams(query)}`
  const content =
    body === undefined
      ? ({ method: 'GET' } as const)
      : ({
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        } as const)
  return parseAnswer(
    call,
    await request({ pool, origin, target, ...content, path, failure, timeoutMs, signal }),
  )
}

function parseAnswer(
  { path, failure, needsErrcode, keepsIntegers }: Exchange,
  { status, body }: RawAnswer,
): UpstreamAnswer {
  if (status !== 200) {
    // A 4xx means that the request was turned away; behind a 5xx it may have been carried out.
    throw new failure(path, 'http', `HTTP ${status}`, { status, ambiguous: status >= 500 })
  }
  const text = body.toString('utf8')
  if (/^\s*</.test(text)) {
    throw new failure(path, 'html', 'HTML instead of JSON', { status, ambiguous: true })
  }
  let value: unknown
  try {
    value =
      keepsIntegers && largeInteger.test(text) ? parseForeignJson(text, exactly) : parseForeignJson(text)
  } catch {
    throw new failure(path, 'json', 'broken or truncated JSON', { status, ambiguous: true })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new failure(path, 'json', 'the answer is not a JSON object', { status, ambiguous: true })
  }
  const { errcode = needsErrcode ? undefined : 0, errmsg = '' } = value as Record<string, unknown>
  if (typeof errcode !== 'number' || !Number.isInteger(errcode)) {
    throw new failure(path, 'json', 'errcode is not an integer', { status, ambiguous: true })
  }
  return { ...value, errcode, errmsg: String(errmsg) }
}

/** Looked for first, because `exactly` makes the parser seven times slower, and hardly any answer has one. */
const largeInteger = /[:[,]\s*-?\d{16}/

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isCut = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isCut ? context?.source : value
}
