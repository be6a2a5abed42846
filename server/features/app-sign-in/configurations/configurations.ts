import type { App } from '../../apps/app.ts'
import type { AppSignIn } from '../app-sign-in.ts'
import type { Values } from './configuration.ts'
import { programs, registeredFor } from './programs.ts'

export const secretPlaceholder = 'CLIENT_SECRET'

/** The configurations of an app's protocol with its own values; `isRegistered`: that its redirect addresses are the program's. */
export function configurationsOf(
  app: Pick<App, 'name'>,
  signIn: AppSignIn,
  { issuer, casBase }: { issuer: string; casBase: string },
): { id: string; name: string; isTried: boolean; isRegistered: boolean; file: string; text: string }[] {
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
  return programs
    .filter(one => one.kind === signIn.kind)
    .map(one => ({
      id: one.id,
      name: one.name,
      isTried: one.isTried,
      isRegistered: registeredFor(one, signIn),
      file: one.file,
      text: one.text(values),
    }))
}
