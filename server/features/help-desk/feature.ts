import type { Developers } from '../../callers/developers/developers.ts'
import type { Protection } from '../../callers/protection/protection.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Strangers } from '../../callers/strangers/strangers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Apps } from '../apps/catalog.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { MessageChoices } from '../message-choices/choices.ts'
import type { MessageTypes } from '../message-types/catalog.ts'
import type { WaitingNeeds } from '../messages/waiting/open-call.ts'
import * as calls from './help-desk-calls.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  messageChoices: MessageChoices
  messageSettings: MessageSettingsOfCorps
  messageTypes: MessageTypes
  mirrors: Mirrors
  offered: FeatureOffers
  protection: Protection
  roles: Roles
  sessions: Sessions
  three: Three
  strangers: Strangers
}

/** What those see and do who are asked for help by members. */
export const helpDeskFeature = feature<Needs & WaitingNeeds>()({
  name: 'help-desk',
  pageCalls: [
    calls.helpDeskFind,
    calls.helpDeskPerson,
    calls.helpDeskMessageWhy,
    calls.helpDeskEndSession,
    calls.helpDeskEndSessions,
    calls.helpDeskResetFactor,
  ],
})
