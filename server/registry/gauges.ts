import { addCertificateGauges } from '../features/alerts/certificate-gauge.ts'
import { addAlertGauges } from '../features/alerts/gauges.ts'
import { addBackupGauges } from '../features/backup/gauges.ts'
import { addEventGauges } from '../features/events/gauges.ts'
import { addMessageGauges } from '../features/messages/gauges.ts'
import type { Merchants } from '../features/payments/merchants/merchants.ts'
import { addWebhookGauges } from '../features/webhooks/gauges.ts'
import type { Corps } from '../organisation/corps/corps.ts'
import { addDirectoryGauges } from '../organisation/directory/mirror/gauges.ts'
import type { Mirrors } from '../organisation/directory/mirror/mirrors.ts'
import { addSyncGauges } from '../organisation/sync/gauges.ts'
import type { Core } from '../platform/core.ts'
import { addInboxGauges } from '../platform/inbox/gauges.ts'
import { addOutageGauges } from '../platform/operation/outages.ts'
import type { Database } from '../platform/storage/database.ts'
import { addDatabaseGauges } from '../platform/storage/gauges.ts'

/** The gauges of all features; they are read at each request of /metrics. */
export function addGauges(
  ctx: Core & { corps: Corps; database: Database; merchants: Merchants; mirrors: Mirrors },
): void {
  addAlertGauges(ctx)
  addBackupGauges(ctx)
  addCertificateGauges(ctx)
  addEventGauges(ctx)
  addMessageGauges(ctx)
  addOutageGauges(ctx)
  addWebhookGauges(ctx)
  addInboxGauges(ctx)
  addSyncGauges(ctx)
  addDirectoryGauges(ctx)
  addDatabaseGauges(ctx)
}
