/** retCode 不为 0 的回答。An answer whose retCode is not 0. */
export class WispError extends Error {
  readonly code: string
  readonly requestId: string | null

  constructor(code: string, message: string, requestId: string | null) {
    super(`${code} ${message} (${requestId})`)
    this.code = code
    this.requestId = requestId
  }
}

type Envelope<T> = { retCode: string; retMessage: string; body: T }
type Query = Record<string, string | number>

/** 调用 wisp 的接口。Calls wisp's API. */
export class Wisp {
  readonly #url: string
  readonly #account: { devId: string; devSecret: string }
  #token: Promise<string> | undefined

  constructor(url: string, devId: string, devSecret: string) {
    this.#url = url
    this.#account = { devId, devSecret }
  }

  static fromEnvironment(): Wisp {
    const { WISP_URL = '', DEV_ID = '', DEV_SECRET = '' } = process.env
    return new Wisp(WISP_URL, DEV_ID, DEV_SECRET)
  }

  get<T>(path: string, query: Query): Promise<T> {
    const given = Object.entries(query).map(([name, value]) => [name, String(value)])
    return this.#call(`${path}?${new URLSearchParams(given)}`)
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.#call(path, body)
  }

  async #call<T>(path: string, body?: object): Promise<T> {
    const used = this.#sharedToken()
    try {
      return await this.#send<T>(path, body, await used)
    } catch (error) {
      // devToken 已失效，换一次新的。The devToken is dead: take a new one, once.
      if (!(error instanceof WispError && error.code === '1004')) throw error
      if (this.#token === used) this.#token = undefined
      return this.#send<T>(path, body, await this.#sharedToken())
    }
  }

  /** 同时进行的调用共用一个 devToken。Calls at the same time share one devToken. */
  #sharedToken(): Promise<string> {
    if (this.#token) return this.#token
    const asked = this.#send<{ devToken: string }>('/api/token/getDevToken', this.#account)
    const token = asked.then(({ devToken }) => devToken)
    token.catch(() => {
      if (this.#token === token) this.#token = undefined
    })
    this.#token = token
    return token
  }

  async #send<T>(path: string, body?: object, token?: string, waitsLeft = 3): Promise<T> {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const signal = AbortSignal.timeout(30_000)
    const init = body
      ? {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { ...headers, 'content-type': 'application/json' },
        }
      : { headers }
    const answer = await fetch(this.#url + path, { ...init, signal })
    const envelope = (await answer.json()) as Envelope<T>
    if (envelope.retCode === '0') return envelope.body
    // 1010：什么都没有执行，等到 Retry-After 再来。Nothing was done: come back after Retry-After.
    const seconds = Number(answer.headers.get('retry-after') ?? 60)
    if (envelope.retCode !== '1010' || waitsLeft === 0 || seconds > 60)
      throw new WispError(envelope.retCode, envelope.retMessage, answer.headers.get('x-request-id'))
    await new Promise(resolve => setTimeout(resolve, seconds * 1000))
    return this.#send(path, body, token, waitsLeft - 1)
  }
}
