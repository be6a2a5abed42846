import type { Scope } from '../oauth.ts'
import type { Agent } from '../state/identity.ts'

/** What an application asks for when it sends a browser to WeCom's sign-in page (upstream.md §6). */
export interface SignInRequest {
  kind: 'oauth' | 'qr'
  /** OAuth may come without one. */
  agent: Agent | undefined
  scope: Scope
  redirectUri: string
  /** As it stood in the address, so that it goes back byte for byte. */
  state: string
}

/** What WeCom's page says instead of asking who one is. */
export class SignInRefused extends Error {
  readonly code: number | undefined

  constructor(text: string, code?: number) {
    super(text)
    this.code = code
  }
}

/** Where the browser goes back to; without a code the person refused. */
export function backTo({ redirectUri, state }: SignInRequest, code?: string): string {
  const hash = redirectUri.indexOf('#')
  const [address, fragment] =
    hash < 0 ? [redirectUri, ''] : [redirectUri.slice(0, hash), redirectUri.slice(hash)]
  const answer = `${code === undefined ? '' : `code=${code}&`}state=${state}`
  const glue = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return `${address}${glue}${answer}${fragment}`
}
