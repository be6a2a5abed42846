import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'ldapts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificateOf } from '../../../sandbox/smtp/certificate.ts'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { soak } from '../../../test/soak.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { isThere } from '../../organisation/directory/mirror/members.ts'
import { setApp } from '../apps/apps.ts'
import { renewLdapSecret, setClient } from './clients/set-client.ts'
import {
  addLdapClient,
  asClient,
  type MadeClient,
  passwordOf,
  proxyHeader,
  rawLine,
  serveLdap,
} from './ldap-server.fixture.ts'
import type { LdapServer } from './listen/server.ts'
import { encode, integer, octets, tags } from './protocol/ber.ts'
import { LdapRefusal } from './protocol/refusal.ts'
import { findEntries } from './tree/search.ts'

const [first, second] = [certificateOf(40, 'localhost'), certificateOf(41, 'localhost')]
const folder = mkdtempSync(join(tmpdir(), 'wisp-ldap-'))
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }

const wrongBinds = soak(40, 10_000)

let world: World
let server: LdapServer
let gitlab: MadeClient
let url: string
let password: string
beforeAll(async () => {
  writeFileSync(files.cert, first.cert)
  writeFileSync(files.key, first.key)
  world = await startWorld({
    members: 60,
    departments: 12,
    env: { WISP_LDAP_PLAIN: '127.0.0.1,10.0.0.0/8', WISP_TRUSTED_PROXIES: '127.0.0.1' },
  })
  gitlab = await addLdapClient(world, 'gitlab')
  password = await passwordOf(world, 'zhangsan', gitlab.appId)
  server = await serveLdap(world, { securePort: 0, certificate: files, lookMs: 0 })
  url = `ldap://127.0.0.1:${server.port}`
})
afterAll(async () => {
  server?.stop()
  await world?.close()
  rmSync(folder, { recursive: true })
})

const code = (error: unknown) => (error as { code?: number }).code
const refused = (work: Promise<unknown>) => work.then(() => 0, code)
const zhangsan = () => `uid=zhangsan,${gitlab.people}`
const asGitlab = <T>(use: (client: Client) => Promise<T>) =>
  asClient(url, async client => {
    await client.bind(gitlab.dn, gitlab.secret)
    return use(client)
  })
const find = (filter: string, more: object = {}) =>
  asGitlab(async client => (await client.search(gitlab.base, { filter, ...more })).searchEntries)
const uids = async (filter: string) =>
  (await find(filter, { attributes: ['uid'] })).map(one => one['uid']).sort()

describe('a bind', () => {
  it('of a person takes an application password of that program alone', async () => {
    const bind = (dn: string, given: string) => refused(asClient(url, client => client.bind(dn, given)))
    expect(await bind(zhangsan(), password)).toBe(0)
    expect(await bind(`UID=ZhangSan , ou=people,OU=gitlab, o=${world.corpId.toUpperCase()}`, password)).toBe(
      0,
    )
    expect(await bind(`zhangsan@gitlab.${world.corpId}`, password.replaceAll('-', '').toUpperCase())).toBe(0)
    expect(await bind(zhangsan(), `${password}a`)).toBe(49)
    expect(await bind(`uid=lisi,${gitlab.people}`, password)).toBe(49)
    const jenkins = await addLdapClient(world, 'jenkins')
    expect(await bind(`uid=zhangsan,${jenkins.people}`, password)).toBe(49)
    expect(await bind(`uid=zhangsan,ou=people,ou=gitlab,o=wwother`, password)).toBe(49)
    expect(await bind(zhangsan(), gitlab.secret)).toBe(49)
    expect(await bind(gitlab.dn, password)).toBe(49)
  })

  it('without a password is refused, since programs take its success for that of a person', async () => {
    expect(await refused(asClient(url, client => client.bind(zhangsan(), '')))).toBe(53)
    expect(await refused(asClient(url, client => client.bind(gitlab.dn, '')))).toBe(53)
    expect(await refused(asClient(url, client => client.bind('', '')))).toBe(0)
  })

  it('by SASL is refused with 7', async () => {
    expect(await refused(asClient(url, client => client.bind('EXTERNAL')))).toBe(7)
  })

  it('is asked each time whether the person may enter the app', async () => {
    const { ctx, corpId } = world
    const nexus = await addLdapClient(world, 'nexus')
    const given = await passwordOf(world, 'zhangsan', nexus.appId)
    const bind = () => refused(asClient(url, client => client.bind(`uid=zhangsan,${nexus.people}`, given)))
    expect(await bind()).toBe(0)
    const nobody = { everyone: false, departments: [], memberIds: [], tags: [] }
    const lisi = ctx.mirrors.of(corpId).members.byKey('lisi')!.id
    await setApp(ctx, 'test', corpId, nexus.appId, { visibility: { ...nobody, memberIds: [lisi] } })
    expect(await bind()).toBe(49)
    await ctx.signInLog.settled()
    const rows = await ctx.db
      .selectFrom('sign_in_log')
      .select(['reason', 'way', 'user_agent as userAgent'])
      .where('app_id', '=', nexus.appId)
      .orderBy('id')
      .execute()
    expect(rows[0]).toMatchObject({ way: 'ldap', userAgent: 'LDAP nexus' })
    expect(rows.map(one => one.reason)).toEqual(['', 'not-visible'])
  })

  it('is not of somebody who left while a node of before wrote the address book', async () => {
    const { ctx, corpId } = world
    const { appId } = await addLdapClient(world, 'older')
    await passwordOf(world, 'lisi', appId)
    const { id } = ctx.mirrors.of(corpId).members.byKey('lisi')!
    const set = (status: number) =>
      ctx.db.updateTable('member').set({ status }).where('id', '=', id).execute()
    const left = () => ctx.db.selectFrom('ldap_password').select('id').where('member_id', '=', id).execute()
    await set(1)
    expect((await left()).length).toBe(1)
    await set(2)
    expect(await left()).toEqual([])
    await set(1)
  })

  it('gets through after thousands of wrong ones, from anywhere', async () => {
    await asClient(url, async client => {
      for (let n = 0; n < wrongBinds; n++)
        expect(await refused(client.bind(zhangsan(), `wrong ${n}`))).toBe(49)
      await client.bind(zhangsan(), password)
    })
  })
})

describe('a client', () => {
  it('finds people by the filters of programs', async () => {
    expect(await uids('(uid=ZHANGSAN)')).toEqual(['zhangsan'])
    expect(await uids('(&(objectClass=person)(|(uid=zhangsan)(uid=lisi)))')).toEqual(['lisi', 'zhangsan'])
    expect(await uids('(cn=*三*)')).toContain('zhangsan')
    expect(await uids('(&(uid=zhang*)(!(uid=lisi)))')).toContain('zhangsan')
    expect(await uids('(sAMAccountName=zhangsan)')).toEqual(['zhangsan'])
    const enabled = '(&(uid=zhangsan)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))'
    expect(await uids(enabled)).toEqual(['zhangsan'])
    expect(await uids('(&(uid=zhangsan)(userAccountControl:1.2.840.113556.1.4.803:=512))')).toEqual([
      'zhangsan',
    ])
    expect(await uids('(uid=\\7ahangsan)')).toEqual(['zhangsan'])
    expect(await uids('(uid=*)')).toContain('lisi')
    expect((await uids('(uid=*)')).length).toBeGreaterThan(50)
    expect(await uids('(nonsense=zhangsan)')).toEqual([])
    expect(await uids('(!(nonsense=zhangsan))')).toContain('zhangsan')
    expect(await uids('(cn:1.2.3.4:=zhangsan)')).toEqual([])
    expect(await uids('(uid>=zhangsan)')).toContain('zhangsan')
  })

  it('gets the attributes that it may, and finds by them', async () => {
    const [entry] = await find('(uid=zhangsan)')
    const stored = await world.ctx.db
      .selectFrom('member')
      .select(['id', 'email', 'mobile', 'biz_mail as bizMail'])
      .where('corp_id', '=', world.corpId)
      .where('user_key', '=', 'zhangsan')
      .executeTakeFirstOrThrow()
    const mail = stored.bizMail || stored.email
    expect(entry).toMatchObject({
      dn: zhangsan(),
      uid: 'zhangsan',
      cn: '张三',
      displayName: '张三',
      userAccountControl: '512',
      uidNumber: String(100_000 + stored.id),
      ...(mail ? { mail } : {}),
      ...(stored.mobile ? { mobile: stored.mobile } : {}),
    })
    if (mail) expect(await uids(`(mail=${mail.toUpperCase()})`)).toEqual(['zhangsan'])
    if (stored.mobile) expect(await uids(`(mobile=${stored.mobile})`)).toEqual(['zhangsan'])
    const [operational] = await find('(uid=zhangsan)', { attributes: ['+'] })
    expect(await uids(`(entryUUID=${operational!['entryUUID']})`)).toEqual(['zhangsan'])
    const [none] = await find('(uid=zhangsan)', { attributes: ['1.1'] })
    expect(none).toEqual({ dn: zhangsan(), '1.1': [] })

    const narrow = await addLdapClient(world, 'narrow', { fields: [] })
    await asClient(url, async client => {
      await client.bind(narrow.dn, narrow.secret)
      const { searchEntries } = await client.search(narrow.base, { filter: '(uid=zhangsan)' })
      expect(Object.keys(searchEntries[0]!).sort()).toEqual([
        'cn',
        'displayName',
        'dn',
        'objectClass',
        'sn',
        'uid',
      ])
      if (mail)
        expect((await client.search(narrow.base, { filter: `(mail=${mail})` })).searchEntries).toEqual([])
      expect(
        (await client.search(narrow.base, { filter: '(objectClass=groupOfNames)' })).searchEntries,
      ).toEqual([])
    })
  })

  it('finds groups, members of groups and groups of members', async () => {
    const { members, tree } = world.ctx.mirrors.of(world.corpId)
    const [id = 0] = members.byKey('zhangsan')!.departments
    const groups = `ou=groups,${gitlab.base}`
    const dn = `cn=department-${id},${groups}`
    const byDn = await find(`(&(objectClass=groupOfNames)(member=${zhangsan()}))`, { attributes: ['cn'] })
    expect(byDn.map(one => one.dn)).toContain(dn)
    const jenkins = `(|(member=${zhangsan()})(uniqueMember=${zhangsan()})(memberUid=zhangsan))`
    expect((await find(jenkins, { attributes: ['cn'] })).map(one => one.dn)).toContain(dn)
    expect(await uids(`(memberOf=${dn})`)).toContain('zhangsan')
    const top = tree.order[0]!.department.id
    const below = `(memberOf:1.2.840.113556.1.4.1941:=cn=department-${top},${groups})`
    expect(await uids(`(&(uid=zhangsan)${below})`)).toEqual(['zhangsan'])
    const [group] = await find(`(cn=department-${id})`, { attributes: ['member', 'description'] })
    expect([group!['member']].flat()).toContain(zhangsan())
    await asGitlab(async client => {
      expect(await client.compare(dn, 'member', zhangsan())).toBe(true)
      expect(await client.compare(dn, 'memberUid', 'nobody')).toBe(false)
      expect(await client.compare(zhangsan(), 'uid', 'zhangsan')).toBe(true)
    })
  })

  it('with a range finds nobody else, whatever it asks for', async () => {
    const { members, tree } = world.ctx.mirrors.of(world.corpId)
    const node = tree.order.find(one => one.depth > 0 && members.direct(one.department.id).length > 0)!
    const inside = new Set(tree.order.slice(node.index, node.end).map(one => one.department.id))
    const expected = [...members.all()].filter(
      one => isThere(one) && one.departments.some(id => inside.has(id)),
    )
    const ranged = await addLdapClient(world, 'ranged', { departments: [node.department.id] })
    await asClient(url, async client => {
      await client.bind(ranged.dn, ranged.secret)
      const all = await client.search(ranged.base, { filter: '(objectClass=person)', attributes: ['uid'] })
      expect(all.searchEntries.map(one => one['uid']).sort()).toEqual(expected.map(one => one.userId).sort())
      const other = [...members.all()].find(one => !one.departments.some(id => inside.has(id)))!
      const found = await client.search(ranged.base, { filter: `(uid=${other.userId})` })
      expect(found.searchEntries).toEqual([])
      expect(await refused(client.search(gitlab.base, { filter: '(uid=*)' }))).toBe(32)
      expect(await refused(client.search('', { filter: '(uid=*)' }))).toBe(32)
    })
  })

  it('gets pages, limits and their codes', async () => {
    await asGitlab(async client => {
      const { searchEntries } = await client.search(gitlab.people, {
        filter: '(uid=*)',
        attributes: ['uid'],
        paged: { pageSize: 7 },
      })
      const everybody = await uids('(uid=*)')
      expect(searchEntries.map(one => one['uid']).sort()).toEqual(everybody)
      // This client takes 4 for success where it has set a limit.
      const limited = await client.search(gitlab.people, { filter: '(uid=*)', sizeLimit: 3 })
      expect(limited.searchEntries.length).toBe(3)
      const deep = `${'(!'.repeat(100)}(uid=zhangsan)${')'.repeat(100)}`
      expect(await refused(client.search(gitlab.people, { filter: deep }))).toBe(11)
      expect(await refused(client.add('uid=x', { cn: 'x' }))).toBe(53)
      expect(await refused(client.del(zhangsan()))).toBe(53)
    })
  })

  it('ends with its password, its app and the feature', async () => {
    const { ctx, corpId } = world
    const temporary = await addLdapClient(world, 'temporary')
    await asClient(url, async client => {
      await client.bind(temporary.dn, temporary.secret)
      const search = () => refused(client.search(temporary.base, { filter: '(uid=zhangsan)' }))
      expect(await search()).toBe(0)
      const secret = await renewLdapSecret(ctx, 'test', corpId, temporary.appId)
      expect(await search()).toBe(50)
      await client.bind(temporary.dn, secret)
      expect(await search()).toBe(0)
      await switchFeatures(ctx, 'test', corpId, { ldap: false })
      expect(await search()).toBe(50)
      expect(await refused(client.bind(temporary.dn, secret))).toBe(49)
      await switchFeatures(ctx, 'test', corpId, { ldap: true })
      await setApp(ctx, 'test', corpId, temporary.appId, { enabled: false })
      expect(await refused(client.bind(temporary.dn, secret))).toBe(49)
    })
  })

  it('cannot be given personal data by a program', async () => {
    const { ctx, corpId } = world
    const { appId } = await addLdapClient(world, 'plain', { fields: ['groups'] })
    const by = { actor: 'test', isLimited: true }
    await expect(setClient(ctx, by, corpId, appId, { fields: ['groups', 'mobile'] })).rejects.toThrow(
      'mobile',
    )
    await expect(setClient(ctx, by, corpId, appId, { name: 'gitlab' })).rejects.toThrow('gitlab')
    await expect(setClient(ctx, by, corpId, appId, { departments: [999_999] })).rejects.toThrow('999999')
    await setClient(ctx, by, corpId, appId, { fields: ['ad'] })
    const [node] = ctx.mirrors.of(corpId).tree.order
    const departments = [node!.department.id]
    const ranged = await addLdapClient(world, 'ranged-mail', { departments, fields: ['mail'] })
    await expect(setClient(ctx, by, corpId, ranged.appId, { everyone: true })).rejects.toThrow('更大的范围')
  })

  it('is given personal data by nobody who may not export members, such as an administrator of one app', async () => {
    const { ctx } = world
    const { appId: id } = await addLdapClient(world, 'narrow-admin', { fields: [] })
    const points = ['--points', 'console:use,app:read,app:sign-in', '--apps', id]
    const role = (await runCommand(ctx, ['role', 'add', '应用管理员', ...points])).data as { id: number }
    await runCommand(ctx, ['role', 'give', String(role.id), 'lisi'])
    const lisi = await signIn(world, { userId: 'lisi' })
    const { version } = (await lisi.get('/web/apps/ldap', { id })).body
    const save = (fields: string[]) => lisi.post('/web/apps/ldap/save', { id, version, settings: { fields } })
    expect(await save(['mobile'])).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('mobile'),
    })
    expect((await save(['groups'])).retCode).toBe('0')
  })

  it('is told to narrow a search that takes too long, though nothing matches', async () => {
    const { ctx, corpId } = world
    const client = ctx.ldapClients.named(corpId, 'gitlab')!
    const filter = { kind: 'substrings', name: 'mail', start: 'nobody', inner: [], end: '' } as const
    const request = { base: gitlab.base, scope: 'sub', filter, attributes: [] } as const
    const late = async () => {
      throw new LdapRefusal('timeLimit', 'late')
    }
    const found = findEntries(ctx, { client }, request, late)
    await expect(found.next()).rejects.toThrow('late')
  })

  it('is noted with those whose data it got', async () => {
    const { ctx, corpId } = world
    const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')!.id
    const read = await addLdapClient(world, 'reader', { fields: ['mobile'] })
    await asClient(url, async client => {
      await client.bind(read.dn, read.secret)
      await client.search(read.base, { filter: '(uid=zhangsan)' })
    })
    await ctx.requests.flush()
    const rows = ctx.db.selectFrom('data_read').select(['fields', 'member_ids as memberIds'])
    expect(await rows.where('path', '=', 'LDAP reader').execute()).toEqual([
      { fields: ['userName', 'mobile'], memberIds: [memberId] },
    ])
  })
})

it('is set by programs of management, which give no personal data', async () => {
  const manager = await managerBy(world)
  const { appId: id } = await addLdapClient(world, 'managed', { fields: [] })
  expect((await manager.get('/api/admin/app/ldap', { id })).body).toMatchObject({
    name: 'managed',
    fields: [],
  })
  const set = await manager.post('/api/admin/app/ldap/set', { id, settings: { fields: ['mail'] } })
  expect(set).toMatchObject({ retCode: '1009' })
  expect((await manager.post('/api/admin/app/ldap/renewSecret', { id })).body.secret).toMatch(/^[\w-]{32}$/)
  await passwordOf(world, 'zhangsan', id)
  expect((await manager.post('/api/admin/app/ldap/remove', { id })).retCode).toBe('0')
  const left = await world.ctx.db.selectFrom('ldap_password').select('id').where('app_id', '=', id).execute()
  expect(left).toEqual([])
})

describe('anybody', () => {
  it('reads how to bind, and nothing else', async () => {
    await asClient(url, async client => {
      const root = await client.search('', { scope: 'base', filter: '(objectClass=*)' })
      expect(root.searchEntries[0]).toMatchObject({ supportedLDAPVersion: '3', vendorName: 'wisp' })
      expect(root.searchEntries[0]!['supportedExtension']).toContain('1.3.6.1.4.1.1466.20037')
      expect(root.searchEntries[0]!['namingContexts']).toBeUndefined()
      const schema = await client.search('cn=subschema', { scope: 'base', filter: '(objectClass=subschema)' })
      expect(schema.searchEntries[0]!['attributeTypes']!.length).toBeGreaterThan(10)
      expect(await refused(client.search(gitlab.base, { filter: '(uid=*)' }))).toBe(50)
    })
  })

  it('who bound as a person finds themselves alone', async () => {
    await asClient(url, async client => {
      await client.bind(zhangsan(), password)
      const { searchEntries } = await client.search(gitlab.base, { filter: '(uid=*)', attributes: ['uid'] })
      expect(searchEntries.map(one => one['uid'])).toEqual(['zhangsan'])
      expect(await refused(client.search(`uid=lisi,${gitlab.people}`, { scope: 'base' }))).toBe(32)
      const me = await client.exop('1.3.6.1.4.1.4203.1.11.3')
      expect(me.value).toBe(`dn:${zhangsan()}`)
    })
  })
})

describe('the line', () => {
  it('is encrypted by LDAPS and by StartTLS, once, with the certificate as it is now', async () => {
    const secure = `ldaps://localhost:${server.securePort}`
    const bindWith = (ca: string) =>
      asClient(secure, client => client.bind(zhangsan(), password), { tlsOptions: { ca } })
    await bindWith(first.cert)
    await asClient(`ldap://localhost:${server.port}`, async client => {
      await client.startTLS({ ca: first.cert, host: 'localhost' })
      await client.bind(zhangsan(), password)
      expect(await refused(client.exop('1.3.6.1.4.1.1466.20037'))).toBe(1)
    })
    // A renewal writes one file after the other.
    writeFileSync(files.cert, second.cert)
    await bindWith(first.cert)
    writeFileSync(files.key, second.key)
    await bindWith(second.cert)
    await expect(bindWith(first.cert)).rejects.toThrow()
  })

  it('is plain from listed addresses alone, by the word of a trusted proxy', async () => {
    const bind = encode(0x60, integer(3), octets(gitlab.dn), octets(gitlab.secret, 0x80))
    const message = encode(tags.sequence, integer(1), bind)
    const answered = async (address: string) => {
      const line = rawLine(server.port)
      line.write(Buffer.concat([proxyHeader(address), message]))
      const answer = await line.answered()
      line.socket.destroy()
      return answer[9]
    }
    expect(await answered('10.1.2.3')).toBe(0)
    expect(await answered('203.0.113.7')).toBe(13)
  })
})
