import { PayError } from '../error.ts'
import type { Fields } from '../input.ts'
import type { Merchant } from '../state/merchant.ts'

/** The mchid that the call names must be the one that signed it. */
export function checkMchId(merchant: Merchant, fields: Fields, pointer: string): void {
  const mchId = fields.requiredText(pointer, { most: 32 })
  if (mchId !== merchant.mchId)
    throw new PayError('PARAM_ERROR', {
      message: '请求中的商户号与签名的商户号不一致',
      detail: { field: pointer, value: mchId, issue: '商户号与证书不匹配', location: 'body' },
      internal: 268447843,
    })
}
