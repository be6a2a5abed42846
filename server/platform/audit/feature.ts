import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import * as audit from './audit-list.ts'
import { auditRetention } from './retention.ts'

/** Who did what. */
export const auditFeature = feature<Core>()({
  name: 'audit',
  pageCalls: [audit.auditList, audit.auditExport, audit.auditOne, audit.auditActs],
  tables: auditRetention,
})
