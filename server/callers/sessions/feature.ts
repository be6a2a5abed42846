import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Developers } from '../developers/developers.ts'
import type { Protection } from '../protection/protection.ts'
import { endSessionsOfMembers } from './end-sessions.ts'
import { createLenders } from './lenders.ts'
import * as own from './own-session-calls.ts'
import { sessionPersonal, sessionRetention } from './retention.ts'
import * as sessions from './session-calls.ts'
import { createSessions, type Sessions } from './sessions.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  protection: Protection
  roles: Roles
  three: Three
}
type Services = { sessions: Sessions }

/** Who is signed in. */
export const sessionsFeature = feature<Needs, Services>()({
  name: 'sessions',
  pageCalls: [
    sessions.sessionList,
    sessions.sessionEnd,
    sessions.sessionEndPerson,
    own.ownSessions,
    own.endOwnSessionCall,
    own.endOtherSessions,
    own.ownSignIns,
  ],
  personal: sessionPersonal,
  tables: sessionRetention,
  endAccess: endSessionsOfMembers,
  async create(ctx) {
    const sessions = await createSessions(ctx)
    ctx.developers.askAboutLent(createLenders({ sessions }))
    return { sessions }
  },
})
