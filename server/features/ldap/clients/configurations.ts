import type { LdapClient, LdapField } from '../tree/client.ts'
import { viewOf } from './client-view.ts'
import type { KnownClientNeeds } from './set-client.ts'

type Values = {
  url: string
  host: string
  port: string
  isSecure: boolean
  bindDn: string
  base: string
  people: string
  groups: string
}

type LdapProgram = {
  id: string
  name: string
  /** Whether a test signs in by exactly this text (test/soak/ldap.test.ts). */
  isTried: boolean
  /** Where the text stands, or in which menu its values are filled in. */
  file: string
  /** What it needs beside what every client has. */
  needs: readonly LdapField[]
  text: (values: Values) => string
}

/** Stands in the place of the bind password, which the page puts in when it has just been shown. */
export const bindPassword = 'BIND_PASSWORD'

/** Every value is wisp's own or a checked address, none of which has a quote, a space or a line break. */
export const ldapPrograms: readonly LdapProgram[] = [
  {
    id: 'gitlab',
    name: 'GitLab',
    isTried: false,
    file: '/etc/gitlab/gitlab.rb',
    needs: ['mail'],
    text: ({ host, port, isSecure, bindDn, people }) => `gitlab_rails['ldap_enabled'] = true
gitlab_rails['ldap_servers'] = {
  "main" => {
    "label" => "企业微信",
    "host" => "${host}",
    "port" => ${port},
    "uid" => "uid",
    "encryption" => "${isSecure ? 'simple_tls' : 'start_tls'}",
    "verify_certificates" => true,
    "bind_dn" => "${bindDn}",
    "password" => "${bindPassword}",
    "active_directory" => false,
    "base" => "${people}",
    "attributes" => { "username" => ["uid"], "email" => ["mail"], "name" => "cn" }
  }
}
`,
  },
  {
    id: 'jenkins',
    name: 'Jenkins',
    isTried: false,
    file: 'jenkins.yaml',
    needs: ['mail', 'groups'],
    text: ({ url, bindDn, base }) => `jenkins:
  securityRealm:
    ldap:
      configurations:
        - server: "${url}"
          rootDN: "${base}"
          userSearchBase: "ou=people"
          userSearch: "uid={0}"
          groupSearchBase: "ou=groups"
          groupMembershipStrategy:
            fromUserRecord:
              attributeName: "memberOf"
          displayNameAttributeName: "cn"
          mailAddressAttributeName: "mail"
          managerDN: "${bindDn}"
          managerPasswordSecret: "${bindPassword}"
`,
  },
  {
    id: 'nexus',
    name: 'Nexus',
    isTried: false,
    file: 'Administration → Security → LDAP',
    needs: ['mail', 'groups'],
    text: ({ host, port, isSecure, bindDn, base }) => `Protocol: ${isSecure ? 'ldaps' : 'ldap'}
Hostname: ${host}
Port: ${port}
Search base DN: ${base}
Authentication method: Simple Authentication
Username or DN: ${bindDn}
Password: ${bindPassword}
User relative DN: ou=people
Object class: inetOrgPerson
User ID attribute: uid
Real name attribute: cn
Email attribute: mail
Password attribute: (empty)
Map LDAP groups as roles: yes
Group type: Dynamic Groups
Group member of attribute: memberOf
`,
  },
  {
    id: 'grafana',
    name: 'Grafana',
    isTried: false,
    file: '/etc/grafana/ldap.toml',
    needs: ['mail', 'groups'],
    text: ({ host, port, isSecure, bindDn, people }) => `[[servers]]
host = "${host}"
port = ${port}
use_ssl = true
start_tls = ${!isSecure}
ssl_skip_verify = false
bind_dn = "${bindDn}"
bind_password = "${bindPassword}"
search_filter = "(uid=%s)"
search_base_dns = ["${people}"]

[servers.attributes]
name = "displayName"
username = "uid"
member_of = "memberOf"
email = "mail"
`,
  },
  {
    id: 'harbor',
    name: 'Harbor',
    isTried: false,
    file: 'Administration → Configuration → Authentication',
    needs: ['mail', 'groups'],
    text: ({ url, bindDn, people, groups }) => `Auth Mode: LDAP
LDAP URL: ${url}
LDAP Search DN: ${bindDn}
LDAP Search Password: ${bindPassword}
LDAP Base DN: ${people}
LDAP Filter: (objectClass=inetOrgPerson)
LDAP UID: uid
LDAP Scope: Subtree
LDAP Group Base DN: ${groups}
LDAP Group Filter: (objectClass=groupOfNames)
LDAP Group GID: cn
LDAP Group Membership: memberOf
LDAP Verify Certificate: yes
`,
  },
  {
    id: 'zabbix',
    name: 'Zabbix',
    isTried: false,
    file: 'Users → Authentication → LDAP settings',
    needs: ['mail'],
    text: ({ url, port, isSecure, bindDn, people }) => `Host: ${isSecure ? url : url.replace(/:\d+$/, '')}
Port: ${port}
Base DN: ${people}
Search attribute: uid
Bind DN: ${bindDn}
Bind password: ${bindPassword}
StartTLS: ${isSecure ? 'no' : 'yes'}
Search filter: (%{attr}=%{user})
`,
  },
  {
    id: 'sssd',
    name: 'Linux（sssd）',
    isTried: true,
    file: '/etc/sssd/sssd.conf',
    needs: ['posix'],
    text: ({ url, isSecure, bindDn, base }) => `[sssd]
services = nss, pam
domains = wisp

[domain/wisp]
id_provider = ldap
auth_provider = ldap
access_provider = permit
ldap_uri = ${url}
ldap_id_use_start_tls = ${!isSecure}
ldap_tls_reqcert = demand
ldap_search_base = ${base}
ldap_schema = rfc2307bis
ldap_default_bind_dn = ${bindDn}
ldap_default_authtok = ${bindPassword}
ldap_referrals = false
auto_private_groups = true
enumerate = false
`,
  },
  {
    id: 'apache',
    name: 'Apache（mod_authnz_ldap）',
    isTried: true,
    file: '/etc/apache2/conf-available/wisp.conf',
    needs: [],
    text: ({ url, isSecure, bindDn, people }) => `<Location "/">
  AuthType Basic
  AuthName "wisp"
  AuthBasicProvider ldap
  AuthLDAPURL "${url}/${people}?uid?sub?(objectClass=inetOrgPerson)"${isSecure ? '' : ' STARTTLS'}
  AuthLDAPBindDN "${bindDn}"
  AuthLDAPBindPassword "${bindPassword}"
  Require valid-user
</Location>
`,
  },
  {
    id: 'fortigate',
    name: 'VPN（FortiGate）',
    isTried: false,
    file: 'FortiOS CLI',
    needs: [],
    text: ({ host, port, isSecure, bindDn, people }) => `config user ldap
    edit "wisp"
        set server "${host}"
        set port ${port}
        set cnid "uid"
        set dn "${people}"
        set type regular
        set username "${bindDn}"
        set password ${bindPassword}
        set secure ${isSecure ? 'ldaps' : 'starttls'}
    next
end
`,
  },
]

/** The configurations with the values of this client. */
export function configurationsFor(ctx: Pick<KnownClientNeeds, 'config'>, client: LdapClient) {
  const view = viewOf(ctx, client)
  const url = view.url || 'ldaps://ldap.example.edu:636'
  const parsed = URL.parse(url)
  const isSecure = url.startsWith('ldaps://')
  const { bindDn, base, people, groups } = view
  const values: Values = {
    url,
    host: parsed?.hostname ?? '',
    port: parsed?.port || (isSecure ? '636' : '389'),
    isSecure,
    bindDn,
    base,
    people,
    groups,
  }
  return ldapPrograms.map(({ id, name, isTried, file, needs, text }) => ({
    id,
    name,
    isTried,
    file,
    lacks: needs.filter(one => !client.fields.includes(one)),
    text: text(values),
  }))
}
