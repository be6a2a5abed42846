/**
 * A feature that a corp can switch off says so in its manifest (`optional`). The gates refuse its calls and acts by their
 * paths, except those that the manifest lists. What begins elsewhere asks this file, and what must not begin at the same time
 * as the switch locks the corp's row. Pushes, events and alerts do not ask: they report what is true, whatever is switched off.
 */

import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Corps } from '../corps.ts'
import { checkOpen, closed } from '../suspension/check-open.ts'
import { holdFeatures } from './store.ts'

type Needs = { corps: Corps; offered: FeatureOffers }

/** Whether the corp has it switched on, also while it is suspended. False for a corp that is not there any more. */
export function isOn({ corps }: Pick<Needs, 'corps'>, corpId: string, feature: string): boolean {
  return corps.find(corpId)?.features.has(feature) ?? false
}

/** Throws 1009 when the corp is suspended, or has the feature switched off. */
export function checkOn(ctx: Needs, corpId: string, feature: string): void {
  checkOpen(ctx, corpId)
  if (!isOn(ctx, corpId, feature)) throw switchedOff(ctx.offered, feature)
}

/**
 * Like `checkOn`, for what must not begin beside the moment in which the feature is switched off or the corp suspended: until the
 * transaction ends, it cannot be, on any node.
 */
export async function checkStaysOn(tx: Db, ctx: Needs, corpId: string, feature: string): Promise<void> {
  const { features, closure } = await holdFeatures(tx, corpId)
  if (closure) throw closed(closure)
  if (!features.includes(feature)) throw switchedOff(ctx.offered, feature)
}

/**
 * Throws 1009 for a call or an act, by its path, of a feature that the corp has switched off. Whether it is suspended the gates ask
 * themselves, by who calls.
 */
export function checkPathOn(ctx: Needs, corpId: string, path: string): void {
  const feature = ctx.offered.optionalOf(path)
  if (feature !== undefined && !isOn(ctx, corpId, feature)) throw switchedOff(ctx.offered, feature)
}

function switchedOff({ optional }: FeatureOffers, feature: string): ApiError {
  const title = optional.get(feature)?.title ?? { zh: feature, en: feature }
  const why = {
    zh: `本企业没有开启「${title.zh}」，超级管理员可在「企业与体检 → 功能」中开启`,
    en: `this corp has "${title.en}" switched off; a super administrator can switch it on in the console under Corps and check-up → Features`,
  }
  return new ApiError('forbidden', ownWords(why), { mend: { feature } })
}
