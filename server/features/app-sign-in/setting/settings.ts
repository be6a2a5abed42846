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

/**
 * `approves`: a super administrator, whose act approves the claims that it names. Anybody else is an owner of the app's developer,
 * who may change its addresses and ask for claims, and administrators hear of it. `isProgram`: a file or a program acts for a super
 * administrator. It approves nothing: claims that it adds wait, and what an owner changed still has to be looked at by a person.
 */
export type Setter = { actor: string; approves: boolean; name?: string; isProgram?: true }
