import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { credentialSealed } from './credentials.ts'
import { upstreamRetention } from './retention.ts'

/** Tokens and secrets by which upstreams are called. */
export const upstreamFeature = feature<Core>()({
  name: 'upstream',
  tables: upstreamRetention,
  sealed: credentialSealed,
})
