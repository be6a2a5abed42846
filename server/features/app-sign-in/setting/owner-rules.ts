import { ApiError } from '../../../platform/http/errors.ts'
import type { AppSignIn, CasApp, OidcClient, OwnerChange } from '../app-sign-in.ts'
import type { Setter, SignInSettings } from './settings.ts'

/** What an owner of the app's developer may change by themselves, of each protocol. */
const ownedFields = {
  oidc: ['redirectUris', 'postLogoutRedirectUris', 'logoutUri'],
  cas: ['services', 'logoutUri'],
} as const

const ofAdministrators = [
  'relation',
  'isFramed',
  'leastAcr',
  'userNameField',
  'groups',
  'attributes',
] as const

/** Owners change addresses and ask for claims; how an app signs people in is for administrators to say. Throws 1009. */
export function checkOwnerMay(settings: SignInSettings, before: AppSignIn | undefined): void {
  const isOwned = (of: 'oidc' | 'cas') =>
    Object.keys(settings[of] ?? {}).every(field => (ownedFields[of] as readonly string[]).includes(field))
  const keepsClaims = (before?.claims ?? []).every(
    known =>
      settings.claims === undefined ||
      settings.claims.some(one => one.name === known.name && one.purpose === known.purpose),
  )
  const changesMore = ofAdministrators.some(field => settings[field] !== undefined)
  if (!before || before.kind !== settings.kind || changesMore || !keepsClaims)
    throw new ApiError('forbidden', {
      zh: '负责人只能修改地址和申请信息，其余由管理员设置',
      en: 'owners may change only addresses and ask for claims; administrators set the rest',
    })
  if (!isOwned('oidc') || !isOwned('cas'))
    throw new ApiError('forbidden', {
      zh: '负责人只能修改重定向地址、服务地址和退出的地址，其余由管理员设置',
      en: 'owners may change only redirect addresses, services and the addresses of signing out; administrators set the rest',
    })
}

/** What stays to be looked at when an owner has changed this. */
export function ownerChangeOf(
  { actor, name }: Setter,
  at: Date,
  { oidc, cas }: { oidc: OidcClient | null; cas: CasApp | null },
  before: AppSignIn | undefined,
): OwnerChange | null {
  const after = { ...oidc, ...cas }
  const was: Record<string, unknown> = { ...before?.oidc, ...before?.cas }
  const fields = Object.entries(after)
    .filter(([field, value]) => JSON.stringify(was[field]) !== JSON.stringify(value))
    .map(([field]) => field)
  const known = before?.ownerChange
  if (fields.length === 0) return known ?? null
  const all = [...new Set([...(known?.fields ?? []), ...fields])]
  return { by: name ?? actor, at: at.toISOString(), fields: all }
}
