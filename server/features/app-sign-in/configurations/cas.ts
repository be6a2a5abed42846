import { namesShown, type Program } from './configuration.ts'

const hostOf = (base: string) => URL.parse(base)?.hostname ?? ''
const portOf = (base: string) => URL.parse(base)?.port || '443'
const pathOf = (base: string) => URL.parse(base)?.pathname ?? ''

/** Every value is wisp's own or a checked address, none of which has a quote, a space or a line break. */
export const casPrograms: readonly Program[] = [
  {
    id: 'phpcas',
    name: 'phpCAS',
    icon: { letters: 'php', colour: '#4f5b93' },
    kind: 'cas',
    claims: [namesShown],
    isTried: true,
    file: 'config.php',
    text: ({ casBase, origin }) => `<?php
require_once 'CAS.php';
phpCAS::client(CAS_VERSION_3_0, '${hostOf(casBase)}', ${portOf(casBase)}, '${pathOf(casBase)}', '${origin}');
phpCAS::setCasServerCACert('/etc/ssl/certs/ca-certificates.crt');
phpCAS::handleLogoutRequests();
phpCAS::forceAuthentication();
$user = phpCAS::getUser();
$attributes = phpCAS::getAttributes();
`,
  },
  {
    id: 'java-cas-client',
    name: 'java-cas-client',
    icon: { letters: 'Ja', colour: '#0e7490' },
    kind: 'cas',
    claims: [namesShown],
    isTried: false,
    file: 'WEB-INF/web.xml',
    text: ({ casBase, origin }) => `<filter>
  <filter-name>CAS Single Sign Out Filter</filter-name>
  <filter-class>org.apereo.cas.client.session.SingleSignOutFilter</filter-class>
  <init-param><param-name>casServerUrlPrefix</param-name><param-value>${casBase}</param-value></init-param>
</filter>
<filter>
  <filter-name>CAS Authentication Filter</filter-name>
  <filter-class>org.apereo.cas.client.authentication.AuthenticationFilter</filter-class>
  <init-param><param-name>casServerUrlPrefix</param-name><param-value>${casBase}</param-value></init-param>
  <init-param><param-name>serverName</param-name><param-value>${origin}</param-value></init-param>
</filter>
<filter>
  <filter-name>CAS Validation Filter</filter-name>
  <filter-class>org.apereo.cas.client.validation.Cas30ProxyReceivingTicketValidationFilter</filter-class>
  <init-param><param-name>casServerUrlPrefix</param-name><param-value>${casBase}</param-value></init-param>
  <init-param><param-name>serverName</param-name><param-value>${origin}</param-value></init-param>
</filter>
<filter-mapping><filter-name>CAS Single Sign Out Filter</filter-name><url-pattern>/*</url-pattern></filter-mapping>
<filter-mapping><filter-name>CAS Authentication Filter</filter-name><url-pattern>/*</url-pattern></filter-mapping>
<filter-mapping><filter-name>CAS Validation Filter</filter-name><url-pattern>/*</url-pattern></filter-mapping>
<listener>
  <listener-class>org.apereo.cas.client.session.SingleSignOutHttpSessionListener</listener-class>
</listener>
`,
  },
  {
    id: 'mod-auth-cas',
    name: 'mod_auth_cas',
    icon: { letters: 'Ap', colour: '#a8470a' },
    kind: 'cas',
    claims: [namesShown],
    isTried: true,
    file: '/etc/apache2/conf-available/wisp.conf',
    text: ({ casBase, origin }) => `CASVersion 2
CASLoginURL ${casBase}/login
CASValidateURL ${casBase}/p3/serviceValidate
CASRootProxiedAs ${origin}
CASCookiePath /var/cache/apache2/mod_auth_cas/
CASCertificatePath /etc/ssl/certs/ca-certificates.crt
CASSSOEnabled On

<Location />
  AuthType CAS
  Require valid-user
</Location>
`,
  },
  {
    id: 'spring-security-cas',
    name: 'Spring Security',
    icon: { letters: 'Sp', colour: '#3f7d20' },
    kind: 'cas',
    claims: [namesShown],
    isTried: false,
    file: 'application.yml (cas-client-autoconfig-support)',
    text: ({ casBase, origin }) => `cas:
  server-url-prefix: ${casBase}
  server-login-url: ${casBase}/login
  client-host-url: ${origin}
  validation-type: CAS3
  single-logout:
    enabled: true
`,
  },
]
