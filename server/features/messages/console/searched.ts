import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { SearchKind } from '../../../platform/manifest/search.ts'
import { momentIn } from '../../../platform/moments.ts'
import { findMessage } from '../parts/store.ts'

/** A message by its id. */
export const messagesSearched: SearchKind<Core & { corps: Corps }> = {
  title: { zh: '消息', en: 'Messages' },
  path: '/console/messages',
  point: 'message:read',
  async find(ctx, { corpId, words: id, language }) {
    const message = await findMessage(ctx.db, { corpId, id })
    if (!message) return []
    return [
      {
        id,
        title: message.agentName || id,
        detail: momentIn(language, message.createdAt, { timeZone: zoneOf(ctx, corpId), now: ctx.now() }),
      },
    ]
  },
}
