import { createHash } from 'node:crypto'
import { personName } from '../../corp/names.ts'
import type { Records } from './records.ts'
import type { Window } from './windows.ts'

/** A person who follows, or once followed, an account (docs/upstream/official-followers.md#followers). */
export interface Follower {
  openid: string
  /** The position in the order of user/get, from 0. It never changes. */
  index: number
  /** The name in WeChat, which only web authorisation and the follower's own phone show. */
  nickname: string
  unionid?: string
  subscribed: boolean
  /** In seconds. */
  subscribedAt: number
  scene: string
  /** The scene value of the QR code that brought the follower: a number, or a text. */
  qrScene?: number | string
  remark: string
  /** Tag ids, in the order in which they were put on. */
  tags: number[]
  blocked: boolean
  /** Refuses template messages (`failed:user block`). */
  refusesTemplates?: boolean
  /** The telephone's system, for personalised menus: 1 iOS, 2 Android, 3 others. */
  platform: 1 | 2 | 3
  windows: Window[]
}

/** Followers are added in groups: so many made-up ones, or one with a given openid. */
export type Batch = { count: number } | { openid: string }

export interface Tag {
  id: number
  name: string
}

/** WeChat's own tag, which nobody can change. */
export const starTag: Tag = { id: 2, name: '星标组' }

/** The tags that the sample followers have. */
export const sampleTags = [
  { id: 100, name: '老客户' },
  { id: 101, name: '会员' },
  { id: 102, name: '华东' },
] as const
const firstDay = Date.UTC(2025, 0, 1) / 1000
const scenes = ['ADD_SCENE_SEARCH', 'ADD_SCENE_PROFILE_CARD', 'ADD_SCENE_QR_CODE', 'ADD_SCENE_PROFILE_LINK']

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').replaceAll('_', 'A')

/**
 * The followers of one account. The made-up ones follow from the account's original id and their index, so
 * the journal has only those that changed; they are made when they are first asked for.
 */
export class Followers {
  readonly #originalId: string
  readonly #batches: Records<Batch>
  readonly #changed: Records<Follower>
  readonly #list: Follower[] = []
  readonly #byOpenid = new Map<string, Follower>()
  #first: number
  #batchesMade = 0

  constructor(originalId: string, first: number, batches: Records<Batch>, changed: Records<Follower>) {
    this.#originalId = originalId
    this.#first = first
    this.#batches = batches
    this.#changed = changed
  }

  /** Everybody, unsubscribed ones too, in the order of user/get. */
  list(): readonly Follower[] {
    if (this.#batchesMade === 0) {
      this.#make({ count: this.#first })
      this.#batchesMade = 1
    }
    const batches = this.#batches.values()
    for (; this.#batchesMade <= batches.length; this.#batchesMade++)
      this.#make(batches[this.#batchesMade - 1]!)
    return this.#list
  }

  get(openid: string): Follower | undefined {
    this.list()
    return this.#byOpenid.get(openid)
  }

  subscribed(): Follower[] {
    return this.list().filter(follower => follower.subscribed)
  }

  /** Adds made-up followers; the journal grows by one line whatever their number. */
  addMany(count: number): void {
    this.#batches.set(this.#batches.size, { count })
  }

  /** Adds somebody who does not follow yet. */
  addOne(openid: string): Follower {
    this.#batches.set(this.#batches.size, { openid })
    return this.get(openid)!
  }

  /** Keeps what was changed in the follower. */
  save(follower: Follower): void {
    this.#changed.set(follower.openid, follower)
  }

  #make(batch: Batch): void {
    const count = 'count' in batch ? batch.count : 1
    for (let left = count; left > 0; left--) {
      const made = this.#sample(this.#list.length)
      if ('openid' in batch)
        Object.assign(made, { openid: batch.openid, subscribed: false, subscribedAt: 0, tags: [] })
      const follower = this.#changed.get(made.openid) ?? made
      this.#list.push(follower)
      this.#byOpenid.set(follower.openid, follower)
    }
  }

  #sample(index: number): Follower {
    const name = personName(11, index + 1).name
    return {
      openid: `o${digest(`${this.#originalId} ${index}`).slice(0, 27)}`,
      index,
      nickname: name,
      ...(index % 3 === 0 && { unionid: `o${digest(`union ${index}`).slice(0, 27)}` }),
      subscribed: true,
      subscribedAt: firstDay + index * 600,
      scene: scenes[index % scenes.length]!,
      remark: '',
      tags: sampleTags.filter((_, n) => index % (4 + n * 3) === 0).map(tag => tag.id),
      blocked: false,
      platform: ((index % 3) + 1) as 1 | 2 | 3,
      windows: [],
    }
  }
}
