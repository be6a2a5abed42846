import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import { credentialSealed } from './credentials.ts'
import { securityRetention } from './retention.ts'

/** Upstream credentials and counters of attempts. */
export const securityFeature = feature<Core>()({
  name: 'security',
  tables: securityRetention,
  sealed: credentialSealed,
})
