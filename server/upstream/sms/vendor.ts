/** One SMS to several numbers, all mainland or all foreign. */
export type SmsRequest = {
  /** E.164, such as +8613800138000. */
  phones: string[]
  signName: string
  templateId: string
  /** In the order of the template. */
  params: { name: string; value: string }[]
  /** Comes back with receipts and records, so that a sender finds its own. */
  context: string
}

/**
 * `sent`: taken, with the numbers that were refused. `refused`: nothing went out and repeating is no use; `isNumber` blames some
 * number of the call. `busy`: nothing
 * went out, it may be tried again. `unsure`: it may have gone out. `isConfig` says that credentials or settings are wrong.
 */
export type SmsOutcome =
  | { kind: 'sent'; serial: string; refused: { phone: string; reason: string }[] }
  | { kind: 'refused'; code: string; message: string; isConfig: boolean; isNumber: boolean }
  | { kind: 'busy'; code: string; message: string }
  | { kind: 'unsure'; message: string }

export type SmsReceipt = { context: string; phone: string; isDelivered: boolean; reason: string }

export type SmsVendor = {
  send(request: SmsRequest): Promise<SmsOutcome>
  /** What the vendor's own record knows of a send to this number with this context; undefined: nothing. */
  find(phone: string, context: string, sentAt: Date): Promise<SmsReceipt | 'pending' | undefined>
  /** Receipts that have come in since they were last pulled; absent where the vendor keeps no such queue. */
  pullReceipts?(): Promise<SmsReceipt[]>
}
