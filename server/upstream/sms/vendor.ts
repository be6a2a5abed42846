import type { Agent } from 'node:http'

/** One SMS to several numbers, which must be all mainland or all foreign. */
export type SmsRequest = {
  /** E.164, such as +8613800138000. */
  phones: string[]
  signName: string
  templateId: string
  /** In the order in which the template uses them. */
  params: { name: string; value: string }[]
  /** The vendor returns it in receipts and records, so that wisp can match them with the send. */
  context: string
}

/**
 * `sent`: accepted, except for the numbers in `refused`.
 * `refused`: nothing was sent and repeating is useless. `isNumber` says that some number of the call is to blame,
 * `isConfig` that credentials or settings are wrong.
 * `busy`: nothing was sent, and the call may be repeated.
 * `unsure`: the message may have been sent.
 */
export type SmsOutcome =
  | { kind: 'sent'; serial: string; refused: RefusedNumber[] }
  | { kind: 'refused'; code: string; message: string; isConfig: boolean; isNumber: boolean }
  | { kind: 'busy'; code: string; message: string }
  | { kind: 'unsure'; message: string }

/** `isNumber`: the number is to blame; else the call would be refused for others too. */
export type RefusedNumber = { phone: string; code: string; message: string; isNumber: boolean }

export type SmsReceipt = { context: string; phone: string; isDelivered: boolean; reason: string }

/** An address to use instead of the vendor's own. `agent` opens its connections, where the vendor's SDK takes one. */
export type SmsEndpoint = { host: string; protocol: 'http' | 'https'; agent?: Agent }

/** What certainly ended a call before anything was sent: no connection, or none with the encryption that we want. */
export const neverSent =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|wrong version number|ERR_TLS_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_HAS_EXPIRED/

export type SmsVendor = {
  send(request: SmsRequest): Promise<SmsOutcome>
  /** Looks up a send to this number with this context in the vendor's records; undefined when there is none. */
  find(phone: string, context: string, sentAt: Date): Promise<SmsReceipt | 'pending' | undefined>
  /** Receipts that arrived since the last pull; absent for vendors without such a queue, which are asked by `find`. */
  pullReceipts?(): Promise<SmsReceipt[]>
}
