import type { Seal } from '../../../platform/security/seal.ts'

export const tokenSeconds = 7200
const tokenAtMost = 256
const purpose = 'compatToken'

/**
 * access_tokens are signed rather than stored: `<secret>.<end>.<signature>`. One secret and end always make the same token, and it is no
 * devToken: it opens nothing but the addresses below /compat/. Whether the secret is still valid is looked up at each use.
 */
export function createTokens(seal: Seal) {
  return {
    issue(secretId: string, untilSeconds: number): string {
      const payload = `${secretId}.${untilSeconds}`
      return `${payload}.${seal.sign(purpose, payload)}`
    },
    /** Also of a token that has ended; undefined when it was not issued here. */
    read(token: string): { secretId: string; untilSeconds: number } | undefined {
      if (token.length > tokenAtMost) return undefined
      const cut = token.lastIndexOf('.')
      const payload = token.slice(0, Math.max(cut, 0))
      if (!seal.isSigned(purpose, payload, token.slice(cut + 1))) return undefined
      const [secretId = '', untilSeconds] = payload.split('.')
      return { secretId, untilSeconds: Number(untilSeconds) }
    },
  }
}
