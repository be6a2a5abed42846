import { createPrivateKey, createVerify, type KeyObject, randomBytes, sign } from 'node:crypto'

/** The key that signs, under the serial that is told with it. */
export interface Signer {
  serial: string
  privateKey: string
}

// Reading a key takes longer than signing with it.
const keys = new Map<string, KeyObject>()

function keyOf(pem: string): KeyObject {
  const key = keys.get(pem) ?? createPrivateKey(pem)
  keys.set(pem, key)
  return key
}

/** The headers of an answer or notification that is signed now (docs/upstream/wechat-pay-calls.md#answers). */
export function signatureHeaders(
  { serial, privateKey }: Signer,
  body: string,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const nonce = nonceOf(32)
  const text = `${timestamp}\n${nonce}\n${body}\n`
  return {
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature': sign('sha256', Buffer.from(text), keyOf(privateKey)).toString('base64'),
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    'Wechatpay-Timestamp': timestamp,
  }
}

/** The same headers with a signature that must not verify, by which WeChat tries whether anybody looks. */
export const asProbe = (headers: Record<string, string>): Record<string, string> => ({
  ...headers,
  'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${headers['Wechatpay-Signature']!.slice(0, 320)}`,
})

/** Letters and digits by chance. */
export const nonceOf = (length: number): string =>
  randomBytes(length * 2)
    .toString('base64')
    .replaceAll(/[+/=]/g, '')
    .slice(0, length)

/** Whether this key signed the parts, each of which is followed by a line feed. */
export function isSignedBy(publicKey: string, parts: (string | Buffer)[], signature: string): boolean {
  const verify = createVerify('sha256')
  for (const part of parts) verify.update(part).update('\n')
  return verify.verify(publicKey, signature, 'base64')
}
