import { Rids } from '../rules/rids.ts'
import { OfficialTokens, type StoredToken } from '../rules/tokens.ts'
import { Usage } from '../rules/usage.ts'
import { type Batch, type Follower, Followers, sampleTags, starTag, type Tag } from './followers.ts'
import { type Message, MessageLog } from './log.ts'
import { defaultSettings, type Profile, type Settings } from './profile.ts'
import { type OfficialEntry, Records } from './records.ts'
import { sampleTemplates, type Template } from './template.ts'

/** What is to be pushed to the account's server; kept until it was delivered or given up. */
export interface StoredPush {
  id: string
  /** The event, or the type of the message. */
  name: string
  /** Whose conversation it belongs to. */
  openid: string
  fields: Fields
  /** Whether the follower is told when nothing useful comes back. */
  notice: boolean
}

/** What WeChat ends later: a push, with the change and the message that go with it. */
export interface Job {
  id: string
  /** In ms. */
  due: number
  openid: string
  name: string
  fields: Fields
  /** What becomes of a record: its collection, its key and the fields that change. */
  change?: [collection: string, key: string, fields: Record<string, unknown>]
  /** What comes to a telephone then. */
  message?: Omit<Message, 'n' | 'at'>
}

/** The content of a push in WeChat's order. Lists are repeated elements in XML. */
export interface Fields {
  [name: string]: string | number | Fields | Fields[]
}

export interface AccountOptions {
  profile: Profile
  now: () => number
  keep: (entry: OfficialEntry) => void
}

/** One official account with everything that WeChat keeps of it. */
export class Account {
  profile: Profile
  settings: Settings = defaultSettings()
  readonly followers: Followers
  readonly tokens: OfficialTokens
  readonly usage: Usage
  readonly log: MessageLog
  readonly rids = new Rids()
  readonly pushes: Records<StoredPush>
  readonly #collections = new Map<string, Records<never>>()
  /** Profile and settings as far as they are in the journal. */
  readonly #own = new Map<string, unknown>()
  readonly #keep: (entry: OfficialEntry) => void

  constructor({ profile, now, keep }: AccountOptions) {
    this.profile = profile
    this.#keep = keep
    const { originalId } = profile
    this.followers = new Followers(
      originalId,
      profile.followers,
      this.collection<Batch>('batches'),
      this.collection<Follower>('followers'),
    )
    this.tokens = new OfficialTokens(this.collection<StoredToken>('tokens'), now)
    this.usage = new Usage(now)
    this.log = new MessageLog(this.collection<Message>('messages'), now)
    this.pushes = this.collection<StoredPush>('pushes')
    for (const tag of [starTag, ...sampleTags])
      this.collection<Tag>('tags').restore(String(tag.id), { ...tag })
    if (profile.kind === 'service' && profile.verified)
      for (const template of sampleTemplates)
        this.collection<Template>('templates').restore(template.id, { ...template })
  }

  /** The next number of this kind, from `first` on; numbers are never given twice. */
  next(kind: string, first = 1): number {
    const counters = this.collection<number>('counters')
    return counters.set(kind, (counters.get(kind) ?? first - 1) + 1)
  }

  /** The values of this name; they are made at the first use. */
  collection<T>(name: string): Records<T> {
    let records = this.#collections.get(name)
    if (!records) {
      const { originalId } = this.profile
      records = new Records((key, value) => this.#keep({ official: [originalId, name, key, value] }))
      this.#collections.set(name, records)
    }
    return records as unknown as Records<T>
  }

  changeProfile(change: Partial<Profile>): void {
    this.profile = { ...this.profile, ...change }
    this.#keepOwn('profile', this.profile)
  }

  changeSettings(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change }
    this.#keepOwn('settings', this.settings)
  }

  /** Everything that was made, by the name of its collection, without conversations and tokens. */
  dump(): [string, unknown[]][] {
    const hidden = ['messages', 'tokens', 'followers', 'batches', 'pushes', 'media', 'counters']
    return [...this.#collections]
      .filter(([name]) => !hidden.includes(name))
      .map(([name, records]) => [name, records.values()])
  }

  /** What a reset of the sandbox keeps: who the account is, its settings and its tokens, as far as they changed. */
  kept(): OfficialEntry[] {
    const tokens = this.collection<StoredToken>('tokens').entries()
    return [
      ...[...this.#own].map(([key, value]) => this.#entry('account', key, value)),
      ...tokens.map(([key, value]) => this.#entry('tokens', key, value)),
    ]
  }

  /** Takes over a change from the journal. */
  restore(collection: string, key: string, value: unknown): void {
    if (collection === 'account') {
      this.#own.set(key, value)
      if (key === 'profile') this.profile = value as Profile
      else this.settings = { ...defaultSettings(), ...(value as Settings) }
      return
    }
    this.collection(collection).restore(key, value)
    if (collection === 'messages') this.log.index(value as Message)
  }

  #keepOwn(key: 'profile' | 'settings', value: unknown): void {
    this.#own.set(key, value)
    this.#keep(this.#entry('account', key, value))
  }

  #entry(collection: string, key: string, value: unknown): OfficialEntry {
    return { official: [this.profile.originalId, collection, key, value] }
  }
}
