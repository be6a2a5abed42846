import { createHash } from 'node:crypto'
import type { OfficialPlatform } from '../official/platform.ts'
import { openidOf, slotOfOpenid } from '../state/openid.ts'
import type { CorpState } from '../state/state.ts'

/** Somebody with a telephone: a member, or a follower of an official account. */
export type Person = { userid: string } | { openid: string }

/** Who can pay, by the openids of the official accounts and of WeCom. */
export class People {
  readonly #corpId: string
  readonly #state: () => CorpState
  readonly #official: () => OfficialPlatform

  constructor(corpId: string, state: () => CorpState, official: () => OfficialPlatform) {
    this.#corpId = corpId
    this.#state = state
    this.#official = official
  }

  /** The AppID under which somebody has this openid: that of an official account, or the corpId. */
  appIdOf(openid: string): string | undefined {
    if (slotOfOpenid(this.#corpId, openid) !== undefined) return this.#corpId
    return this.#official().accounts.find(account => account.followers.get(openid))?.profile.appId
  }

  /** The person's openid for this AppID; undefined for a member who is not there. */
  openidAt(appId: string, person: Person): string | undefined {
    if ('openid' in person)
      return this.appIdOf(person.openid) === appId ? person.openid : strangerOf(appId, person.openid)
    const slot = this.#state().slotOf(person.userid)
    if (slot === undefined) return undefined
    return appId === this.#corpId ? openidOf(this.#corpId, slot) : strangerOf(appId, person.userid)
  }

  /** The person's name; empty for somebody whom nobody knows. */
  nameOf(person: Person): string {
    const state = this.#state()
    const slot = 'userid' in person ? state.slotOf(person.userid) : slotOfOpenid(this.#corpId, person.openid)
    if (slot !== undefined) return state.userids[slot] === undefined ? '' : state.nameOf(slot)
    if ('userid' in person) return ''
    for (const { followers } of this.#official().accounts) {
      const follower = followers.get(person.openid)
      if (follower) return follower.nickname
    }
    return ''
  }
}

/** The openid of somebody who does not follow the account, the same each time. */
const strangerOf = (appId: string, who: string): string =>
  `o${createHash('sha256').update(`${appId} ${who}`).digest('base64url').slice(0, 27)}`
