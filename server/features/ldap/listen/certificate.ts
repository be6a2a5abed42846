import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import { describeError, type Log } from '../../../platform/operation/log.ts'
import { StartError } from '../../../platform/operation/start-error.ts'

/** The certificate that LDAPS and StartTLS show. */
export type Certificate = {
  /** For the next handshake: of the files as they are now. */
  context(): SecureContext
}

export type CertificateFiles = { cert: string; key: string }

const lookMs = 10_000

/**
 * Follows the files of a certificate: they are looked at by handshakes, at most once in ten seconds. While a renewal has written one of two,
 * or they do not fit, the one before stays. Throws StartError for files that cannot be used from the start.
 */
export function followCertificate(files: CertificateFiles, log: Log, every = lookMs): Certificate {
  let stamp = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  let current: SecureContext | undefined

  function look(): void {
    lookedAt = performance.now()
    const now = stampOf(files)
    if (now === stamp) return
    current = load(files)
    stamp = now
  }

  function fresh(): SecureContext {
    if (performance.now() - lookedAt >= every) {
      try {
        look()
      } catch (error) {
        log.warn(describeError(error), 'renewed certificate of LDAP not taken: the one before is shown')
      }
    }
    return current!
  }

  try {
    look()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `LDAP 的证书或私钥不能使用（${files.cert}，${files.key}）：${why}`,
      `the certificate or the key of LDAP cannot be used (${files.cert}, ${files.key}): ${why}`,
    )
  }
  return { context: fresh }
}

function stampOf({ cert, key }: CertificateFiles): string {
  return [cert, key]
    .map(path => {
      const { mtimeMs, size, ino } = statSync(path)
      return `${mtimeMs} ${size} ${ino}`
    })
    .join(' ')
}

function load({ cert, key }: CertificateFiles): SecureContext {
  return createSecureContext({ cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' })
}
