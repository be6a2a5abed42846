import type { Corps } from '../../organisation/corps/corps.ts'
import { type Detail, record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { type BrandTexts, checkBrand } from './check-brand.ts'
import { readLogo } from './read-logo.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps }

/** `logo`: the file's bytes, or null to have none; what is left out stays. */
export type BrandChange = Partial<BrandTexts> & { logo?: Buffer | null }

/**
 * Changes the brand of a corp, or of the installation (''). `expected` is the version that the form was filled from
 * (form-version.ts). Throws 1000.
 */
export async function setBrand(
  ctx: Needs,
  actor: string,
  corpId: string,
  change: BrandChange,
  expected?: string,
): Promise<void> {
  if (corpId !== '') ctx.corps.get(corpId)
  const { logo: file, ...given } = change
  const texts = checkBrand(given)
  const logo = file ? await readLogo(file) : file
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockBrand(tx, corpId)
    checkVersion(brandForm(before), expected)
    // One of them takes the other's place, also for a caller who names only one.
    if (texts.privacyUrl) texts.privacyText ??= ''
    if (texts.privacyText) texts.privacyUrl ??= ''
    await store.updateBrand(tx, corpId, texts, logo)
    const told = { ...texts, logo: logo === undefined ? undefined : logo ? logo.hash : '' }
    const changes = changesOf({ ...before, logo: before.logoHash }, told, ['logo', 'privacyText'])
    await note(ctx, tx, actor, corpId, 'brand.set', { changes })
  })
  await ctx.reloadConfig(corpId || undefined)
}

/** Back to what the installation, or wisp, shows. */
export async function resetBrand(
  ctx: Needs,
  actor: string,
  corpId: string,
  expected?: string,
): Promise<void> {
  if (corpId !== '') ctx.corps.get(corpId)
  await ctx.db.transaction().execute(async tx => {
    checkVersion(brandForm(await store.lockBrand(tx, corpId)), expected)
    await store.deleteBrand(tx, corpId)
    await note(ctx, tx, actor, corpId, 'brand.reset', {})
  })
  await ctx.reloadConfig(corpId || undefined)
}

/** Returns what the form edits; its version tells whether a form is outdated. */
export function brandForm(row: store.BrandRow): object {
  const { name, colour, icpNumber, policeNumber, privacyUrl, privacyText, logoHash } = row
  return { name, colour, icpNumber, policeNumber, privacyUrl, privacyText, logoHash }
}

async function note(
  ctx: Needs,
  tx: Db,
  actor: string,
  corpId: string,
  act: 'brand.set' | 'brand.reset',
  detail: Detail,
) {
  const targetName = ctx.corps.find(corpId)?.name ?? ''
  await record(tx, ctx, { corpId: corpId || null, actor, act, target: corpId || 'wisp', targetName, detail })
  await signal(tx, 'wisp_config', corpId)
}
