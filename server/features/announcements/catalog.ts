import type { Core } from '../../platform/core.ts'
import { type Announcement, stateOf } from './announcement.ts'
import { openAnnouncements } from './store.ts'

/** The announcements that have not ended, in memory, because everybody's first page asks for them. */
export type Announcements = {
  /** Rereads those of one corp, or of all corps. */
  reload(corpId?: string): Promise<void>
  /** Those that are shown now, important ones first, then the newest. */
  current(corpId: string): Announcement[]
}

export function createAnnouncements(ctx: Core): Announcements {
  let byCorp = new Map<string, readonly Announcement[]>()
  return {
    async reload(corpId) {
      const read = await openAnnouncements(ctx.db, new Date(ctx.now()), corpId)
      if (corpId === undefined) byCorp = Map.groupBy(read, one => one.corpId)
      else if (read.length > 0) byCorp.set(corpId, read)
      else byCorp.delete(corpId)
    },
    current(corpId) {
      const now = ctx.now()
      return (byCorp.get(corpId) ?? []).filter(one => stateOf(one, now) === 'current')
    },
  }
}
