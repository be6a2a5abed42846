import { hash } from 'node:crypto'
import type { AppSignIn, CasApp } from '../app-sign-in/app-sign-in.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { isServiceOf, serviceLength } from '../app-sign-in/services.ts'

/** An application's address that asks for a sign-in. */
export type Service = {
  signIn: AppSignIn & { cas: CasApp }
  /** As a browser would open it, in ASCII. */
  url: URL
}

/** Whose address this is: of several apps, the one with the longest path. Undefined: nobody registered it. */
export function findService(
  { appSignIns }: { appSignIns: AppSignIns },
  corpId: string,
  given: string,
): Service | undefined {
  const url = URL.parse(given)
  if (!url || url.href.length > serviceLength) return undefined
  const found = appSignIns
    .ofCorp(corpId)
    .flatMap(signIn =>
      (signIn.cas?.services ?? [])
        .filter(one => isServiceOf([one], given))
        .map(one => ({ signIn: signIn as Service['signIn'], length: one.length })),
    )
  const [best] = found.sort(
    (one, other) => other.length - one.length || one.signIn.appId.localeCompare(other.signIn.appId, 'en'),
  )
  // An app is also tried at a service of wisp's own.
  const signIn = best?.signIn ?? appSignIns.ofService(corpId, given)
  return signIn?.cas ? { signIn: signIn as Service['signIn'], url } : undefined
}

/** The address with a ticket behind its query, or without one. The fragment stays in the browser. */
export function addressOf({ url }: Service, ticket?: string): string {
  const [address = ''] = url.href.split('#', 1)
  if (ticket === undefined) return url.href
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return `${address}${separator}ticket=${ticket}${url.hash}`
}

/**
 * By which the service of a validation is compared with that of the sign-in, as Apereo does it: decoded, without a fragment, in
 * whatever case; and with what a browser makes of an address.
 */
export function serviceKey(url: URL): string {
  const [address = ''] = url.href.split('#', 1)
  return hash('sha256', decoded(address).replace(/\?$/, '').toLowerCase(), 'hex')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
