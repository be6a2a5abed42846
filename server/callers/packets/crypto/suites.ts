import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export type Suite = 'gcm' | 'md5'

type Algorithms = {
  /** The hash of the HMAC that signs a packet. */
  hash: 'sha256' | 'md5'
  dataKeyBytes: number
  ivBytes: number
  /** IV ‖ cipher, with the tag behind it in suite gcm. */
  encrypt(key: Buffer, plain: Buffer, additional: string, iv: Buffer): Buffer
  /** Undefined when the bytes were not encrypted with this key. */
  decrypt(key: Buffer, cipher: Buffer, additional: string): Buffer | undefined
}

const tagBytes = 16

const gcm: Algorithms = {
  hash: 'sha256',
  dataKeyBytes: 32,
  ivBytes: 12,
  encrypt(key, plain, additional, iv) {
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(additional))
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  decrypt(key, cipher, additional) {
    if (cipher.length < gcm.ivBytes + tagBytes) return undefined
    return attempt(() => {
      const decipher = createDecipheriv('aes-256-gcm', key, cipher.subarray(0, gcm.ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(additional)).setAuthTag(cipher.subarray(-tagBytes))
      return Buffer.concat([decipher.update(cipher.subarray(gcm.ivBytes, -tagBytes)), decipher.final()])
    })
  },
}

/**
 * The document's HMAC-MD5 and AES (docs/interface/conventions.md#encryption); it encrypts first and signs then, so that bad
 * padding tells nobody anything.
 */
const md5: Algorithms = {
  hash: 'md5',
  dataKeyBytes: 16,
  ivBytes: 16,
  encrypt(key, plain, _additional, iv) {
    const cipher = createCipheriv('aes-128-cbc', key, iv)
    return Buffer.concat([iv, cipher.update(plain), cipher.final()])
  },
  decrypt(key, cipher) {
    return attempt(() => {
      const decipher = createDecipheriv('aes-128-cbc', key, cipher.subarray(0, md5.ivBytes))
      return Buffer.concat([decipher.update(cipher.subarray(md5.ivBytes)), decipher.final()])
    })
  },
}

function attempt(decrypt: () => Buffer): Buffer | undefined {
  try {
    return decrypt()
  } catch {
    return undefined
  }
}

export const suites: Readonly<Record<Suite, Algorithms>> = { gcm, md5 }

export function newIv(suite: Suite): Buffer {
  return randomBytes(suites[suite].ivBytes)
}
