import type { Scope } from '../oauth.ts'
import type { Agent } from '../state/identity.ts'

/** The request with which an application sends a browser to WeCom's sign-in page (docs/upstream/wecom-sign-in.md). */
export interface SignInRequest {
  kind: 'oauth' | 'qr'
  /** Optional for OAuth. */
  agent: Agent | undefined
  scope: Scope
  redirectUri: string
  /** Exactly as in the address, because it must be returned byte for byte. */
  state: string
}

/** The sign-in page shows this message instead of asking who signs in. */
export class SignInRefused extends Error {
  readonly code: number | undefined

  constructor(text: string, code?: number) {
    super(text)
    this.code = code
  }
}

/** The address to which the browser returns. Without a code the person declined. */
export function backTo({ redirectUri, state }: SignInRequest, code?: string): string {
  const hash = redirectUri.indexOf('#')
  const [address, fragment] =
    hash < 0 ? [redirectUri, ''] : [redirectUri.slice(0, hash), redirectUri.slice(hash)]
  const answer = `${code === undefined ? '' : `code=${code}&`}state=${state}`
  const glue = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return `${address}${glue}${answer}${fragment}`
}
