import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { PayError } from './errors.ts'
import type { VerifyingKeys } from './signature.ts'

/** A certificate of WeChat Pay, by which answers and notifications are signed until it expires. */
export type PlatformCertificate = { serial: string; pem: string; effectiveAt: Date; expiresAt: Date }

/** The dates are the certificate's own. Throws for what is no certificate. */
export function platformCertificate(serial: string, pem: string): PlatformCertificate {
  const { validFromDate: effectiveAt, validToDate: expiresAt } = new X509Certificate(pem)
  return { serial, pem, effectiveAt, expiresAt }
}

/** 微信支付公钥: `PUB_KEY_ID_` and digits, and the file pub_key.pem. */
export type PlatformPublicKey = { id: string; pem: string }

/**
 * WeChat Pay's keys of one merchant. Public key and certificates are good at once, because notifications move from one to
 * the other in steps (docs/upstream/wechat-pay-calls.md#public-key-and-platform-certificates).
 */
export type PlatformKeys = VerifyingKeys & {
  /** Without asking WeChat Pay, as for the answer that brings the certificates. */
  known(serial: string): KeyObject | undefined
  /** Those that are known, the latest first. */
  certificates(): PlatformCertificate[]
  /** Takes what another node has downloaded. */
  take(certificates: readonly PlatformCertificate[]): void
  /** WeChat Pay has said that this merchant has no certificates. */
  readonly hasNone: boolean
}

export type PlatformKeysOptions = {
  publicKey?: PlatformPublicKey | undefined
  certificates?: readonly PlatformCertificate[] | undefined
  /** Asks WeChat Pay for certificates and keeps them; undefined when there is no APIv3 key to open the answer with. */
  download?: (() => Promise<unknown>) | undefined
  /** In ms since the epoch. */
  now: () => number
}

const refetchMs = 12 * 3_600_000
const unknownSerialMs = 60_000

/** Certificates are asked for when a serial is unknown, at most once a minute, and again after twelve hours. */
export function createPlatformKeys({ publicKey, now, ...options }: PlatformKeysOptions): PlatformKeys {
  const given = new Map(publicKey ? [[publicKey.id, createPublicKey(publicKey.pem)]] : [])
  const certificates = new Map<string, PlatformCertificate & { key: KeyObject }>()
  let askedAt = Number.NEGATIVE_INFINITY
  let hasNone = false
  let asking: Promise<void> | undefined
  const take = (list: readonly PlatformCertificate[]) => {
    for (const one of list) certificates.set(one.serial, { ...one, key: keyOf(one.pem) })
  }
  take(options.certificates ?? [])
  const known = (serial: string) => {
    const certificate = certificates.get(serial)
    const isGood = certificate && certificate.expiresAt.getTime() > now()
    return given.get(serial) ?? (isGood ? certificate.key : undefined)
  }
  const { download } = options

  async function ask(): Promise<void> {
    askedAt = now()
    try {
      await download?.()
      hasNone = false
    } catch (error) {
      // The next unknown serial asks again after a minute; until then what it signed is refused.
      hasNone = error instanceof PayError && error.code === 'RESOURCE_NOT_EXISTS'
    } finally {
      asking = undefined
    }
  }
  const askAfter = (ms: number) => {
    if (download && now() - askedAt >= ms) asking ??= ask()
    return asking
  }

  return {
    async find(serial) {
      // Not awaited: what is known is good until the new ones are there, and `ask` never rejects.
      if (certificates.size > 0) void askAfter(refetchMs)
      if (!known(serial) && isCertificateSerial(serial)) await askAfter(hasNone ? refetchMs : unknownSerialMs)
      return known(serial)
    },
    known,
    certificates: () =>
      [...certificates.values()]
        .map(({ key: _key, ...one }) => one)
        .sort((a, b) => b.effectiveAt.getTime() - a.effectiveAt.getTime()),
    take,
    get hasNone() {
      return hasNone
    },
  }
}

/** Only certificates can be fetched: another public key is entered by people. */
function isCertificateSerial(serial: string): boolean {
  return /^[0-9A-Fa-f]{8,40}$/.test(serial)
}

export function keyOf(certificatePem: string): KeyObject {
  return new X509Certificate(certificatePem).publicKey
}
