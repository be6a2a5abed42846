import { PayError } from '../error.ts'
import type { Merchant } from '../state/merchant.ts'
import { isSignedBy } from './sign.ts'

/** What is signed: the address exactly as it came, and the bytes of the body. */
export interface SignedRequest {
  method: string
  path: string
  body: Buffer
}

const scheme = 'WECHATPAY2-SHA256-RSA2048 '
const windowMs = 300_000

/**
 * The merchant whose signature the header `Authorization` bears (docs/upstream/wechat-pay-calls.md#signing-a-call); `now` in
 * ms. Throws SIGN_ERROR.
 */
export function authorise(
  header: string | undefined,
  signed: SignedRequest,
  merchants: readonly Merchant[],
  now: number,
): Merchant {
  const { mchid, serial_no, nonce_str, timestamp, signature } = fieldsOf(header)
  if (Math.abs(now - Number(timestamp) * 1000) > windowMs)
    throw refused('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟')
  const merchant = merchants.find(one => one.mchId === mchid)
  if (!merchant) throw refused('签名信息错误，验签失败')
  if (!isSameSerial(merchant.keys.serialNo, serial_no)) throw refused('商户证书序列号有误。')
  const parts = [signed.method, signed.path, timestamp, nonce_str, signed.body]
  if (!isSignedBy(merchant.keys.merchant.publicKey, parts, signature)) {
    const message = `${signed.method}\n${signed.path}\n${timestamp}\n${nonce_str}\n${signed.body}\n`
    throw refused('错误的签名，验签失败', {
      field: 'signature',
      location: 'authorization',
      detail: { issue: 'sign not match' },
      sign_information: {
        method: signed.method,
        url: signed.path,
        truncated_sign_message: message.slice(0, 100),
        sign_message_length: Buffer.byteLength(message),
      },
    })
  }
  return merchant
}

/** Serials are hexadecimal numbers, which clients write in capitals or not. */
export const isSameSerial = (one: string, other: string): boolean => one.toUpperCase() === other.toUpperCase()

const names = ['mchid', 'serial_no', 'nonce_str', 'timestamp', 'signature'] as const

function fieldsOf(header = ''): Record<(typeof names)[number], string> {
  const fields = Object.fromEntries(
    [...header.slice(scheme.length).matchAll(/(\w+)="([^"]*)"/g)].map(match => [match[1], match[2]]),
  )
  const isRight =
    header.startsWith(scheme) &&
    names.every(name => fields[name]) &&
    /^\d{10}$/.test(fields['timestamp'] ?? '') &&
    header.slice(scheme.length).replaceAll(/\s*\w+="[^"]*"\s*(,|$)/g, '') === ''
  if (!isRight) throw refused('Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》')
  return fields as Record<(typeof names)[number], string>
}

const refused = (message: string, detail?: object): PayError =>
  new PayError('SIGN_ERROR', { message, detail })
