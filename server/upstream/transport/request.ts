import type { Dispatcher } from 'undici'
import { formatDuration } from '../../platform/format.ts'
import { NoAnswer, type NoAnswerClass, type NoAnswerReason } from './no-answer.ts'
import { AllowanceUsedUp } from './pace/allowance.ts'
import type { UpstreamPool } from './pool.ts'

export type Headers = Record<string, string | string[] | undefined>

export type Request = {
  pool: Pick<UpstreamPool, 'dispatcher' | 'allowance'>
  origin: string
  /** Path and query as they are sent. */
  target: string
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Buffer
  /** The path without query, or the call's name: error texts contain nothing else of the request. */
  path: string
  /** The vendor's own class of failures. */
  failure: NoAnswerClass
  /** In bytes; default 64 MB. */
  answerAtMost?: number
  timeoutMs: number
  signal?: AbortSignal | undefined
}

export type RawAnswer = { status: number; headers: Headers; body: Buffer }

const answerAtMostByDefault = 64 * 1024 * 1024

/** Failures that occur before a request can have been sent: looking up the host, connecting, TLS. */
const NOT_SENT =
  /^(PROXY_REFUSED_\d+|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|.*_CERT.*|UNABLE_TO_.*)$/

/**
 * Makes one HTTP request to a vendor, whatever the status of its answer.
 * @throws NoAnswer, in the vendor's class, when no whole answer came; the signal's reason when it aborts
 */
export async function request(call: Request): Promise<RawAnswer> {
  const { pool, origin, target, method, headers, body = null, signal, timeoutMs } = call
  signal?.throwIfAborted()
  await mayLeave(call)
  const receiver = new Receiver(call)
  const cut = () => receiver.cut()
  signal?.addEventListener('abort', cut, { once: true })
  const timer = setTimeout(cut, timeoutMs)
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 }
  try {
    pool.dispatcher.dispatch(
      { origin, path: target, method, headers: headers ?? {}, body, ...timeouts },
      receiver,
    )
    return await receiver.answer
  } catch (error) {
    if (error instanceof NoAnswer) throw error
    signal?.throwIfAborted()
    if (error instanceof Cut)
      throw failure(call, 'timeout', `no answer within ${formatDuration(timeoutMs).en}`, receiver.hasStarted)
    const code = codeOf(error)
    throw failure(call, 'network', `network failure (${code})`, !NOT_SENT.test(code))
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cut)
  }
}

async function mayLeave(call: Request): Promise<void> {
  try {
    await call.pool.allowance?.take(call.origin, call.path, call.signal)
  } catch (error) {
    if (!(error instanceof AllowanceUsedUp)) throw error
    throw failure(call, 'limit', 'not made, as too many calls leave this address', false)
  }
}

function failure(call: Request, reason: NoAnswerReason, detail: string, ambiguous: boolean): NoAnswer {
  return new call.failure(call.path, reason, detail, { ambiguous })
}

class Cut extends Error {}

/**
 * Receives an answer directly from undici, because its `request` does not tell whether the request has been sent when it is
 * cut, and leaves more behind in V8's old space. See docs/decisions/rare-full-collections.md.
 */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #request: Request
  readonly #done = Promise.withResolvers<RawAnswer>()
  #controller: Dispatcher.DispatchController | undefined
  #cut: Cut | undefined
  #status = 0
  #headers: Headers = {}
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(request: Request) {
    this.#request = request
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

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    // Undici ends the exchange with the error thrown here.
    const { answerAtMost = answerAtMostByDefault } = this.#request
    if (this.#size > answerAtMost)
      throw failure(this.#request, 'size', `the answer is larger than ${answerAtMost} bytes`, true)
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [first = Buffer.alloc(0)] = this.#chunks
    const body = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first
    this.#done.resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#done.reject(error)
  }
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
