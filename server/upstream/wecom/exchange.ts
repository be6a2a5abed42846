import type { Dispatcher } from 'undici'
import { parseForeignJson } from '../foreign-text.ts'
import { WecomUnavailable } from './errors.ts'

export interface Exchange {
  dispatcher: Dispatcher
  baseUrl: string
  /** For example `/cgi-bin/user/get`; error texts contain only this part of the URL. */
  path: string
  query: Record<string, string>
  /** With a body the request is a POST of this JSON, otherwise a GET. */
  body?: unknown
  /** Rejects an answer without errcode, where nothing else would tell success from some other server's JSON. */
  needsErrcode?: boolean
  /** Integers beyond 2^53 become texts, where others would lose their last digits. */
  keepsIntegers?: boolean
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** The fields of every WeCom answer; a missing errcode counts as 0 (docs/upstream/wecom-calls.md#answers). */
export interface Answer {
  errcode: number
  errmsg: string
  [field: string]: unknown
}

const MAX_BODY_BYTES = 64 * 1024 * 1024

/** Failures that occur before a request can have been sent: looking up the host, connecting, TLS. */
const NOT_SENT =
  /^(PROXY_REFUSED_\d+|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|.*_CERT.*|UNABLE_TO_.*)$/

/**
 * Makes one HTTP request to WeCom.
 * @throws WecomUnavailable when no JSON object came back; the signal's reason when it aborts
 */
export async function exchange(call: Exchange): Promise<Answer> {
  const { path, signal } = call
  signal?.throwIfAborted()
  const receiver = new Receiver(path)
  const cut = () => receiver.cut()
  signal?.addEventListener('abort', cut, { once: true })
  const timer = setTimeout(cut, call.timeoutMs)
  try {
    send(call, receiver)
    const answer = await receiver.answer
    return parseAnswer(call, answer)
  } catch (error) {
    if (error instanceof WecomUnavailable) throw error
    signal?.throwIfAborted()
    if (error instanceof Cut) {
      const text = `no answer within ${call.timeoutMs} ms`
      throw new WecomUnavailable(path, 'timeout', text, { ambiguous: receiver.hasStarted })
    }
    const code = codeOf(error)
    throw new WecomUnavailable(path, 'network', `network failure (${code})`, {
      ambiguous: !NOT_SENT.test(code),
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cut)
  }
}

function send({ dispatcher, baseUrl, path, query, body }: Exchange, receiver: Receiver): void {
  const { origin, pathname } = new URL(baseUrl)
  const content =
    body === undefined
      ? { method: 'GET' }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
  const target = `${pathname.replace(/\/$/, '')}${path}?${new URLSearchParams(query)}`
  dispatcher.dispatch({ origin, path: target, ...content, ...timeouts }, receiver)
}

interface RawAnswer {
  status: number
  body: Buffer
}

class Cut extends Error {}

/**
 * Receives an answer directly from undici, because its `request` does not tell whether the request has been sent when it is
 * cut, and leaves more behind in V8's old space. See docs/decisions/rare-full-collections.md.
 */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #path: string
  readonly #done = Promise.withResolvers<RawAnswer>()
  #controller: Dispatcher.DispatchController | undefined
  #cut: Cut | undefined
  #status = 0
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(path: string) {
    this.#path = path
  }

  get answer(): Promise<RawAnswer> {
    return this.#done.promise
  }

  /** False while the request waits for a connection and has not been sent. */
  get hasStarted(): boolean {
    return this.#controller !== undefined
  }

  cut(): void {
    this.#cut = new Cut()
    this.#done.reject(this.#cut)
    this.#controller?.abort(this.#cut)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#cut) controller.abort(this.#cut)
    else this.#controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    // Undici ends the exchange with the error thrown here.
    if (this.#size > MAX_BODY_BYTES) {
      throw new WecomUnavailable(this.#path, 'http', 'the answer is larger than 64 MB', {
        status: this.#status,
        ambiguous: true,
      })
    }
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0)] = this.#chunks
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first
    this.#done.resolve({ status: this.#status, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#done.reject(error)
  }
}

function parseAnswer({ path, needsErrcode, keepsIntegers }: Exchange, { status, body }: RawAnswer): Answer {
  if (status !== 200) {
    // A 4xx means that the request was turned away; behind a 5xx it may have been carried out.
    throw new WecomUnavailable(path, 'http', `HTTP ${status}`, { status, ambiguous: status >= 500 })
  }
  const text = body.toString('utf8')
  if (/^\s*</.test(text)) {
    throw new WecomUnavailable(path, 'html', 'HTML instead of JSON', { status, ambiguous: true })
  }
  let value: unknown
  try {
    value =
      keepsIntegers && largeInteger.test(text) ? parseForeignJson(text, exactly) : parseForeignJson(text)
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

/** Looked for first, because `exactly` makes the parser seven times slower, and hardly any answer has one. */
const largeInteger = /[:[,]\s*-?\d{16}/

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isCut = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isCut ? context?.source : value
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
