/**
 * Audit entries and alerts for a SIEM: by syslog (RFC 5424, over TLS or TCP) as text or CEF, or by HTTPS as OCSF. Entries go in the order
 * of the audit tree.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { adminReceivers } from './admin-calls.ts'
import { siemCheckpoints } from './checkpoints.ts'
import { siemCommands } from './commands.ts'
import { startForwarding } from './forward.ts'
import { siemLate } from './late.ts'
import * as calls from './receiver-calls.ts'
import { siemRetention } from './retention.ts'
import { authorizationSealed, privateKeySealed } from './sealed.ts'
import { receiverSection } from './settings-section.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; outbound: Outbound; queue: Queue }

export const siemFeature = feature<Needs>()({
  name: 'siem',
  pageCalls: [
    calls.listReceivers,
    calls.saveReceiver,
    calls.removeReceiverCall,
    calls.testReceiverCall,
    calls.listOwnReceivers,
    calls.saveOwnReceiver,
    calls.removeOwnReceiver,
    calls.testOwnReceiver,
  ],
  adminCalls: [adminReceivers],
  commands: siemCommands,
  commandGroups: {
    siem: { zh: '设置审计转发（SIEM）的接收端', en: 'Set the receivers of the audit log (SIEM)' },
  },
  settings: { auditReceivers: receiverSection },
  causes: { siemLate },
  checkpointReceivers: siemCheckpoints,
  tables: siemRetention,
  sealed: [privateKeySealed, authorizationSealed],
  start: startForwarding,
})
