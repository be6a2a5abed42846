import { createHash } from 'node:crypto'
import { Records } from '../../official/state/records.ts'
import type { MerchantKeys } from '../crypto/keys.ts'
import type { Signer } from '../crypto/sign.ts'
import type { Notification } from './notification.ts'
import type { Order, Refund } from './order.ts'

/**
 * One change in the journal: mchid, collection, key and the new value; null removes it. What belongs to no
 * merchant has an empty mchid.
 */
export interface PayEntry {
  pay: [mchId: string, collection: string, key: string, value: unknown]
}

/** What the merchant's console has, and what scripts set. */
export interface MerchantSettings {
  /** The name that payers see. */
  name: string
  /** Who signs: the platform certificate, 微信支付公钥, or both in the grey phase. */
  mode: 'certificate' | 'publicKey' | 'grey'
  /** Which share of the notifications the public key signs in the grey phase. */
  greyPercent: number
  /** 32 characters; without it no notification is ever sent. */
  apiV3Key: string | null
  /** The AppIDs that are bound to the merchant. */
  appIds: string[]
  restriction: 'disabled' | 'restricted' | null
  /** What is left for refunds, in fen; null is enough for all. */
  balance: number | null
  /** What becomes of refunds; PROCESSING stays until it is decided by hand. */
  refundOutcome: 'SUCCESS' | 'ABNORMAL' | 'CLOSED' | 'PROCESSING'
  /** Where refunds without notify_url are told, as XML of API v2; null is nowhere. */
  refundNoticeUrl: string | null
  /** 支付授权目录, the beginnings of addresses whose pages may pay; null allows any. */
  payDirectories: string[] | null
  /** H5 支付域名; null allows any. */
  h5Domains: string[] | null
}

/** Ten digits that follow from the seed and the number of the merchant. */
export const mchIdOf = (seed: number, number: number): string => {
  const digits = BigInt(`0x${createHash('sha256').update(`merchant ${seed} ${number}`).digest('hex')}`)
  return `16${String(digits).slice(0, 8)}`
}

export const firstSettings = (mchId: string, name: string, appIds: string[]): MerchantSettings => ({
  name,
  mode: 'publicKey',
  greyPercent: 50,
  apiV3Key: createHash('sha256').update(`APIv3 key of ${mchId}`).digest('hex').slice(0, 32),
  appIds,
  restriction: null,
  balance: null,
  refundOutcome: 'SUCCESS',
  refundNoticeUrl: null,
  payDirectories: null,
  h5Domains: null,
})

/** A merchant with its orders and refunds. */
export class Merchant {
  readonly mchId: string
  keys: MerchantKeys
  settings: MerchantSettings
  readonly orders: Records<Order>
  readonly refunds: Records<Refund>
  readonly notifications: Records<Notification>
  readonly #keep: (entry: PayEntry) => void
  readonly #keepAnew: (entry: PayEntry) => void
  #isCleared = false
  /** Numbers of orders by prepay_id. */
  readonly #byPrepayId = new Map<string, string>()
  readonly #byTransaction = new Map<string, string>()
  readonly #refundsOf = new Map<string, Set<string>>()

  constructor(
    mchId: string,
    keys: MerchantKeys,
    settings: MerchantSettings,
    keep: (entry: PayEntry) => void,
  ) {
    this.mchId = mchId
    this.keys = keys
    this.settings = settings
    this.#keepAnew = keep
    // What is still under way when the sandbox is reset must not come into its new journal.
    this.#keep = entry => {
      if (!this.#isCleared) keep(entry)
    }
    const records = <T>(name: string): Records<T> =>
      new Records((key, value) => this.#keep({ pay: [mchId, name, key, value] }))
    this.orders = records('orders')
    this.refunds = records('refunds')
    this.notifications = records('notifications')
  }

  saveOrder(order: Order): void {
    this.orders.set(order.outTradeNo, order)
    this.#index(order)
  }

  saveRefund(refund: Refund): void {
    this.refunds.set(refund.outRefundNo, refund)
    this.#indexRefund(refund)
  }

  orderOfPrepay(prepayId: string): Order | undefined {
    return this.#find(this.#byPrepayId, prepayId)
  }

  orderOfTransaction(transactionId: string): Order | undefined {
    return this.#find(this.#byTransaction, transactionId)
  }

  /** Oldest first. */
  refundsOf(outTradeNo: string): Refund[] {
    return [...(this.#refundsOf.get(outTradeNo) ?? [])].map(number => this.refunds.get(number)!)
  }

  change(settings: Partial<MerchantSettings>): void {
    this.settings = { ...this.settings, ...settings }
    this.#keep(this.#own('settings', this.settings))
  }

  changeKeys(keys: Partial<MerchantKeys>): void {
    this.keys = { ...this.keys, ...keys }
    this.#keep(this.#own('keys', this.keys))
  }

  /** Takes over a change from the journal. */
  restore(collection: string, key: string, value: unknown): void {
    if (collection === 'merchant') {
      if (key === 'keys') this.keys = value as MerchantKeys
      else this.settings = { ...this.settings, ...(value as MerchantSettings) }
    } else if (collection === 'orders') {
      this.orders.restore(key, value)
      this.#index(value as Order)
    } else if (collection === 'refunds') {
      this.refunds.restore(key, value)
      this.#indexRefund(value as Refund)
    } else this.notifications.restore(key, value)
  }

  /** What a reset of the sandbox keeps. */
  kept(): PayEntry[] {
    return [this.#own('keys', this.keys), this.#own('settings', this.settings)]
  }

  /** The same merchant without orders, refunds and notifications. */
  clear(): Merchant {
    this.#isCleared = true
    return new Merchant(this.mchId, this.keys, this.settings, this.#keepAnew)
  }

  get publicKeySigner(): Signer {
    return { serial: this.keys.publicKeyId, privateKey: this.keys.platform.privateKey }
  }

  get certificateSigner(): Signer {
    return this.keys.certificates.at(-1)!
  }

  /** Who signs an answer whose caller named no key. */
  get answerSigner(): Signer {
    return this.settings.mode === 'publicKey' ? this.publicKeySigner : this.certificateSigner
  }

  #own(key: 'keys' | 'settings', value: unknown): PayEntry {
    return { pay: [this.mchId, 'merchant', key, value] }
  }

  #find(index: Map<string, string>, key: string): Order | undefined {
    const outTradeNo = index.get(key)
    return outTradeNo === undefined ? undefined : this.orders.get(outTradeNo)
  }

  #index(order: Order): void {
    this.#byPrepayId.set(order.prepayId, order.outTradeNo)
    if (order.payment) this.#byTransaction.set(order.payment.transactionId, order.outTradeNo)
  }

  #indexRefund({ outTradeNo, outRefundNo }: Refund): void {
    const numbers = this.#refundsOf.get(outTradeNo) ?? new Set()
    this.#refundsOf.set(outTradeNo, numbers.add(outRefundNo))
  }
}
