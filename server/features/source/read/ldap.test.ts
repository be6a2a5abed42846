import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { addLdapClient, type MadeClient, serveLdap } from '../../ldap/ldap-server.fixture.ts'
import type { LdapServer } from '../../ldap/listen/server.ts'
import { tryRead } from '../preview-now.ts'
import { addSource, knownSource, type SourceChange, setSource } from '../set-source.ts'
import { initialSettings, type SourceSettings } from '../settings.ts'
import { ouPath, readLdap } from './ldap.ts'
import { lineTo } from './line.fixture.ts'
import { readSource } from './read-source.ts'

const known = certificateOf(50, 'localhost')
const folder = mkdtempSync(join(tmpdir(), 'wisp-source-'))
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
const pagedResults = Buffer.from('1.2.840.113556.1.4.319')

let world: World
let plain: LdapServer
let secure: LdapServer
let hr: MadeClient
beforeAll(async () => {
  writeFileSync(files.cert, known.cert)
  writeFileSync(files.key, known.key)
  world = await startWorld({
    members: 60,
    departments: 12,
    env: { WISP_OUTBOUND_ALLOW: '127.0.0.1,localhost', WISP_LDAP_PLAIN: '127.0.0.1' },
  })
  plain = await serveLdap(world)
  secure = await serveLdap(world, { securePort: 0, certificate: files })
  hr = await addLdapClient(world, 'hr')
})
afterAll(async () => {
  plain?.stop()
  secure?.stop()
  await world?.close()
  rmSync(folder, { recursive: true })
})

const refused = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: Error) => error.message,
  )
const change = {
  key: 'uid',
  userId: '',
  fields: [
    { field: 'name', column: 'cn', owner: 'source' },
    { field: 'email', column: 'mail', owner: 'source' },
  ],
  status: '',
  departments: 'none',
  people: '(objectClass=person)',
} satisfies SourceChange
const read = (
  url: string,
  more: Partial<SourceSettings> = {},
  pageSize?: number,
  outbound: Parameters<typeof readLdap>[0] = world.ctx.outbound,
) => {
  const settings = {
    ...initialSettings,
    ...change,
    url,
    user: hr.dn,
    base: hr.people,
    ...more,
  } as SourceSettings
  return readLdap(outbound, world.corpId, settings, hr.secret, pageSize)
}
/** Every name leads to this machine. */
const here: Parameters<typeof readLdap>[0] = {
  place: async () => ({ addresses: [{ address: '127.0.0.1', family: 4 }], isInner: false, isNamed: false }),
  checkEntered: () => undefined,
}
const there = () =>
  [...world.ctx.mirrors.of(world.corpId).members.all()]
    .filter(one => one.status === 1 || one.status === 4)
    .map(one => one.userId)
    .sort()

it('is read page by page, and tells what is wrong', async () => {
  const { ctx, corpId } = world
  const login = {
    url: `ldap://127.0.0.1:${plain.port}?sslmode=disable`,
    user: hr.dn,
    secret: hr.secret,
    base: hr.people,
  }
  const id = await addSource(ctx, 'test', corpId, 'ldap', { name: '目录', ...change, ...login })
  const { records } = await readSource(ctx, await knownSource(ctx.db, corpId, id))
  expect(records.map(one => one.cells['uid']).sort()).toEqual(there())
  const { people, first } = await tryRead(ctx, corpId, id)
  expect([people, first.length]).toEqual([records.length, 10])
  const without = { userId: 'missing', secret: hr.secret }
  await setSource(ctx, 'test', corpId, id, { people: '(uid=nobody)' })
  expect(await refused(tryRead(ctx, corpId, id))).toContain('没有任何人')
  await setSource(ctx, 'test', corpId, id, { ...without, people: change.people, key: 'nothing' })
  expect(await refused(tryRead(ctx, corpId, id))).toContain('没有这些列：nothing')
  await setSource(ctx, 'test', corpId, id, { secret: '' })
  expect(await refused(tryRead(ctx, corpId, id))).toContain('没有密码')
  await setSource(ctx, 'test', corpId, id, { secret: 'wrong' })
  expect(await refused(tryRead(ctx, corpId, id))).toContain('LDAP 拒绝')
})

it('is read by StartTLS or LDAPS with a certificate that is known, and is sent no password otherwise', async () => {
  const startTls = `ldap://localhost:${secure.port}`
  const ldaps = `ldaps://localhost:${secure.securePort}`
  for (const url of [startTls, ldaps]) {
    const { records } = await read(url, { ca: known.cert })
    expect(records.map(one => one.cells['uid']).sort(), url).toEqual(there())
    expect(await refused(read(url)), url).toContain('证书不可信，没有发送密码')
    // It is for another name.
    const elsewhere = url.replace('localhost', 'hr.example.com')
    expect(await refused(read(elsewhere, { ca: known.cert }, undefined, here)), url).toContain('证书不可信')
  }
  const none = await refused(read(`ldap://127.0.0.1:${plain.port}`))
  expect(none).toContain('没有接受 StartTLS，没有发送密码')
  const password = Buffer.from(hr.secret)
  const line = await lineTo({ hostname: '127.0.0.1', port: secure.port }, 'ends', { on: password })
  expect((await read(`ldap://localhost:${line.port}`, { ca: known.cert })).records).not.toEqual([])
  expect(line.connections()).toBe(1)
  line.close()
  const twice = { name: '两次', url: `${ldaps}?sslmode=disable`, base: hr.people }
  expect(await refused(addSource(world.ctx, 'test', world.corpId, 'ldap', twice))).toContain('总是加密')
})

it.each([1, 2])(
  'that goes away at page %i gives nobody, and is not asked again without its bind',
  async time => {
    const line = await lineTo({ hostname: '127.0.0.1', port: plain.port }, 'ends', { on: pagedResults, time })
    const done = refused(read(`ldap://127.0.0.1:${line.port}?sslmode=disable`, {}, 20))
    expect(await done).toContain('没有给出可用的应答')
    expect(line.connections()).toBe(1)
    line.close()
  },
)

it('has the OUs of an entry as a path', () => {
  const below = { base: 'DC=corp,DC=com', pathSeparator: '/' }
  expect(ouPath('CN=张三,OU=前端,OU=研发,DC=corp,DC=com', below)).toBe('研发/前端')
  expect(ouPath('CN=a,OU=R\\,D,OU=\\E7\\A0\\94,DC=corp,DC=com', below)).toBe('研/R,D')
  expect(ouPath('CN=a,DC=corp,DC=com', below)).toBe('')
})
