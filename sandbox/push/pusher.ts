import { Agent, request } from 'undici'
import type { CallbackMode, Faults } from '../rules/faults.ts'
import type { CallbackSettings } from '../settings.ts'
import { digits, encrypt, sign } from './crypto.ts'
import { RecentPushes } from './recent.ts'
import { envelope } from './xml.ts'

/** An event for the receive URL. The journal keeps it until it was delivered or all attempts have failed. */
export interface StoredPush {
  id: number
  type: string
  xml: string
}

interface Delivery {
  push: StoredPush
  attempt: number
  /** Created at the first attempt and used again for repeats, because WeCom repeats the same bytes. */
  sealed?: { url: string; body: string }
  /** Number of deliveries of this push that have not ended yet; it starts at 2 for a duplicated push. */
  shared: { open: number }
}

const maxInFlight = 16
const attempts = 3
const faultWords: Record<CallbackMode, string> = {
  dropCallback: '故障：丢弃',
  duplicateCallback: '故障：重复',
  reorderCallback: '故障：乱序',
}

/**
 * Sends contact events to the corp's receive URL (docs/upstream/wecom-callbacks.md#event-push). First attempts are made in order,
 * with up to 16 requests at the same time. An event is sent at most three times, and only HTTP 200 counts as delivered.
 */
export class Pusher {
  readonly counters = { sent: 0, failed: 0, dropped: 0, retried: 0 }
  readonly recent = new RecentPushes()
  lastError: string | null = null
  #callback: CallbackSettings | null = null
  #queue: Delivery[] = []
  #inFlight = 0
  #pending = 0
  #running = false
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #agent = new Agent({ connections: maxInFlight })
  readonly #corpId: string
  readonly #now: () => number
  readonly #faults: Faults
  readonly #settled: (id: number) => void

  constructor(options: { corpId: string; now: () => number; faults: Faults; settled: (id: number) => void }) {
    this.#corpId = options.corpId
    this.#now = options.now
    this.#faults = options.faults
    this.#settled = options.settled
  }

  get pending(): number {
    return this.#pending
  }

  set callback(callback: CallbackSettings | null) {
    this.#callback = callback
    if (callback === null) this.clear()
    else this.#pump()
  }

  /**
   * Starts sending. It must be called only after the port is bound: a second process with the same journal,
   * whose port is taken, must not deliver the same events again.
   */
  start(): void {
    this.#running = true
    this.#pump()
  }

  /** Drops all events that were not delivered yet. */
  clear(): void {
    this.recent.clear()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#queue = []
    this.#pending = 0
  }

  enqueue(push: StoredPush): void {
    const fault = this.#faults.strikeCallback(push.type)
    const told = this.recent.add(push, this.#now())
    if (fault) told.note = faultWords[fault.mode]
    if (fault?.mode === 'dropCallback') {
      this.counters.dropped++
      told.state = 'dropped'
      this.#settled(push.id)
      return
    }
    this.#pending++
    const shared = { open: fault?.mode === 'duplicateCallback' ? 2 : 1 }
    const delivery: Delivery = { push, attempt: 0, shared }
    if (fault?.mode === 'reorderCallback') this.#later(fault.delayMs ?? 300, delivery)
    else this.#queue.push(delivery)
    if (shared.open === 2) {
      // Half of the duplicates repeat the same bytes, as WeCom does; the others are the same event encrypted
      // again.
      const repeat = push.id % 2 === 0 ? { sealed: this.#seal(push) } : {}
      Object.assign(delivery, repeat)
      const twin: Delivery = { push, attempt: 0, shared, ...repeat }
      if (fault?.delayMs) this.#later(fault.delayMs, twin)
      else this.#queue.push(twin)
    }
    this.#pump()
  }

  #later(delayMs: number, delivery: Delivery): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#queue.unshift(delivery)
      this.#pump()
    }, delayMs)
    this.#timers.add(timer)
  }

  #pump(): void {
    while (this.#running && this.#callback && this.#inFlight < maxInFlight) {
      const delivery = this.#queue.shift()
      if (!delivery) return
      this.#inFlight++
      void this.#attempt(delivery, this.#callback)
    }
  }

  async #attempt(delivery: Delivery, callback: CallbackSettings): Promise<void> {
    delivery.attempt++
    delivery.sealed ??= this.#seal(delivery.push)
    const error = await this.#post(delivery.sealed, callback.timeoutMs)
    this.#inFlight--
    if (!this.#running) return
    const told = this.recent.find(delivery.push.id)
    if (told) told.attempts++
    if (told && error !== undefined) told.note = error
    if (error === undefined) {
      this.counters.sent++
      if (told) told.state = 'sent'
      this.#settle(delivery)
    } else {
      this.lastError = `${delivery.push.type}: ${error}`
      if (delivery.attempt < attempts) {
        this.counters.retried++
        this.#later(callback.retryDelaysMs[delivery.attempt - 1]!, delivery)
      } else {
        this.counters.failed++
        if (told?.state === 'waiting') told.state = 'failed'
        this.#settle(delivery)
      }
    }
    this.#pump()
  }

  #settle({ push, shared }: Delivery): void {
    shared.open--
    if (shared.open > 0) return
    this.#pending = Math.max(0, this.#pending - 1)
    this.#settled(push.id)
  }

  #seal(push: StoredPush): { url: string; body: string } {
    const callback = this.#callback
    if (!callback) throw new Error('no receive URL is set')
    const encrypted = encrypt(callback.encodingAesKey, push.xml, this.#corpId)
    return { url: this.#signedUrl(callback, encrypted).href, body: envelope(this.#corpId, encrypted) }
  }

  #signedUrl(callback: CallbackSettings, encrypted: string): URL {
    const timestamp = String(Math.floor(this.#now() / 1000))
    const nonce = digits(10)
    const url = new URL(callback.url)
    url.searchParams.set('msg_signature', sign(callback.token, timestamp, nonce, encrypted))
    url.searchParams.set('timestamp', timestamp)
    url.searchParams.set('nonce', nonce)
    return url
  }

  /** Returns undefined when the receiver answered 200 in time, otherwise the reason. */
  async #post({ url, body }: { url: string; body: string }, timeoutMs: number): Promise<string | undefined> {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body.dump()
      return answer.statusCode === 200 ? undefined : `HTTP ${answer.statusCode}`
    } catch (error) {
      return describe(error, timeoutMs)
    }
  }

  /**
   * Verifies the URL as WeCom does when it is saved (docs/upstream/wecom-callbacks.md#url-verification): a GET that must be
   * answered with exactly the plaintext within a second. Rejects with the reason when that fails.
   */
  async verify(callback: CallbackSettings): Promise<void> {
    const plain = digits(19)
    const echo = encrypt(callback.encodingAesKey, plain, this.#corpId)
    const url = this.#signedUrl(callback, echo)
    url.searchParams.set('echostr', echo)
    const limitMs = 1000
    let status: number
    let body: string
    try {
      const answer = await request(url, { dispatcher: this.#agent, signal: AbortSignal.timeout(limitMs) })
      status = answer.statusCode
      body = await answer.body.text()
    } catch (error) {
      throw new Error(`verification of ${callback.url} failed: ${describe(error, limitMs)}`)
    }
    if (status === 200 && body === plain) return
    const said = JSON.stringify(body.slice(0, 200))
    throw new Error(
      `verification of ${callback.url} failed: expected HTTP 200 ${plain}, got HTTP ${status} ${said}`,
    )
  }

  async close(): Promise<void> {
    this.#running = false
    this.clear()
    await this.#agent.destroy()
  }
}

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
