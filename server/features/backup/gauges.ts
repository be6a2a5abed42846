import type { Core } from '../../platform/core.ts'
import { lastBackup } from './last-backup.ts'
import { backupState } from './state.ts'

export function addBackupGauges(ctx: Core): void {
  const { metrics, db } = ctx
  const since = (at: Date | null | undefined) => (at ? [{ labels: {}, value: at.getTime() / 1000 }] : [])
  metrics.gauge(
    'wisp_last_backup_timestamp_seconds',
    'when a backup last ended well, by the plan or by wisp backup; absent when none ever did',
    [],
    async () => {
      const at = await lastBackup(db)
      return at === undefined ? [] : [{ labels: {}, value: at / 1000 }]
    },
  )
  metrics.gauge('wisp_last_backup_bytes', 'size of the last good backup by the plan', [], async () => {
    const { lastGood } = await backupState(ctx)
    return lastGood?.bytes ? [{ labels: {}, value: lastGood.bytes }] : []
  })
  metrics.gauge(
    'wisp_backup_failed',
    '1 when the last backup by the plan failed, or the last good one is too old; absent without a plan that is on',
    [],
    async () => {
      const { plan, failed, isOverdue } = await backupState(ctx)
      return plan?.enabled ? [{ labels: {}, value: failed || isOverdue ? 1 : 0 }] : []
    },
  )
  metrics.gauge(
    'wisp_last_restore_test_timestamp_seconds',
    'when a backup was last restored for trial with success; absent when none ever was',
    [],
    async () => since((await backupState(ctx)).lastGoodTest?.endedAt),
  )
  metrics.gauge(
    'wisp_restore_test_failed',
    '1 when the last restore test failed; absent when there was none',
    [],
    async () => {
      const { lastTest } = await backupState(ctx)
      return lastTest ? [{ labels: {}, value: lastTest.state === 'failed' ? 1 : 0 }] : []
    },
  )
}
