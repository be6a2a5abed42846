import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTrials } from './restore-test/test-store.ts'
import { pruneRuns } from './runs/run-store.ts'

export const backupRetention: readonly Retention[] = [
  { table: 'backup_plan', isBounded: true, because: 'one row' },
  {
    table: 'backup_run',
    keptDays: 400,
    countedFrom: 'its end, once there is no file of it: failed, deleted by rotation, or gone',
    prune: pruneRuns,
  },
  { table: 'backup_trial', keptDays: 400, countedFrom: 'its end', prune: pruneTrials },
]
