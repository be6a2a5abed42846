import { isUtf8 } from 'node:buffer'
import {
  createCipheriv,
  createDecipheriv,
  hash,
  randomFillSync,
  randomInt,
  timingSafeEqual,
} from 'node:crypto'

/** What is wrong with a key, a ciphertext or the decrypted data (docs/upstream/message-crypto.md). */
export type MessageCryptoFault = 'key' | 'base64' | 'blockSize' | 'padding' | 'length' | 'utf8'

/** A callback that cannot be decrypted. The message names the fault and quotes no data. */
export class MessageCryptoError extends Error {
  readonly fault: MessageCryptoFault
  constructor(fault: MessageCryptoFault, message: string) {
    super(message)
    this.name = 'MessageCryptoError'
    this.fault = fault
  }
}

/** Every plaintext starts with 16 random bytes and the message length in 4 bytes, big endian. */
const HEADER_BYTES = 20
/** WeCom pads to 32 although an AES block has 16 bytes, so OpenSSL's own unpadding cannot be used. */
const PAD_BLOCK = 32
const AES_BLOCK = 16
/** Keys come from configuration; the limit only guards a process that sees key rotations for ever. */
const MAX_CACHED_KEYS = 4096

const keys = new Map<string, { key: Buffer; iv: Buffer }>()

/**
 * Whether the text can be an EncodingAESKey: 43 letters and digits. Nothing more is checked, because real keys are
 * usually not canonical base64: the unused bits of their last character are not zero (docs/upstream/message-crypto.md#keys).
 */
export function isEncodingAesKey(text: string): boolean {
  return /^[A-Za-z0-9]{43}$/.test(text)
}

function keyOf(encodingAesKey: string): { key: Buffer; iv: Buffer } {
  const known = keys.get(encodingAesKey)
  if (known !== undefined) return known
  if (!isEncodingAesKey(encodingAesKey)) {
    throw new MessageCryptoError('key', 'EncodingAESKey must be 43 letters and digits')
  }
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const made = { key, iv: key.subarray(0, AES_BLOCK) }
  if (keys.size >= MAX_CACHED_KEYS) keys.clear()
  keys.set(encodingAesKey, made)
  return made
}

/**
 * The `msg_signature` of a callback: the hex SHA-1 of the four sorted strings. With `encrypt = ''` it is the plain
 * `signature` of official accounts (docs/upstream/message-crypto.md#signatures). Pass timestamp and nonce exactly as received.
 */
export function sign(token: string, timestamp: string, nonce: string, encrypt: string): string {
  return hash('sha1', [token, timestamp, nonce, encrypt].sort().join(''), 'hex')
}

/** Whether `signature` belongs to the other four values; compares in constant time. */
export function verifySignature(
  token: string,
  timestamp: string,
  nonce: string,
  encrypt: string,
  signature: string,
): boolean {
  const expected = Buffer.from(sign(token, timestamp, nonce, encrypt), 'latin1')
  const given = Buffer.from(signature, 'utf8')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/**
 * Decrypts `Encrypt` or `echostr` (docs/upstream/message-crypto.md#plain-text). Callers must check the signature before, and
 * `receiveId` afterwards: it is the corpid for WeCom and the appid for an official account.
 * @throws MessageCryptoError
 */
export function decrypt(
  encodingAesKey: string,
  cipherBase64: string,
): { message: string; receiveId: string } {
  const { key, iv } = keyOf(encodingAesKey)
  if (cipherBase64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(cipherBase64)) {
    throw new MessageCryptoError('base64', 'the ciphertext is not base64')
  }
  const cipherBytes = Buffer.from(cipherBase64, 'base64')
  if (cipherBytes.length === 0 || cipherBytes.length % AES_BLOCK !== 0) {
    throw new MessageCryptoError('blockSize', 'the ciphertext is not a multiple of 16 bytes')
  }
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  decipher.setAutoPadding(false)
  // CBC decryption without padding returns every complete block at once, so final() would return nothing.
  const padded = decipher.update(cipherBytes)
  const end = padded.length - paddingOf(padded)
  if (end < HEADER_BYTES) throw new MessageCryptoError('length', 'the plaintext is shorter than its header')
  const messageEnd = HEADER_BYTES + padded.readUInt32BE(AES_BLOCK)
  if (messageEnd > end)
    throw new MessageCryptoError('length', 'the stated message length exceeds the plaintext')
  if (!isUtf8(padded.subarray(HEADER_BYTES, end)) || !isUtf8(padded.subarray(HEADER_BYTES, messageEnd))) {
    throw new MessageCryptoError('utf8', 'the message is not valid UTF-8')
  }
  return {
    message: padded.toString('utf8', HEADER_BYTES, messageEnd),
    receiveId: padded.toString('utf8', messageEnd, end),
  }
}

function paddingOf(padded: Buffer): number {
  const size = padded[padded.length - 1] ?? 0
  if (size < 1 || size > PAD_BLOCK || size > padded.length) {
    throw new MessageCryptoError('padding', 'the padding is not between 1 and 32')
  }
  for (let at = padded.length - size; at < padded.length; at++) {
    if (padded[at] !== size) throw new MessageCryptoError('padding', 'the padding bytes differ')
  }
  return size
}

/**
 * Encrypts a message for `receiveId` and returns base64 (docs/upstream/message-crypto.md#plain-text).
 * @param random16 the 16 random bytes, passed only to reproduce published test vectors
 * @throws MessageCryptoError for an invalid key
 */
export function encrypt(
  encodingAesKey: string,
  message: string,
  receiveId: string,
  random16?: Buffer,
): string {
  const { key, iv } = keyOf(encodingAesKey)
  if (random16 !== undefined && random16.length !== AES_BLOCK)
    throw new RangeError('random16 must be 16 bytes')
  const messageBytes = Buffer.byteLength(message)
  const end = HEADER_BYTES + messageBytes + Buffer.byteLength(receiveId)
  const pad = PAD_BLOCK - (end % PAD_BLOCK)
  const plain = Buffer.allocUnsafe(end + pad)
  if (random16 === undefined) randomFillSync(plain, 0, AES_BLOCK)
  else random16.copy(plain)
  plain.writeUInt32BE(messageBytes, AES_BLOCK)
  plain.write(message, HEADER_BYTES)
  plain.write(receiveId, HEADER_BYTES + messageBytes)
  plain.fill(pad, end)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  cipher.setAutoPadding(false)
  return cipher.update(plain).toString('base64')
}

/** What a push is signed and encrypted with. `receiveId` is the corpid or the AppID. */
export type PushKeys = { receiveId: string; token: string; encodingAesKey: string }

/** A passive reply in the encrypted form (docs/upstream/message-crypto.md#envelopes). `at` is in ms since the epoch. */
export function sealedReply({ receiveId, token, encodingAesKey }: PushKeys, xml: string, at: number): string {
  const encrypted = encrypt(encodingAesKey, xml, receiveId)
  const timestamp = String(Math.floor(at / 1000))
  const nonce = String(randomInt(1_000_000_000))
  const signature = sign(token, timestamp, nonce, encrypted)
  return (
    `<xml>${cdata('Encrypt', encrypted)}${cdata('MsgSignature', signature)}` +
    `<TimeStamp>${timestamp}</TimeStamp>${cdata('Nonce', nonce)}</xml>`
  )
}

/** Characters that XML cannot contain. */
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** An element with text. `]]>` ends a CDATA section, and is split over two of them. */
export function cdata(name: string, text: string): string {
  const clean = text.replace(notInXml, '').replaceAll(']]>', ']]]]><![CDATA[>')
  return `<${name}><![CDATA[${clean}]]></${name}>`
}
