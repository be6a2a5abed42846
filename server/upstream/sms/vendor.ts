import type { Agent } from 'node:http'
import { type CodedVendor, type SmsClass, type SmsVerdict, verdictOf } from './classes.ts'

/** One SMS to several numbers, which must be all mainland or all foreign. */
export type SmsRequest = {
  /** E.164, such as +8613800138000. */
  phones: string[]
  signName: string
  /** '' where the vendor takes the words themselves. */
  templateId: string
  /** In the order in which the vendor's template uses them. */
  params: { name: string; value: string }[]
  /** The whole text with its sign, for what takes no template; '' where it is not known. */
  text: string
  /** The vendor returns it in receipts and records, so that wisp can match them with the send. */
  context: string
}

/**
 * `sent`: accepted, except for the numbers in `refused`; `serials` are the vendor's own ids, for a vendor whose receipts name nothing else.
 * `refused`: nothing was sent, and `class`, `mend` and `isNumber` say why (classes.ts).
 * `tooMany`: nothing was sent, because the vendor takes only `size` numbers a call.
 * `unsure`: the message may have been sent.
 */
export type SmsOutcome =
  | { kind: 'sent'; serial: string; refused: RefusedNumber[]; serials?: SmsSerial[] }
  | ({ kind: 'refused'; code: string; message: string; class: Exclude<SmsClass, 'unclear'> } & Omit<
      SmsVerdict,
      'class'
    >)
  | { kind: 'tooMany'; size: number }
  | { kind: 'unsure'; message: string }

export type RefusedNumber = { phone: string; code: string; message: string } & SmsVerdict
export type SmsSerial = { phone: string; serial: string }

export type SmsReceipt = { context: string; phone: string; isDelivered: boolean; reason: string }

/** An address to use instead of the vendor's own. `agent` opens its connections, where the vendor's SDK takes one. */
export type SmsEndpoint = { host: string; protocol: 'http' | 'https'; agent?: Agent }

/** What certainly ended a call before anything was sent: no connection, or none with the encryption that we want. */
export const neverSent =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|wrong version number|ERR_TLS_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_HAS_EXPIRED/

/** What a vendor says of the account: its balance as the vendor words it, and whether the sign may be used. Absent where it has no such call. */
export type SmsAccount = { balance?: string; sign?: 'approved' | 'waiting' | 'refused' | 'missing' }

export type SmsVendor = {
  send(request: SmsRequest): Promise<SmsOutcome>
  /**
   * Looks up a send to this number with this context in the vendor's records; undefined when there is none. Absent for vendors without
   * records that can be asked.
   */
  find?(phone: string, context: string, sentAt: Date): Promise<SmsReceipt | 'pending' | undefined>
  /** Whether `find` would know of a send to this number; absent where it knows of all. */
  keepsRecordOf?(phone: string): boolean
  /** Receipts that arrived since the last pull; absent for vendors without such a queue, which are asked by `find`. */
  pullReceipts?(): Promise<SmsReceipt[]>
  /** Throws what went wrong. */
  account?(signName: string): Promise<SmsAccount>
}

export const isMainland = (phone: string): boolean => phone.startsWith('+86')

/** Mainland numbers go without a country code, others with it but without a plus. */
export function localNumber(phone: string): string {
  return isMainland(phone) ? phone.slice(3) : phone.replace(/^\+/, '')
}

/** What became of a call that its vendor answered with this code, for all of its numbers. */
export function outcomeOfCode(vendor: CodedVendor, code: string, message: string): SmsOutcome {
  const verdict = verdictOf(vendor, code)
  return verdict.class === 'unclear'
    ? { kind: 'unsure', message: [code, message].filter(Boolean).join(' ') }
    : { kind: 'refused', code, message, ...verdict, class: verdict.class }
}

/** What certainly ended a call before anything was sent, as an outcome. */
export const notReached = (code: string, message: string): SmsOutcome => ({
  kind: 'refused',
  code,
  message,
  class: 'notSent',
  mend: 'later',
})
