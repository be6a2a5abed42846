import type { Core } from '../../platform/core.ts'
import { quietEnd } from './quiet-end.ts'
import type { QuietHours } from './quiet-hours.ts'
import { allQuietHours } from './quiet-store.ts'

/** The quiet hours of corps, in memory. */
export type QuietHoursOfCorps = {
  reload(corpId?: string): Promise<void>
  of(corpId: string): QuietHours | undefined
  /** When those that `at` is in end; undefined outside of them. */
  endAt(corpId: string, at: number): Date | undefined
}

export function createQuietHours(ctx: Pick<Core, 'db'>): QuietHoursOfCorps {
  const ofCorps = new Map<string, QuietHours>()
  return {
    async reload(corpId) {
      const found = await allQuietHours(ctx.db, corpId)
      if (corpId === undefined) ofCorps.clear()
      else ofCorps.delete(corpId)
      for (const [id, quiet] of found) ofCorps.set(id, quiet)
    },
    of: corpId => ofCorps.get(corpId),
    endAt(corpId, at) {
      const quiet = ofCorps.get(corpId)
      const end = quiet && quietEnd([quiet], at)
      return end && new Date(end.until)
    },
  }
}
