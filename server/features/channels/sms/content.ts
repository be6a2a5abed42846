import { ApiError } from '../../../platform/http/errors.ts'
import { text, texts } from '../../../platform/http/input.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Composition, ContentInput, Setup } from '../channel.ts'
import { agentName, needed } from '../message-fields.ts'
import type { SmsSettings } from './settings.ts'
import type { SmsTemplate, SmsTemplates } from './templates-store.ts'

export type SmsContent = { kind: 'sms'; templateId: string; params: string[] }

/** Inputs that describe an SMS, apart from its receivers (docs/interface/messages.md#sending-an-sms). */
export const smsFields = {
  templateId: text({ zh: '短信模板 ID', en: 'Id of the SMS template' }, { max: 64 }),
  params: texts(
    {
      zh: '短信模板变量，例如 ["666666","5"]；也可以是写成文字的这个数组',
      en: 'What goes into the template, such as ["666666","5"]; the same array as a text will do',
    },
    { max: 20, length: 500 },
  ),
  agentName,
}

/** Throws 1000 when the template is unknown or takes another number of variables, 1001 when it takes some and none are given. */
export function smsContent(
  given: ContentInput,
  { settings, extra }: Setup<SmsSettings, SmsTemplates>,
): Composition<SmsContent> {
  const { params = [] } = given as { params?: string[] }
  const templateId = needed('templateId', given['templateId'] as string | undefined)
  const template = extra?.get(templateId)
  if (settings && !template) throw noTemplate(templateId)
  if (template) checkParams(template, params)
  return { content: { kind: 'sms', templateId, params }, truncated: [], templateId }
}

export function noTemplate(id: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有短信模板 ${id}，没有发送；模板见消息中心 → 短信`,
    en: told`there is no SMS template ${id}, and nothing was sent; see the SMS templates of the message centre`,
  })
}

/** Checks that the template gets as many variables as it takes. */
function checkParams(template: SmsTemplate, params: readonly string[]): void {
  const wanted = template.params.length
  if (wanted > 0 && params.length === 0) throw new ApiError('missingParameter', 'params')
  if (wanted !== params.length)
    throw new ApiError('badParameter', {
      zh: told`params 应有 ${own(wanted)} 个变量，收到 ${own(params.length)} 个`,
      en: told`params should have ${own(wanted)} variables, got ${own(params.length)}`,
    })
}
