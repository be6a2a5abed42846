import type { Core } from '../../platform/core.ts'
import { signal } from '../../platform/storage/bus.ts'
import { contactCallback } from './addresses/tied.ts'
import { noteAddress } from './addresses/ties.ts'
import type { Corp, Corps } from './corps.ts'
import { examineAgain } from './doctor/again.ts'
import * as store from './store.ts'

/** Records which regime the contact secret is under (docs/upstream/wecom-directory.md#the-restrictions-of-2022). */
export async function noteRegime(ctx: Core, corp: Corp, regime: 'full' | 'restricted'): Promise<void> {
  if (corp.regime === regime) return
  ctx.log.info({ corpId: corp.corpId, regime }, 'contact secret')
  await ctx.db.transaction().execute(async tx => {
    await store.updateCorp(tx, corp.corpId, { regime })
    await signal(tx, 'wisp_config', corp.corpId)
  })
  await ctx.reloadConfig(corp.corpId)
}

export async function noteCallbackVerified(ctx: Core & { corps: Corps }, corpId: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.noteCallbackVerified(tx, corpId, new Date(ctx.now()))
    await noteAddress(ctx, tx, corpId, contactCallback)
    await examineAgain(ctx, tx, corpId)
    await signal(tx, 'wisp_config', corpId)
  })
}
