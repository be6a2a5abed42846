import type { Core } from '../../../platform/core.ts'
import { eventView } from '../../../platform/inbox/event-store.ts'
import type { SearchKind } from '../../../platform/manifest/search.ts'

/** A change event by its id. */
export const eventsSearched: SearchKind<Core> = {
  title: { zh: '变更事件', en: 'Change events' },
  path: '/console/sync/events',
  point: 'sync:inspect',
  async find({ db }, { corpId, words }) {
    if (!/^\d{1,15}$/.test(words)) return []
    const event = await eventView(db, corpId, 'directory', Number(words))
    return event ? [{ id: words, title: `#${words}`, detail: `${event.changeType} ${event.entity}` }] : []
  },
}
