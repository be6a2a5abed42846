import { Agent, request } from 'undici'
import { digits, encrypt, sign } from '../push/crypto.ts'
import { cdata } from '../push/xml.ts'
import type { Faults } from '../rules/faults.ts'
import type { CallbackSettings } from '../settings.ts'
import { type ParsedXml, readReply } from './reply.ts'

/** What a push carries under WeCom's names; the order is that of the XML. */
export interface Fields {
  [name: string]: string | number | Fields | (string | number | Fields)[]
}

/** A push, and what became of it. */
export interface AgentDelivery {
  id: number
  agentId: number
  /** Event, or MsgType of a message. */
  name: string
  /** Whose act it was; '' for nobody's. */
  userId: string
  at: string
  /** `none`: the agent has no receive URL. */
  state: 'none' | 'waiting' | 'answered' | 'failed' | 'dropped'
  attempts: { status: number | null; ms: number; error?: string }[]
  /** What was answered and WeCom takes. */
  reply: ParsedXml | null
  /** Why WeCom does not take what was answered, or the fault that was applied. */
  note: string
  /** The decrypted XML. */
  xml: string
}

export interface AgentPusherOptions {
  corpId: string
  now: () => number
  faults: Faults
  hasMedia: (mediaId: string) => boolean
  /** Called once for each push, when its first delivery ends. */
  settled: (delivery: AgentDelivery) => void
}

interface Job {
  delivery: AgentDelivery
  /** Made at the first attempt, because WeCom repeats the same bytes. */
  sealed?: { url: string; body: string }
  shared: { open: number; settled: boolean }
  tries: number
  end: (delivery: AgentDelivery) => void
}

const maxInFlight = 32
const attempts = 3
const kept = 200

/**
 * Pushes what agents hear to their receive URLs (docs/upstream/wecom-agents.md#pushes), as WeCom does: at most three times, with a
 * time limit, and only HTTP 200 counts as delivered.
 */
export class AgentPusher {
  readonly #options: AgentPusherOptions
  readonly #http = new Agent({ connections: maxInFlight })
  readonly #timers = new Set<NodeJS.Timeout>()
  #callbacks: Readonly<Record<string, CallbackSettings>> = {}
  #recent: AgentDelivery[] = []
  #queue: Job[] = []
  #inFlight = 0
  #lastId = 0
  #running = false

  constructor(options: AgentPusherOptions) {
    this.#options = options
  }

  set callbacks(callbacks: Readonly<Record<string, CallbackSettings>>) {
    this.#callbacks = callbacks
  }

  get pending(): number {
    return this.#queue.length + this.#inFlight + this.#timers.size
  }

  /** The latest pushes of an agent, or of all; the latest comes first. */
  recent(agentId?: number): AgentDelivery[] {
    return this.#recent.filter(one => agentId === undefined || one.agentId === agentId).toReversed()
  }

  /** Starts sending; must be called only after the port is bound, see push/pusher.ts. */
  start(): void {
    this.#running = true
    this.#pump()
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#recent = []
    const waiting = this.#queue
    this.#queue = []
    for (const job of waiting) job.end({ ...job.delivery, state: 'dropped' })
  }

  async close(): Promise<void> {
    this.#running = false
    this.clear()
    await this.#http.destroy()
  }

  /** Resolves when the push was delivered, given up or dropped, its duplicate too. */
  push(push: Pick<AgentDelivery, 'agentId' | 'name' | 'userId'>, fields: Fields): Promise<AgentDelivery> {
    const at = new Date(this.#options.now()).toISOString()
    const xml = toXml(fields)
    const delivery: AgentDelivery = {
      id: ++this.#lastId,
      ...push,
      at,
      state: 'waiting',
      attempts: [],
      reply: null,
      note: '',
      xml,
    }
    this.#recent.push(delivery)
    if (this.#recent.length > kept) this.#recent.shift()
    const fault = this.#options.faults.strikeCallback(`agent/${push.name}`)
    if (fault) delivery.note = faultWords[fault.mode]
    if (fault?.mode === 'dropCallback') return Promise.resolve(this.#end(delivery, 'dropped'))
    if (!this.#callbacks[push.agentId]) return Promise.resolve(this.#end(delivery, 'none'))
    return new Promise(end => {
      const twice = fault?.mode === 'duplicateCallback'
      const shared = { open: twice ? 2 : 1, settled: false }
      const job: Job = { delivery, shared, tries: 0, end }
      if (twice) job.sealed = this.#seal(delivery)
      if (fault?.mode === 'reorderCallback') this.#later(fault.delayMs ?? 300, job)
      else this.#queue.push(job)
      if (twice && fault?.delayMs) this.#later(fault.delayMs, { ...job })
      else if (twice) this.#queue.push({ ...job })
      this.#pump()
    })
  }

  /** Verifies the URL as WeCom does when it is saved. Rejects with the reason when that fails. */
  async verify(callback: CallbackSettings): Promise<void> {
    const plain = digits(19)
    const echo = encrypt(callback.encodingAesKey, plain, this.#options.corpId)
    const url = this.#signedUrl(callback, echo)
    url.searchParams.set('echostr', echo)
    const { status, body } = await this.#ask(url.href, verifyWithinMs)
    if (status === 200 && body === plain) return
    const said = JSON.stringify(body.slice(0, 200))
    throw new Error(`expected HTTP 200 ${plain}, got HTTP ${status} ${said}`)
  }

  #end(delivery: AgentDelivery, state: AgentDelivery['state']): AgentDelivery {
    delivery.state = state
    this.#options.settled(delivery)
    return delivery
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
    const { delivery } = job
    const callback = this.#callbacks[delivery.agentId]
    const error = callback ? await this.#attempt(job, callback) : undefined
    this.#inFlight--
    if (!this.#running) return
    job.tries++
    if (callback && error !== undefined && job.tries < attempts)
      this.#later(callback.retryDelaysMs[job.tries - 1] ?? 0, job)
    else this.#settle(job, error === undefined)
    this.#pump()
  }

  #settle({ delivery, shared, end }: Job, isAnswered: boolean): void {
    shared.open--
    if (!shared.settled && (isAnswered || shared.open === 0)) {
      shared.settled = true
      this.#end(delivery, isAnswered ? 'answered' : 'failed')
    }
    if (shared.open === 0) end(delivery)
  }

  /** Returns why the attempt failed. An answer that WeCom does not take is an answer all the same. */
  async #attempt(job: Job, callback: CallbackSettings): Promise<string | undefined> {
    const { delivery } = job
    const started = performance.now()
    const note = (status: number | null, error?: string): string | undefined => {
      const ms = Math.round(performance.now() - started)
      delivery.attempts.push({ status, ms, ...(error !== undefined && { error }) })
      return error
    }
    let answer: { status: number; body: string }
    try {
      job.sealed ??= this.#seal(delivery)
      answer = await this.#ask(job.sealed.url, callback.timeoutMs, job.sealed.body)
    } catch (error) {
      return note(null, (error as Error).message)
    }
    if (answer.status !== 200) return note(answer.status, `HTTP ${answer.status}`)
    const { corpId, hasMedia } = this.#options
    const { userId, name } = delivery
    try {
      const reply = await readReply(answer.body, { callback, corpId, userId, name, hasMedia })
      if (reply) delivery.reply = reply
    } catch (error) {
      delivery.note = `the reply is not taken: ${(error as Error).message}`
    }
    return note(answer.status)
  }

  #seal({ agentId, xml }: AgentDelivery): { url: string; body: string } {
    const callback = this.#callbacks[agentId]
    if (!callback) throw new Error('the agent has no receive URL')
    const { corpId } = this.#options
    const encrypted = encrypt(callback.encodingAesKey, xml, corpId)
    const head = cdata('ToUserName', corpId) + cdata('AgentID', String(agentId))
    return {
      url: this.#signedUrl(callback, encrypted).href,
      body: `<xml>${head}${cdata('Encrypt', encrypted)}</xml>`,
    }
  }

  #signedUrl(callback: CallbackSettings, encrypted: string): URL {
    const timestamp = String(Math.floor(this.#options.now() / 1000))
    const nonce = digits(10)
    const url = new URL(callback.url)
    url.searchParams.set('msg_signature', sign(callback.token, timestamp, nonce, encrypted))
    url.searchParams.set('timestamp', timestamp)
    url.searchParams.set('nonce', nonce)
    return url
  }

  /** With a body it posts. Rejects with words when there is no answer in time. */
  async #ask(url: string, timeoutMs: number, body?: string): Promise<{ status: number; body: string }> {
    try {
      const answer = await request(url, {
        dispatcher: this.#http,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'text/xml' }, body }),
      })
      return { status: answer.statusCode, body: await answer.body.text() }
    } catch (error) {
      throw new Error(describe(error, timeoutMs))
    }
  }
}

const verifyWithinMs = 1000

const faultWords = {
  dropCallback: '故障：丢弃',
  duplicateCallback: '故障：重复',
  reorderCallback: '故障：乱序',
} as const

/** Texts are CDATA, numbers are bare; numbers beyond 2^53 are given as text and bare all the same. */
function toXml(fields: Fields): string {
  const write = fields['Event'] === 'open_approval_change' ? escaped : cdata
  return `<xml>${inner(fields, write)}</xml>`
}

type WriteText = (name: string, value: string) => string

function inner(fields: Fields, write: WriteText): string {
  return Object.entries(fields)
    .map(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(one => element(name, one, write)).join(''),
    )
    .join('')
}

/** Numbers that are beyond 2^53. */
const longNumbers = new Set(['MsgId', 'SpNo'])

function element(name: string, value: string | number | Fields, write: WriteText): string {
  if (typeof value === 'object') return `<${name}>${inner(value, write)}</${name}>`
  if (typeof value === 'number' || (longNumbers.has(name) && /^\d+$/.test(value)))
    return `<${name}>${value}</${name}>`
  return write(name, value)
}

/** The one event that WeCom writes without CDATA. */
const escaped: WriteText = (name, value) =>
  `<${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
