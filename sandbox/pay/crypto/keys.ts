import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { certificateFor } from './certificate.ts'

/** PEM texts: SPKI and PKCS#8. */
export interface KeyPair {
  publicKey: string
  privateKey: string
}

/** A certificate of the platform; its serial is 40 hexadecimal digits. Times in ms. */
export interface PlatformCertificate extends KeyPair {
  serial: string
  certificate: string
  from: number
  to: number
}

/** The keys of one merchant (docs/upstream/wechat-pay-calls.md#public-key-and-platform-certificates). */
export interface MerchantKeys {
  /** The merchant's own pair, with the serial of its API certificate. */
  serialNo: string
  merchant: KeyPair
  /** 微信支付公钥. */
  publicKeyId: string
  platform: KeyPair
  /** The platform's certificates; the last one signs. */
  certificates: PlatformCertificate[]
  /** The key of API v2, with which refund notices of that kind are encrypted. */
  v2Key: string
}

const years = 5 * 365 * 86_400_000

// Making a pair takes a moment, and tests start many sandboxes: one process makes each pair once.
const made = new Map<string, KeyPair>()

function keyPair(name: string): KeyPair {
  let pair = made.get(name)
  if (!pair) {
    pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    made.set(name, pair)
  }
  return pair
}

/** Forty hexadecimal digits that belong to the key. The first is below 8, so that the number is positive. */
const serialOf = (pair: KeyPair, from: number): string =>
  `5${createHash('sha1').update(`${pair.publicKey}${from}`).digest('hex').slice(1)}`.toUpperCase()

/** A certificate that is good from `from` on; `number` tells it from the merchant's others. */
export function platformCertificate(mchId: string, number: number, from: number): PlatformCertificate {
  const pair = keyPair(`${mchId} certificate ${number}`)
  const serial = serialOf(pair, from)
  const to = from + years
  const certificate = certificateFor(pair, { serial, name: 'wisp sandbox WeChat Pay', from, to })
  return { ...pair, serial, certificate, from, to }
}

export function merchantKeys(mchId: string, now: number): MerchantKeys {
  const merchant = keyPair(`${mchId} merchant`)
  const digits = BigInt(`0x${createHash('sha256').update(`public key of ${mchId}`).digest('hex')}`)
  return {
    serialNo: serialOf(merchant, 0),
    merchant,
    publicKeyId: `PUB_KEY_ID_01${mchId}${String(digits).slice(0, 20)}`,
    platform: keyPair(`${mchId} platform`),
    certificates: [platformCertificate(mchId, 0, now - 86_400_000)],
    v2Key: randomBytes(16).toString('hex'),
  }
}
