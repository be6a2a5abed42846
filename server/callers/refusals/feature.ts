import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { refusalPersonal, refusalRetention } from './retention.ts'

/** What people were refused, by the number that the page shows them. */
export const refusalsFeature = feature<
  Core & { corps: Corps; strangers: Strangers },
  { refusals: Refusals }
>()({
  name: 'refusals',
  personal: refusalPersonal,
  tables: refusalRetention,
  create: ctx => ({ refusals: createRefusals(ctx) }),
})
