import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { addDirectoryGauges } from '../directory/mirror/gauges.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { addInboxGauges } from '../inbox/gauges.ts'
import type { Database } from '../storage/database.ts'
import { addDatabaseGauges } from '../storage/gauges.ts'
import { addSyncGauges } from '../sync/gauges.ts'

/** The gauges of all features; they are read at each request of /metrics. */
export function addGauges(ctx: Core & { corps: Corps; database: Database; mirrors: Mirrors }): void {
  addInboxGauges(ctx)
  addSyncGauges(ctx)
  addDirectoryGauges(ctx)
  addDatabaseGauges(ctx)
}
