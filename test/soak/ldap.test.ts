import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { configurationsFor } from '../../server/features/ldap/clients/configurations.ts'
import {
  addLdapClient,
  type MadeClient,
  passwordOf,
  serveLdap,
} from '../../server/features/ldap/ldap-server.fixture.ts'
import type { LdapServer } from '../../server/features/ldap/listen/server.ts'
import { startWorld, type World } from '../harness.ts'
import { createEngines, freePort, userOf } from './engines.ts'

/** Clients of LDAP that nobody here wrote, from Debian: ldap-utils, ldap3, net-ldap, sssd, Apache's mod_authnz_ldap; HAProxy with PROXY v2 in front of two nodes. */
const engines = createEngines()
const certificate = certificateOf(40, '127.0.0.1')
const files = { cert: join(engines.dir, 'ldap.crt'), key: join(engines.dir, 'ldap.key') }
const run = promisify(execFile)

let world: World
let nodes: LdapServer[] = []
let made: MadeClient
let password: string
beforeAll(async () => {
  writeFileSync(files.cert, certificate.cert)
  writeFileSync(files.key, certificate.key)
  const env = { WISP_TRUSTED_PROXIES: '127.0.0.1', WISP_LDAP_PLAIN: '10.0.0.0/8' }
  world = await startWorld({ members: 1200, departments: 12, env })
  made = await addLdapClient(world, 'soak')
  password = await passwordOf(world, 'zhangsan', made.appId)
  const options = { certificate: files, securePort: 0 }
  nodes = [await serveLdap(world, options), await serveLdap(world, options)]
})
afterAll(async () => {
  for (const node of nodes) node.stop()
  await engines.close()
  await world?.close()
})

/** What a program of ldap-utils says, and how it ends. */
async function said(program: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, LDAPTLS_CACERT: files.cert }
  try {
    const { stdout } = await run(program, args, { env, maxBuffer: 50_000_000 })
    return { code: 0, text: stdout }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, text: stdout + stderr }
  }
}

const plain = () => `ldap://127.0.0.1:${nodes[0]!.port}`
const secure = () => `ldaps://127.0.0.1:${nodes[0]!.securePort}`
const asClient = () => ['-x', '-D', made.dn, '-w', made.secret]
const person = () => `uid=zhangsan,${made.people}`

/** What the page shows for a program, with the bind password. */
function shownFor(program: string): string {
  const { ctx, corpId } = world
  const config = { ...ctx.config, ldapsPort: nodes[0]!.securePort, ldapUrl: secure() }
  const all = configurationsFor({ config }, ctx.ldapClients.named(corpId, 'soak')!)
  return all.find(one => one.id === program)!.text.replace('BIND_PASSWORD', made.secret)
}

describe("Debian's ldap-utils", () => {
  it('search by StartTLS, LDAPS and pages, and are refused what they may not', async () => {
    for (const way of [
      ['-ZZ', '-H', plain()],
      ['-H', secure()],
    ]) {
      const found = await said(
        'ldapsearch',
        '-LLL',
        ...way,
        ...asClient(),
        '-b',
        made.base,
        '(uid=zhangsan)',
        'cn',
      )
      expect(found).toMatchObject({ code: 0, text: expect.stringContaining(`dn: ${person()}`) })
    }
    const pages = ['-E', 'pr=100/noprompt', '-H', secure(), ...asClient(), '-b', made.people]
    const { text } = await said('ldapsearch', '-LLL', ...pages, '(uid=*)', 'uid')
    expect(text.match(/^uid: /gm)!.length).toBeGreaterThan(1000)
    expect((await said('ldapsearch', '-H', plain(), ...asClient(), '-b', made.base)).code).toBe(13)
    expect((await said('ldapwhoami', '-x', '-H', secure(), '-D', person(), '-w', password)).text).toContain(
      person(),
    )
    expect((await said('ldapwhoami', '-x', '-H', secure(), '-D', person(), '-w', 'wrong')).code).toBe(49)
    expect((await said('ldapcompare', '-H', secure(), ...asClient(), person(), 'uid:zhangsan')).code).toBe(6)
    expect((await said('ldapdelete', '-H', secure(), ...asClient(), person())).code).toBe(53)
  })
})

describe("Debian's python3-ldap3", () => {
  it('reads the schema, searches, pages, and signs in as programs in Python do', async () => {
    const script = join(engines.dir, 'judge.py')
    writeFileSync(
      script,
      `import ssl, sys
from ldap3 import ALL, Connection, Server, Tls
url, dn, secret, base, person, password, ca = sys.argv[1:]
server = Server(url, get_info=ALL, tls=Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca))
asked = Connection(server, dn, secret, auto_bind=True)
assert 'inetOrgPerson' in server.schema.object_classes
asked.search(base, '(&(objectClass=inetOrgPerson)(uid=zhangsan))', attributes=['uid', 'memberOf'])
assert [one.entry_dn for one in asked.entries] == [person], asked.entries
pages = asked.extend.standard.paged_search(base, '(uid=*)', attributes=['uid'], paged_size=200, generator=False)
assert len(pages) > 1000
assert Connection(server, person, password).bind()
assert not Connection(server, person, password + 'x').bind()
print('judged')
`,
    )
    // ldap3 knows no addresses in certificates.
    const args = [
      secure().replace('127.0.0.1', 'localhost'),
      made.dn,
      made.secret,
      made.base,
      person(),
      password,
      files.cert,
    ]
    expect(await said('/usr/bin/python3', script, ...args)).toEqual({ code: 0, text: 'judged\n' })
  })
})

describe("Debian's net-ldap, which GitLab signs people in by", () => {
  it('finds the person and binds, by the configuration that the page shows', async () => {
    const script = join(engines.dir, 'judge.rb')
    // GitLab's configuration is Ruby, and bind_as is what it calls.
    writeFileSync(
      script,
      `require 'net/ldap'
gitlab_rails = {}
${shownFor('gitlab')}
at = gitlab_rails['ldap_servers']['main']
tls = { method: at['encryption'].to_sym, tls_options: { ca_file: ARGV[1], verify_mode: OpenSSL::SSL::VERIFY_PEER } }
asked = { method: :simple, username: at['bind_dn'], password: at['password'] }
ldap = Net::LDAP.new(host: at['host'], port: at['port'], encryption: tls, auth: asked)
filter = Net::LDAP::Filter.eq(at['uid'], 'zhangsan')
[ARGV[0], ARGV[0] + 'x', ''].each do |given|
  found = ldap.bind_as(base: at['base'], filter: filter, size: 1, password: given)
  puts found ? found.first.dn : "refused #{ldap.get_operation_result.code}"
end
`,
    )
    const answer = await said('ruby', script, password, files.cert)
    expect(answer).toEqual({ code: 0, text: `${person()}\nrefused 49\nrefused 53\n` })
  })
})

describe("Debian's sssd", () => {
  it('logs a system user in by the configuration that the page shows', async () => {
    const file = join(engines.dir, 'sssd.conf')
    writeFileSync(file, `${shownFor('sssd')}ldap_tls_cacert = ${files.cert}\n`, { mode: 0o600 })
    const isKnown = async () => (await said('getent', 'passwd', 'zhangsan')).code === 0
    await engines.start('/usr/sbin/sssd', ['-i', '-c', file], { cwd: engines.dir, env: process.env }, isKnown)
    const logIn = async (given: string) => {
      // Root is asked for no password.
      const args = ['--reuid', 'nobody', '--clear-groups', 'su', 'zhangsan', '-c', 'id -un']
      const running = run('setpriv', args, { cwd: '/' })
      running.child.stdin?.end(`${given}\n`)
      return (await running).stdout
    }
    await expect(logIn('wrong')).rejects.toThrow()
    expect(await logIn(password)).toBe('zhangsan\n')
  })
})

describe("Apache's mod_authnz_ldap", () => {
  it('lets people in by the configuration that the page shows', async () => {
    const port = await freePort()
    const folder = engines.folderOf('apache', userOf('www-data'))
    mkdirSync(join(folder, 'site'))
    writeFileSync(join(folder, 'site', 'index.html'), 'inside')
    const modules = [
      'mpm_event',
      'authn_core',
      'authz_core',
      'auth_basic',
      'authz_user',
      'dir',
      'ldap',
      'authnz_ldap',
    ]
    writeFileSync(
      join(folder, 'apache.conf'),
      `ServerRoot ${folder}
ServerName 127.0.0.1
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
User www-data
Group www-data
Mutex file:${folder}
${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
LDAPTrustedGlobalCert CA_BASE64 ${files.cert}
DocumentRoot ${folder}/site
DirectoryIndex index.html
${shownFor('apache')}`,
    )
    const open = (given: string) =>
      fetch(`http://127.0.0.1:${port}/`, {
        headers: { authorization: `Basic ${Buffer.from(`zhangsan:${given}`).toString('base64')}` },
      })
    const env = { PATH: `${process.env['PATH']}:/usr/sbin` }
    const args = ['-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')]
    const isUp = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    await engines.start('/usr/sbin/apache2', args, { cwd: folder, env }, isUp)
    expect((await open('wrong')).status).toBe(401)
    const answer = await open(password)
    expect([answer.status, await answer.text()]).toEqual([200, 'inside'])
  })
})

describe('HAProxy with the settings of deploy/', () => {
  it('spreads clients over two nodes, which see their addresses', async () => {
    const port = await freePort()
    let text = readFileSync(resolve(import.meta.dirname, '../../deploy/haproxy-ldap.cfg'), 'utf8')
    const replace = (from: string, to: string) => {
      expect(text).toContain(from)
      text = text.replace(from, to)
    }
    replace('bind :636', `bind 127.0.0.1:${port}`)
    replace('10.0.0.11:6636', `127.0.0.1:${nodes[0]!.securePort}`)
    replace('10.0.0.12:6636', `127.0.0.1:${nodes[1]!.securePort}`)
    replace('port 3000', `port ${new URL(world.server.url).port}`)
    const file = join(engines.dir, 'haproxy.cfg')
    writeFileSync(file, text)
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' })
    try {
      const whoAmI = () =>
        said('ldapwhoami', '-x', '-H', `ldaps://127.0.0.1:${port}`, '-D', person(), '-w', password)
      let answer = await whoAmI()
      for (let n = 0; n < 100 && answer.code !== 0; n++) answer = await whoAmI()
      for (let n = 0; n < 10; n++) expect((await whoAmI()).text).toContain(person())
      nodes[0]!.stop()
      for (let n = 0; n < 5; n++) expect((await whoAmI()).text).toContain(person())
    } finally {
      child.kill('SIGTERM')
    }
  })
})
