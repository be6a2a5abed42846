import type { Faults } from '../rules/faults.ts'
import { pushEvent } from './push/event.ts'
import { transfer } from './push/kf-session.ts'
import { type Delivery, OfficialPusher } from './push/pusher.ts'
import { defaultRules, type Rules } from './rules/rules.ts'
import { Account, type Job, type StoredPush } from './state/account.ts'
import { mediaKnown } from './state/media.ts'
import { type NewAccount, type Profile, profileOf, sampleAccounts } from './state/profile.ts'
import type { OfficialEntry } from './state/records.ts'
import { WebOAuth } from './web/oauth.ts'

export interface PlatformOptions {
  /** Determines the ids and secrets of the accounts. */
  seed: number
  now: () => number
  faults: Faults
  keep: (entry: OfficialEntry) => void
  /** The address of the sandbox. */
  url: () => string
}

/** The official-account platform: all accounts, and what is pushed to their servers. */
export class OfficialPlatform {
  rules: Rules = defaultRules
  readonly now: () => number
  readonly pusher: OfficialPusher
  readonly oauth: WebOAuth
  readonly #options: PlatformOptions
  #accounts: Account[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  #lastId = 0

  constructor(options: PlatformOptions) {
    this.#options = options
    this.now = options.now
    this.oauth = new WebOAuth(options.now)
    this.pusher = new OfficialPusher({
      now: options.now,
      faults: options.faults,
      rules: () => this.rules,
      hasMedia: mediaKnown,
      settled: (account, push, delivery) => this.#settled(account, push, delivery),
    })
    this.#start()
  }

  /** What stands for https://api.weixin.qq.com. */
  get url(): string {
    return `${this.#options.url()}/official`
  }

  get accounts(): readonly Account[] {
    return this.#accounts
  }

  byOriginalId(originalId: string): Account | undefined {
    return this.#accounts.find(account => account.profile.originalId === originalId)
  }

  byAppId(appId: string): Account | undefined {
    return this.#accounts.find(account => account.profile.appId === appId)
  }

  byToken(token: string): Account | undefined {
    return this.#accounts.find(account => account.tokens.has(token))
  }

  add(account: NewAccount): Account {
    const made = this.#open(profileOf(this.#options.seed, this.#accounts.length, account))
    made.changeProfile({})
    return made
  }

  /** A new id of a message or push, which grows over the life of the journal. */
  nextId(): string {
    this.#lastId = Math.max(this.#lastId + 1, this.now() * 1000)
    // WeChat's ids are beyond 2^53, where many readers of JSON lose digits.
    return String(BigInt(this.#lastId) * 4096n)
  }

  /** Pushes an event or a message about the follower. */
  push(account: Account, push: Omit<StoredPush, 'id'>): Promise<Delivery> {
    const stored = { id: this.nextId(), ...push }
    if (account.settings.server) account.pushes.set(stored.id, stored)
    return this.pusher.enqueue(account, stored)
  }

  /** Lets WeChat end something later; it survives the process. */
  schedule(account: Account, delayMs: number, job: Omit<Job, 'id' | 'due'>): Job {
    const stored = { id: this.nextId(), due: this.now() + delayMs, ...job }
    account.collection<Job>('jobs').set(stored.id, stored)
    this.#wait(account, stored, delayMs)
    return stored
  }

  /** Takes back what was scheduled. */
  unschedule(account: Account, id: string): void {
    account.collection<Job>('jobs').delete(id)
  }

  #wait(account: Account, job: Job, delayMs: number): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#finish(account, job)
      },
      Math.min(delayMs, 2 ** 31 - 1),
    )
    this.#timers.add(timer)
  }

  #finish(account: Account, job: Job): void {
    // It may have been taken back.
    if (!account.collection<Job>('jobs').delete(job.id)) return
    const { change, message, name, openid, fields } = job
    if (change) {
      const records = account.collection<object>(change[0])
      records.set(change[1], { ...records.get(change[1]), ...change[2] })
    }
    if (message) account.log.add(message)
    // What becomes of it is written down by #settled.
    void pushEvent(this, account, openid, name, fields)
  }

  /** Sets how WeChat behaves, for all accounts. */
  changeRules(rules: Rules): void {
    this.rules = rules
    this.#options.keep({ official: ['', 'rules', '', rules] })
  }

  /** Takes over a line of the journal. */
  restore({ official: [originalId, collection, key, value] }: OfficialEntry): void {
    if (collection === 'rules') {
      this.rules = { ...defaultRules, ...(value as Partial<Rules>) }
      return
    }
    const account = this.byOriginalId(originalId) ?? this.#open(value as Profile)
    account.restore(collection, key, value)
  }

  /** Starts to push, first what a killed process left. */
  start(): void {
    // What becomes of them is written down by #settled.
    for (const account of this.#accounts)
      for (const push of account.pushes.values()) void this.pusher.enqueue(account, push)
    this.pusher.start()
    for (const account of this.#accounts)
      for (const job of account.collection<Job>('jobs').values())
        this.#wait(account, job, Math.max(0, job.due - this.now()))
  }

  async close(): Promise<void> {
    this.#stopTimers()
    await this.pusher.close()
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Drops everything but accounts, settings and tokens; returns what the journal must begin with. */
  reset(): OfficialEntry[] {
    this.pusher.clear()
    this.#stopTimers()
    const rules: OfficialEntry[] =
      this.rules === defaultRules ? [] : [{ official: ['', 'rules', '', this.rules] }]
    const kept = [...rules, ...this.#accounts.flatMap(account => account.kept())]
    const old = this.#accounts
    this.#accounts = []
    this.#start()
    for (const entry of kept) this.restore(entry)
    for (const account of old) account.log.end()
    return kept
  }

  #start(): void {
    for (const [number, account] of sampleAccounts.entries())
      this.#open(profileOf(this.#options.seed, number, account))
  }

  #open(profile: Profile): Account {
    const account = new Account({ profile, now: this.now, keep: entry => this.#options.keep(entry) })
    this.#accounts.push(account)
    return account
  }

  #settled(account: Account, push: StoredPush, delivery: Delivery): void {
    account.pushes.delete(push.id)
    const { openid } = push
    const { reply } = delivery
    if (reply?.type === 'transfer_customer_service')
      transfer(this, account, openid, reply.content['kfAccount'])
    else if (reply) account.log.add({ openid, from: 'account', how: 'passive', ...reply })
    if (delivery.state === 'failed' && push.notice)
      account.log.add({
        openid,
        from: 'wechat',
        how: 'notice',
        type: 'notice',
        content: { content: '该公众号暂时无法提供服务，请稍后再试' },
      })
  }
}
