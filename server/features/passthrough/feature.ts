import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import { officialPassthrough, wecomPassthrough } from './passthroughs.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; accounts: Accounts }

/** Calls of WeCom and of official accounts that wisp does not have itself, made for developers who need not know a secret (代调用). */
export const passthroughFeature = feature<Needs>()({
  name: 'passthrough',
  scopes: ['upstream:call'],
  passthroughs: [wecomPassthrough, officialPassthrough],
})
