import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import type { Developers } from '../developers/developers.ts'
import * as limits from './console/limit-calls.ts'
import { createLimits, type Limits } from './limits.ts'
import { createOutgoingClicks, type OutgoingClicks } from './outgoing-clicks.ts'
import { limitRetention } from './retention.ts'

const shareMs = 1000

type Needs = Core & { corps: Corps; developers: Developers; mirrors: Mirrors; offered: FeatureOffers }
type Services = { limits: Limits; outgoingClicks: OutgoingClicks }

/** Calls a minute and a day, by developer and group of calls. */
export const limitsFeature = feature<Needs, Services>()({
  name: 'limits',
  pageCalls: [
    limits.showLimits,
    limits.saveLimits,
    limits.showDeveloperDefaults,
    limits.saveDeveloperDefaults,
  ],
  tables: limitRetention,
  create: ctx => ({ limits: createLimits(ctx), outgoingClicks: createOutgoingClicks(ctx) }),
  start: ({ limits, log }) =>
    regularly(
      shareMs,
      () => limits.share(),
      error => log.error(describeError(error), 'use of limits not shared'),
    ),
  close: ({ limits, log }) =>
    limits.share().catch(error => log.warn(describeError(error), 'use of limits not written')),
})
