import { randomBytes } from 'node:crypto'
import type { Seal } from '../../platform/security/seal.ts'

export const tokenSeconds = 7200

/** `lentBy`: the session in which a page lent the token; undefined for tokens that were issued for the secret. */
export type TokenClaims = {
  devId: string
  secretId: number
  expiresAtSeconds: number
  lentBy: string | undefined
}

/**
 * devTokens are signed rather than stored: `<devId>.<secret>.<expiry>.<random>.<signature>`, and lent ones
 * `lent.<devId>.<secret>.<expiry>.<session>.<signature>`. Issuing one writes nothing, and any node can check it; whether
 * developer, secret and session are still valid is looked up at each use.
 */
export type Tokens = {
  issue(devId: string, secretId: number, nowMs: number): string
  /** Issues a token that ends with this session, or when its person may no longer manage the developer. */
  lend(devId: string, secretId: number, sessionId: string, nowMs: number): string
  /** Undefined when the token was not issued here or has expired. */
  check(token: string, nowMs: number): TokenClaims | undefined
  /** The content of a token that was issued here, also after it has expired. */
  claims(token: string): TokenClaims | undefined
}

const purpose = 'devToken'
const lentPurpose = 'devToken.lent'
const lentPrefix = 'lent.'
const keepChecked = 50_000

export function createTokens(seal: Seal): Tokens {
  let checked = new Map<string, TokenClaims>()

  function verify(token: string): TokenClaims | undefined {
    const cut = token.lastIndexOf('.')
    const payload = token.slice(0, Math.max(cut, 0))
    const isLent = isLentToken(token)
    if (!seal.isSigned(isLent ? lentPurpose : purpose, payload, token.slice(cut + 1))) return undefined
    const [devId = '', secretId, expiry, last] = payload.slice(isLent ? lentPrefix.length : 0).split('.')
    return {
      devId,
      secretId: Number(secretId),
      expiresAtSeconds: Number(expiry),
      lentBy: isLent ? last : undefined,
    }
  }

  function claims(token: string): TokenClaims | undefined {
    const known = checked.get(token)
    if (known) return known
    const verified = token.length <= 256 ? verify(token) : undefined
    if (!verified) return undefined
    if (checked.size >= keepChecked) checked = new Map()
    checked.set(token, verified)
    return verified
  }

  return {
    claims,
    issue(devId, secretId, nowMs) {
      const payload = `${devId}.${secretId}.${expiryAfter(nowMs)}.${randomBytes(6).toString('base64url')}`
      return `${payload}.${seal.sign(purpose, payload)}`
    },
    lend(devId, secretId, sessionId, nowMs) {
      const payload = `${lentPrefix}${devId}.${secretId}.${expiryAfter(nowMs)}.${sessionId}`
      return `${payload}.${seal.sign(lentPurpose, payload)}`
    },
    check(token, nowMs) {
      const found = claims(token)
      return found && found.expiresAtSeconds * 1000 > nowMs ? found : undefined
    },
  }
}

/** Whether the token claims to be lent; this does not prove that it was issued here. */
export function isLentToken(token: string): boolean {
  return token.startsWith(lentPrefix)
}

function expiryAfter(nowMs: number): number {
  return Math.floor(nowMs / 1000) + tokenSeconds
}
