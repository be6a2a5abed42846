import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { App } from '../../apps/app.ts'
import { type AppSignIn, claimNames } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { fieldWords } from '../claims/fields.ts'
import { heldBackNames } from '../claims/release.ts'

const texts = Type.Array(Type.String())
const claimSchema = Type.Object({
  name: Type.String(),
  purpose: Type.String(),
  /** '' until then. */
  approvedBy: Type.String(),
  approvedAt: Type.String(),
  /** Approved, and still not given: the developer may not read mobile numbers. */
  isHeldBack: Type.Boolean(),
})

export const groupsSchema = Type.Object({
  departments: Type.Boolean(),
  tags: Type.Boolean(),
  roles: Type.Boolean(),
  memberGroups: Type.Optional(Type.Boolean()),
})

const oidcSchema = Type.Object({
  clientId: Type.String(),
  isPublic: Type.Boolean(),
  redirectUris: texts,
  postLogoutRedirectUris: texts,
  logoutUri: Type.String(),
  privateSchemes: Type.Boolean(),
  refresh: Type.Boolean(),
  device: Type.Boolean(),
  idTokenAlg: Type.Enum(['RS256', 'ES256']),
})

const casSchema = Type.Object({
  services: texts,
  allowsHttp: Type.Boolean(),
  ticketSeconds: Type.Number(),
  attributesInV2: Type.Boolean(),
  singleLogout: Type.Boolean(),
  logoutUri: Type.String(),
})

export const signInSchema = Type.Object({
  appId: Type.String(),
  appName: Type.String(),
  homeUrl: Type.String(),
  kind: Type.Enum(['none', 'jession', 'oidc', 'cas']),
  relation: Type.Enum(['own', 'entrusted', 'third-party']),
  isFramed: Type.Boolean(),
  leastAcr: Type.Number(),
  userNameField: Type.String(),
  claims: Type.Array(claimSchema),
  attributes: Type.Array(
    Type.Object({ ...claimSchema.properties, field: Type.String(), fieldName: Type.String() }),
  ),
  groups: groupsSchema,
  oidc: Type.Union([oidcSchema, Type.Null()]),
  cas: Type.Union([casSchema, Type.Null()]),
  /** Where OpenID Connect and CAS answer; '' until an app of the corp uses them. */
  issuer: Type.String(),
  casBase: Type.String(),
  ownerChange: Type.Union([
    Type.Object({ by: Type.String(), at: Type.String(), fields: texts }),
    Type.Null(),
  ]),
  /** 0 while the app signs people in by a jessionId. */
  version: Type.Number(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  /** Every field that may be given, and whether it may stand for a person. */
  fields: Type.Array(Type.Object({ field: Type.String(), name: Type.String() })),
  claimNames: texts,
})
export type SignInView = Static<typeof signInSchema>

type Needs = Core & { appSignIns: AppSignIns; developers: Developers }

const usual = {
  relation: 'own',
  isFramed: false,
  leastAcr: 1,
  userNameField: 'userid',
  claims: [],
  attributes: [],
  groups: { departments: true, tags: false, roles: false },
  oidc: null,
  cas: null,
  ownerChange: null,
  version: 0,
} as const

export function signInView(ctx: Needs, app: App, language: Language): SignInView {
  const signIn = ctx.appSignIns.of(app.id)
  const heldBack = signIn ? heldBackNames(ctx, app, signIn) : []
  const { issuer, casBase } = ctx.appSignIns.addressesOf(app.corpId)
  const nameOf = (field: string) =>
    Object.hasOwn(fieldWords, field)
      ? wordsIn(language, fieldWords[field as keyof typeof fieldWords])
      : field.replace(/^attribute:/, '')
  return {
    appId: app.id,
    appName: app.name,
    homeUrl: app.homeUrl || app.mobileUrl,
    issuer,
    casBase,
    kind: signIn?.kind ?? 'jession',
    ...settingsOf(signIn),
    claims: (signIn?.claims ?? []).map(one => ({
      ...one,
      isHeldBack: heldBack.includes(one.name),
    })),
    attributes: (signIn?.attributes ?? []).map(one => ({
      ...one,
      isHeldBack: false,
      fieldName: nameOf(one.field),
    })),
    updatedAt: signIn?.updatedAt.toISOString() ?? '',
    updatedBy: signIn?.updatedBy ?? '',
    fields: Object.keys(fieldWords).map(field => ({ field, name: nameOf(field) })),
    claimNames: [...claimNames],
  }
}

function settingsOf(signIn: AppSignIn | undefined) {
  const { relation, isFramed, leastAcr, userNameField, groups, oidc, cas, ownerChange, version } =
    signIn ?? usual
  return { relation, isFramed, leastAcr, userNameField, groups, oidc, cas, ownerChange, version }
}
