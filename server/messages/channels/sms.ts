import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Words } from '../../http/words.ts'
import { aliyunSms } from '../../upstream/sms/aliyun.ts'
import { tencentSms } from '../../upstream/sms/tencent.ts'
import type { SmsOutcome, SmsVendor } from '../../upstream/sms/vendor.ts'
import type { SmsContent } from '../accept/content.ts'
import { type Contact, contactsOf } from '../deliver/contacts.ts'
import type { SmsSettings, SmsTemplate } from '../settings/settings.ts'
import type { Channel, Failure, Outcome, Outgoing } from './channel.ts'

const vendors = new Map<string, SmsVendor>()

export function vendorOf(sms: SmsSettings): SmsVendor {
  const key = JSON.stringify(sms)
  let vendor = vendors.get(key)
  if (!vendor) {
    vendor = sms.vendor === 'tencent' ? tencentSms(sms) : aliyunSms(sms)
    vendors.set(key, vendor)
  }
  return vendor
}

/**
 * Converts a number to E.164, taking numbers without a country code as mainland. Undefined when it is no phone
 * number.
 */
export function phoneOf(mobile: string): string | undefined {
  // Nearly all numbers have this form, and a send to all members parses each of them three times.
  if (/^1\d{10}$/.test(mobile)) return `+86${mobile}`
  const parsed: PhoneNumber | undefined = parsePhoneNumberFromString(mobile, 'CN')
  return parsed?.isPossible() ? parsed.number : undefined
}

export const noSmsVendor: Words = { zh: '未配置短信服务商', en: 'no SMS vendor is configured' }
const noMobile: Words = { zh: '没有手机号', en: 'no mobile number' }
const badMobile: Words = { zh: '手机号无效', en: 'the mobile number is invalid' }

/** Sends SMS through the vendor that the corp chose (spec §5.2). */
export const smsChannel: Channel = {
  name: 'sms',
  partSize: 200,
  missing: (_ctx, _corp, settings) => (settings.sms ? undefined : noSmsVendor),
  unreachable(member) {
    if (!member.mobile) return noMobile
    return phoneOf(member.mobile) ? undefined : badMobile
  },
  // The numbers in one call must be all mainland or all foreign (upstream.md §8.1).
  kindOf: (member: Contact) => (phoneOf(member.mobile)?.startsWith('+86') ? 'mainland' : 'foreign'),
  async send(outgoing) {
    const { settings } = outgoing
    const content = outgoing.content as SmsContent
    const template = settings.templates.get(content.templateId)
    if (!settings.sms || !template)
      return {
        kind: 'refused',
        reason: { zh: '短信服务商或模板未配置', en: 'the SMS vendor or template is not configured' },
        isConfig: true,
      }
    if (template.params.length !== content.params.length)
      return { kind: 'refused', reason: otherParams(template.id), isConfig: true }
    const { phones, gone } = await phonesOf(outgoing)
    if (phones.size === 0) return { kind: 'refused', reason: goneReason, isConfig: false }
    const outcome = await handOver(settings.sms, template, [...phones.keys()], content.params, outgoing.key)
    switch (outcome.kind) {
      case 'sent': {
        const refused = outcome.refused.flatMap(({ phone, reason }) =>
          (phones.get(phoneOf(phone) ?? phone) ?? []).map(userId => ({ userId, reason })),
        )
        const failures = [...gone, ...refused]
        if (failures.length === outgoing.userIds.length)
          return { kind: 'refused', reason: outcome.refused[0]?.reason ?? '', isConfig: false, failures }
        return { kind: 'sent', vendorId: outcome.serial, failures }
      }
      case 'refused':
        if (outcome.isNumber && phones.size > 1) return { kind: 'divide', reason: reasonOf(outcome) }
        return { kind: 'refused', reason: reasonOf(outcome), isConfig: outcome.isConfig }
      default:
        return openOutcome(outcome)
    }
  },
  async ask(outgoing) {
    const { sms } = outgoing.settings
    if (!sms) return undefined
    const { phones } = await phonesOf(outgoing)
    // If one number was sent to, so was the whole call; more are asked about in case the first was refused.
    for (const phone of [...phones.keys()].slice(0, asksAtMost)) {
      if (await vendorOf(sms).find(phone, outgoing.key, outgoing.firstTriedAt)) return 'sent'
    }
    return undefined
  },
}

function handOver(
  sms: SmsSettings,
  template: SmsTemplate,
  phones: string[],
  params: readonly string[],
  context: string,
): Promise<SmsOutcome> {
  return vendorOf(sms).send({
    phones,
    signName: template.signName || sms.signName,
    templateId: template.vendorId,
    params: template.params.map((name, index) => ({ name, value: params[index] ?? '' })),
    context,
  })
}

/** Sends to numbers in E.164, which need not belong to members. */
export async function deliverSms(
  sms: SmsSettings,
  template: SmsTemplate,
  phones: string[],
  params: readonly string[],
  key: string,
): Promise<Outcome> {
  const outcome = await handOver(sms, template, phones, params, key)
  if (outcome.kind === 'refused')
    return { kind: 'refused', reason: reasonOf(outcome), isConfig: outcome.isConfig }
  if (outcome.kind !== 'sent') return openOutcome(outcome)
  const [refused] = outcome.refused
  return refused
    ? { kind: 'refused', reason: refused.reason, isConfig: false }
    : { kind: 'sent', vendorId: outcome.serial, failures: [] }
}

function reasonOf({ code, message }: { code: string; message: string }): string {
  return `${code} ${message}`
}

function openOutcome(outcome: Extract<SmsOutcome, { kind: 'busy' | 'unsure' }>): Outcome {
  return outcome.kind === 'busy'
    ? { kind: 'again', reason: reasonOf(outcome) }
    : { kind: 'unsure', reason: outcome.message }
}

const asksAtMost = 3
const otherParams = (id: string): Words => ({
  zh: `短信模板 ${id} 的变量数量已变`,
  en: `SMS template ${id} now has another number of variables`,
})
const goneReason: Words = {
  zh: '成员已离开或没有手机号',
  en: 'the member has left or has no mobile number',
}

/**
 * Groups userids by phone number, and lists those who cannot be reached any more. Members who share a number get one
 * message.
 */
async function phonesOf({
  ctx,
  corp,
  memberIds,
  userIds,
}: Outgoing): Promise<{ phones: Map<string, string[]>; gone: Failure[] }> {
  const members = await contactsOf(ctx.db, corp.corpId, [...memberIds])
  const byId = new Map(members.map(member => [member.id, member]))
  const phones = new Map<string, string[]>()
  const gone: Failure[] = []
  memberIds.forEach((id, index) => {
    const userId = userIds[index] ?? ''
    const phone = phoneOf(byId.get(id)?.mobile ?? '')
    if (phone) phones.getOrInsertComputed(phone, () => []).push(userId)
    else gone.push({ userId, reason: goneReason })
  })
  return { phones, gone }
}
