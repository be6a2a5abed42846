import { type KeyObject, randomBytes, sign, verify } from 'node:crypto'

/** Who signs a merchant's calls (docs/upstream/wechat-pay-calls.md#signing-a-call). */
export type MerchantIdentity = {
  mchId: string
  /** Of the merchant's certificate, 40 hex digits. */
  serial: string
  privateKey: KeyObject
}

/** WeChat Pay's keys by the raw value of `Wechatpay-Serial`: a certificate's serial, or `PUB_KEY_ID_…`. */
export type VerifyingKeys = { find(serial: string): Promise<KeyObject | undefined> }

/** Header names in lower case, as Node and undici give them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

export type SignatureFault = 'missing-header' | 'clock' | 'probe' | 'unknown-serial' | 'signature'

export type BridgeParameters = {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

const clockToleranceSeconds = 300

/**
 * The Authorization header of one attempt.
 * @param request.target path and query, byte by byte as they are sent
 * @param request.body '' for a GET
 */
export function authorization(
  { mchId, serial, privateKey }: MerchantIdentity,
  request: { method: string; target: string; body: string },
  now: number,
  nonce = newNonce(),
): string {
  const timestamp = Math.floor(now / 1000)
  const text = lines(request.method, request.target, timestamp, nonce, request.body)
  const signature = signText(text, privateKey)
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serial}",signature="${signature}"`
}

/** What a page hands to `getBrandWCPayRequest` or `wx.requestPayment` (docs/upstream/wechat-pay-orders.md#paying-in-a-page). */
export function bridgeParameters(
  privateKey: KeyObject,
  order: { appId: string; prepayId: string },
  now: number,
  nonceStr = newNonce(),
): BridgeParameters {
  const timeStamp = String(Math.floor(now / 1000))
  const parameters = { appId: order.appId, timeStamp, nonceStr, package: `prepay_id=${order.prepayId}` }
  return { ...parameters, signType: 'RSA', paySign: signText(bridgeText(parameters), privateKey) }
}

export function bridgeText(
  given: Pick<BridgeParameters, 'appId' | 'timeStamp' | 'nonceStr' | 'package'>,
): string {
  return lines(given.appId, given.timeStamp, given.nonceStr, given.package)
}

/**
 * Whether WeChat Pay signed an answer or a notification just now. Nothing of the body is parsed.
 * @param body as received; empty for a 204
 * @returns what is wrong, or undefined
 */
export async function signatureFault(
  headers: Headers,
  body: Buffer,
  keys: VerifyingKeys,
  now: number,
): Promise<SignatureFault | undefined> {
  const [serial, signature, timestamp, nonce] = ['serial', 'signature', 'timestamp', 'nonce'].map(
    name => headers[`wechatpay-${name}`],
  )
  if (
    typeof serial !== 'string' ||
    typeof signature !== 'string' ||
    typeof timestamp !== 'string' ||
    typeof nonce !== 'string'
  )
    return 'missing-header'
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  if (!(Math.abs(now / 1000 - seconds) <= clockToleranceSeconds)) return 'clock'
  if (signature.startsWith('WECHATPAY/SIGNTEST/')) return 'probe'
  const key = await keys.find(serial)
  if (!key) return 'unknown-serial'
  const signed = Buffer.concat([Buffer.from(lines(timestamp, nonce)), body, Buffer.from('\n')])
  return verify('sha256', signed, key, Buffer.from(signature, 'base64')) ? undefined : 'signature'
}

function signText(text: string, privateKey: KeyObject): string {
  return sign('sha256', Buffer.from(text), privateKey).toString('base64')
}

/** Each part on a line of its own, the last one too. */
function lines(...parts: (string | number)[]): string {
  return parts.map(part => `${part}\n`).join('')
}

function newNonce(): string {
  return randomBytes(16).toString('hex')
}
