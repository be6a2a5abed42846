import { type SmsAccounts, smsAccountsOf } from './account.ts'

/** What the SMS vendors know beside the messages themselves. */
export class SmsDesk {
  readonly accounts: SmsAccounts
  /** Numbers (E.164) that fail, and how. */
  readonly refused = new Map<string, string>()
  /** Nonces of Aliyun's requests, by when they may be forgotten. */
  readonly nonces = new Map<string, number>()
  /** Tencent's receipts were pulled up to this message. */
  pulledTo = 0
  readonly #keep: (pulled: number) => void

  constructor(seed: number, keep: (pulled: number) => void) {
    this.accounts = smsAccountsOf(seed)
    this.#keep = keep
  }

  pull(to: number): void {
    if (to === this.pulledTo) return
    this.pulledTo = to
    this.#keep(to)
  }

  clear(): void {
    this.refused.clear()
    this.pulledTo = 0
  }
}
