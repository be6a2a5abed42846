import { groupsGiven, mailed, namesShown, type Program } from './configuration.ts'

/** Every value is wisp's own or a checked address, none of which has a quote, a space or a line break. */
export const oidcPrograms: readonly Program[] = [
  {
    id: 'gitlab',
    name: 'GitLab',
    icon: { letters: 'GL', colour: '#c2410c' },
    kind: 'oidc',
    callbacks: ['/users/auth/openid_connect/callback'],
    claims: [namesShown, mailed],
    isTried: false,
    file: '/etc/gitlab/gitlab.rb',
    text: ({ issuer, clientId, clientSecret, redirectUri, scope }) => `gitlab_rails['omniauth_providers'] = [
  {
    name: "openid_connect",
    label: "企业微信",
    args: {
      name: "openid_connect",
      scope: [${scope
        .split(' ')
        .map(one => `"${one}"`)
        .join(', ')}],
      response_type: "code",
      issuer: "${issuer}",
      discovery: true,
      pkce: true,
      client_auth_method: "basic",
      uid_field: "sub",
      client_options: {
        identifier: "${clientId}",
        secret: "${clientSecret}",
        redirect_uri: "${redirectUri}"
      }
    }
  }
]
`,
  },
  {
    id: 'grafana',
    name: 'Grafana',
    icon: { letters: 'Gr', colour: '#b45309' },
    kind: 'oidc',
    callbacks: ['/login/generic_oauth'],
    claims: [namesShown, mailed],
    isTried: false,
    file: '/etc/grafana/grafana.ini',
    text: ({ issuer, clientId, clientSecret, scope }) => `[auth.generic_oauth]
enabled = true
name = 企业微信
client_id = ${clientId}
client_secret = ${clientSecret}
scopes = ${scope}
auth_url = ${issuer}/auth
token_url = ${issuer}/token
api_url = ${issuer}/me
use_pkce = true
login_attribute_path = preferred_username
name_attribute_path = name
email_attribute_path = email
`,
  },
  {
    id: 'nextcloud',
    name: 'Nextcloud',
    icon: { letters: 'Nc', colour: '#0369a1' },
    kind: 'oidc',
    callbacks: ['/apps/user_oidc/code', '/index.php/apps/user_oidc/code'],
    claims: [namesShown, mailed],
    isTried: false,
    file: 'occ (user_oidc)',
    text: ({ issuer, clientId, clientSecret, scope }) => `php occ user_oidc:provider wisp \\
  --clientid=${clientId} \\
  --clientsecret=${clientSecret} \\
  --discoveryuri=${issuer}/.well-known/openid-configuration \\
  --scope="${scope}" \\
  --mapping-uid=sub \\
  --mapping-display-name=name \\
  --mapping-email=email
`,
  },
  {
    id: 'jenkins',
    name: 'Jenkins',
    icon: { letters: 'Jk', colour: '#b91c1c' },
    kind: 'oidc',
    callbacks: ['/securityRealm/finishLogin'],
    claims: [namesShown, mailed, groupsGiven],
    isTried: false,
    file: 'jenkins.yaml (oic-auth)',
    text: ({ issuer, clientId, clientSecret, scope }) => `jenkins:
  securityRealm:
    oic:
      clientId: ${clientId}
      clientSecret: ${clientSecret}
      serverConfiguration:
        wellKnown:
          wellKnownOpenIDConfigurationUrl: ${issuer}/.well-known/openid-configuration
          scopesOverride: ${scope}
      userNameField: preferred_username
      fullNameFieldName: name
      emailFieldName: email
      groupsFieldName: groups
      pkceEnabled: true
`,
  },
  {
    id: 'spring-security',
    name: 'Spring Security',
    icon: { letters: 'Sp', colour: '#3f7d20' },
    kind: 'oidc',
    callbacks: ['/login/oauth2/code/wisp'],
    claims: [namesShown, mailed],
    isTried: false,
    file: 'application.yml',
    text: ({ issuer, clientId, clientSecret, redirectUri, scope }) => `spring:
  security:
    oauth2:
      client:
        registration:
          wisp:
            client-id: ${clientId}
            client-secret: ${clientSecret}
            authorization-grant-type: authorization_code
            redirect-uri: "${redirectUri}"
            scope: ${scope.split(' ').join(', ')}
        provider:
          wisp:
            issuer-uri: ${issuer}
            user-name-attribute: ${scope.includes('profile') ? 'preferred_username' : 'sub'}
`,
  },
  {
    id: 'mod-auth-openidc',
    name: 'mod_auth_openidc',
    icon: { letters: 'Ap', colour: '#a8470a' },
    kind: 'oidc',
    callbacks: ['/redirect_uri'],
    logout: '/redirect_uri?logout=backchannel',
    claims: [namesShown],
    isTried: true,
    file: '/etc/apache2/conf-available/wisp.conf',
    text: ({
      issuer,
      clientId,
      clientSecret,
      redirectUri,
      scope,
    }) => `OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${clientId}
OIDCClientSecret ${clientSecret}
OIDCRedirectURI ${redirectUri}
OIDCResponseType code
OIDCPKCEMethod S256
OIDCScope "${scope}"
OIDCRemoteUserClaim preferred_username
OIDCCryptoPassphrase "exec:/bin/cat /etc/apache2/oidc-passphrase"

<Location />
  AuthType openid-connect
  Require valid-user
</Location>
`,
  },
]
