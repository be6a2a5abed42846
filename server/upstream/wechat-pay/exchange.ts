import type { Dispatcher } from 'undici'
import { PayUnavailable } from './errors.ts'
import type { Headers } from './signature.ts'

export type Exchange = {
  /** The call's name, for error texts. */
  call: string
  dispatcher: Dispatcher
  origin: string
  /** Path and query as they were signed. */
  target: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** '' for a GET. */
  body: string
  answerAtMost: number
  timeoutMs: number
  signal: AbortSignal | undefined
}

export type RawAnswer = { status: number; headers: Headers; body: Buffer }

/**
 * Makes one HTTP request to WeChat Pay, whatever it answers.
 * @throws PayUnavailable when no whole answer came; the signal's reason when it aborts
 */
export async function exchange(given: Exchange): Promise<RawAnswer> {
  const { call, dispatcher, origin, target, method, headers, signal, timeoutMs } = given
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await dispatcher.request({
      origin,
      path: target,
      method,
      headers,
      body: given.body === '' ? null : given.body,
      signal: AbortSignal.any([timeout, ...(signal ? [signal] : [])]),
    })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > given.answerAtMost)
        throw new PayUnavailable(call, 'size', `the answer is larger than ${given.answerAtMost} bytes`)
      chunks.push(chunk)
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof PayUnavailable) throw error
    if (timeout.aborted) throw new PayUnavailable(call, 'timeout', `no answer within ${timeoutMs} ms`)
    throw new PayUnavailable(call, 'network', `network failure (${codeOf(error)})`)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const { code, cause, name } = error as Error & { code?: unknown }
  if (typeof code === 'string' && code !== '') return code
  return cause === undefined ? name : codeOf(cause)
}
