import type { CallLog } from './call-log.ts'

/** The envelope of every answer of wisp. */
export interface Envelope {
  retCode: string
  retMessage: string
  // biome-ignore lint/suspicious/noExplicitAny: each call has a body of its own
  body?: any
}

/** wisp could not be reached, or refused the call. */
export class WispRefused extends Error {
  readonly retCode: string

  constructor(retCode: string, message: string) {
    super(message)
    this.retCode = retCode
  }
}

export interface WispAccount {
  /** Without a slash at the end. */
  url: string
  devId: string
  devSecret: string
}

const tokenDead = '1004'
const timeoutMs = 15_000
// A token is replaced in its last minute, so that it does not expire during a call.
const marginMs = 60_000

/**
 * Makes a developer's calls. All of them share one devToken, which is replaced when it is about to expire or
 * wisp does not accept it any more.
 */
export class WispApi {
  readonly #account: WispAccount
  readonly #log: CallLog
  #token: Promise<{ devToken: string; until: number }> | undefined

  constructor(account: WispAccount, log: CallLog) {
    this.#account = account
    this.#log = log
  }

  /** Returns the answer's body. Throws WispRefused. `visit` is the visit under which the call is logged. */
  async get(path: string, query: Record<string, string>, visit: string) {
    return this.#call(visit, path, query)
  }

  async post(path: string, body: object, visit: string) {
    return this.#call(visit, path, {}, body)
  }

  /** Yields once wisp listens, and then at every event of this type. Ends with the connection. Throws WispRefused. */
  async *signals(type: string, signal: AbortSignal): AsyncGenerator<void> {
    const address = `${this.#account.url}/api/event/stream?types=${type}`
    const answer = await fetch(address, {
      headers: { authorization: `Bearer ${await this.#devToken('')}` },
      signal,
    })
    if (!answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      this.#token = undefined
      throw new WispRefused('', await answer.text())
    }
    yield
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream()))
      if (piece.includes(`event: ${type}`)) yield
  }

  async #call(visit: string, path: string, query: Record<string, string>, body?: object) {
    const first = await this.#ask(visit, path, await this.#devToken(visit), query, body)
    if (first.retCode !== tokenDead) return bodyOf(first)
    this.#token = undefined
    return bodyOf(await this.#ask(visit, path, await this.#devToken(visit), query, body))
  }

  async #devToken(visit: string): Promise<string> {
    const known = await this.#token?.catch(() => undefined)
    if (known && known.until > Date.now()) return known.devToken
    this.#token = this.#newToken(visit)
    return (await this.#token).devToken
  }

  async #newToken(visit: string) {
    const { devId, devSecret } = this.#account
    const { devToken, expiresIn } = bodyOf(
      await this.#ask(visit, '/api/token/getDevToken', undefined, {}, { devId, devSecret }),
    )
    return { devToken: String(devToken), until: Date.now() + Number(expiresIn) * 1000 - marginMs }
  }

  async #ask(
    visit: string,
    path: string,
    devToken: string | undefined,
    query: Record<string, string>,
    body?: object,
  ): Promise<Envelope> {
    const params = new URLSearchParams(query)
    const noted = this.#log.begin({ visit, path, query: `${params}`, body })
    try {
      const answer = await fetch(`${this.#account.url}${path}?${params}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(devToken !== undefined && { authorization: `Bearer ${devToken}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const envelope = (await answer.json()) as Envelope
      noted.end(envelope)
      return envelope
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } }
      const words = `平台没有应答（${cause?.code ?? message}）`
      noted.end({ retCode: '', retMessage: words })
      throw new WispRefused('', words)
    }
  }
}

function bodyOf({ retCode, retMessage, body }: Envelope) {
  if (retCode !== '0') throw new WispRefused(retCode, retMessage)
  return body
}
