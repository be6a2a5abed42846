import type { ClaimName } from '../../app-sign-in/app-sign-in.ts'

/** What each scope asks for. The scopes are the claims that an app can be approved for. */
export const claimsOfScopes: Readonly<Record<ClaimName, readonly string[]>> = {
  profile: ['name', 'preferred_username', 'picture', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  departments: ['departments'],
  groups: ['groups'],
  employee_no: ['employee_no'],
}

/** Claims about the sign-in itself, which no attribute of an app's map may replace. */
export const reservedClaims: ReadonlySet<string> = new Set([
  'acr',
  'amr',
  'at_hash',
  'aud',
  'auth_time',
  'azp',
  'c_hash',
  'events',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  's_hash',
  'sid',
  'sub',
])
