import { type Static, Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, flag, optionalText, type Values } from '../../http/input.ts'
import { administrator, pageCall } from '../../http/page-call.ts'
import { languageOf } from '../../http/words.ts'
import type { Queue } from '../../queue/queue.ts'
import type { EmailContent, WecomContent } from '../accept/content.ts'
import { operator } from '../accept/operator.ts'
import type { SendAnswer, Submission } from '../accept/sending.ts'
import { sendAnswerSchema } from '../accept/sending.ts'
import {
  messageFields,
  messageSubmission,
  noTemplate,
  receiverFields,
  requestIdField,
  smsFields,
  smsSubmission,
} from '../accept/submission.ts'
import { submit } from '../accept/submit.ts'
import type { Dispatcher } from '../deliver/dispatcher.ts'
import type { Messages } from '../fate/status.ts'
import { forecastOf, forecastSchema } from '../limits/forecast.ts'
import type { MessageSettingsOfCorps } from '../settings/settings.ts'
import { emailPreview, type Preview, previewSchema, smsPreview, wecomPreview } from './preview.ts'

type Needs = Core & { messageSettings: MessageSettingsOfCorps }

/** The inputs of 5.1 and 5.2 combined; sendType 1 is an SMS. */
const fields = {
  ...receiverFields,
  ...messageFields,
  sendType: choice('发送方式：0-消息；1-短信；2-邮件', ['0', '1', '2']),
  content: optionalText('内容', { max: 1_000_000, lines: true }),
  templateId: optionalText('短信模板 ID', { max: 64 }),
  params: smsFields.params,
  requestId: requestIdField,
}
type Given = Values<typeof fields>

/** Throws the same errors as the API. */
function submissionOf(ctx: Needs, corpId: string, given: Given): Submission {
  const { sendType, content, templateId } = given
  if (sendType === '1') {
    if (!templateId) throw new ApiError('missingParameter', 'templateId')
    if (!ctx.messageSettings.of(corpId).templates.has(templateId)) throw noTemplate(templateId)
    return smsSubmission(ctx, corpId, { ...given, templateId })
  }
  if (!content) throw new ApiError('missingParameter', 'content')
  return messageSubmission({ ...given, sendType, content })
}

const composePreviewSchema = Type.Object({
  preview: previewSchema,
  truncated: Type.Array(Type.String()),
  forecast: Type.Union([forecastSchema, Type.Null()]),
})
export type ComposePreview = Static<typeof composePreviewSchema>

export const previewMessage = pageCall({
  method: 'POST',
  path: '/web/messages/preview',
  access: administrator('super'),
  directory: true,
  input: { ...fields, forecast: flag('是否预计送达情况') },
  output: composePreviewSchema,
  async handle(
    ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps; mirrors: Mirrors },
    { input, corpId, request },
  ): Promise<ComposePreview> {
    const language = languageOf(request.headers['accept-language'])
    const given = submissionOf(ctx, corpId, input)
    return {
      preview: previewOf(ctx, corpId, given, input),
      truncated: given.truncated,
      forecast: input.forecast ? await forecastOf(ctx, corpId, given, language) : null,
    }
  },
})

function previewOf(ctx: Needs, corpId: string, { channel, content }: Submission, given: Given): Preview {
  const { smtp, sms, templates } = ctx.messageSettings.of(corpId)
  if (channel === 'wecom')
    return wecomPreview(content as WecomContent, { ...given, content: given.content ?? '' })
  if (channel === 'email') return emailPreview(content as EmailContent, smtp?.from ?? '')
  const template = templates.get(given.templateId ?? '')
  const words = { params: template?.params ?? [], text: template?.text ?? '' }
  return {
    channel: 'sms',
    ...smsPreview(words, template?.signName || (sms?.signName ?? ''), given.params),
  }
}

/**
 * Sends like any other message, but for no developer. The administrator's name goes into the audit log and the
 * timeline.
 */
export const sendFromConsole = pageCall({
  method: 'POST',
  path: '/web/messages/send',
  access: administrator('super'),
  directory: true,
  input: fields,
  output: sendAnswerSchema,
  async handle(
    ctx: Core & {
      corps: Corps
      dispatcher: Dispatcher
      queue: Queue
      messageSettings: MessageSettingsOfCorps
      messages: Messages
      mirrors: Mirrors
    },
    { input, visitor, corpId },
  ): Promise<SendAnswer> {
    if (!input.requestId) throw new ApiError('missingParameter', 'requestId')
    const given = submissionOf(ctx, corpId, input)
    // All corps share the operator's id, so their requestIds are kept apart by corp.
    const requestId = `${corpId} ${input.requestId}`
    return submit(ctx, operator(corpId), { ...given, requestId, actor: visitor.actor })
  },
})
