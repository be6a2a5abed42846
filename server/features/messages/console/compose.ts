import { type Static, Type } from 'typebox'
import { operator } from '../../../callers/developers/operator.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { flag } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { languageOf } from '../../../platform/words.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf, type Preview, previewSchema } from '../../channels/channels.ts'
import { warningsIn, warningsSchema } from '../../channels/warnings.ts'
import { withFiles } from '../../message-media/message-files.ts'
import { forecastOf, forecastSchema } from '../accept/foresee/forecast.ts'
import { type SendAnswer, sendAnswerIn, sendAnswerSchema } from '../accept/sending.ts'
import { channelBySendType, composeFields, submissionOf } from '../accept/submission.ts'
import type { SendManner } from '../waiting/for-approval/needs-approval.ts'
import type { WaitingNeeds } from '../waiting/open-call.ts'
import { send } from '../waiting/send.ts'
import { pinField, sendPinned } from './pin.ts'

const composePreviewSchema = Type.Object({
  preview: previewSchema,
  truncated: Type.Array(Type.String()),
  /** What WeCom takes but does not show as it is written. */
  warnings: warningsSchema,
  forecast: Type.Union([forecastSchema, Type.Null()]),
})
export type ComposePreview = Static<typeof composePreviewSchema>

export const previewMessage = pageCall({
  method: 'POST',
  path: '/web/messages/preview',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: { ...composeFields, forecast: flag('是否预计送达情况') },
  output: composePreviewSchema,
  async handle(
    ctx: Core & { corps: Corps; messageSettings: Setups; mirrors: Mirrors; offered: FeatureOffers },
    { input, corpId, request },
  ): Promise<ComposePreview> {
    const language = languageOf(request.headers['accept-language'])
    const channel = channelBySendType(input.sendType)
    const inputs = await withFiles(ctx, operator(corpId), input)
    const given = submissionOf(ctx, corpId, channel, inputs)
    const setup = ctx.messageSettings.setupOf(corpId, channel)
    return {
      preview: channelOf(channel).preview(given.content, setup, {
        ...inputs,
        agentName: given.agentName,
      }) as Preview,
      truncated: given.truncated,
      warnings: warningsIn(language, given.warnings).warnings ?? [],
      forecast: input.forecast ? await forecastOf(ctx, operator(corpId), given, language) : null,
    }
  },
})

/**
 * Sends like any other message, but for no developer. The administrator's name goes into the audit log and the
 * timeline.
 */
export const sendFromConsole = pageCall({
  method: 'POST',
  path: '/web/messages/send',
  access: administrator('super'),
  point: 'message:send',
  directory: true,
  input: { ...composeFields, pin: pinField },
  output: sendAnswerSchema,
  async handle(
    ctx: WaitingNeeds,
    { input: { pin, ...input }, visitor, corpId, request },
  ): Promise<SendAnswer> {
    if (!input.requestId) throw new ApiError('missingParameter', 'requestId')
    const inputs = await withFiles(ctx, operator(corpId), input)
    const given = submissionOf(ctx, corpId, channelBySendType(input.sendType), inputs)
    // All corps share the operator's id, so their requestIds are kept apart by corp.
    const requestId = `${corpId} ${input.requestId}`
    const submission = { ...given, requestId, actor: visitor.actor }
    const language = languageOf(request.headers['accept-language'])
    const by = { actor: visitor.actor, corpId }
    const sent = (manner: SendManner) => send(ctx, operator(corpId), submission, manner)
    return sendAnswerIn(language, await sendPinned(ctx, by, { pin, receivers: given.receivers }, sent))
  },
})
