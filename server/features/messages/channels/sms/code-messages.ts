import type { Words } from '../../../../platform/http/words.ts'
import type { SmsCodes } from '../../../../platform/manifest/sms-codes.ts'
import type { AddressNeeds, Setups } from '../channel.ts'
import { deliverSms } from './deliver.ts'
import { toE164 } from './e164.ts'
import type { SmsSettings } from './settings.ts'
import type { SmsTemplate, SmsTemplates } from './templates-store.ts'

type Needs = AddressNeeds & { messageSettings: Setups }

/** The code, or the code and the minutes. */
const carriesCode = ({ params }: SmsTemplate) => params.length === 1 || params.length === 2

/**
 * Codes leave beside the message centre: nobody waits in a queue for one, and none is kept as a message, where others could read it.
 */
export const smsCodes: SmsCodes<Needs> = {
  templates(ctx, corpId) {
    const { settings, extra } = ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(corpId, 'sms')
    if (!settings || !extra) return []
    return [...extra.values()].filter(carriesCode).map(({ id, text }) => ({ id, text }))
  },
  async send(ctx, corpId, { mobile, templateId, code, minutes }) {
    const { settings, extra } = ctx.messageSettings.setupOf<SmsSettings, SmsTemplates>(corpId, 'sms')
    const template = extra?.get(templateId)
    const phone = toE164(mobile)
    if (!settings || !template || !phone) return notSetUp
    const params = [code, String(minutes)].slice(0, template.params.length)
    const context = `${ctx.newId()}.1`
    const outcome = await deliverSms(ctx, corpId, settings, template, { phones: [phone], params, context })
    if (outcome.kind === 'sent' || outcome.kind === 'unsure') return undefined
    const reason = JSON.stringify(outcome.reason)
    return { zh: reason, en: reason }
  },
}

const notSetUp: Words = {
  zh: '短信服务商或模板未配置，或手机号无效',
  en: 'the SMS vendor or its template is not configured, or the number is invalid',
}
