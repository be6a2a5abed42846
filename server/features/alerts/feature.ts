import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { NeedsAttention } from '../../platform/manifest/attention.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { Outbox } from '../messages/accept/outbox.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'
import * as alerts from './alert-calls.ts'
import { addCertificateGauges } from './certificate-gauge.ts'
import { alertCommands } from './commands.ts'
import { doctorFailed } from './doctor-failed.ts'
import { addAlertGauges } from './gauges.ts'
import { handleAlertChecks, type LookForCauses, looksIn, scheduleAlerts } from './jobs.ts'
import { needsIn } from './needs-attention.ts'
import { createNeedsChanges, type NeedsChanges } from './needs-changes.ts'
import { alertPersonal, alertRetention } from './retention.ts'
import { handleScopeDecisions } from './scope-decisions.ts'
import { handleAlerts } from './tell.ts'

type Needs = Core & {
  accounts: Accounts
  corps: Corps
  developers: Developers
  dispatcher: Dispatcher
  jobs: Jobs
  merchants: Merchants
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  mirrors: Mirrors
  offered: FeatureOffers
  outbox: Outbox
  queue: Queue
  sessions: Sessions
}

type Services = { lookForCauses: LookForCauses; needsAttention: NeedsAttention; needsChanges: NeedsChanges }

/** What needs administrators, and what they are told of. */
export const alertsFeature = feature<Needs, Services>()({
  name: 'alerts',
  pageCalls: [alerts.attentionList, alerts.attentionNumber, alerts.pastAlertList, alerts.alertAcknowledge],
  commands: alertCommands,
  commandGroups: {
    alert: {
      zh: '列出需要管理员处理的事，标为知道了',
      en: 'List what administrators must deal with, and acknowledge it',
    },
  },
  personal: alertPersonal,
  tables: alertRetention,
  gauges(ctx) {
    addAlertGauges(ctx)
    addCertificateGauges(ctx)
  },
  causes: { doctorFailed },
  create: async ctx => ({
    lookForCauses: looksIn(ctx),
    needsAttention: needsIn(ctx),
    needsChanges: await createNeedsChanges(ctx),
  }),
  // What is set up, and what is not, is in the configuration of each corp.
  reloaded: ({ needsChanges }) => needsChanges.changedForAll(),
  drain: ({ needsChanges }) => needsChanges.stopWaiting(),
  work(ctx) {
    handleAlerts(ctx)
    handleAlertChecks(ctx)
    ctx.needsChanges.lookAfterActs()
    handleScopeDecisions(ctx)
  },
  schedule: scheduleAlerts,
})
