import type { Developers } from '../../callers/developers/developers.ts'
import type { Limits } from '../../callers/limits/limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { NeedsAttention } from '../../platform/manifest/attention.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { operatorCommands } from './commands/operator.ts'
import * as calls from './console/operator-calls.ts'
import { quotaAttention, quotaReached } from './quota-attention.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  limits: Limits
  needsAttention: NeedsAttention
  offered: FeatureOffers
}

/** What the operator of many corps sees of all of them at once, and what each is allowed. */
export const operatorFeature = feature<Needs>()({
  name: 'operator',
  pageCalls: [calls.listOperatorCorps, calls.exportOperatorCorps, calls.showOperatorCorp, calls.saveQuotas],
  commands: operatorCommands,
  commandGroups: {
    operator: { zh: '列出全部企业，查看其中一个，设置配额', en: 'List all corps, show one, set quotas' },
    'operator quota': { zh: '显示和设置企业的配额', en: 'Show and set the quotas of a corp' },
  },
  attention: quotaAttention,
  causes: { quotaReached },
})
