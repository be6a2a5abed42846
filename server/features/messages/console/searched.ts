import type { Core } from '../../../platform/core.ts'
import type { Searched } from '../../../platform/manifest/search.ts'
import { findMessage } from '../store.ts'

/** A message by its id. */
export const messagesSearched: Searched<Core> = {
  title: { zh: '消息', en: 'Messages' },
  path: '/console/messages',
  async find({ db }, { corpId, words: id }) {
    const message = await findMessage(db, { corpId, id })
    if (!message) return []
    return [{ id, title: message.agentName || id, detail: message.createdAt.toISOString() }]
  },
}
