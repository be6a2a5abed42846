import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { signal } from '../../platform/storage/bus.ts'
import { checkQuietHours, type QuietHours } from './quiet-hours.ts'
import * as store from './quiet-store.ts'

/** null: none. `version` is that of the form that was filled (form-version.ts). Throws 1000. */
export async function setQuietHours(
  ctx: Core,
  actor: string,
  corpId: string,
  quiet: QuietHours | null,
  version?: string,
): Promise<void> {
  if (quiet) checkQuietHours(quiet)
  const by = { actor, at: new Date(ctx.now()) }
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockQuietHours(tx, corpId)
    checkVersion(quietForm(before), version)
    await store.putQuietHours(tx, corpId, quiet, by)
    const changes = changesOf(quietForm(before), quietForm(quiet))
    await record(tx, ctx, { act: 'todo.quiet-hours', target: corpId, corpId, actor, detail: { changes } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** What the form of the quiet hours is filled from. */
export function quietForm(quiet: QuietHours | null): {
  quietDays: readonly number[] | null
  quietFrom: number | null
  quietTo: number | null
  timeZone: string
} {
  return {
    quietDays: quiet?.days ?? null,
    quietFrom: quiet?.from ?? null,
    quietTo: quiet?.to ?? null,
    timeZone: quiet?.timeZone ?? '',
  }
}
