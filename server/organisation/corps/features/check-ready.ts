import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { UnreadyStep } from '../../../platform/manifest/setup/unready.ts'

/** What has to be set up next before the feature works; undefined when it works, and when it is switched off. */
export function nextStep(
  ctx: { offered: FeatureOffers },
  corpId: string,
  feature: string,
): UnreadyStep | undefined {
  return ctx.offered.unready(corpId).find(one => one.feature === feature)
}

/** 1009 for what the corp cannot do before the feature is set up, with where that is done; undefined when it is. */
export function notReady(
  ctx: { offered: FeatureOffers },
  corpId: string,
  feature: string,
): ApiError | undefined {
  const next = nextStep(ctx, corpId, feature)
  if (!next) return undefined
  const { title, fix } = next
  return new ApiError('forbidden', ownWords({ zh: `${title.zh}，${fix.zh}`, en: `${title.en}. ${fix.en}` }))
}
