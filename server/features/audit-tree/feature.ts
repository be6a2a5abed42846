import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import { regularly } from '../../platform/operation/regularly.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Brands } from '../branding/brands.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { Outbox } from '../messages/accept/outbox.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import { adminGrants, adminIntegrity, adminVerify } from './admin/tree-calls.ts'
import { auditTreeCauses } from './causes.ts'
import { makeDueCheckpoints } from './checkpoints/checkpoint.ts'
import { sendCheckpoints } from './checkpoints/send.ts'
import { auditTreeCommands } from './commands.ts'
import * as grantCalls from './console/grant-calls.ts'
import * as calls from './console/tree-calls.ts'
import { checkAllGrants } from './grants/check.ts'
import { auditTreePersonal, auditTreeRetention } from './retention.ts'
import { auditTreeSealed } from './sealed.ts'
import { destinationSection } from './settings-section.ts'
import { appendWaiting } from './tree/append.ts'
import { hasTrees, stateInAll } from './tree/tree-store.ts'
import { workOnVerifications } from './verify/work.ts'

/** Whatever has committed is in its tree within ten seconds. */
const lookEveryMs = 3000

type Needs = Core & {
  brands: Brands
  corps: Corps
  dispatcher: Dispatcher
  jobs: Jobs
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  outbox: Outbox
  queue: Queue
}

/**
 * The audit that cannot be changed unseen. The folders: tree/ puts committed entries in order, in a tree of hashes; checkpoints/ signs
 * what the trees are and sends it on; verify/ says what was changed.
 */
export const auditTreeFeature = feature<Needs>()({
  name: 'audit-tree',
  pageCalls: [
    calls.showIntegrity,
    calls.verifyIntegrity,
    calls.saveDestination,
    calls.proveEntry,
    grantCalls.showGrants,
    grantCalls.confirmGrantsCall,
  ],
  adminCalls: [adminIntegrity, adminVerify, adminGrants],
  settings: { auditDestination: destinationSection },
  causes: auditTreeCauses,
  commands: auditTreeCommands,
  commandGroups: {
    audit: {
      zh: '验证审计，签发检查点，核对授权',
      en: 'Verify the audit log, sign checkpoints, compare grants',
    },
  },
  personal: auditTreePersonal,
  tables: auditTreeRetention,
  sealed: auditTreeSealed,
  async restored(tx, at) {
    // A restore may end at earlier migrations, which know no trees.
    if (await hasTrees(tx)) await stateInAll(tx, { what: 'restored', at: at.toISOString() })
  },
  schedule(ctx) {
    ctx.jobs.schedule('audit-checkpoints', '* * * * *', async () => {
      await makeDueCheckpoints(ctx)
      await sendCheckpoints(ctx)
    })
    ctx.jobs.schedule('audit-grants', '23 * * * *', () => checkAllGrants(ctx))
  },
  start(ctx) {
    const stops = [
      regularly(
        lookEveryMs,
        async () => {
          await appendWaiting(ctx)
        },
        error => ctx.log.warn(describeError(error), 'audit entries not put in order'),
      ),
      regularly(
        lookEveryMs,
        () => workOnVerifications(ctx),
        error => ctx.log.warn(describeError(error), 'verifications of the audit log not looked at'),
      ),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  },
})
