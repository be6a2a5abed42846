import type { CodeFailure, SmsCodes } from '../../platform/manifest/sms-codes.ts'
import { type Words, wordsIn } from '../../platform/words.ts'
import type { AddressNeeds, Setups } from './channel.ts'
import type { Reason } from './reason.ts'
import { deliverSms } from './sms/deliver.ts'
import { toE164 } from './sms/e164.ts'
import type { SmsSettings } from './sms/settings.ts'
import type { SmsTemplate, SmsTemplates } from './sms/templates-store.ts'
import { adviceOf, wordsOf } from './telling.ts'

type Needs = AddressNeeds & { messageSettings: Setups }

/** The code, or the code and the minutes. */
const carriesCode = ({ params }: SmsTemplate) => params.length === 1 || params.length === 2

/**
 * Codes leave beside the message centre: nobody waits in a queue for one, and none is kept as a message, where others could read it.
 * Another vendor is tried only where one certainly sent nothing.
 */
export const smsCodes: SmsCodes<Needs> = {
  templates(ctx, corpId) {
    const { settings, extra } = ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(corpId, 'sms')
    if (!settings || !extra) return []
    return [...extra.values()].filter(carriesCode).map(({ id, text }) => ({ id, text }))
  },
  async send(ctx, corpId, { mobile, templateId, code, minutes }) {
    const setup = ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(corpId, 'sms')
    const template = setup.extra?.get(templateId)
    if (!setup.settings || !template) return failed({ code: 'smsNotSetUp' })
    const phone = toE164(mobile)
    if (!phone) return failed({ code: 'smsBadMobile' }, true)
    const params = [code, String(minutes)].slice(0, template.params.length)
    const outcome = await deliverSms(ctx, corpId, setup, template, {
      phones: [phone],
      params,
      context: `${ctx.newId()}.1`,
    })
    return outcome.kind === 'sent' ? undefined : failed(outcome.reason, outcome.isNumber)
  },
}

const textAtMost = 500

const failed = (reason: Reason, isNumber = false) => codeFailure('sms', reason, isNumber)

export function codeFailure(channel: string, reason: Reason, isNumber: boolean): CodeFailure {
  const said = wordsOf(reason)
  return {
    said: { zh: cut(wordsIn('zh', said)), en: cut(wordsIn('en', said)) },
    fix: adviceOf(channel, reason) ?? checkSettings,
    isNumber,
  }
}

const cut = (text: string) => text.slice(0, textAtMost)

const checkSettings: Words = { zh: '请核对该渠道的配置。', en: "Check the channel's settings." }
