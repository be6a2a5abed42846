import { Buffer } from 'node:buffer'
import { createCipheriv } from 'node:crypto'
import * as official from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decrypt,
  encrypt,
  isEncodingAesKey,
  MessageCryptoError,
  sign,
  verifySignature,
} from './message-crypto.ts'
import { cryptoVectors, signatureVectors } from './message-crypto.vectors.ts'

const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const alphanumerics = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
const aesKey = fc
  .array(fc.constantFrom(...alphanumerics), { minLength: 43, maxLength: 43 })
  .map(c => c.join(''))
const text = fc.string({ unit: 'binary', maxLength: 300 }).map(t => t.toWellFormed())

/** Encrypts raw bytes, so that tests can build invalid plaintexts. */
function encryptRaw(plain: Buffer): string {
  const key = Buffer.from(`${AES_KEY}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

function plaintext(message: Buffer, statedLength: number, receiveId: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(statedLength)
  const body = Buffer.concat([Buffer.alloc(16, 7), length, message, Buffer.from(receiveId)])
  const size = 32 - (body.length % 32)
  return Buffer.concat([body, Buffer.alloc(size, size)])
}

function faultOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof MessageCryptoError) return error.fault
    throw error
  }
  return 'none'
}

describe('published vectors', () => {
  test.each(cryptoVectors)('$id', vector => {
    const { token, timestamp, nonce, encrypt: cipher, signature, encodingAesKey } = vector
    expect(sign(token, timestamp, nonce, cipher)).toBe(signature)
    expect(verifySignature(token, timestamp, nonce, cipher, signature)).toBe(true)
    expect(isEncodingAesKey(encodingAesKey)).toBe(true)
    expect(decrypt(encodingAesKey, cipher)).toEqual({
      message: vector.plaintext,
      receiveId: vector.receiveId,
    })
    if (vector.random16 !== undefined) {
      const random16 = Buffer.from(vector.random16, 'latin1')
      expect(encrypt(encodingAesKey, vector.plaintext, vector.receiveId, random16)).toBe(cipher)
    }
  })

  test.each(signatureVectors)('$id', ({ token, timestamp, nonce, encrypt: cipher, signature }) => {
    expect(sign(token, timestamp, nonce, cipher)).toBe(signature)
    expect(verifySignature(token, timestamp, nonce, cipher, signature)).toBe(true)
    expect(verifySignature(`${token}x`, timestamp, nonce, cipher, signature)).toBe(false)
  })
})

describe('properties', () => {
  test('what is encrypted decrypts to the same, for any text and receiveId', () => {
    fc.assert(
      fc.property(aesKey, text, text, (key, message, receiveId) => {
        const cipher = encrypt(key, message, receiveId)
        expect(Buffer.from(cipher, 'base64').length % 32).toBe(0)
        expect(decrypt(key, cipher)).toEqual({ message, receiveId })
      }),
      { numRuns: 500 },
    )
  })

  test('the npm package @wecom/crypto reads ours and we read its', () => {
    const id = fc.string({ unit: fc.constantFrom(...alphanumerics), minLength: 1, maxLength: 32 })
    fc.assert(
      fc.property(aesKey, text, id, (key, message, receiveId) => {
        const theirs = official.decrypt(key, encrypt(key, message, receiveId))
        expect({ message: theirs.message, receiveId: theirs.id }).toEqual({ message, receiveId })
        expect(decrypt(key, official.encrypt(key, message, receiveId))).toEqual({ message, receiveId })
        const random = Buffer.alloc(16, 3)
        expect(encrypt(key, message, receiveId, random)).toBe(
          official.encrypt(key, message, receiveId, random),
        )
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(id, id, id, id, (token, timestamp, nonce, cipher) => {
        expect(sign(token, timestamp, nonce, cipher)).toBe(
          official.getSignature(token, timestamp, nonce, cipher),
        )
      }),
    )
  })

  test('a ciphertext changed in any byte never passes its signature', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, position, flip) => {
        const cipher = encrypt(AES_KEY, message, 'wx5823bf96d3bd56c7')
        const signature = sign('QDG6eK', '1', '2', cipher)
        const bytes = Buffer.from(cipher, 'base64')
        const at = position % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ flip
        const tampered = bytes.toString('base64')
        expect(verifySignature('QDG6eK', '1', '2', tampered, signature)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('tampering with any part of the signed four strings or the signature is seen', () => {
    const { token, timestamp, nonce, encrypt: cipher, signature } = cryptoVectors[0]!
    expect(verifySignature(token, `${timestamp}0`, nonce, cipher, signature)).toBe(false)
    expect(verifySignature(token, timestamp, `${nonce}0`, cipher, signature)).toBe(false)
    for (const wrong of [
      '',
      signature.slice(1),
      `${signature}0`,
      signature.replace('5', '6'),
      '签'.repeat(40),
    ]) {
      expect(verifySignature(token, timestamp, nonce, cipher, wrong)).toBe(false)
    }
  })

  test('no input makes decrypt throw anything but MessageCryptoError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.uint8Array().map(b => Buffer.from(b).toString('base64')),
        ),
        input => {
          faultOf(() => decrypt(AES_KEY, input))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('what is refused, and the name it gets', () => {
  const message = Buffer.from('你好')
  const cases: [string, string, string][] = [
    ['empty', '', 'base64'],
    ['a character outside of base64', 'AAAA*AAAAAAAAAAAAAAAAA==', 'base64'],
    ['a line break', `${'A'.repeat(40)}\n${'A'.repeat(3)}`, 'base64'],
    ['missing padding of base64', 'A'.repeat(43), 'base64'],
    ['17 bytes', Buffer.alloc(17).toString('base64'), 'blockSize'],
    ['padding 0', encryptRaw(Buffer.alloc(32, 0)), 'padding'],
    ['padding 33', encryptRaw(Buffer.alloc(64, 33)), 'padding'],
    ['padding larger than the text', encryptRaw(Buffer.alloc(16, 17)), 'padding'],
    ['uneven padding', encryptRaw(Buffer.concat([Buffer.alloc(30, 1), Buffer.from([5, 2])])), 'padding'],
    ['nothing but padding', encryptRaw(Buffer.alloc(32, 32)), 'length'],
    ['a length beyond the end', encryptRaw(plaintext(message, 4000, 'wx')), 'length'],
    ['a negative length', encryptRaw(plaintext(message, 0xffffffff, 'wx')), 'length'],
    ['half a character at the end of the message', encryptRaw(plaintext(message, 5, 'wx')), 'utf8'],
    ['bytes that are not UTF-8', encryptRaw(plaintext(Buffer.from([0xff, 0xfe]), 2, 'wx')), 'utf8'],
  ]
  test.each(cases)('%s', (_name, cipher, fault) => {
    expect(faultOf(() => decrypt(AES_KEY, cipher))).toBe(fault)
  })

  test('a key of another length or charset', () => {
    for (const key of ['', AES_KEY.slice(1), `${AES_KEY}A`, `${AES_KEY.slice(1)}+`, `${AES_KEY}\n`]) {
      expect(isEncodingAesKey(key)).toBe(false)
      expect(faultOf(() => decrypt(key, 'AAAA'))).toBe('key')
      expect(faultOf(() => encrypt(key, 'x', 'y'))).toBe('key')
    }
    expect(() => encrypt(AES_KEY, 'x', 'y', Buffer.alloc(15))).toThrow(RangeError)
  })

  test('a byte order mark in a message is kept', () => {
    expect(decrypt(AES_KEY, encrypt(AES_KEY, '\ufeffx', 'wx')).message).toBe('\ufeffx')
  })
})
