import { ask, tell } from './api.js'

/**
 * What the cards of one member have become: each person has their own. `changed()` is called after each change. A card is asked about
 * when it is first drawn, when the member presses it, and when the sandbox tells of a change.
 */
export class CardStates {
  #states = new Map()
  #userid
  #changed
  #due

  constructor(userid, changed) {
    this.#userid = userid
    this.#changed = changed
  }

  /** Of a message with a card; undefined until it is known. */
  of({ msgId }) {
    if (!this.#states.has(msgId)) {
      this.#states.set(msgId, undefined)
      void this.read(msgId)
    }
    return this.#states.get(msgId)
  }

  async read(msgId, told) {
    try {
      const { card, canPress, replaced } = await ask('cards', { userid: this.#userid, msgId })
      const act = canPress && {
        press: (key, selected) => this.#press(msgId, { key, selected }),
        menu: key => this.#press(msgId, { key, menu: true }),
      }
      this.#states.set(msgId, {
        card,
        act,
        replaceName: replaced ?? '',
        told: told ?? this.#states.get(msgId)?.told,
      })
    } catch (error) {
      this.#states.set(msgId, { told: { isBad: true, words: error.message } })
    }
    this.#tell()
  }

  /** Several that become known at once are drawn once. */
  #tell() {
    this.#due ??= setTimeout(() => {
      this.#due = undefined
      this.#changed()
    })
  }

  async #press(msgId, press) {
    let told
    try {
      told = outcome(await tell('cards/press', { msgId, userid: this.#userid, ...press }))
    } catch (error) {
      told = { isBad: true, words: error.message }
    }
    await this.read(msgId, told)
  }
}

/** What became of the push, in words. */
function outcome({ state, note, attempts }) {
  if (state === 'none') return { isBad: true, words: '应用没有设置接收消息的地址，没有人知道您点了' }
  if (state !== 'answered') {
    const { status, error } = attempts.at(-1) ?? {}
    return { isBad: true, words: `应用没有正常应答：${error ?? `HTTP ${status}`}` }
  }
  return note
    ? { isBad: true, words: `企业微信不接受应用的回复：${note}` }
    : { isBad: false, words: '已告诉应用' }
}
