import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const purposes = {
  privateKey: 'pay_merchant.private_key',
  apiV3Key: 'pay_merchant.api_v3_key',
} as const

const ofMerchant = { table: 'pay_merchant', key: ['corp_id', 'mch_id'] } as const

export const paymentSealed: readonly SealedColumn[] = [
  { ...ofMerchant, column: 'private_key', purpose: purposes.privateKey },
  { ...ofMerchant, column: 'api_v3_key', purpose: purposes.apiV3Key },
]
