import { ask, tell } from './api.js'

/**
 * What the cards of one member have become: each person has their own. `changed()` is called after each change. A card is asked about
 * when it is first drawn, when the member presses it, and when the sandbox says that it has changed.
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
      const { card, canPress, replaceName } = await ask('cards', { userid: this.#userid, msgId })
      const act = canPress && {
        press: (key, selected) => this.#press(msgId, { key, selected }),
        menu: key => this.#press(msgId, { key, menu: true }),
      }
      this.#states.set(msgId, { card, act, replaceName, told })
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
      const { pushed } = await tell('cards/press', { msgId, userid: this.#userid, ...press })
      told = outcome(pushed)
    } catch (error) {
      told = { isBad: true, words: error.message }
    }
    await this.read(msgId, told)
  }
}

/** What the server of the agent said to the push. */
function outcome({ status, error }) {
  if (status === 200) return { isBad: false, words: '已告诉应用' }
  return { isBad: true, words: `应用没有正常应答：${error ?? `HTTP ${status}`}` }
}
