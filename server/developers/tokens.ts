import { randomBytes } from 'node:crypto'
import type { Seal } from '../security/seal.ts'

export const tokenSeconds = 7200

export type TokenClaims = { devId: string; secretId: number; expiresAtSeconds: number }

/**
 * devTokens are signed rather than stored: `<devId>.<secret>.<expiry>.<random>.<signature>`. Issuing one writes
 * nothing, and any node can check it; whether developer and secret are still valid is looked up at each use.
 */
export type Tokens = {
  issue(devId: string, secretId: number, nowMs: number): string
  /** Undefined when the token was not issued here or has expired. */
  check(token: string, nowMs: number): TokenClaims | undefined
  /** What a token that was issued here says, also after it has expired. */
  claims(token: string): TokenClaims | undefined
}

const purpose = 'devToken'
const keepChecked = 50_000

export function createTokens(seal: Seal): Tokens {
  let checked = new Map<string, TokenClaims>()

  function verify(token: string): TokenClaims | undefined {
    const cut = token.lastIndexOf('.')
    const payload = token.slice(0, Math.max(cut, 0))
    if (!seal.isSigned(purpose, payload, token.slice(cut + 1))) return undefined
    const [devId = '', secretId, expiry] = payload.split('.')
    return { devId, secretId: Number(secretId), expiresAtSeconds: Number(expiry) }
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
      const expiry = Math.floor(nowMs / 1000) + tokenSeconds
      const payload = `${devId}.${secretId}.${expiry}.${randomBytes(6).toString('base64url')}`
      return `${payload}.${seal.sign(purpose, payload)}`
    },
    check(token, nowMs) {
      const found = claims(token)
      return found && found.expiresAtSeconds * 1000 > nowMs ? found : undefined
    },
  }
}
