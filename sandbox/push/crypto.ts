import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const block = 32

/** Whether WeCom would accept the key, which is 43 letters or digits. */
export const isEncodingAesKey = (key: string): boolean => /^[A-Za-z0-9]{43}$/.test(key)

/** SHA1 of the sorted parts in hex (docs/upstream/message-crypto.md#signatures). */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return createHash('sha1').update(parts.join('')).digest('hex')
}

/**
 * Encrypts random(16) ‖ length ‖ message ‖ receiveid, padded to 32 bytes, with AES-256-CBC; returns base64
 * (docs/upstream/message-crypto.md#plain-text).
 */
export function encrypt(
  encodingAesKey: string,
  message: string,
  receiveId: string,
  random = randomText(),
): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const body = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([Buffer.from(random, 'latin1'), length, body, Buffer.from(receiveId, 'utf8')])
  const pad = block - (plain.length % block)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64')
}

/** The message and the receiveid of what {@link encrypt} made; throws when it is anything else. */
export function decrypt(encodingAesKey: string, encrypted: string): { message: string; receiveId: string } {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([cipher.update(Buffer.from(encrypted, 'base64')), cipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > block || padded.length < 20 + pad) throw new Error('the padding is wrong')
  const plain = padded.subarray(0, padded.length - pad)
  const end = 20 + plain.readUInt32BE(16)
  if (end > plain.length) throw new Error('the length is wrong')
  return { message: plain.toString('utf8', 20, end), receiveId: plain.toString('utf8', end) }
}

const randomText = (): string => randomBytes(8).toString('hex')

/** Random decimal digits, as in WeCom's nonces and echo strings. */
export function digits(count: number): string {
  let text = ''
  for (const byte of randomBytes(count)) text += byte % 10
  return text.replace(/^0/, '1')
}
