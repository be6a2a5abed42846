import type { Config } from '../../platform/config.ts'

/** How programs reach LDAP here; '' where nothing listens. */
export function ldapUrlOf({
  ldapUrl,
  ldapPort,
  ldapsPort,
  publicUrl,
}: Pick<Config, 'ldapUrl' | 'ldapPort' | 'ldapsPort' | 'publicUrl'>): string {
  if (ldapPort === 0 && ldapsPort === 0) return ''
  if (ldapUrl !== '') return ldapUrl
  const host = URL.parse(publicUrl)?.hostname ?? 'localhost'
  return ldapsPort > 0 ? `ldaps://${host}:${ldapsPort}` : `ldap://${host}:${ldapPort}`
}
