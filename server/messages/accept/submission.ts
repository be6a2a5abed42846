import type { Core } from '../../core.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, optionalChoice, optionalIds, optionalText, text, texts } from '../../http/input.ts'
import type { MessageSettingsOfCorps, SmsTemplate } from '../settings/settings.ts'
import { emailContent, limits, wecomContent } from './content.ts'
import type { Submission } from './sending.ts'

export const receiverFields = {
  toUser: optionalIds('成员 ID 列表，| 分隔，最多 1000；@all 为全部', { max: 1000 }),
  toParty: optionalIds('部门 ID 列表，| 分隔', { max: 1000 }),
  toTag: optionalIds('标签 ID 列表，| 分隔', { max: 1000 }),
}
export const requestIdField = optionalText('幂等号：24 小时内相同的 requestId 只发送一次', { max: 64 })

/** Inputs that describe a message, apart from its receivers (seed 5.1). */
export const messageFields = {
  sendType: choice('发送方式：0-消息；2-邮件', ['0', '2']),
  msgType: optionalChoice('消息类型：01-文本卡片；02-图文；03-文本。发送方式为 0 时必填', ['01', '02', '03']),
  agentName: text('发起方应用名称', { max: 32 }),
  agentId: optionalText('接收方应用 id，不填则由消息中心发送', { max: 64 }),
  title: optionalText('标题，自动加上【应用名称】前缀；文本消息可不填', { max: 1000 }),
  content: text('内容', { max: limits.mail, lines: true }),
  url: optionalText('跳转链接，文本消息与邮件可不填', { max: 4096 }),
  btntxt: optionalText('按钮文字，默认为详情', { max: 100 }),
  picUrl: optionalText('图文消息图片 url，图文消息必传', { max: 4096 }),
}

/** Inputs that describe an SMS, apart from its receivers (seed 5.2). */
export const smsFields = {
  templateId: text('短信模板 ID', { max: 64 }),
  params: texts('短信模板变量，例如 ["666666","5"]', { max: 20, length: 500 }),
  agentName: text('发起方应用名称', { max: 32 }),
}

type MessageGiven = {
  sendType: '0' | '2'
  msgType: '01' | '02' | '03' | undefined
  agentName: string
  agentId: string | undefined
  title: string | undefined
  content: string
  url: string | undefined
  btntxt: string | undefined
  picUrl: string | undefined
}
type SmsGiven = { templateId: string; params: string[]; agentName: string }
type Common = { toUser: string[]; toParty: string[]; toTag: string[]; requestId: string | undefined }

/** Turns the inputs of a message into a submission. Throws 1000 and 1001. */
export function messageSubmission(input: MessageGiven & Common): Submission {
  const common = {
    receivers: { toUser: input.toUser, toParty: input.toParty, toTag: input.toTag },
    agentName: input.agentName,
    agentId: input.agentId,
    templateId: undefined,
    requestId: input.requestId,
  }
  if (input.sendType === '2')
    return { ...common, channel: 'email', content: emailContent(input), truncated: [] }
  if (!input.msgType) throw new ApiError('missingParameter', 'msgType')
  return { ...common, channel: 'wecom', ...wecomContent(input.msgType, input) }
}

/**
 * Turns the inputs of an SMS into a submission. Throws 1000 when the template is unknown or takes another number of
 * variables.
 */
export function smsSubmission(
  ctx: Core & { messageSettings: MessageSettingsOfCorps },
  corpId: string,
  input: SmsGiven & Common,
): Submission {
  const { sms, templates } = ctx.messageSettings.of(corpId)
  const template = templates.get(input.templateId)
  if (sms && !template) throw noTemplate(input.templateId)
  if (template) checkParams(template, input.params)
  return {
    channel: 'sms',
    receivers: { toUser: input.toUser, toParty: input.toParty, toTag: input.toTag },
    content: { kind: 'sms', templateId: input.templateId, params: input.params },
    truncated: [],
    agentName: input.agentName,
    agentId: undefined,
    templateId: input.templateId,
    requestId: input.requestId,
  }
}

export function noTemplate(id: string): ApiError {
  return new ApiError('badParameter', { zh: `没有短信模板 ${id}`, en: `there is no SMS template ${id}` })
}

/** Checks that the template gets as many variables as it takes. Throws 1000. */
export function checkParams(template: SmsTemplate, params: readonly string[]): void {
  const wanted = template.params.length
  if (wanted !== params.length)
    throw new ApiError('badParameter', {
      zh: `params 应有 ${wanted} 个变量，收到 ${params.length} 个`,
      en: `params should have ${wanted} variables, got ${params.length}`,
    })
}
