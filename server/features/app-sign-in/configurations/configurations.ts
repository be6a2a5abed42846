import type { App } from '../../apps/app.ts'
import type { AppSignIn } from '../app-sign-in.ts'
import { casConfigurations } from './cas.ts'
import { oidcConfigurations } from './oidc.ts'

/** What the texts are filled with. */
export type Values = {
  name: string
  issuer: string
  clientId: string
  /** Stands in the place of the secret, which the page puts in when it has just been shown. */
  clientSecret: string
  redirectUri: string
  scope: string
  /** Without the slash at its end. */
  casBase: string
  service: string
  /** Of the service. */
  origin: string
}

export type Configuration = {
  name: string
  /** Whether a test signs in by exactly this. */
  isTried: boolean
  /** Where it stands. */
  file: string
  text: (values: Values) => string
}

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
