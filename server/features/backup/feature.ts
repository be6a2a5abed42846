/**
 * Everything in one file, and back. The folders of backup/: proof/ encryption and signatures; plan/ when, where, how many;
 * places/ folder and S3; runs/ of the plan and their rotation;
 * restore-test/ restores a backup for trial.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { UpstreamPool } from '../../upstream/transport/pool.ts'
import * as causes from './causes.ts'
import { backupCommands } from './commands/backup-commands.ts'
import { planCommands } from './commands/plan-commands.ts'
import { restoreCommands } from './commands/restore-commands.ts'
import { settleCommand } from './commands/settle-command.ts'
import * as calls from './console/backup-calls.ts'
import { confirmRestoredCall } from './console/restored-calls.ts'
import { addBackupGauges } from './gauges.ts'
import { sealPurpose } from './plan/plan.ts'
import { hasPlans, switchOffRestored } from './plan/plan-store.ts'
import { lockWhatWasRestored } from './restored/confirm.ts'
import { backupPersonal, backupRetention } from './retention.ts'
import { type Backups, createBackups } from './runs/backups.ts'
import { endRestored, type PlaceKind } from './runs/run-store.ts'

type Needs = Core & {
  corps: Corps
  three: Three
  outbound: Outbound
  upstreamPool: UpstreamPool
  offered: FeatureOffers
  queue: Queue
  jobs: Jobs
}

/** A job for each place, so that a node without the folder takes no turn of one. */
const jobNames: Record<PlaceKind, string> = { s3: 'backups', folder: 'backups-to-folder' }

/** Everything in one file, and back; by a plan too, with a test whether it comes back. */
export const backupFeature = feature<Needs, { backups: Backups }>()({
  name: 'backup',
  create: ctx => ({ backups: createBackups(ctx) }),
  commands: [...backupCommands, ...planCommands, ...restoreCommands, settleCommand],
  commandGroups: {
    'backup plan': {
      zh: '显示、设置和测试备份计划：何时、到哪里、留多少',
      en: 'Show, set and test the plan of backups: when, where to, how many are kept',
    },
  },
  pageCalls: [
    calls.showBackups,
    calls.listBackups,
    calls.savePlan,
    calls.tryPlace,
    calls.showStored,
    calls.runBackup,
    calls.testBackup,
    confirmRestoredCall,
  ],
  personal: backupPersonal,
  tables: backupRetention,
  sealed: [{ table: 'backup_plan', key: ['single'], column: 'secret_key', purpose: sealPurpose }],
  gauges: addBackupGauges,
  causes: {
    backupFailed: causes.backupFailed,
    backupOverdue: causes.backupOverdue,
    restoreTestFailed: causes.restoreTestFailed,
    restoreTestOverdue: causes.restoreTestOverdue,
    backupsNotRotated: causes.backupsNotRotated,
    backupPlanOff: causes.backupPlanOff,
  },
  async restored(tx, at) {
    await lockWhatWasRestored(tx, at)
    // A restore may end at earlier migrations, which know no plan.
    if (!(await hasPlans(tx))) return
    await switchOffRestored(tx)
    await endRestored(tx)
  },
  schedule({ jobs, backups }) {
    for (const place of backups.kinds) jobs.schedule(jobNames[place], '* * * * *', () => backups.look(place))
  },
  async start(ctx) {
    const { backups } = ctx
    const lookSoon = () => {
      for (const place of backups.kinds)
        backups.look(place).catch(error => {
          if (!ctx.stopping.aborted) ctx.log.warn(describeError(error), 'backups not looked at')
        })
    }
    // What a lost signal asked for is seen within the minute.
    await ctx.bus.listen('wisp_backup', lookSoon, () => undefined)
    return undefined
  },
  close: ({ backups }) => backups.close(),
})
