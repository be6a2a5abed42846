import type { World } from '../../../../test/harness.ts'
import { updateDeveloper } from '../../../callers/developers/store.ts'

/**
 * Gives a developer this data scope, whatever it names: new entries must exist, but those of a stored scope may have
 * disappeared since.
 */
export async function storeScope(
  { ctx, corpId }: World,
  devId: string,
  scope: { departments: number[]; tags: number[] } | undefined,
): Promise<void> {
  const scopes = { scopeDepartments: scope?.departments ?? null, scopeTags: scope?.tags ?? null }
  await updateDeveloper(ctx.db, devId, scopes)
  await ctx.reloadConfig(corpId)
}
