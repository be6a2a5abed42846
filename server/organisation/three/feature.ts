import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { jointWaiting, threeAlike, threeVacant } from './causes.ts'
import { threeGrants } from './granted-store.ts'
import { threePersonal, threeRetention } from './retention.ts'
import { createThree, type Three } from './three.ts'

/** The three administrators (三员): where they are separated, who they are, and which points are whose. */
export const threeFeature = feature<Core & { offered: FeatureOffers }, { three: Three }>()({
  name: 'three',
  grants: [threeGrants],
  personal: threePersonal,
  tables: threeRetention,
  create: ctx => ({ three: createThree(ctx) }),
  async obstacle({ three }, _corpId, memberId) {
    if (three.roleOf(memberId) === undefined) return undefined
    return {
      zh: '是三员之一，请先由另外两员免去',
      en: 'they are one of the three administrators: the other two dismiss them first',
    }
  },
  causes: { threeVacant, threeAlike, jointWaiting },
  readers: ({ three }) => [three],
})
