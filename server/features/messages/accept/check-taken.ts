import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Submission } from './sending.ts'

/**
 * Throws 1009 where the corp has switched off what a message takes, and 1013 while a node lives that does not know such messages.
 */
export async function checkTaken(
  ctx: Core & { corps: Corps; offered: FeatureOffers },
  corpId: string,
  { channel: name, content }: Pick<Submission, 'channel' | 'content'>,
): Promise<void> {
  const { feature, takes } = channelOf(name)
  if (feature) checkOn(ctx, corpId, feature)
  const taken = takes?.(content)
  if (!taken) return
  checkOn(ctx, corpId, taken.feature)
  await checkKnownByAll(ctx.db, taken.since)
}
