import { Agent, request } from 'undici'
import { digits } from '../../push/crypto.ts'
import type { Faults } from '../../rules/faults.ts'
import type { Rules } from '../rules/rules.ts'
import type { Account, StoredPush } from '../state/account.ts'
import type { Server } from '../state/profile.ts'
import { type Reply, readReply } from './reply.ts'
import { type SealedRequest, seal, signedUrl } from './seal.ts'

/** What became of a push. */
export interface Delivery {
  id: string
  name: string
  openid: string
  at: string
  /** `none` without a server; `failed` when all attempts were in vain. */
  state: 'none' | 'waiting' | 'answered' | 'failed' | 'dropped'
  attempts: Attempt[]
  /** What the follower was shown; null when the server had nothing to say. */
  reply: Reply | null
  /** What was pushed, in clear. */
  fields: StoredPush['fields']
}

export interface Attempt {
  status: number | null
  ms: number
  /** Why the attempt counts as failed. */
  error?: string
  reply?: Reply
}

const maxInFlight = 64
const kept = 500

export interface PusherOptions {
  now: () => number
  faults: Faults
  rules: () => Rules
  hasMedia: (account: Account, mediaId: string) => boolean
  /** Called once for each push when its first delivery ends. */
  settled: (account: Account, push: StoredPush, delivery: Delivery) => void
}

interface Job {
  account: Account
  push: StoredPush
  delivery: Delivery
  shared: { open: number; settled: boolean }
  tries: number
  sealed?: SealedRequest
  end: (delivery: Delivery) => void
}

/** Pushes messages and events to the servers of the accounts, with WeChat's five seconds and three attempts. */
export class OfficialPusher {
  readonly #options: PusherOptions
  readonly #agent = new Agent({ connections: maxInFlight })
  readonly #recent = new Map<string, Delivery[]>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #listeners = new Set<(delivery: Delivery) => void>()
  #queue: Job[] = []
  #inFlight = 0
  #running = false

  constructor(options: PusherOptions) {
    this.#options = options
  }

  /** Starts sending; must be called only after the port is bound, see push/pusher.ts. */
  start(): void {
    this.#running = true
    this.#pump()
  }

  /** The latest pushes of the account, oldest first. */
  recent(originalId: string): readonly Delivery[] {
    return this.#recent.get(originalId) ?? []
  }

  /** Calls back when a push begins, is tried or ends, until the returned function is called. */
  listen(listener: (delivery: Delivery) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get pending(): number {
    return this.#queue.length + this.#inFlight + this.#timers.size
  }

  /** Resolves when the push was delivered, given up or dropped. */
  enqueue(account: Account, push: StoredPush): Promise<Delivery> {
    const { id, name, openid, fields } = push
    const at = new Date(this.#options.now()).toISOString()
    const delivery: Delivery = { id, name, openid, at, state: 'waiting', attempts: [], reply: null, fields }
    this.#remember(account, delivery)
    const fault = this.#options.faults.strikeCallback(`official/${name}`)
    if (fault?.mode === 'dropCallback') {
      delivery.state = 'dropped'
      this.#options.settled(account, push, delivery)
      this.#tell(delivery)
      return Promise.resolve(delivery)
    }
    return new Promise(end => {
      const twice = fault?.mode === 'duplicateCallback'
      const job: Job = {
        account,
        push,
        delivery,
        shared: { open: twice ? 2 : 1, settled: false },
        tries: 0,
        end,
      }
      const { server } = account.settings
      // Half of the duplicates are the same bytes, the others are signed and encrypted again.
      if (twice && server && Number(push.id) % 2 === 0) job.sealed = this.#seal(account, server, push)
      if (fault?.mode === 'reorderCallback') this.#later(fault.delayMs ?? 300, job)
      else this.#queue.push(job)
      if (twice) {
        if (fault?.delayMs) this.#later(fault.delayMs, { ...job })
        else this.#queue.push({ ...job })
      }
      this.#pump()
    })
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#recent.clear()
    const waiting = this.#queue
    this.#queue = []
    for (const job of waiting) job.end({ ...job.delivery, state: 'dropped' })
  }

  async close(): Promise<void> {
    this.#running = false
    this.clear()
    await this.#agent.destroy()
  }

  /**
   * Asks the server for the echo as WeChat's console does when it is saved
   * (docs/upstream/official-push.md#verification-and-modes); returns what is wrong with the answer.
   */
  async verify(server: Server): Promise<string | undefined> {
    const echo = digits(19)
    const url = signedUrl(server, this.#options.now())
    url.searchParams.set('echostr', echo)
    try {
      const { status, body } = await this.#request(url.href)
      if (status === 200 && body === echo) return undefined
      return `expected HTTP 200 ${echo}, got HTTP ${status} ${JSON.stringify(body.slice(0, 200))}`
    } catch (error) {
      return this.#describe(error)
    }
  }

  #remember(account: Account, delivery: Delivery): void {
    const { originalId } = account.profile
    const list = this.#recent.get(originalId) ?? []
    this.#recent.set(originalId, list)
    list.push(delivery)
    if (list.length > kept) list.shift()
    this.#tell(delivery)
  }

  #tell(delivery: Delivery): void {
    for (const listener of this.#listeners) listener(delivery)
  }

  #later(delayMs: number, job: Job): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#queue.unshift(job)
      this.#pump()
    }, delayMs)
    this.#timers.add(timer)
  }

  #pump(): void {
    while (this.#running && this.#inFlight < maxInFlight) {
      const job = this.#queue.shift()
      if (!job) return
      this.#inFlight++
      // #run catches what goes wrong on the way and reports it in the delivery.
      void this.#run(job)
    }
  }

  async #run(job: Job): Promise<void> {
    const { pushAttempts, pushRetryDelayMs } = this.#options.rules()
    const { server } = job.account.settings
    const attempt = server ? await this.#attempt(job, server) : undefined
    this.#inFlight--
    if (!this.#running) return
    const { delivery } = job
    if (attempt) delivery.attempts.push(attempt)
    job.tries++
    if (attempt?.error !== undefined && job.tries < pushAttempts) {
      if (pushRetryDelayMs > 0) this.#later(pushRetryDelayMs, job)
      else this.#queue.unshift(job)
    } else this.#settle(job, attempt)
    this.#tell(delivery)
    this.#pump()
  }

  #settle(job: Job, attempt: Attempt | undefined): void {
    const { delivery, shared } = job
    shared.open--
    if (!shared.settled && (attempt?.error === undefined || shared.open === 0)) {
      shared.settled = true
      delivery.state = attempt === undefined ? 'none' : attempt.error === undefined ? 'answered' : 'failed'
      delivery.reply = attempt?.reply ?? null
      this.#options.settled(job.account, job.push, delivery)
    }
    if (shared.open === 0) job.end(delivery)
  }

  #seal(account: Account, server: Server, push: StoredPush): SealedRequest {
    const singles = this.#options.rules().jsonListOfOneIsObject
    return seal(account, server, push, { now: this.#options.now(), singles })
  }

  async #attempt(job: Job, server: Server): Promise<Attempt> {
    const { account, push } = job
    const started = performance.now()
    const took = (): number => Math.round(performance.now() - started)
    let status: number | null = null
    try {
      const sealed = job.sealed ?? this.#seal(account, server, push)
      const answer = await this.#request(sealed.url, sealed)
      status = answer.status
      if (status !== 200) return { status, ms: took(), error: `HTTP ${status}` }
      const { appId, originalId } = account.profile
      const reply = await readReply(answer.body, {
        server,
        appId,
        originalId,
        openid: push.openid,
        rules: this.#options.rules(),
        hasMedia: id => this.#options.hasMedia(account, id),
      })
      return { status, ms: took(), ...(reply && { reply }) }
    } catch (error) {
      return { status, ms: took(), error: this.#describe(error) }
    }
  }

  async #request(url: string, sealed?: SealedRequest): Promise<{ status: number; body: string }> {
    const signal = AbortSignal.timeout(this.#options.rules().pushTimeoutMs)
    const { statusCode, body } = await request(url, {
      dispatcher: this.#agent,
      signal,
      ...(sealed && {
        method: 'POST',
        headers: { 'content-type': sealed.contentType, 'user-agent': 'Mozilla/4.0' },
        body: sealed.body,
      }),
    })
    return { status: statusCode, body: await body.text() }
  }

  #describe(error: unknown): string {
    if (!(error instanceof Error)) return String(error)
    if (error.name === 'TimeoutError') return `no answer within ${this.#options.rules().pushTimeoutMs} ms`
    return error.message || (error as NodeJS.ErrnoException).code || error.name
  }
}
