import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { consentPersonal, consentRetention } from './retention.ts'

/** The ledger of consents (同意): who agreed to what, by which text, when, and when they took it back. */
export const consentsFeature = feature<Core>()({
  name: 'consents',
  personal: consentPersonal,
  tables: consentRetention,
})
