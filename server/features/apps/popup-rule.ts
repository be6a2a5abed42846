import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import type { Db } from '../../platform/storage/db.ts'
import { putSetting, readSetting } from '../../platform/storage/settings.ts'

/**
 * Where popups of a corp's apps may lead (docs/interface/apps.md#popups): to `any` page, or to the asking app's registered
 * origins.
 */
export type PopupRule = 'any' | 'registered'

export async function popupsAreLimited(db: Db, corpId: string): Promise<boolean> {
  const value = (await readSetting(db, keyOf(corpId))) as { registeredOnly?: boolean } | undefined
  return value?.registeredOnly === true
}

export async function limitPopups(ctx: Core, actor: string, corpId: string, rule: PopupRule): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const before = (await popupsAreLimited(tx, corpId)) ? 'registered' : 'any'
    await putSetting(tx, keyOf(corpId), { registeredOnly: rule === 'registered' })
    const detail = { changes: changesOf({ rule: before }, { rule }) }
    await record(tx, ctx, { corpId, actor, act: 'popups.set', target: corpId, detail })
  })
}

const keyOf = (corpId: string) => `popups:${corpId}`
