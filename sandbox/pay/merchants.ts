import type { PayPlatform } from './platform.ts'
import type { Merchant } from './state/merchant.ts'

/** A merchant with what it is entered with. Keys are PEM texts. */
export interface MerchantAccount {
  mchId: string
  name: string
  /** Serial of the merchant's API certificate. */
  serialNo: string
  privateKey: string
  /** 32 characters; null when it was taken away. */
  apiV3Key: string | null
  publicKeyId: string
  publicKey: string
  /** The AppIDs that are bound to it. */
  appIds: string[]
  /** The platform certificates, the latest last. */
  certificates: { serial: string; certificate: string }[]
}

/** Where WeChat Pay answers, and its merchants. */
export interface PayAccounts {
  /** Replaces https://api.mch.weixin.qq.com; has no trailing slash. */
  url: string
  /** Replaces https://res.wx.qq.com/open/js/jweixin-1.6.0.js. */
  scriptUrl: string
  /** The first is there from the start. */
  merchants: MerchantAccount[]
}

export const payOf = (platform: PayPlatform): PayAccounts => ({
  url: platform.url,
  scriptUrl: `${platform.url}/official/open/js/jweixin-1.6.0.js`,
  merchants: platform.merchants.map(accountOf),
})

export const accountOf = ({ mchId, keys, settings }: Merchant): MerchantAccount => ({
  mchId,
  name: settings.name,
  serialNo: keys.serialNo,
  privateKey: keys.merchant.privateKey,
  apiV3Key: settings.apiV3Key,
  publicKeyId: keys.publicKeyId,
  publicKey: keys.platform.publicKey,
  appIds: settings.appIds,
  certificates: keys.certificates.map(({ serial, certificate }) => ({ serial, certificate })),
})
