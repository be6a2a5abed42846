import type { Key, SmsEntry } from '../messages/entry.ts'
import { dayOf } from '../messages/rules.ts'
import { localNumber } from './numbers.ts'
import type { SmsWorld } from './world.ts'

type Sms = Pick<
  SmsEntry,
  'vendor' | 'phone' | 'signName' | 'templateId' | 'params' | 'text' | 'serial' | 'context'
> & {
  /** The text has its sign already. */
  isSigned?: true
}

/**
 * Shows an SMS on the phone of the number's owner. With a `reason` the vendor accepted it but the carrier did
 * not deliver it.
 */
export function deliver(world: SmsWorld, sms: Sms, reason: string | undefined): void {
  const slot = world.state.slotOfMobile(localNumber(sms.phone)) ?? world.state.slotOfMobile(sms.phone)
  const { phone } = sms
  const keys: Key[] = slot === undefined || reason !== undefined ? [phone] : [phone, slot]
  const { vendor, signName, templateId, params, text, serial, context } = sms
  world.messages.append(
    {
      channel: 'sms',
      vendor,
      phone,
      ...(slot !== undefined && { userid: world.state.userids[slot]! }),
      signName,
      templateId,
      params,
      text: sms.isSigned ? text : `【${signName}】${text}`,
      serial,
      state: reason === undefined ? 'delivered' : 'failed',
      ...(reason !== undefined && { reason }),
      context,
    },
    keys,
  )
}

/** The limit per number that another SMS would exceed. */
export function overLimit(world: SmsWorld, phone: string): 'interval' | 'day' | undefined {
  const { smsPerNumberSeconds, smsPerNumberDay } = world.settings.limits
  if (smsPerNumberSeconds === null && smsPerNumberDay === null) return undefined
  const times = world.messages.numbersOf(phone).map(n => Date.parse(world.messages.entry(n)!.at))
  const now = world.now()
  const last = times.at(-1)
  if (smsPerNumberSeconds !== null && last !== undefined && last > now - smsPerNumberSeconds * 1000)
    return 'interval'
  const today = times.filter(at => dayOf(at) === dayOf(now)).length
  return smsPerNumberDay !== null && today >= smsPerNumberDay ? 'day' : undefined
}

/** Number of SMS that a text needs: one up to 70 characters, otherwise one per 67 characters. */
export const partsOf = (text: string): number => (text.length <= 70 ? 1 : Math.ceil(text.length / 67))
