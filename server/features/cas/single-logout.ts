import { randomBytes } from 'node:crypto'
import type { Core } from '../../platform/core.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Logout } from '../app-sign-in/logouts/store.ts'

/**
 * What an application is posted when a session that signed somebody in to it has ended (docs/upstream/cas.md#single-logout). Clients
 * look for the prefix `samlp:` as text, some decode the form twice, and one wants `logoutRequest` first; so no value holds `%` or
 * `+`, and blanks are `%20`. Undefined: the app does not use CAS any more.
 */
export async function logoutForm(
  ctx: Core & { appSignIns: AppSignIns },
  { appId, sid }: Logout,
): Promise<string | undefined> {
  if (!ctx.appSignIns.of(appId)?.cas) return undefined
  const id = `LR-${randomBytes(16).toString('hex')}`
  const at = new Date(ctx.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const request =
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id}" Version="2.0" IssueInstant="${at}">` +
    `<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>` +
    `<samlp:SessionIndex>${sid}</samlp:SessionIndex></samlp:LogoutRequest>`
  return `logoutRequest=${encodeURIComponent(request)}`
}
