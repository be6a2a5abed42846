import type { Apps } from '../features/apps/catalog.ts'
import { appValues } from '../features/apps/trial-values.ts'
import type { Setups } from '../features/messages/channels/channel.ts'
import { messageValues } from '../features/messages/trial-values.ts'
import type { Accounts } from '../features/official/accounts/accounts.ts'
import { officialValues } from '../features/official/api/trial-values.ts'
import { billValues } from '../features/payments/bills/trial-values.ts'
import { webhookValues } from '../features/webhooks/trial-values.ts'
import type { Mirrors } from '../organisation/directory/mirror/mirrors.ts'
import { directoryValues } from '../organisation/directory/read/trial-values.ts'
import type { Core } from '../platform/core.ts'
import type { Caller } from '../platform/http/caller.ts'

type Needs = Core & { accounts: Accounts; apps: Apps; messageSettings: Setups; mirrors: Mirrors }

/**
 * Values that exist within the developer's data scope and permissions, by the names that the sample inputs of calls have in
 * braces. What does not exist is not named.
 */
export async function trialValues(ctx: Needs, developer: Caller): Promise<Record<string, unknown>> {
  const parts = await Promise.all([
    directoryValues(ctx, developer),
    messageValues(ctx, developer),
    billValues(ctx, developer),
    officialValues(ctx, developer),
    webhookValues(ctx, developer),
  ])
  return Object.assign({}, appValues(ctx, developer), ...parts)
}
