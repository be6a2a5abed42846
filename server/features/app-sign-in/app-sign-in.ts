import type { Field } from './claims/fields.ts'

/** How an app signs people in. `jession`: by a jessionId, as the interface document has it. */
export type SignInKind = 'none' | 'jession' | 'oidc' | 'cas'

/** Whose system the app is (个人信息保护法): ours, one that works on our behalf, or a third party's, for which each person is asked. */
export type Relation = 'own' | 'entrusted' | 'third-party'

/** 1: recognised without a click; 2: did something to sign in; 3: with a second factor. */
export type Acr = 1 | 2 | 3

/** The claims that an application may be given beside `sub`. */
export const claimNames = ['profile', 'email', 'phone', 'departments', 'groups', 'employee_no'] as const
export type ClaimName = (typeof claimNames)[number]

/** Released once a super administrator has approved it. */
export type Claim = {
  name: ClaimName
  /** What the application needs it for. */
  purpose: string
  /** '' until then. */
  approvedBy: string
  /** ISO 8601; '' until then. */
  approvedAt: string
}

/** A further claim of OpenID Connect, or an attribute of CAS, that is a field of the address book. */
export type Attribute = {
  name: string
  field: Field
  purpose: string
  approvedBy: string
  approvedAt: string
}

/** What names of groups are made of. */
export type Groups = { departments: boolean; tags: boolean; roles: boolean; memberGroups?: boolean }

export type OidcClient = {
  clientId: string
  /** Has no secret and proves by PKCE that it began the sign-in itself. */
  isPublic: boolean
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  /** Where the application is told that somebody was signed out; '' where it is not. */
  logoutUri: string
  /** Whether redirect addresses may be of a scheme of the application's own, such as `com.example.app:/callback`. */
  privateSchemes: boolean
  refresh: boolean
  device: boolean
  idTokenAlg: 'RS256' | 'ES256'
}

export type CasApp = {
  /** `https://host[:port]/path/`: that origin, and paths that begin so; the first label of the host may be `*`. */
  services: string[]
  /** A super administrator confirmed that services may be http. */
  allowsHttp: boolean
  /** For how long a service ticket is good, 10 to 300. */
  ticketSeconds: number
  /** Whether serviceValidate gives attributes as p3/serviceValidate does. */
  attributesInV2: boolean
  singleLogout: boolean
  /** In the place of the service's own address; '' for that. */
  logoutUri: string
}

/** What an owner of the app's developer changed, until an administrator has looked at it. */
export type OwnerChange = { by: string; at: string; fields: string[] }

/** How an app signs people in, as every node has it in memory. An app without one uses a jessionId. */
export type AppSignIn = {
  readonly appId: string
  readonly corpId: string
  readonly kind: 'none' | 'oidc' | 'cas'
  readonly relation: Relation
  /** Whether it opens in the portal's frame, where many browsers keep its cookies away. */
  readonly isFramed: boolean
  readonly leastAcr: Acr
  /** Behind preferred_username and cas:user. */
  readonly userNameField: Field
  readonly claims: readonly Claim[]
  readonly attributes: readonly Attribute[]
  readonly groups: Groups
  /** Set for OpenID Connect. */
  readonly oidc: OidcClient | null
  /** Sealed; '' for a public client and without OpenID Connect. */
  readonly clientSecret: string
  /** Set for CAS. */
  readonly cas: CasApp | null
  readonly ownerChange: OwnerChange | null
  readonly version: number
  readonly updatedAt: Date
  readonly updatedBy: string
}

export function isApproved({ approvedAt }: { approvedAt: string }): boolean {
  return approvedAt !== ''
}
