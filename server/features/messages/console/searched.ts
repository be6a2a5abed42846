import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { formatTime } from '../../../platform/format.ts'
import type { SearchKind } from '../../../platform/manifest/search.ts'
import { findMessage } from '../parts/store.ts'

/** A message by its id. */
export const messagesSearched: SearchKind<Core & { corps: Corps }> = {
  title: { zh: '消息', en: 'Messages' },
  path: '/console/messages',
  async find(ctx, { corpId, words: id }) {
    const message = await findMessage(ctx.db, { corpId, id })
    if (!message) return []
    return [
      { id, title: message.agentName || id, detail: formatTime(message.createdAt, zoneOf(ctx, corpId)) },
    ]
  },
}
