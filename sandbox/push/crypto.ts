import { createCipheriv, createHash, randomBytes } from 'node:crypto'

const block = 32

/** Whether WeCom would accept the key, which is 43 letters or digits. */
export const isEncodingAesKey = (key: string): boolean => /^[A-Za-z0-9]{43}$/.test(key)

/** SHA1 of the sorted parts in hex (upstream.md §4). */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return createHash('sha1').update(parts.join('')).digest('hex')
}

/**
 * Encrypts random(16) ‖ length ‖ message ‖ receiveid, padded to 32 bytes, with AES-256-CBC; returns base64
 * (upstream.md §4).
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

const randomText = (): string => randomBytes(8).toString('hex')

/** Random decimal digits, as in WeCom's nonces and echo strings. */
export function digits(count: number): string {
  let text = ''
  for (const byte of randomBytes(count)) text += byte % 10
  return text.replace(/^0/, '1')
}
