import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Corps, unknownCorp } from '../corps.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/**
 * Switches features of a corp on and off; what stays as it is, is not recorded. Throws 1000 for a name that does not exist, and for a
 * feature that cannot be switched off now.
 */
export async function switchFeatures(
  ctx: Needs,
  actor: string,
  corpId: string,
  wanted: Readonly<Record<string, boolean>>,
): Promise<void> {
  ctx.corps.get(corpId)
  for (const name of Object.keys(wanted)) featureNamed(ctx, name)
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockFeatures(tx, corpId)
    if (!before) throw unknownCorp(corpId)
    const on = Object.keys(wanted).filter(name => wanted[name] && !before.includes(name))
    const off = Object.keys(wanted).filter(name => !wanted[name] && before.includes(name))
    if (on.length + off.length === 0) return
    for (const name of off) await checkMayGoOff(tx, ctx, corpId, name)
    // Names that this version does not know stay: another node may know them.
    await store.setFeatures(tx, corpId, [...before.filter(name => !off.includes(name)), ...on])
    for (const name of on) await featureNamed(ctx, name).begin(tx, corpId)
    await record(tx, ctx, { corpId, actor, act: 'corp.features', target: corpId, detail: { on, off } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** For a corp that is to show everything. */
export function switchAllOn(ctx: Needs, actor: string, corpId: string): Promise<void> {
  const wanted = Object.fromEntries([...ctx.offered.optional.keys()].map(name => [name, true]))
  return switchFeatures(ctx, actor, corpId, wanted)
}

async function checkMayGoOff(tx: Db, ctx: Needs, corpId: string, name: string): Promise<void> {
  const { title, keptOnBy } = featureNamed(ctx, name)
  const [why] = await keptOnBy(tx, corpId)
  if (why)
    throw new ApiError('badParameter', {
      zh: told`“${own(title.zh)}”现在不能关闭：${own(why.zh)}`,
      en: told`"${own(title.en)}" cannot be switched off now: ${own(why.en)}`,
    })
}

function featureNamed({ offered: { optional } }: Needs, name: string) {
  const feature = optional.get(name)
  if (feature) return feature
  const known = [...optional.keys()]
  throw new ApiError('badParameter', {
    zh: told`没有功能 ${name.slice(0, 40)}；可用: ${own(known.join('、'))}`,
    en: told`there is no feature ${name.slice(0, 40)}; there are: ${own(known.join(', '))}`,
  })
}
