import { appRetention } from '../apps/retention.ts'
import { auditRetention } from '../audit/retention.ts'
import { corpRetention } from '../corps/retention.ts'
import { developerRetention } from '../developers/retention.ts'
import { directoryRetention } from '../directory/retention.ts'
import { messageRetention } from '../messages/retention.ts'
import type { RetentionOfFeatures } from '../operation/retention.ts'
import { peopleRetention } from '../people/retention.ts'
import { securityRetention } from '../security/retention.ts'
import { syncRetention } from '../sync/retention.ts'

/** What becomes of every table's rows in the long run, by the feature that owns it; docs/retention.md says it to people. */
export const retention: RetentionOfFeatures = {
  corps: corpRetention,
  developers: developerRetention,
  directory: directoryRetention,
  sync: syncRetention,
  people: peopleRetention,
  apps: appRetention,
  messages: messageRetention,
  audit: auditRetention,
  security: securityRetention,
}
