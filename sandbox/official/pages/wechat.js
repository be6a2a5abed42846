import { ask, tell } from '/pages/api.js'

/** The followers of an account by nickname, remark or openid. */
export const findFollowers = (originalId, search) =>
  ask('official/followers', { originalId, search, limit: 60 })

const followerOf = async (originalId, openid) =>
  (await findFollowers(originalId, openid)).followers.find(one => one.openid === openid)

/**
 * WeChat on one person's phone: a conversation with each account, kept up to date by server-sent events. `changed()` is
 * called after each change, and `connected(isOpen)` when the connection comes or goes.
 */
export class WeChat {
  constructor(holder, changed, connected) {
    Object.assign(this, { holder, changed, connected })
    this.conversations = new Map()
    this.ready = false
    this.closed = false
  }

  /**
   * @param {Map<string, object>} whose the holder's follower by account; none for one who never followed it
   * @param {object[]} accounts those that the holder can open
   */
  async start(accounts, whose) {
    for (const account of accounts)
      this.conversations.set(account.originalId, {
        account,
        follower: whose.get(account.originalId),
        messages: new Map(),
        unread: new Set(),
        buttons: [],
        /** Whether the line for a text is shown instead of the menu. */
        typing: false,
        words: '',
        problem: '',
        pushes: [],
        server: undefined,
      })
    await Promise.all([...this.conversations.values()].map(one => this.#readMenu(one)))
    this.#listen()
  }

  close() {
    this.closed = true
    this.events?.close()
  }

  unread() {
    return [...this.conversations.values()].reduce((sum, one) => sum + one.unread.size, 0)
  }

  /** Does something as the holder in one conversation; what is wrong is shown below it. */
  async act(conversation, name, fields = {}) {
    const { account, follower } = conversation
    const { originalId } = account
    conversation.problem = ''
    try {
      const who = follower && { openid: follower.openid }
      const { openid } = await tell('official/act', { originalId, ...who, act: name, ...fields })
      if (!follower) await tell('official/follower', { originalId, openid, nickname: this.holder })
      if (!follower || ['subscribe', 'scan', 'unsubscribe'].includes(name)) {
        conversation.follower = await followerOf(originalId, openid)
        await this.#readMenu(conversation)
        if (!follower) this.#listen()
      }
    } catch (error) {
      conversation.problem = error.message
    }
    this.changed()
  }

  /** Reads the menu again: it may have been published since. */
  async opened(originalId) {
    const conversation = this.conversations.get(originalId)
    if (!conversation) return
    await this.#readMenu(conversation)
    this.changed()
  }

  async #readMenu(conversation) {
    const { account, follower } = conversation
    if (!follower) return
    const { button } = await ask('official/menu', { originalId: account.originalId, openid: follower.openid })
    conversation.buttons = button
    if (button.length === 0) conversation.typing = true
    else if (!conversation.words) conversation.typing = false
  }

  #listen() {
    this.events?.close()
    const who = [...this.conversations.values()].filter(one => one.follower)
    this.ready = who.length === 0
    if (this.ready || this.closed) return
    const followers = who.map(one => `${one.account.originalId}:${one.follower.openid}`).join(',')
    const events = new EventSource(`/_sandbox/official/stream?${new URLSearchParams({ followers })}`)
    this.events = events
    const on = (name, run) =>
      events.addEventListener(name, ({ data }) => {
        const { originalId, ...told } = JSON.parse(data)
        run(this.conversations.get(originalId), told)
      })
    events.addEventListener('open', () => {
      for (const { messages } of who) messages.clear()
      this.ready = false
      this.connected(true)
    })
    events.addEventListener('error', () => this.connected(false))
    on('message', (conversation, message) => {
      const isNew = !conversation.messages.has(message.n)
      conversation.messages.set(message.n, message)
      if (!this.ready) return
      if (isNew && message.from === 'account') conversation.unread.add(message.n)
      this.changed()
    })
    on('pushes', (conversation, told) => {
      Object.assign(conversation, told)
      if (this.ready) this.changed()
    })
    events.addEventListener('ready', () => {
      this.ready = true
      this.changed()
    })
  }
}
