import type { Core } from '../../platform/core.ts'
import { lastBackup } from './last-backup.ts'

export function addBackupGauges({ metrics, db }: Core): void {
  metrics.gauge(
    'wisp_last_backup_timestamp_seconds',
    'when wisp backup last ended well; absent when it never did',
    [],
    async () => {
      const at = await lastBackup(db)
      return at === undefined ? [] : [{ labels: {}, value: at / 1000 }]
    },
  )
}
