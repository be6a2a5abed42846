import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { type CancelCounts, cancelOne } from '../fate/cancel.ts'
import { findOfCorp } from '../fate/status.ts'

/** Ends a message: what has not left does not leave any more. What has left stays, and can be recalled. `who` is told. Throws 1000. */
export async function endMessage(
  ctx: Core & { corps: Corps },
  { actor, who }: { actor: string; who: string },
  corpId: string,
  msgId: string,
): Promise<CancelCounts> {
  const message = await findOfCorp(ctx, corpId, msgId)
  return cancelOne(ctx, message, { actor, reason: { code: 'endedBy', who } }, false)
}
