import type { AppSignIn, CasApp, Groups, OidcClient, SignInKind } from '../app-sign-in.ts'

/** What is set; absent values stay, or are the usual ones. */
export type SignInSettings = {
  kind: SignInKind
  relation?: AppSignIn['relation']
  isFramed?: boolean
  leastAcr?: number
  userNameField?: string
  /** With the purpose of each. Whoever approves may leave some waiting: `approve` false. */
  claims?: readonly { name: string; purpose: string; approve?: boolean | undefined }[]
  attributes?: readonly { name: string; field: string; purpose: string; approve?: boolean | undefined }[]
  groups?: Groups
  oidc?: Partial<Omit<OidcClient, 'clientId'>>
  cas?: Partial<CasApp>
}

/** A file or a program names claims and approves none: those that it adds wait until a person has approved them. */
export function unapproved<S extends Partial<SignInSettings>>(settings: S): S {
  const waiting = { approve: false }
  return {
    ...settings,
    ...(settings.claims ? { claims: settings.claims.map(one => ({ ...one, ...waiting })) } : {}),
    ...(settings.attributes ? { attributes: settings.attributes.map(one => ({ ...one, ...waiting })) } : {}),
  }
}

/**
 * `approves`: a super administrator, whose act approves the claims that it names. Anybody else is an owner of the app's developer,
 * who may change its addresses and ask for claims, and administrators hear of it.
 */
export type Setter = { actor: string; approves: boolean; name?: string }
