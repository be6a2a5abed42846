import { developerRetention } from '../callers/developers/retention.ts'
import { limitRetention } from '../callers/limits/retention.ts'
import { packetRetention } from '../callers/packets/retention.ts'
import { requestRetention } from '../callers/requests/retention.ts'
import { sessionRetention } from '../callers/sessions/retention.ts'
import { signInRetention } from '../callers/sign-in/retention.ts'
import { ticketRetention } from '../callers/tickets/retention.ts'
import { alertRetention } from '../features/alerts/retention.ts'
import { appRetention } from '../features/apps/retention.ts'
import { eventRetention } from '../features/events/retention.ts'
import { messageRetention } from '../features/messages/retention.ts'
import { officialRetention } from '../features/official/retention.ts'
import { paymentRetention } from '../features/payments/retention.ts'
import { webhookRetention } from '../features/webhooks/retention.ts'
import { corpRetention } from '../organisation/corps/retention.ts'
import { directoryRetention } from '../organisation/directory/retention.ts'
import { peopleRetention } from '../organisation/people/retention.ts'
import { syncRetention } from '../organisation/sync/retention.ts'
import { auditRetention } from '../platform/audit/retention.ts'
import { filesRetention } from '../platform/files/retention.ts'
import { queueRetention } from '../platform/queue/retention.ts'
import { securityRetention } from '../platform/security/retention.ts'
import { nodeRetention } from '../platform/storage/nodes/retention.ts'
import type { RetentionOfFeatures } from '../platform/storage/retention.ts'
import { upstreamRetention } from '../upstream/transport/retention.ts'
import { fileReferences } from './file-references.ts'

/** How long each table's rows are kept, by the feature that owns the table. docs/retention.md explains it to people. */
export const retention: RetentionOfFeatures = {
  corps: corpRetention,
  developers: developerRetention,
  requests: requestRetention,
  limits: limitRetention,
  packets: packetRetention,
  directory: directoryRetention,
  events: eventRetention,
  webhooks: webhookRetention,
  sync: syncRetention,
  people: peopleRetention,
  sessions: sessionRetention,
  tickets: ticketRetention,
  'sign-in': signInRetention,
  apps: appRetention,
  messages: messageRetention,
  official: officialRetention,
  payments: paymentRetention,
  files: filesRetention(fileReferences),
  alerts: alertRetention,
  audit: auditRetention,
  queue: queueRetention,
  security: securityRetention,
  upstream: upstreamRetention,
  storage: nodeRetention,
}
