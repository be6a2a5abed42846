import type { ClientMetadata } from 'oidc-provider'
import type { Core } from '../../../platform/core.ts'
import type { AppSignIn } from '../../app-sign-in/app-sign-in.ts'
import { clientSecretPurpose } from '../../app-sign-in/sealed.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** An app in the library's words. It is told of logouts by wisp's own queue, and of nothing by the library. */
export function clientMetadataOf(ctx: Core, signIn: AppSignIn, name: string): ClientMetadata | undefined {
  const { oidc: client, clientSecret } = signIn
  if (!client) return undefined
  const { clientId, isPublic, redirectUris, postLogoutRedirectUris, refresh, device, idTokenAlg } = client
  const hasPages = redirectUris.length > 0
  return {
    client_id: clientId,
    client_name: name,
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...postLogoutRedirectUris],
    application_type: isNative(redirectUris) ? 'native' : 'web',
    response_types: hasPages ? ['code'] : [],
    grant_types: [
      ...(hasPages ? ['authorization_code'] : []),
      ...(refresh ? ['refresh_token'] : []),
      ...(device ? [deviceGrant] : []),
    ],
    id_token_signed_response_alg: idTokenAlg,
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_basic',
    ...(isPublic ? {} : { client_secret: ctx.seal.open(clientSecret, clientSecretPurpose) }),
  }
}

/** Whoever listens on loopback has another port each time (RFC 8252, section 7.3). */
function isNative(redirectUris: readonly string[]): boolean {
  return redirectUris.some(uri => {
    const url = URL.parse(uri)
    return url?.protocol === 'http:' ? loopback.has(url.hostname) : url?.protocol !== 'https:'
  })
}
