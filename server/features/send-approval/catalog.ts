import type { Core } from '../../platform/core.ts'
import { type ApprovalSettings, standard } from './settings.ts'
import { allSettings } from './store.ts'

/** Which sends of corps wait for approval, in memory. */
export type SendApproval = {
  reload(corpId?: string): Promise<void>
  of(corpId: string): ApprovalSettings
}

export function createSendApproval(ctx: Pick<Core, 'db'>): SendApproval {
  const ofCorps = new Map<string, ApprovalSettings>()
  return {
    async reload(corpId) {
      const found = await allSettings(ctx.db, corpId)
      if (corpId === undefined) ofCorps.clear()
      else ofCorps.delete(corpId)
      for (const [id, settings] of found) ofCorps.set(id, settings)
    },
    of: corpId => ofCorps.get(corpId) ?? standard,
  }
}
