import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Three } from '../../organisation/three/three.ts'
import { auditPersonal, auditRetention } from '../../platform/audit/retention.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { adminAudit, adminAuditExport } from './admin/audit-calls.ts'
import * as audit from './audit-list.ts'
import { actsSearched } from './searched.ts'

/** Who did what. */
export const auditFeature = feature<Core & { corps: Corps; mirrors: Mirrors; three: Three }>()({
  name: 'audit',
  pageCalls: [audit.auditList, audit.auditExport, audit.auditOne, audit.auditActs, audit.installationAudit],
  adminCalls: [adminAudit, adminAuditExport],
  search: { audit: actsSearched },
  personal: auditPersonal,
  tables: auditRetention,
})
