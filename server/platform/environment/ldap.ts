import type { BlockList } from 'node:net'
import { type Static, type TObject, Type } from 'typebox'
import type { Problem } from '../problem.ts'
import { formed } from './forms.ts'

/** The variables of LDAP (features/ldap). */
export const ldapVariables = {
  WISP_LDAP_PORT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65535,
    description: 'port for LDAP with StartTLS; 0: none',
  }),
  WISP_LDAPS_PORT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65535,
    description: 'port for LDAPS; 0: none; needs WISP_LDAP_CERT and WISP_LDAP_KEY',
  }),
  WISP_LDAP_HOST: Type.String({
    default: '',
    description: 'address to listen on for LDAP; default WISP_HOST',
  }),
  WISP_LDAP_URL: Type.String({
    default: '',
    pattern: '^(ldaps?://[^/\\s]+)?$',
    description:
      'how programs reach LDAP, such as ldaps://ldap.example.edu, for pages and configurations; default: the host of WISP_PUBLIC_URL and the port',
  }),
  WISP_LDAP_CERT: formed('file', {
    default: '',
    description:
      'PEM file of the certificate, with those that lead to its root; a renewed one is taken by itself',
  }),
  WISP_LDAP_KEY: formed('file', { default: '', description: 'PEM file of its private key' }),
  WISP_LDAP_PLAIN: Type.String({
    default: '',
    description:
      'addresses or CIDRs from which LDAP is taken without encryption, separated by commas; from all others LDAPS or StartTLS',
  }),
}

type LdapValues = Static<TObject<typeof ldapVariables>>

export type LdapConfig = {
  /** 0: LDAP is not listened on. */
  ldapPort: number
  ldapsPort: number
  ldapHost: string
  /** '' for what follows from `publicUrl` and the ports. */
  ldapUrl: string
  /** Paths of PEM files; both, or none. */
  ldapCert: string
  ldapKey: string
  ldapPlain: BlockList
}

/** What the schema cannot express. */
export function ldapProblems(v: LdapValues): Problem[] {
  const problems: Problem[] = []
  if (!v.WISP_LDAP_CERT !== !v.WISP_LDAP_KEY)
    problems.push({
      zh: 'WISP_LDAP_CERT 与 WISP_LDAP_KEY 须同时设置',
      en: 'WISP_LDAP_CERT and WISP_LDAP_KEY are set together, or neither',
    })
  if (v.WISP_LDAPS_PORT && !v.WISP_LDAP_CERT)
    problems.push({
      zh: 'WISP_LDAPS_PORT 需要证书：请设置 WISP_LDAP_CERT 和 WISP_LDAP_KEY',
      en: 'WISP_LDAPS_PORT needs a certificate: set WISP_LDAP_CERT and WISP_LDAP_KEY',
    })
  return problems
}

export function ldapConfig(v: LdapValues): Omit<LdapConfig, 'ldapHost' | 'ldapPlain'> {
  return {
    ldapPort: v.WISP_LDAP_PORT,
    ldapsPort: v.WISP_LDAPS_PORT,
    ldapUrl: v.WISP_LDAP_URL,
    ldapCert: v.WISP_LDAP_CERT,
    ldapKey: v.WISP_LDAP_KEY,
  }
}
