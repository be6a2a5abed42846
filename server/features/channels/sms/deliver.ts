import { isMainland, type SmsOutcome } from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, ChannelCall, Failure, Outcome, Setup } from '../channel.ts'
import { contactsOf } from '../contacts-store.ts'
import type { SmsContent } from './content.ts'
import { toE164 } from './e164.ts'
import { filled } from './preview.ts'
import { innerAnswer, type SmsReason } from './reasons.ts'
import { accountOf, type SmsSettings, vendorsOf, wayOf } from './settings.ts'
import { templateAt } from './templates.ts'
import type { SmsTemplate, SmsTemplates } from './templates-store.ts'
import { outcomeOf, vendorOf } from './vendor.ts'

type SmsSetup = Setup<SmsSettings, SmsTemplates>
type SmsCall = ChannelCall<SmsSettings, SmsContent, SmsTemplates>

const notSetUp: SmsReason = { code: 'smsNotSetUp' }
const unreachable: SmsReason = { code: 'smsUnreachable' }
const gone: SmsReason = { code: 'smsGone' }
const changed: SmsReason = { code: 'smsChanged' }
const otherParams = (templateId: string): SmsReason => ({ code: 'smsOtherParams', templateId })

/** The vendor by which this call goes: the one that was written down, or else the first. */
function vendorAt({ setup, way }: Pick<SmsCall, 'setup' | 'way'>): SmsSettings | undefined {
  const vendors = vendorsOf(setup)
  return way === undefined ? vendors[0] : vendors.find(one => wayOf(one) === way)
}

/** Whether the account that was written down for this call had its place taken by another one. */
function isOtherAccount({ account }: SmsCall, sms: SmsSettings): boolean {
  return account !== undefined && account !== accountOf(sms)
}

/** Sends an SMS through one vendor of the corp's order (docs/interface/messages.md#sending-an-sms). */
export async function sendSms(outgoing: SmsCall): Promise<Outcome> {
  const { content, setup, key } = outgoing
  const template = setup.extra?.get(content.templateId)
  const sms = vendorAt(outgoing)
  if (!sms || !template) return { kind: 'refused', reason: notSetUp, isConfig: true, isNext: true }
  if (template.params.length !== content.params.length)
    return { kind: 'refused', reason: otherParams(template.id), isConfig: true }
  if (isOtherAccount(outgoing, sms)) return { kind: 'again', reason: changed }
  const { phones, lost } = await phonesOf(outgoing)
  if (phones.size === 0) return { kind: 'refused', reason: gone, isConfig: false }
  const given = { phones: [...phones.keys()], params: content.params, context: key }
  const outcome = await handOver(outgoing.ctx, outgoing.corp.corpId, { setup, sms, template }, given)
  if ('isNumber' in outcome && outcome.isNumber && phones.size > 1)
    return { kind: 'divide', reason: answerOf(outcome), addresses: [...phones.values()] }
  if (outcome.kind !== 'sent') return openOutcome(outcome, [...phones.values()])
  const refused = outcome.refused.flatMap(one =>
    (phones.get(toE164(one.phone) ?? one.phone) ?? []).map(
      (userId): Failure => ({
        userId,
        reason: answerOf(one),
        ...(one.class === 'notSent' ? { fate: 'next' } : one.class === 'unclear' ? { fate: 'unknown' } : {}),
      }),
    ),
  )
  const failures = [...lost, ...refused]
  if (failures.length === outgoing.userIds.length && failures.every(one => one.fate !== 'unknown'))
    return { kind: 'refused', reason: refused[0]?.reason ?? gone, isConfig: false, failures }
  const { serial: vendorId, serials } = outcome
  // They are kept for the receipts that are pushed.
  return { kind: 'sent', vendorId, failures, ...(serials && sms.receiptsFrom ? { serials } : {}) }
}

const asksAtMost = 3
const asksAtOnce = 8

/**
 * Asks the vendor's record. If one number was sent to, so was the whole call; while no other vendor would be tried, a few numbers are
 * asked about in case the first was refused. `lacks` has to be true of each number.
 */
export async function askVendor(outgoing: SmsCall): Promise<'sent' | 'lacks' | 'noRecord' | undefined> {
  const sms = vendorAt(outgoing)
  if (!sms) return undefined
  if (isOtherAccount(outgoing, sms)) return 'noRecord'
  const vendor = await vendorOf(outgoing.ctx, outgoing.corp.corpId, sms)
  if ('kind' in vendor) return undefined
  const { find, keepsRecordOf = () => true } = vendor
  if (!find) return 'noRecord'
  const { phones } = await phonesOf(outgoing)
  // Whose numbers are gone cannot be asked about, which proves nothing.
  if (phones.size === 0) return undefined
  if (![...phones.keys()].every(keepsRecordOf)) return 'noRecord'
  const isLast = vendorsOf(outgoing.setup).length === 1
  const asked = [...phones.keys()].slice(0, isLast ? asksAtMost : undefined).values()
  let isFound = false
  const ask = async () => {
    for (const phone of asked) {
      if (isFound) return
      if (await find(phone, outgoing.key, outgoing.firstTriedAt)) isFound = true
    }
  }
  await Promise.all(Array.from({ length: asksAtOnce }, ask))
  return isFound ? 'sent' : 'lacks'
}

export type SmsBatch = { phones: string[]; params: readonly string[]; context: string }
type Through = { setup: SmsSetup; sms: SmsSettings; template: SmsTemplate }

/** One call to one vendor, which may also be one that cannot be called. */
async function handOver(
  ctx: AddressNeeds,
  corpId: string,
  { setup, sms, template }: Through,
  { phones, params, context }: SmsBatch,
): Promise<SmsOutcome | Extract<Outcome, { kind: 'refused' | 'again' }>> {
  const isAbroad = !isMainland(phones[0] ?? '')
  const there = templateAt(template, vendorsOf(setup), sms, isAbroad)
  if (!there)
    return {
      kind: 'refused',
      reason: { code: 'smsNoTemplate', templateId: template.id },
      isConfig: true,
      isNext: true,
    }
  const vendor = await vendorOf(ctx, corpId, sms)
  if ('kind' in vendor) return vendor
  const body = filled(template, params)
  const text = there.signName && !isAbroad ? `【${there.signName}】${body}` : body
  const values = new Map(template.params.map((name, index) => [name, params[index] ?? '']))
  return outcomeOf(ctx, vendor, {
    phones,
    signName: there.signName,
    templateId: there.id,
    params: there.params.map(name => ({ name, value: values.get(name) ?? '' })),
    text,
    context,
  })
}

/** What became of an SMS to numbers in E.164, which need not belong to members, by each vendor in order until one may have taken it. */
export async function deliverSms(
  ctx: AddressNeeds,
  corpId: string,
  setup: SmsSetup,
  template: SmsTemplate,
  given: SmsBatch,
  way?: string,
): Promise<Outcome & { isNumber?: boolean }> {
  const vendors = vendorsOf(setup)
  const tried = way === undefined ? vendors : vendors.filter(one => wayOf(one) === way)
  let last: Outcome & { isNumber?: boolean } = { kind: 'refused', reason: notSetUp, isConfig: true }
  for (const sms of tried) {
    last = await deliverBy(ctx, corpId, { setup, sms, template }, given)
    if (!('isNext' in last && last.isNext)) return last
  }
  return last
}

async function deliverBy(
  ctx: AddressNeeds,
  corpId: string,
  through: Through,
  given: SmsBatch,
): Promise<Outcome & { isNumber?: boolean }> {
  const outcome = await handOver(ctx, corpId, through, given)
  if (outcome.kind !== 'sent') {
    const isNumber = 'isNumber' in outcome && outcome.isNumber === true
    return { ...openOutcome(outcome, []), isNumber }
  }
  const [refused] = outcome.refused
  if (!refused) return { kind: 'sent', vendorId: outcome.serial, failures: [] }
  const reason = answerOf(refused)
  if (refused.class === 'unclear') return { kind: 'unsure', reason }
  const isNext = refused.class === 'notSent'
  return {
    kind: 'refused',
    reason,
    isConfig: false,
    ...(isNext ? { isNext } : {}),
    isNumber: refused.isNumber === true,
  }
}

function unsureReason(said: string): SmsReason {
  if (said === innerAnswer) return { code: 'smsInner' }
  return said ? { code: 'smsSilent', said } : unreachable
}

export function answerOf({ code, message }: { code: string; message: string }): SmsReason {
  if (!code && !message) return unreachable
  if (code === innerAnswer) return { code: 'smsInner' }
  return { code: 'smsAnswer', answer: code, said: message }
}

/** Whatever is not `sent`, as the message centre takes it. */
function openOutcome(
  outcome: Exclude<SmsOutcome, { kind: 'sent' }> | Extract<Outcome, { kind: 'refused' | 'again' }>,
  addresses: readonly (readonly string[])[],
): Exclude<Outcome, { kind: 'sent' }> {
  if ('reason' in outcome) return outcome
  if (outcome.kind === 'tooMany')
    return {
      kind: 'divide',
      reason: { code: 'smsTooMany', size: outcome.size },
      size: outcome.size,
      addresses,
    }
  if (outcome.kind === 'unsure')
    return {
      kind: 'unsure',
      reason: unsureReason(outcome.message),
    }
  const reason = answerOf(outcome)
  const isNext = outcome.class === 'notSent' ? { isNext: true as const } : {}
  if (outcome.mend === 'later') return { kind: 'again', reason, ...isNext }
  return { kind: 'refused', reason, isConfig: outcome.mend === 'settings', ...isNext }
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
