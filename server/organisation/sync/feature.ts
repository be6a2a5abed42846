/**
 * The folders of sync/: events/ has callbacks and notices; runs/ full sync, reconcile and drift; checks/ nightly checks and
 * those after an outage. work.ts is what is due for a corp.
 */

import type { FastifyRequest } from 'fastify'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { WecomOptions } from '../corps/clients/clients.ts'
import type { WecomRoom } from '../corps/clients/wecom-room.ts'
import type { Corps } from '../corps/corps.ts'
import type { CorpCheck } from '../corps/doctor/check.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import * as adminCorp from './admin/corp-calls.ts'
import * as adminEvents from './admin/event-calls.ts'
import * as adminRuns from './admin/run-calls.ts'
import { checkMissed, handleMissed } from './checks/missed.ts'
import { handleNightly, scheduleNightly } from './checks/nightly.ts'
import { connectCommands } from './commands/connect-corp.ts'
import { syncCommands } from './commands/sync.ts'
import { addOneCorp } from './connect-corp.ts'
import { contactCallback } from './events/callback.ts'
import { callbacksRefused, callbacksSilent } from './events/callback-causes.ts'
import * as syncEvents from './events/event-calls.ts'
import { lateEvents, parkedEvents } from './events/event-causes.ts'
import { directoryHint } from './events/hint-calls.ts'
import { createHints, type Hints } from './events/hints.ts'
import { eventsSearched } from './events/searched.ts'
import { syncAttention } from './findings/attention.ts'
import { examineMirroring } from './findings/examine.ts'
import { syncApproval, syncFailed, syncStale, wecomUnreachable } from './findings/run-causes.ts'
import { syncWarnings } from './findings/warnings.ts'
import { addSyncGauges } from './gauges.ts'
import { followWecom } from './outage-of-all.ts'
import { syncPersonal, syncRetention } from './retention.ts'
import * as sync from './runs/run-calls.ts'
import { createSync, type Sync } from './sync.ts'

type Needs = Core & {
  corps: Corps
  inbox: Inbox
  jobs: Jobs
  mirrors: Mirrors
  offered: FeatureOffers
  queue: Queue
  wecomOptions: WecomOptions
  wecomRoom: WecomRoom
}
type Services = { hints: Hints; sync: Sync; corpChecks: readonly CorpCheck[] }
/** Made by those who come after it. */
type LaterServices = {
  developers: { identify(given: Record<string, unknown>, request: FastifyRequest): Caller }
}

/** Keeps the mirror true to WeCom. */
export const syncFeature = feature<Needs, Services, LaterServices>()({
  name: 'sync',
  calls: [directoryHint],
  pageCalls: [
    addOneCorp,
    sync.syncOverview,
    sync.listSyncRuns,
    sync.showSyncRun,
    sync.listDrift,
    sync.startSyncRun,
    sync.approveSyncRun,
    sync.cancelSyncRun,
    syncEvents.listContactEvents,
    syncEvents.exportContactEvents,
    syncEvents.showContactEvent,
    syncEvents.replayContactEvents,
    syncEvents.replayFilteredEvents,
  ],
  adminCalls: [
    adminCorp.adminAddCorp,
    adminRuns.adminSyncStatus,
    adminRuns.adminSyncRuns,
    adminRuns.adminSyncRun,
    adminRuns.adminStartSync,
    adminRuns.adminApproveSync,
    adminRuns.adminCancelSync,
    adminRuns.adminDrift,
    adminEvents.adminEvents,
    adminEvents.adminEvent,
    adminEvents.adminReplay,
  ],
  pushes: [contactCallback],
  search: { events: eventsSearched },
  commands: [...connectCommands, ...syncCommands],
  commandGroups: {
    sync: { zh: '同步通讯录，查看差异和事件', en: 'Sync the address book, see differences and events' },
  },
  personal: syncPersonal,
  tables: syncRetention,
  gauges: addSyncGauges,
  attention: syncAttention,
  warnings: syncWarnings,
  causes: {
    syncApproval,
    syncFailed,
    syncStale,
    wecomUnreachable,
    parkedEvents,
    lateEvents,
    callbacksSilent,
    callbacksRefused,
  },
  create: ctx => ({ hints: createHints(ctx), sync: createSync(ctx), corpChecks: [examineMirroring] }),
  work(ctx) {
    handleNightly(ctx)
    handleMissed(ctx)
    followWecom(ctx)
  },
  missed: checkMissed,
  schedule: scheduleNightly,
})
