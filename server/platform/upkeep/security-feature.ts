import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import { addOutageGauges } from '../operation/outages.ts'
import { securityRetention } from '../security/retention.ts'

/** Counters of attempts. */
export const securityFeature = feature<Core>()({
  name: 'security',
  tables: securityRetention,
  gauges: addOutageGauges,
})
