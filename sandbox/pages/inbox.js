const tail = 500

/**
 * The messages of one member, kept up to date by server-sent events. `changed(message?)` is called after each
 * change, with the message when it is a new one, and `cardChanged(message)` when a card of the member has become another.
 */
export class Inbox {
  constructor(userid, changed, stateChanged, cardChanged) {
    this.userid = userid
    this.messages = new Map()
    this.ready = false
    this.unread = new Set()
    const query = new URLSearchParams({ to: userid, tail })
    const events = new EventSource(`/_sandbox/messages/stream?${query}`)
    this.events = events
    events.addEventListener('message', event => {
      const message = JSON.parse(event.data)
      if (message.deduplicated || this.messages.has(message.n)) return
      this.messages.set(message.n, message)
      if (!this.ready) return
      if (!message.from) this.unread.add(message.n)
      changed(message)
    })
    events.addEventListener('ready', () => {
      this.ready = true
      changed()
    })
    events.addEventListener('recall', event => {
      const { n, recalledAt } = JSON.parse(event.data)
      const message = this.messages.get(n)
      if (!message) return
      message.recalledAt = recalledAt
      changed()
    })
    events.addEventListener('card', event => {
      const { n, userid: whose } = JSON.parse(event.data)
      const message = this.messages.get(n)
      if (message && whose === userid) cardChanged(message)
    })
    events.addEventListener('reset', () => {
      this.messages.clear()
      this.unread.clear()
      changed()
    })
    events.addEventListener('open', () => stateChanged(true))
    events.addEventListener('error', () => stateChanged(false))
  }

  close() {
    this.events.close()
  }

  /** The messages of one channel, oldest first. */
  of(channel) {
    return [...this.messages.values()].filter(message => message.channel === channel)
  }

  read(messages) {
    for (const { n } of messages) this.unread.delete(n)
  }

  unreadAmong(messages) {
    return messages.filter(({ n }) => this.unread.has(n)).length
  }
}
