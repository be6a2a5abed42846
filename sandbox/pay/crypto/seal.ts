import { createCipheriv, createHash } from 'node:crypto'
import { nonceOf } from './sign.ts'

/** What is encrypted with the APIv3 key (docs/upstream/wechat-pay-calls.md#encrypted-fields). */
export interface EncryptedResource {
  algorithm: 'AEAD_AES_256_GCM'
  ciphertext: string
  associated_data: string
  nonce: string
}

/** AES-256-GCM with the 32 characters of the APIv3 key; the tag stands behind the ciphertext. */
export function seal(apiV3Key: string, plaintext: string, associatedData: string): EncryptedResource {
  const nonce = nonceOf(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), nonce).setAAD(
    Buffer.from(associatedData),
  )
  const bytes = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: bytes.toString('base64'),
    associated_data: associatedData,
    nonce,
  }
}

/** As in refund notices of API v2: AES-256-ECB, whose key is the MD5 of the API key in hexadecimal digits. */
export function sealV2(v2Key: string, plaintext: string): string {
  const key = createHash('md5').update(v2Key).digest('hex')
  const cipher = createCipheriv('aes-256-ecb', key, null)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}
