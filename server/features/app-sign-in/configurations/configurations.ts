import type { App } from '../../apps/app.ts'
import type { AppSignIn } from '../app-sign-in.ts'
import { casConfigurations } from './cas.ts'
import type { Values } from './configuration.ts'
import { oidcConfigurations } from './oidc.ts'

export const secretPlaceholder = 'CLIENT_SECRET'

/** The configurations of an app's protocol with its own values. */
export function configurationsOf(
  app: Pick<App, 'name'>,
  signIn: AppSignIn,
  { issuer, casBase }: { issuer: string; casBase: string },
): { name: string; isTried: boolean; file: string; text: string }[] {
  const known = signIn.oidc ? oidcConfigurations : signIn.cas ? casConfigurations : []
  const service = signIn.cas?.services[0]?.replace('://*.', '://app.') ?? ''
  const values: Values = {
    name: app.name,
    issuer,
    clientId: signIn.oidc?.clientId ?? '',
    clientSecret: signIn.oidc?.isPublic ? '' : secretPlaceholder,
    redirectUri: signIn.oidc?.redirectUris[0] ?? '',
    scope: ['openid', ...signIn.claims.map(one => one.name)].join(' '),
    casBase,
    service,
    origin: URL.parse(service)?.origin ?? '',
  }
  return known.map(({ name, isTried, file, text }) => ({ name, isTried, file, text: text(values) }))
}
