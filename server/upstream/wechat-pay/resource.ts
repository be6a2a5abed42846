import { createDecipheriv } from 'node:crypto'
import { Type } from 'typebox'

/** What WeChat Pay encrypts under the APIv3 key: the content of notifications, and platform certificates. */
export const resourceShape = Type.Object({
  algorithm: Type.Literal('AEAD_AES_256_GCM'),
  nonce: Type.String(),
  associated_data: Type.Optional(Type.String()),
  ciphertext: Type.String(),
})

const tagBytes = 16

/**
 * @param apiV3Key 32 ASCII characters; 16 make it AES-128, which only the vectors of the vendor's own library use
 * @throws Error when key, nonce, associated data and ciphertext do not fit together
 */
export function openResource(
  resource: { nonce: string; associated_data?: string; ciphertext: string },
  apiV3Key: string,
): Buffer {
  const key = Buffer.from(apiV3Key)
  const sealed = Buffer.from(resource.ciphertext, 'base64')
  if (sealed.length < tagBytes) throw new Error('the ciphertext is shorter than its tag')
  const cipher = key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
  const decipher = createDecipheriv(cipher, key, Buffer.from(resource.nonce), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(resource.associated_data ?? ''))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()])
}
