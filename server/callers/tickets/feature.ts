import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/people/roles.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { getInfo } from './api.ts'

/** jessionIds, by which an app learns who opened it. */
export const ticketsFeature = feature<Core & { mirrors: Mirrors; roles: Roles }>()({
  name: 'tickets',
  calls: [getInfo],
})
