/** What an admin token may be allowed to do, in the order in which it is shown. None gives roles, tokens or second factors. */
export const adminScopes = [
  'admin:read',
  'admin:directory',
  'admin:apps',
  'admin:developers',
  'admin:sync',
] as const
export type AdminScope = (typeof adminScopes)[number]
