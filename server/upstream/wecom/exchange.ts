import { type Dispatcher, request } from 'undici'
import { WecomUnavailable } from './errors.ts'

export interface Exchange {
  dispatcher: Dispatcher
  baseUrl: string
  /** Such as `/cgi-bin/user/get`; the only part of the address that errors name. */
  path: string
  query: Record<string, string>
  /** A POST with this JSON when given, else a GET. */
  body?: unknown
  /** Refuse an answer without errcode: nothing else in it would tell success from a stranger's JSON. */
  needsErrcode?: boolean
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** The part that every answer of WeCom has; a missing errcode counts as 0 (upstream.md §0). */
export interface Answer {
  errcode: number
  errmsg: string
  [field: string]: unknown
}

const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Failures that happen before a request can have left: looking up the host, connecting, TLS. */
const NOT_SENT =
  /^(PROXY_REFUSED_\d+|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|.*_CERT.*|UNABLE_TO_.*)$/

/**
 * One HTTP exchange with WeCom.
 * @throws WecomUnavailable when no JSON object came back; the signal's reason when it aborts
 */
export async function exchange(call: Exchange): Promise<Answer> {
  const { path, signal } = call
  signal?.throwIfAborted()
  const cut = new AbortController()
  const onAbort = () => cut.abort()
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(onAbort, call.timeoutMs)
  try {
    return parseAnswer(call, await send(call, cut.signal))
  } catch (error) {
    if (error instanceof WecomUnavailable) throw error
    signal?.throwIfAborted()
    if (cut.signal.aborted) {
      throw new WecomUnavailable(path, 'timeout', `no answer within ${call.timeoutMs} ms`, {
        ambiguous: true,
      })
    }
    const code = codeOf(error)
    throw new WecomUnavailable(path, 'network', `network failure (${code})`, {
      ambiguous: !NOT_SENT.test(code),
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

interface RawAnswer {
  status: number
  contentType: string
  text: string
}

async function send(call: Exchange, signal: AbortSignal): Promise<RawAnswer> {
  const query = new URLSearchParams(call.query).toString()
  const url = `${call.baseUrl}${call.path}${query === '' ? '' : `?${query}`}`
  const response = await request(url, {
    dispatcher: call.dispatcher,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
    method: call.body === undefined ? 'GET' : 'POST',
    ...(call.body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(call.body) }),
  })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) {
      throw new WecomUnavailable(call.path, 'http', 'the answer is larger than 64 MB', {
        status: response.statusCode,
        ambiguous: true,
      })
    }
    chunks.push(chunk as Buffer)
  }
  return {
    status: response.statusCode,
    contentType: String(response.headers['content-type'] ?? ''),
    text: Buffer.concat(chunks).toString('utf8'),
  }
}

function parseAnswer({ path, needsErrcode }: Exchange, { status, contentType, text }: RawAnswer): Answer {
  if (status !== 200) {
    // A 4xx comes from a door that turned the request away; behind a 5xx it may have been carried out.
    throw new WecomUnavailable(path, 'http', `HTTP ${status}`, { status, ambiguous: status >= 500 })
  }
  if (contentType.includes('text/html') || /^\s*</.test(text)) {
    throw new WecomUnavailable(path, 'html', 'HTML instead of JSON', { status, ambiguous: true })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new WecomUnavailable(path, 'json', 'broken or truncated JSON', { status, ambiguous: true })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WecomUnavailable(path, 'json', 'the answer is not a JSON object', { status, ambiguous: true })
  }
  const { errcode = needsErrcode ? undefined : 0, errmsg = '' } = value as Record<string, unknown>
  if (typeof errcode !== 'number' || !Number.isInteger(errcode)) {
    throw new WecomUnavailable(path, 'json', 'errcode is not an integer', { status, ambiguous: true })
  }
  return { ...value, errcode, errmsg: String(errmsg) }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (!(error instanceof Error)) return 'unknown'
  const refusal = /^Proxy response \((\d+)\)/.exec(error.message)?.[1]
  if (refusal !== undefined) return `PROXY_REFUSED_${refusal}`
  const { code, cause } = error as Error & { code?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return cause === undefined ? error.name : codeOf(cause)
}
