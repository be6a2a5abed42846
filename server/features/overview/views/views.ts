import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { dropView, ofCorp, putView, type ViewKey } from './view-store.ts'

/** How many views of all lists together a person may save for themselves, and administrators for their corp. */
export const viewsAtMost = 200

/** Saves filters of a list under a name, in place of those that had it. Throws 1000 for too many. */
export async function saveView(ctx: Core, actor: string, key: ViewKey, query: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await putView(tx, key, query, viewsAtMost)))
      throw new ApiError('badParameter', {
        zh: told`最多保存 ${own(viewsAtMost)} 个视图；请先删除不用的`,
        en: told`at most ${own(viewsAtMost)} views can be saved: remove some first`,
      })
    await recordOfCorp(ctx, tx, actor, 'view.save', key)
  })
}

/** Throws 1000 where there is no such view. */
export async function removeView(ctx: Core, actor: string, key: ViewKey): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (!(await dropView(tx, key)))
      throw new ApiError('badParameter', {
        zh: told`没有视图 ${key.name}，可能已被删除`,
        en: told`there is no view ${key.name}; it may have been removed already`,
      })
    await recordOfCorp(ctx, tx, actor, 'view.remove', key)
  })
}

/** What a person keeps for themselves is no act on the corp. */
async function recordOfCorp(
  ctx: Core,
  tx: Core['db'],
  actor: string,
  act: 'view.save' | 'view.remove',
  { corpId, owner, list, name }: ViewKey,
): Promise<void> {
  if (owner === ofCorp) await record(tx, ctx, { corpId, actor, act, target: name, detail: { list } })
}
