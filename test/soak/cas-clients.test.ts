import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Server as TlsServer } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configurationsOf } from '../../server/features/app-sign-in/configurations/configurations.ts'
import { setApp } from '../../server/features/apps/apps.ts'
import { addCasApp, open } from '../../server/features/cas/browser.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { until } from '../until.ts'
import { createEngines, freePort, makeAuthority, startFront, userOf } from './engines.ts'

/**
 * Clients of CAS that nobody here wrote, from Debian: phpCAS, mod_auth_cas and Perl's. wisp is behind a TLS front with an authority
 * that they are told to trust, because they insist on https. Each runs as a user of its own.
 */
const engines = createEngines()
const users = { apache: userOf('www-data'), php: userOf('nobody'), perl: userOf('games') }
const claims = [
  { name: 'profile', purpose: '显示姓名' },
  { name: 'departments', purpose: '显示部门' },
]
let world: World
let front: TlsServer
let frontPort: number
let caFile: string
let base: string

beforeAll(async () => {
  const authority = makeAuthority(engines.dir)
  caFile = authority.caFile
  frontPort = await freePort()
  world = await startWorld({
    members: 20,
    departments: 3,
    env: { WISP_PUBLIC_URL: `https://localhost:${frontPort}`, WISP_TRUSTED_PROXIES: '127.0.0.1' },
  })
  front = startFront(authority, new URL(world.server.url), frontPort)
})
afterAll(async () => {
  await engines.close()
  front.closeAllConnections()
  front.close()
  await world.close()
})

async function register(name: string, port: number): Promise<{ url: string; appId: string }> {
  const url = `http://127.0.0.1:${port}/`
  const appId = await addCasApp(
    world,
    name,
    { services: [url], allowsHttp: true, attributesInV2: true },
    { claims },
  )
  base = world.ctx.appSignIns.addressesOf(world.corpId).casBase
  return { url, appId }
}

/** The one that the console gives administrators. */
function configurationOf({ appId }: { appId: string }, name: string): string {
  const { appSignIns } = world.ctx
  const signIn = appSignIns.of(appId)
  if (!signIn) throw new Error(`no ${name}`)
  const all = configurationsOf({ name }, signIn, appSignIns.addressesOf(world.corpId))
  return all.find(one => one.name === name)?.text ?? ''
}

const isUp = (url: string) => async () => (await open(url).catch(() => undefined)) !== undefined

type Client = { url: string; appId: string; userOf(answer: { text: string; headers: Headers }): string }

async function startPhp(): Promise<Client> {
  const port = await freePort()
  const app = await register('phpCAS', port)
  const folder = engines.folderOf('php', users.php)
  writeFileSync(
    join(folder, 'index.php'),
    `${configurationOf(app, 'phpCAS').replace('/etc/ssl/certs/ca-certificates.crt', caFile)}
echo json_encode(['user' => $user, 'attributes' => $attributes]);
`,
  )
  const args = [
    '-d',
    `session.save_path=${folder}`,
    '-S',
    `127.0.0.1:${port}`,
    '-t',
    folder,
    join(folder, 'index.php'),
  ]
  const env = { PATH: process.env['PATH'], PHP_CLI_SERVER_WORKERS: '4' }
  await engines.start('php', args, { ...users.php, cwd: folder, env }, isUp(app.url))
  return {
    ...app,
    userOf: ({ text }) => (text.startsWith('{') ? (JSON.parse(text) as { user: string }).user : ''),
  }
}

async function startApache(): Promise<Client> {
  const port = await freePort()
  const app = await register('mod_auth_cas', port)
  const folder = engines.folderOf('apache', users.apache)
  mkdirSync(join(folder, 'cas'))
  chownSync(join(folder, 'cas'), users.apache.uid, users.apache.gid)
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'site', 'index.html'), 'inside')
  const configuration = configurationOf(app, 'mod_auth_cas')
    .replace('/var/cache/apache2/mod_auth_cas/', `${folder}/cas/`)
    .replace('/etc/ssl/certs/ca-certificates.crt', caFile)
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'dir', 'auth_cas']
  writeFileSync(
    join(folder, 'apache.conf'),
    `ServerRoot ${folder}
ServerName 127.0.0.1
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
LogLevel warn
Listen 127.0.0.1:${port}
User www-data
Group www-data
Mutex file:${folder}
${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}/site
DirectoryIndex index.html
${configuration}
<Location />
  Header always set X-Signed-In "expr=%{REMOTE_USER}"
</Location>
`,
  )
  const env = { PATH: `${process.env['PATH']}:/usr/sbin` }
  const args = ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')]
  await engines.start('/usr/sbin/apache2', args, { cwd: folder, env }, isUp(app.url))
  return {
    ...app,
    userOf: ({ headers, text }) => (text.includes('inside') ? (headers.get('x-signed-in') ?? '') : ''),
  }
}

/** The cookie that `signIn` gave, by the name that it has under https. */
const underHttps = (cookie: string) => `__Host-${cookie}`

/** Asks wisp as the front does. */
async function atWisp(address: string, cookie: string): Promise<{ status: number; location: string }> {
  const url = new URL(address)
  const { status, location } = await open(`${world.server.url}${url.pathname}${url.search}`, cookie, {
    host: url.host,
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '127.0.0.1',
  })
  return { status, location }
}

/** Follows the redirects as a browser does; the cookies of the application are kept in `jar`. */
async function visit(url: string, cookie: string, jar: Map<string, string>) {
  for (let address = url, hops = 0; hops < 10; hops++) {
    const own = [...jar].map(pair => pair.join('=')).join('; ')
    const isWisp = address.startsWith('https:')
    if (isWisp) {
      const { status, location } = await atWisp(address, cookie)
      if (location === '' || location.includes('/signin?'))
        return { url: address, status, text: '', headers: new Headers() }
      address = location
      continue
    }
    const answer = await open(address, own)
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
      jar.set(name, value)
    }
    if (answer.location === '') return { url: address, ...answer }
    address = new URL(answer.location, address).href
  }
  throw new Error(`${url} redirects without an end`)
}

describe.each([
  ['phpCAS', startPhp],
  ['mod_auth_cas', startApache],
])('%s', (_name, start) => {
  let client: Client
  beforeAll(async () => {
    client = await start()
  })

  it('signs somebody in, and out when they sign out of wisp', async () => {
    const person = await signIn(world, { userId: 'zhangsan' })
    const cookie = underHttps(person.cookie)
    const jar = new Map<string, string>()
    const entered = await visit(client.url, cookie, jar)
    expect([entered.status, client.userOf(entered)], entered.text).toEqual([200, 'zhangsan'])
    if (entered.text.startsWith('{'))
      expect(JSON.parse(entered.text).attributes).toMatchObject({ name: '张三' })
    expect(client.userOf(await visit(client.url, '', jar))).toBe('zhangsan')
    await atWisp(`${base}/logout`, cookie)
    await until(
      'the application is signed out',
      async () => client.userOf(await visit(client.url, cookie, jar)) === '',
      20_000,
    )
  })

  it('leads on from the application to the sign-out, and lets nobody in whom wisp refuses', async () => {
    const memberIds = [world.ctx.mirrors.of(world.corpId).members.byKey('lisi')!.id]
    const visibility = { everyone: false, departments: [], memberIds, tags: [] }
    await setApp(world.ctx, 'test', world.corpId, client.appId, { visibility })
    const person = await signIn(world, { userId: 'wangwu' })
    const refused = await visit(client.url, underHttps(person.cookie), new Map())
    expect([refused.status, refused.url.startsWith(base), client.userOf(refused)]).toEqual([403, true, ''])
    const forged = await visit(`${client.url}?ticket=ST-${'0'.repeat(48)}`, '', new Map())
    expect(client.userOf(forged)).toBe('')
    const end = await atWisp(
      `${base}/logout?service=${encodeURIComponent(client.url)}`,
      underHttps(person.cookie),
    )
    expect(end.location).toBe(client.url)
  })
})

describe("Perl's Authen::CAS::Client", () => {
  const script = `
use strict; use warnings; use Authen::CAS::Client;
my ($base, $service, $ticket, $call) = @ARGV;
my $answer = Authen::CAS::Client->new($base)->$call($service, $ticket);
print ref($answer), "\\n", $answer->is_success ? $answer->user : ($answer->can('code') ? $answer->code : ''), "\\n";
`
  const service = 'http://127.0.0.1:9/'
  async function run(ticket: string, call: string): Promise<string[]> {
    const env = { PATH: process.env['PATH'], PERL_LWP_SSL_CA_FILE: caFile }
    const child = spawn('perl', ['-e', script, base, service, ticket, call], { ...users.perl, cwd: '/', env })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text
    })
    await once(child, 'close')
    return said.trim().split('\n')
  }

  it.each(['validate', 'service_validate', 'proxy_validate'])('%s: once, and for its service', async call => {
    if (!world.ctx.appSignIns.ofCorp(world.corpId).some(one => one.cas?.services.includes(service)))
      await addCasApp(world, 'Perl', { services: [service], allowsHttp: true }, { claims })
    const person = await signIn(world, { userId: 'zhangsan' })
    const { location } = await atWisp(
      `${base}/login?service=${encodeURIComponent(service)}`,
      underHttps(person.cookie),
    )
    const ticket = /ticket=(.*)$/.exec(location)?.[1] ?? ''
    expect(await run(ticket, call)).toEqual(['Authen::CAS::Client::Response::AuthSuccess', 'zhangsan'])
    const [kind, code = ''] = await run(ticket, call)
    expect(kind).toBe('Authen::CAS::Client::Response::AuthFailure')
    if (call !== 'validate') expect(code).toBe('INVALID_TICKET')
  })
})
