import { type SmsAccounts, smsAccountsOf } from './account.ts'

/** The state of the SMS vendors apart from the messages. */
export class SmsDesk {
  readonly accounts: SmsAccounts
  /** Numbers (E.164) to which SMS fail, with the code. */
  readonly refused = new Map<string, string>()
  /** Nonces of Aliyun's requests, with the time at which each can be forgotten. */
  readonly nonces = new Map<string, number>()
  /** The number of the last message whose receipt was fetched from Tencent. */
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

/** The SMS accounts with the address to which all vendors' clients connect. */
export function smsOf({ sms, url }: { sms: SmsDesk; url: string }): SmsAccounts & { endpoint: string } {
  return { ...sms.accounts, endpoint: new URL(url || 'http://localhost').host }
}
