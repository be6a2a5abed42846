import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OidcClient } from '../../server/features/app-sign-in/app-sign-in.ts'
import {
  configurationsOf,
  secretPlaceholder,
} from '../../server/features/app-sign-in/configurations/configurations.ts'
import { setSignIn } from '../../server/features/app-sign-in/set-sign-in.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import type { World } from '../harness.ts'
import { type Authority, type Engines, freePort, userOf, writeFor } from './engines.ts'

/** What applications are started with. */
export type Place = { world: World; engines: Engines; authority: Authority }

const claims = [{ name: 'profile', purpose: '显示姓名' }]

/** An application in a browser. */
export type Client = {
  appId: string
  url: string
  /** Where it signs out by itself, and then leads to. */
  logout: string
  bye: string
  /** What it shows somebody whom wisp refused. */
  refusal: string
}

export type RegisteredClient = {
  appId: string
  clientId: string
  clientSecret: string
  issuer: string
  configuration: string
}

export async function register(
  { world }: Pick<Place, 'world'>,
  name: string,
  oidc: Partial<OidcClient> & { redirectUris: string[] },
): Promise<RegisteredClient> {
  const { ctx, corpId } = world
  const homeUrl = oidc.redirectUris[0] ?? 'https://127.0.0.1/'
  const app = await addApp(ctx, 'test', corpId, { name, homeUrl })
  const by = { actor: 'test', approves: true }
  const made = await setSignIn(ctx, by, corpId, app.id, { kind: 'oidc', claims, oidc })
  const addresses = ctx.appSignIns.addressesOf(corpId)
  const configuration = configurationsOf({ name }, made.signIn!, addresses).find(one => one.name === name)
  return {
    appId: app.id,
    clientId: made.signIn?.oidc?.clientId ?? '',
    clientSecret: made.clientSecret,
    issuer: addresses.issuer,
    configuration: configuration?.text ?? '',
  }
}

const isUp = (url: string) => async () =>
  (await fetch(url, { redirect: 'manual' }).catch(() => undefined)) !== undefined

/** By the configuration that the console gives administrators. */
export async function startApache(place: Place): Promise<Client> {
  const { engines, authority } = place
  const [port, user] = [await freePort(), userOf('www-data')]
  const url = `https://127.0.0.1:${port}`
  const [redirect, bye] = [`${url}/oidc/callback`, `${url}/bye.html`]
  const app = await register(place, 'mod_auth_openidc', {
    redirectUris: [redirect],
    postLogoutRedirectUris: [bye],
    logoutUri: `${redirect}?logout=backchannel`,
  })
  const folder = engines.folderOf('apache', user)
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site', 'index.html'), 'inside')
  writeFileSync(join(folder, 'site', 'bye.html'), 'signed out')
  const passphrase = writeFor(user, join(folder, 'passphrase'), randomBytes(24).toString('hex'))
  const configuration = app.configuration
    .replace(secretPlaceholder, app.clientSecret)
    .replace('/etc/apache2/oidc-passphrase', passphrase)
  const text = apacheConfiguration(port, folder, authority, configuration)
  writeFileSync(join(folder, 'apache.conf'), text)
  const args = ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')]
  const env = { PATH: `${process.env['PATH']}:/usr/sbin` }
  await engines.start('/usr/sbin/apache2', args, { cwd: folder, env }, isUp(`${url}/bye.html`))
  const logout = `${redirect}?logout=${encodeURIComponent(bye)}`
  // It takes an error that has an iss (RFC 9207) for an invitation to sign in, which it does not follow.
  return { appId: app.appId, url: `${url}/`, logout, bye, refusal: 'refused: Invalid Request' }
}

function apacheConfiguration(port: number, folder: string, authority: Authority, own: string): string {
  const usual = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'dir', 'ssl']
  return `ServerRoot ${folder}
ServerName 127.0.0.1:${port}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
LogLevel warn
Listen 127.0.0.1:${port}
User www-data
Group www-data
Mutex file:${folder}
${[...usual, 'auth_openidc'].map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}/site
DirectoryIndex index.html
SSLEngine on
SSLCertificateFile ${authority.certFile}
SSLCertificateKeyFile ${authority.keyFile}
OIDCCABundlePath ${authority.caFile}
${own}
<Location />
  Header always set X-Signed-In "expr=%{REMOTE_USER}"
</Location>
ErrorDocument 500 "refused: %{reqenv:OIDC_ERROR}"
<Location /bye.html>
  AuthType None
  Require all granted
</Location>
`
}

/** By Flask, as Authlib's guide has it. */
export async function startAuthlib(place: Place): Promise<Client> {
  const { engines, authority } = place
  const [port, user] = [await freePort(), userOf('nobody')]
  const url = `https://127.0.0.1:${port}`
  const { appId, clientId, clientSecret, issuer } = await register(place, 'Authlib', {
    redirectUris: [`${url}/callback`],
    postLogoutRedirectUris: [`${url}/bye`],
    logoutUri: `${url}/back-channel`,
  })
  const folder = engines.folderOf('authlib', user)
  const script = join(folder, 'app.py')
  copyFileSync(join(import.meta.dirname, 'authlib-app.py'), script)
  const keyFile = writeFor(user, join(folder, 'host.key'), readFileSync(authority.keyFile, 'utf8'))
  const settings = {
    clientId,
    clientSecret,
    issuer,
    port,
    keyFile,
    certFile: authority.certFile,
    scope: 'openid profile',
    sessionKey: randomBytes(24).toString('hex'),
  }
  // Debian's, whatever other Python there is.
  const args = ['-B', script, JSON.stringify(settings)]
  const env = { REQUESTS_CA_BUNDLE: authority.caFile }
  await engines.start('/usr/bin/python3', args, { ...user, cwd: folder, env }, isUp(`${url}/bye`))
  return { appId, url: `${url}/`, logout: `${url}/logout`, bye: `${url}/bye`, refusal: 'access_denied' }
}
