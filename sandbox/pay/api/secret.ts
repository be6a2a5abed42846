import { constants, privateDecrypt } from 'node:crypto'
import type { Signer } from '../crypto/sign.ts'
import type { Fields } from '../input.ts'

/**
 * A field that only WeChat Pay can read: RSA-OAEP with SHA-1 for the key that Wechatpay-Serial names
 * (docs/upstream/wechat-pay-calls.md#encrypted-fields).
 */
export function checkSecret(fields: Fields, pointer: string, named: Signer | undefined): void {
  const sealed = fields.requiredText(pointer, { most: 1024 })
  if (!named) throw fields.wrong(pointer, '缺少请求头Wechatpay-Serial，无法解密')
  try {
    privateDecrypt(
      { key: named.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from(sealed, 'base64'),
    )
  } catch {
    throw fields.wrong(pointer, '解密失败')
  }
}
