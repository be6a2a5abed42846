/**
 * Personal data (个人信息): who gets it, a person's copy, erasure of those who left, legal holds. Each room declares what it keeps of people
 * (`storage/personal/personal-table.ts`); rows/ finds, reads and erases a person's rows by that; the ledger of consents is `callers/consents`.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Requests } from '../../callers/requests/requests.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Apps } from '../apps/catalog.ts'
import * as admin from './admin/person-calls.ts'
import { personCommands } from './commands.ts'
import * as helpDesk from './console/help-desk-calls.ts'
import * as holds from './console/hold-calls.ts'
import * as own from './console/own-calls.ts'
import * as register from './console/register-calls.ts'
import * as requests from './console/request-calls.ts'
import { personalDataPersonal, personalDataRetention, personalDataSealed } from './retention.ts'
import { personalSection } from './settings-section.ts'
import { handlePersonalData, schedulePersonalData } from './work.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  jobs: Jobs
  mirrors: Mirrors
  offered: FeatureOffers
  queue: Queue
  requests: Requests
  roles: Roles
}

export const personalDataFeature = feature<Needs>()({
  name: 'personal-data',
  pageCalls: [
    register.personalRegister,
    register.personalKept,
    requests.personalRequests,
    requests.personalCopy,
    requests.personalCopyTake,
    requests.personalErase,
    requests.personalSettings,
    holds.personalHolds,
    holds.personalHold,
    holds.personalHoldEnd,
    holds.personalHoldTake,
    holds.personalConsents,
    own.ownPersonal,
    own.ownCopy,
    own.ownCopyTake,
    helpDesk.helpDeskCopies,
    helpDesk.helpDeskCopy,
    helpDesk.helpDeskCopyTake,
  ],
  adminCalls: [
    admin.adminPersonRegister,
    admin.adminPersonRequests,
    admin.adminPersonErase,
    admin.adminPersonSettings,
    admin.adminPersonHolds,
    admin.adminPersonHold,
    admin.adminPersonHoldEnd,
    admin.adminPersonConsents,
  ],
  commands: personCommands,
  commandGroups: {
    person: {
      zh: '管理个人信息：登记册、副本、删除、保全与同意',
      en: 'Handle personal data: register, copies, deletions, holds and consents',
    },
  },
  personal: personalDataPersonal,
  tables: personalDataRetention,
  sealed: personalDataSealed,
  settings: { personalData: personalSection },
  work: handlePersonalData,
  schedule: schedulePersonalData,
})
