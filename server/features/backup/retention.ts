import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const backupPersonal: readonly PersonalTable[] = [
  {
    table: 'backup_run',
    what: { zh: '备份由谁发起', en: 'who asked for backups' },
    why: 'administration',
    columns: { asked_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'backup_trial',
    what: { zh: '恢复演练由谁发起', en: 'who asked for restore tests' },
    why: 'administration',
    columns: { asked_by: 'userId' },
    erased: 'acts',
  },
]
