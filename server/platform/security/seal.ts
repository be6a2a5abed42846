import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Words } from '../words.ts'

/**
 * Encrypts stored secrets with AES-256-GCM: `v1.<key fingerprint>.<iv ‖ cipher ‖ tag, base64url>`. The purpose is
 * authenticated too, so that one column's value cannot be moved into another. Signing keys are derived from the same
 * secret, one per purpose.
 */
export type Seal = {
  fingerprint: string
  seal(plain: string, purpose: string): string
  /** Throws SealError when the value was altered, or sealed with a key that is not configured. */
  open(sealed: string, purpose: string): string
  /**
   * A key of 32 bytes for one use, such as a file, made of the current key or of that with the fingerprint; undefined when there is no
   * such key. `salt` must never be used for two contents.
   */
  keyFor(purpose: string, salt: Buffer, fingerprint?: string): Buffer | undefined
  /** Whether this is the fingerprint of the current or the old key. */
  knows(fingerprint: string): boolean
  /** HMAC-SHA256 in base64url, with the key derived from the current one for this purpose. */
  sign(purpose: string, text: string): string
  /**
   * Whether the current or the old key made this signature. Only one spelling is accepted, although base64url has several
   * for the same bytes.
   */
  isSigned(purpose: string, text: string, signature: string): boolean
}

export class SealError extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(`${words.zh}\n${words.en}`)
    this.words = words
  }
}

export function createSeal(secretKey: string, oldSecretKey = ''): Seal {
  const keys = [secretKey, oldSecretKey].filter(Boolean).map(deriveKeys)
  const current = keys[0]
  if (!current)
    throw new SealError({
      zh: '没有密钥：请把 WISP_SECRET_KEY 设为 openssl rand -base64 48 的输出',
      en: 'there is no secret key: set WISP_SECRET_KEY to the output of openssl rand -base64 48',
    })
  return {
    fingerprint: current.fingerprint,
    seal: (plain, purpose) => `v1.${current.fingerprint}.${encrypt(current.sealing, plain, purpose)}`,
    open(sealed, purpose) {
      const [version, fingerprint, data] = sealed.split('.')
      const key = keys.find(one => one.fingerprint === fingerprint)
      if (version !== 'v1' || !data || !key) {
        throw new SealError({
          zh: `保存的密钥（${purpose}）由另一个 WISP_SECRET_KEY 封存，无法解开；请改回原来的，或把它放进 WISP_SECRET_KEY_OLD`,
          en: `a stored secret (${purpose}) was sealed with another WISP_SECRET_KEY and cannot be opened; set the former one, or put it into WISP_SECRET_KEY_OLD`,
        })
      }
      return decrypt(key.sealing, data, purpose)
    },
    keyFor: (purpose, salt, fingerprint = current.fingerprint) =>
      keys.find(one => one.fingerprint === fingerprint)?.keyFor(purpose, salt),
    knows: fingerprint => keys.some(key => key.fingerprint === fingerprint),
    sign: (purpose, text) => current.sign(purpose, text),
    isSigned(purpose, text, signature) {
      const given = Buffer.from(signature)
      return keys.some(key => {
        const good = Buffer.from(key.sign(purpose, text))
        return good.length === given.length && timingSafeEqual(good, given)
      })
    },
  }
}

function deriveKeys(secret: string) {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, '', `wisp ${info}`, 32))
  const signing = new Map<string, Buffer>()
  return {
    fingerprint: createHash('sha256').update(derive('fingerprint')).digest('hex').slice(0, 16),
    sealing: derive('seal'),
    keyFor: (purpose: string, salt: Buffer) =>
      Buffer.from(hkdfSync('sha256', secret, salt, `wisp ${purpose}`, 32)),
    sign(purpose: string, text: string) {
      let key = signing.get(purpose)
      if (!key) {
        key = derive(`sign ${purpose}`)
        signing.set(purpose, key)
      }
      return createHmac('sha256', key).update(text).digest('base64url')
    },
  }
}

function encrypt(key: Buffer, plain: string, purpose: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose))
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Buffer, data: string, purpose: string): string {
  const bytes = Buffer.from(data, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
  } catch {
    throw new SealError({
      zh: `保存的密钥（${purpose}）被改动过，无法解开；请重新填写它`,
      en: `a stored secret (${purpose}) was altered and cannot be opened; enter it again`,
    })
  }
}
