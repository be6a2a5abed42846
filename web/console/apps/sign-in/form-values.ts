import type { Answer, CallInput } from '../../../ui/data/api.ts'
import type { FieldsOf } from '../../../ui/data/form-act.ts'

export type SignIn = Answer<'/web/apps/sign-in'>
export type Kind = SignIn['kind']
type Settings = CallInput<'/web/apps/sign-in/save'>['settings']

export type ClaimValue = {
  name: string
  purpose: string
  approvedBy: string
  /** '' for one that an owner has asked for, or that was just added. */
  approvedAt: string
  isHeldBack: boolean
  /** Whether it is stored, and waits. */
  isAsked: boolean
  approve: boolean
}

export type AttributeValue = { name: string; field: string; purpose: string }

export const groupKinds = ['departments', 'tags', 'memberGroups', 'roles'] as const
export type GroupKind = (typeof groupKinds)[number]

export type SignInValues = {
  kind: Kind
  relation: SignIn['relation']
  isFramed: boolean
  leastAcr: number
  userNameField: string
  claims: ClaimValue[]
  attributes: AttributeValue[]
  groups: GroupKind[]
  /** A line each, as are the others. */
  redirectUris: string
  postLogoutRedirectUris: string
  services: string
  logoutUri: string
  isPublic: boolean
  privateSchemes: boolean
  refresh: boolean
  device: boolean
  idTokenAlg: 'RS256' | 'ES256'
  allowsHttp: boolean
  ticketSeconds: number | null
  attributesInV2: boolean
  singleLogout: boolean
}

export const linesOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean)

export function valuesOf(signIn: SignIn): SignInValues {
  const { kind, relation, isFramed, leastAcr, userNameField, groups, oidc, cas } = signIn
  return {
    kind,
    relation,
    isFramed,
    leastAcr,
    userNameField,
    claims: signIn.claims.map(one => ({ ...one, isAsked: one.approvedAt === '', approve: false })),
    attributes: signIn.attributes.map(({ name, field, purpose }) => ({ name, field, purpose })),
    groups: groupKinds.filter(name => groups[name]),
    redirectUris: (oidc?.redirectUris ?? []).join('\n'),
    postLogoutRedirectUris: (oidc?.postLogoutRedirectUris ?? []).join('\n'),
    services: (cas?.services ?? []).join('\n'),
    logoutUri: oidc?.logoutUri ?? cas?.logoutUri ?? '',
    isPublic: oidc?.isPublic ?? false,
    privateSchemes: oidc?.privateSchemes ?? false,
    refresh: oidc?.refresh ?? false,
    device: oidc?.device ?? false,
    idTokenAlg: oidc?.idTokenAlg ?? 'RS256',
    allowsHttp: cas?.allowsHttp ?? false,
    ticketSeconds: cas?.ticketSeconds ?? 10,
    attributesInV2: cas?.attributesInV2 ?? false,
    singleLogout: cas?.singleLogout ?? true,
  }
}

/** What of a protocol stays where another one is chosen is not sent. */
export function settingsOf(values: SignInValues): Settings {
  const { kind, relation, isFramed, leastAcr, userNameField, claims, attributes = [], groups } = values
  if (kind === 'jession') return { kind }
  const has = (name: GroupKind) => groups.includes(name)
  return {
    kind,
    relation,
    isFramed,
    leastAcr,
    userNameField: userNameField.trim(),
    claims: claims.map(({ name, purpose, isAsked, approve }) => ({
      name,
      purpose: purpose.trim(),
      ...(isAsked ? { approve } : {}),
    })),
    attributes: attributes.map(one => ({
      name: (one.name ?? '').trim(),
      field: (one.field ?? '').trim(),
      purpose: (one.purpose ?? '').trim(),
    })),
    groups: {
      departments: has('departments'),
      tags: has('tags'),
      roles: has('roles'),
      memberGroups: has('memberGroups'),
    },
    ...(kind === 'oidc' ? { oidc: clientOf(values) } : {}),
    ...(kind === 'cas' ? { cas: casOf(values) } : {}),
  }
}

function clientOf(values: SignInValues): NonNullable<Settings['oidc']> {
  const { isPublic, privateSchemes, refresh, device, idTokenAlg, logoutUri } = values
  return {
    isPublic,
    privateSchemes,
    refresh,
    device,
    idTokenAlg,
    logoutUri: logoutUri.trim(),
    redirectUris: linesOf(values.redirectUris),
    postLogoutRedirectUris: linesOf(values.postLogoutRedirectUris),
  }
}

function casOf(values: SignInValues): NonNullable<Settings['cas']> {
  const { allowsHttp, ticketSeconds, attributesInV2, singleLogout, logoutUri } = values
  return {
    allowsHttp,
    attributesInV2,
    singleLogout,
    logoutUri: logoutUri.trim(),
    ticketSeconds: ticketSeconds ?? 10,
    services: linesOf(values.services),
  }
}

const names = ['redirectUris', 'postLogoutRedirectUris', 'services', 'logoutUri', 'userNameField'] as const

export const fieldsOfSignIn: FieldsOf = {
  named: Object.fromEntries([
    ...names.map(name => [name, name]),
    ...['ticketSeconds', 'leastAcr', 'claims', 'attributes'].map(name => [name, name]),
  ]),
}
