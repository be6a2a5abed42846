import type { Corps } from '../../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../../organisation/directory/mirror/mirrors.ts'
import { viewWithExternal } from '../../../../organisation/directory/read/view.ts'
import type { Core } from '../../../../platform/core.ts'
import type { Caller } from '../../../../platform/http/caller.ts'
import { readInput } from '../../../../platform/http/input.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import type { Language } from '../../../../platform/words.ts'
import type { Setups } from '../../../channels/channel.ts'
import { withFiles } from '../../../message-media/message-files.ts'
import { audienceOf } from '../audience.ts'
import { channelBySendType, sendFields, submissionOf } from '../submission.ts'
import { checkedTiming, timingOf } from '../timing.ts'
import { type Forecast, forecastOf } from './forecast.ts'

type Needs = Core & { corps: Corps; messageSettings: Setups; mirrors: Mirrors; offered: FeatureOffers }

/** `receivers`: the first of them, for developers who may read the address book. */
export type SendPreview = Forecast & {
  channel: string
  content: object
  truncated: string[]
  receivers?: { userId: string; userName: string }[]
}

const namedAtMost = 20

/** What a send of a developer would do; nothing is sent or stored. Throws the same errors as the send itself. */
export async function previewOf(
  ctx: Needs,
  developer: Caller,
  given: Record<string, unknown>,
  language: Language,
): Promise<SendPreview> {
  const input = readInput(sendFields, given)
  checkedTiming(timingOf(input) ?? {}, ctx.now())
  const channel = channelBySendType(input.sendType)
  const { content, truncated, ...submission } = submissionOf(
    ctx,
    developer.corpId,
    channel,
    await withFiles(ctx, developer, input),
  )
  const forecast = await forecastOf(ctx, developer, { ...submission, content, truncated }, language)
  const preview = { ...forecast, channel, content: content as object, truncated }
  if (!developer.scopes.has('directory:read')) return preview
  const { members } = await audienceOf(ctx, viewWithExternal(ctx, developer), { ...submission, content })
  const named = members.slice(0, namedAtMost)
  return { ...preview, receivers: named.map(({ userId, name }) => ({ userId, userName: name })) }
}
