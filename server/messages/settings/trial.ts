import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { type Language, wordsIn } from '../../http/words.ts'
import type { Queue } from '../../queue/queue.ts'
import { type EmailContent, emailContent, wecomContent } from '../accept/content.ts'
import { operator } from '../accept/operator.ts'
import type { SendAnswer } from '../accept/sending.ts'
import { noTemplate } from '../accept/submission.ts'
import { submit } from '../accept/submit.ts'
import type { Outcome } from '../channels/channel.ts'
import { deliverMail, isMailAddress, noMailServer } from '../channels/email.ts'
import { deliverSms, noSmsVendor, phoneOf } from '../channels/sms.ts'
import type { Dispatcher } from '../deliver/dispatcher.ts'
import { attemptsOf, lostOf } from '../fate/fate-store.ts'
import type { Messages } from '../fate/status.ts'
import { Refusal, storedReason, wordsOf } from '../fate/telling.ts'
import type { Reason } from '../reason.ts'
import type { ChannelName } from '../store.ts'
import type { MessageSettingsOfCorps } from './settings.ts'

export type Trial = {
  channel: ChannelName
  userId: string
  agentId?: string
  templateId?: string
  params?: string[]
}

const answersAtMost = 100

/** What upstream said; `label` says to which attempt, or about whom. */
export type Answer = { label: string; reason: Reason }

export function answerIn(language: Language, { label, reason }: Answer): string {
  return `${label} ${wordsIn(language, wordsOf(reason))}`.trimStart()
}

/** Sends a real test message to a member through the usual path and returns what upstream said. */
export async function sendTrial(
  ctx: Core & {
    corps: Corps
    dispatcher: Dispatcher
    queue: Queue
    messageSettings: MessageSettingsOfCorps
    messages: Messages
    mirrors: Mirrors
  },
  corpId: string,
  trial: Trial,
): Promise<SendAnswer & { answers: Answer[] }> {
  const answer = await submit(ctx, operator(corpId), {
    channel: trial.channel,
    receivers: { toUser: [trial.userId], toParty: [], toTag: [] },
    ...contentOf(trial),
    agentName: '消息中心',
    agentId: trial.agentId,
    templateId: trial.templateId,
    requestId: undefined,
  })
  const attempts = await attemptsOf(ctx.db, answer.msgId, answersAtMost)
  const lost = await lostOf(ctx.db, answer.msgId, answersAtMost)
  const answers = [
    ...attempts.map(one => ({ label: one.outcome, reason: storedReason(one.answer) })),
    ...lost.map(one => ({ label: `${one.userId}:`, reason: storedReason(one.reason) })),
  ]
  return { ...answer, answers }
}

/**
 * Sends a test to an address that belongs to no member. It bypasses the message centre, so that the mail or SMS is
 * not recorded as a message to somebody. Returns what the vendor said. Throws 1000 and 1008.
 */
export async function sendTrialTo(
  ctx: Core & { messageSettings: MessageSettingsOfCorps },
  corpId: string,
  trial: Omit<Trial, 'userId' | 'agentId'> & { channel: 'email' | 'sms'; address: string },
): Promise<Outcome> {
  const { smtp, sms, templates } = ctx.messageSettings.of(corpId)
  const { content } = contentOf(trial)
  const key = `${ctx.newId()}.1`
  if (trial.channel === 'email') {
    if (!smtp) throw new Refusal(noMailServer)
    if (!isMailAddress(trial.address))
      throw new ApiError('badParameter', { zh: 'address 不是邮箱地址', en: 'address is not a mail address' })
    return deliverMail(smtp, { name: '', address: trial.address }, content as EmailContent, key)
  }
  const phone = phoneOf(trial.address)
  if (!phone)
    throw new ApiError('badParameter', { zh: 'address 不是手机号', en: 'address is not a mobile number' })
  if (!sms) throw new Refusal(noSmsVendor)
  const template = templates.get(trial.templateId ?? '')
  if (!template) throw noTemplate(trial.templateId ?? '')
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
