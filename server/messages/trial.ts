import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Outcome } from './channels/channel.ts'
import { deliverMail, isMailAddress } from './channels/email.ts'
import { deliverSms, phoneOf } from './channels/sms.ts'
import { type EmailContent, emailContent, wecomContent } from './content.ts'
import { type SendAnswer, submit } from './messages.ts'
import { operator } from './operator.ts'
import { statusOf } from './status.ts'
import type { ChannelName } from './store.ts'
import { findMessages } from './store.ts'

export type Trial = {
  channel: ChannelName
  userId: string
  agentId?: string
  templateId?: string
  params?: string[]
}

/** Sends a real test message to a member, by the way that all others go, and answers what upstream really said. */
export async function sendTrial(
  ctx: Context,
  corpId: string,
  trial: Trial,
): Promise<SendAnswer & { answers: string[] }> {
  const answer = await submit(ctx, operator(corpId), {
    channel: trial.channel,
    receivers: { toUser: [trial.userId], toParty: [], toTag: [] },
    ...contentOf(trial),
    agentName: '消息中心',
    agentId: trial.agentId,
    templateId: trial.templateId,
    requestId: undefined,
  })
  const message = (await findMessages(ctx.db, [answer.msgId])).get(answer.msgId)
  const status = message && (await statusOf(ctx, message))
  const answers = [
    ...(status?.attempts.map(one => `${one.outcome} ${one.answer}`) ?? []),
    ...(status?.failed.map(one => `${one.userId}: ${one.reason}`) ?? []),
  ]
  return { ...answer, answers }
}

/**
 * The same to an address of no member, past the message centre: a mail or an SMS cannot be taken for a message to somebody.
 * Answers what the vendor said. Throws 1000 and 1008.
 */
export async function sendTrialTo(
  ctx: Context,
  corpId: string,
  trial: Omit<Trial, 'userId' | 'agentId'> & { channel: 'email' | 'sms'; address: string },
): Promise<Outcome> {
  const { smtp, sms, templates } = ctx.messageSettings.of(corpId)
  const { content } = contentOf(trial)
  const key = `${ctx.newId()}.1`
  if (trial.channel === 'email') {
    if (!smtp) throw new ApiError('messageCentre', '未配置邮件服务器（SMTP）')
    if (!isMailAddress(trial.address)) throw new ApiError('badParameter', 'address 不是邮箱地址')
    return deliverMail(smtp, { name: '', address: trial.address }, content as EmailContent, key)
  }
  const phone = phoneOf(trial.address)
  if (!phone) throw new ApiError('badParameter', 'address 不是手机号')
  if (!sms) throw new ApiError('messageCentre', '未配置短信服务商')
  const template = templates.get(trial.templateId ?? '')
  if (!template) throw new ApiError('badParameter', `没有短信模板 ${trial.templateId ?? ''}`)
  return deliverSms(sms, template, [phone], trial.params ?? [], key)
}

function contentOf({ channel, templateId, params }: Omit<Trial, 'userId'>) {
  const text = {
    agentName: '消息中心',
    title: '测试',
    content: '这是一条测试消息。',
    url: undefined,
    btntxt: undefined,
    picUrl: undefined,
  }
  if (channel === 'wecom') return wecomContent('03', text)
  if (channel === 'email') return { content: emailContent(text), truncated: [] }
  return {
    content: { kind: 'sms' as const, templateId: templateId ?? '', params: params ?? [] },
    truncated: [],
  }
}
