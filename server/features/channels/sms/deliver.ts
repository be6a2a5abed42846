import type { SmsOutcome, SmsVendor } from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, ChannelCall, Failure, Outcome } from '../channel.ts'
import { contactsOf } from '../contacts-store.ts'
import type { SmsContent } from './content.ts'
import { toE164 } from './e164.ts'
import type { SmsReason } from './reasons.ts'
import type { SmsSettings } from './settings.ts'
import type { SmsTemplate, SmsTemplates } from './templates-store.ts'
import { vendorOf } from './vendor.ts'

type SmsCall = ChannelCall<SmsSettings, SmsContent, SmsTemplates>

const notSetUp: SmsReason = { code: 'smsNotSetUp' }
const unreachable: SmsReason = { code: 'smsUnreachable' }
const gone: SmsReason = { code: 'smsGone' }
const otherParams = (templateId: string): SmsReason => ({ code: 'smsOtherParams', templateId })

/** Sends SMS through the vendor that the corp chose (docs/interface/messages.md#sending-an-sms). */
export async function sendSms(outgoing: SmsCall): Promise<Outcome> {
  const { content } = outgoing
  const { settings, extra } = outgoing.setup
  const template = extra?.get(content.templateId)
  if (!settings || !template) return { kind: 'refused', reason: notSetUp, isConfig: true }
  if (template.params.length !== content.params.length)
    return { kind: 'refused', reason: otherParams(template.id), isConfig: true }
  const { phones, lost } = await phonesOf(outgoing)
  if (phones.size === 0) return { kind: 'refused', reason: gone, isConfig: false }
  const vendor = await vendorOf(outgoing.ctx, outgoing.corp.corpId, settings)
  if ('kind' in vendor) return vendor
  const given = { phones: [...phones.keys()], params: content.params, context: outgoing.key }
  const outcome = await handOver(vendor, settings, template, given)
  switch (outcome.kind) {
    case 'sent': {
      const refused = outcome.refused.flatMap(one =>
        (phones.get(toE164(one.phone) ?? one.phone) ?? []).map(userId => ({
          userId,
          reason: answerOf(one),
        })),
      )
      const failures = [...lost, ...refused]
      if (failures.length === outgoing.userIds.length)
        return { kind: 'refused', reason: refused[0]?.reason ?? gone, isConfig: false, failures }
      return { kind: 'sent', vendorId: outcome.serial, failures }
    }
    case 'refused':
      if (outcome.isNumber && phones.size > 1) return { kind: 'divide', reason: answerOf(outcome) }
      return { kind: 'refused', reason: answerOf(outcome), isConfig: outcome.isConfig }
    default:
      return openOutcome(outcome)
  }
}

const asksAtMost = 3

export async function askVendor(outgoing: SmsCall): Promise<'sent' | undefined> {
  const { settings } = outgoing.setup
  if (!settings) return undefined
  const vendor = await vendorOf(outgoing.ctx, outgoing.corp.corpId, settings)
  if ('kind' in vendor) return undefined
  const { phones } = await phonesOf(outgoing)
  // If one number was sent to, so was the whole call; more are asked about in case the first was refused.
  for (const phone of [...phones.keys()].slice(0, asksAtMost)) {
    if (await vendor.find(phone, outgoing.key, outgoing.firstTriedAt)) return 'sent'
  }
  return undefined
}

type SmsBatch = { phones: string[]; params: readonly string[]; context: string }

export function handOver(
  vendor: SmsVendor,
  sms: SmsSettings,
  template: SmsTemplate,
  { phones, params, context }: SmsBatch,
): Promise<SmsOutcome> {
  return vendor.send({
    phones,
    signName: template.signName || sms.signName,
    templateId: template.vendorId,
    params: template.params.map((name, index) => ({ name, value: params[index] ?? '' })),
    context,
  })
}

/** Sends to numbers in E.164, which need not belong to members. */
export async function deliverSms(
  ctx: AddressNeeds,
  corpId: string,
  sms: SmsSettings,
  template: SmsTemplate,
  given: SmsBatch,
): Promise<Outcome> {
  const vendor = await vendorOf(ctx, corpId, sms)
  if ('kind' in vendor) return vendor
  const outcome = await handOver(vendor, sms, template, given)
  if (outcome.kind === 'refused')
    return { kind: 'refused', reason: answerOf(outcome), isConfig: outcome.isConfig }
  if (outcome.kind !== 'sent') return openOutcome(outcome)
  const [refused] = outcome.refused
  return refused
    ? { kind: 'refused', reason: answerOf(refused), isConfig: false }
    : { kind: 'sent', vendorId: outcome.serial, failures: [] }
}

export function answerOf({ code, message }: { code: string; message: string }): SmsReason {
  if (!code && !message) return unreachable
  return { code: 'smsAnswer', answer: code, said: message }
}

export function openOutcome(
  outcome: Extract<SmsOutcome, { kind: 'busy' | 'unsure' }>,
): Extract<Outcome, { kind: 'again' | 'unsure' }> {
  if (outcome.kind === 'busy') return { kind: 'again', reason: answerOf(outcome) }
  const { message: said } = outcome
  return { kind: 'unsure', reason: said ? { code: 'smsSilent', said } : unreachable }
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
}: SmsCall): Promise<{ phones: Map<string, string[]>; lost: Failure[] }> {
  const members = await contactsOf(ctx.db, corp.corpId, [...memberIds])
  const byId = new Map(members.map(member => [member.id, member]))
  const phones = new Map<string, string[]>()
  const lost: Failure[] = []
  memberIds.forEach((id, index) => {
    const userId = userIds[index] ?? ''
    const phone = toE164(byId.get(id)?.mobile ?? '')
    if (phone) phones.getOrInsertComputed(phone, () => []).push(userId)
    else lost.push({ userId, reason: gone })
  })
  return { phones, lost }
}
