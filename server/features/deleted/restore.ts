import type { Developers } from '../../callers/developers/developers.ts'
import { checkRoom } from '../../callers/developers/quota.ts'
import { boundDeveloper } from '../../callers/developers/scopes/granted-store.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { bringBack } from '../../platform/deleted/deleted.ts'
import type { DeletedKind } from '../../platform/deleted/kept-rows.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Apps } from '../apps/catalog.ts'

export type RestoreNeeds = Core & { offered: FeatureOffers; apps: Apps; developers: Developers }

/** `sameName`: ids of others that have the same name by now. */
export type RestoredObject = { kind: DeletedKind; id: string; name: string; sameName: string[] }

const acts = { app: 'app.restore', developer: 'developer.restore' } as const

/**
 * Brings back an app or a developer with its id and secrets, as it was when it was deleted. Throws 1000 when it is not there any more,
 * when what it needs for itself alone is taken, or when the corp's quota of developers is used up.
 */
export async function restoreDeleted(
  ctx: RestoreNeeds,
  actor: string,
  corpId: string,
  { kind, id }: { kind: DeletedKind; id: string },
): Promise<RestoredObject> {
  const { name } = await ctx.db.transaction().execute(async tx => {
    const found = await bringBack(ctx, tx, { corpId, kind, id }, async row => {
      if (kind === 'developer' && row['enabled'] === true) await checkRoom(tx, corpId)
    })
    const act = acts[kind]
    const detail = kind === 'developer' ? { grants: await boundDeveloper(tx, corpId, id) } : {}
    await record(tx, ctx, { corpId, actor, act, target: id, targetName: found.name, detail })
    await signal(tx, 'wisp_config', corpId)
    return found
  })
  await ctx.reloadConfig(corpId)
  const others =
    kind === 'app'
      ? ctx.apps.ofCorp(corpId)
      : ctx.developers.all().map(one => ({ id: one.devId, corpId: one.corpId, name: one.name }))
  const sameName = others.filter(one => one.corpId === corpId && one.name === name && one.id !== id)
  return { kind, id, name, sameName: sameName.map(one => one.id) }
}
