import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Attribute, Change, Client } from 'ldapts'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSql } from '../../server/features/source/read/sql.ts'
import { addSource } from '../../server/features/source/set-source.ts'
import { initialSettings, type SourceSettings } from '../../server/features/source/settings.ts'
import { callsWith, managerBy } from '../admin-token.ts'
import { startWorld, type World } from '../harness.ts'
import { startNodes } from '../journeys/nodes-under-fire.ts'
import { type PeopleSource, type SourcePerson, writeUnderKills } from '../journeys/people-source.ts'
import { createEngines, freePort, makeAuthority, userOf, writeFor } from './engines.ts'

/** Sources that nobody here wrote, from Debian: slapd and MariaDB, each started by these tests under its own user. */
const engines = createEngines()
const authority = makeAuthority(engines.dir)
const ca = readFileSync(authority.caFile, 'utf8')

let world: World
beforeAll(async () => {
  world = await startWorld({
    members: 20,
    departments: 4,
    env: { WISP_OUTBOUND_ALLOW: '127.0.0.1,localhost' },
  })
})
afterAll(async () => {
  await engines.close()
  await world?.close()
})

/** Attributes by which Active Directory names people and says who is disabled, for a slapd that has none of its schema. */
const activeDirectory = `attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top AUXILIARY MAY ( sAMAccountName $ userAccountControl ) )`
const suffix = 'dc=hr,dc=test'
const login = { user: `cn=admin,${suffix}`, secret: 'secret', base: suffix }

async function startSlapd(): Promise<string> {
  const user = userOf('openldap')
  const folder = engines.folderOf('slapd', user, 0o700)
  const url = `ldap://127.0.0.1:${await freePort()}`
  const schema = ['core', 'cosine', 'inetorgperson'].map(one => `include /etc/ldap/schema/${one}.schema`)
  const lines = [
    ...[...schema, activeDirectory, 'modulepath /usr/lib/ldap', 'moduleload back_mdb', 'database mdb'],
    ...[`suffix ${suffix}`, `rootdn ${login.user}`, `rootpw ${login.secret}`, `directory ${folder}`],
    // Whoever names a leader as manager follows when the leader's DN changes, as in Active Directory.
    ...['maxsize 1073741824', 'dbnosync', 'index objectClass,manager eq'],
    ...['moduleload refint', 'overlay refint', 'refint_attributes manager', ''],
  ]
  const config = writeFor(user, `${engines.dir}/slapd.conf`, lines.join('\n'))
  const isUp = async () => {
    try {
      return execFileSync('ldapwhoami', ['-x', '-H', url], { stdio: 'pipe' }).length > 0
    } catch {
      return false
    }
  }
  const options = { cwd: folder, env: process.env, ...user }
  await engines.start('/usr/sbin/slapd', ['-d', '0', '-f', config, '-h', url], options, isUp)
  return url
}

/** As in Active Directory, an entry is named by the person's name below their OUs, so that whoever moves or is renamed gets another DN. */
function directoryOf(client: Client, read: () => Promise<void>): PeopleSource {
  const places = new Set<string>()
  const dns = new Map<string, string>()
  const ouOf = async (path: string): Promise<string> => {
    let dn = suffix
    for (const ou of path.split('/')) {
      dn = `ou=${ou},${dn}`
      if (!places.has(dn)) await client.add(dn, { objectClass: 'organizationalUnit', ou })
      places.add(dn)
    }
    return dn
  }
  const putOne = async (one: SourcePerson) => {
    const dn = `cn=${one.姓名} ${one.工号},${await ouOf(one.部门)}`
    const before = dns.get(one.工号)
    if (before === undefined)
      await client.add(dn, {
        ...{ objectClass: ['inetOrgPerson', 'user'], sAMAccountName: one.工号, userAccountControl: '512' },
        ...{ sn: '员', displayName: one.姓名, mobile: one.手机, title: one.职务 },
        ...(one.直属上级工号 ? { manager: dns.get(one.直属上级工号) ?? '' } : {}),
      })
    else {
      if (before !== dn) await client.modifyDN(before, dn)
      const replaced = Object.entries({ displayName: one.姓名, title: one.职务 }).map(
        ([type, value]) =>
          new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) }),
      )
      await client.modify(dn, replaced)
    }
    dns.set(one.工号, dn)
  }
  return {
    async put(people) {
      for (const one of people) await putOne(one)
    },
    async remove(people) {
      for (const { 工号 } of people) {
        await client.del(dns.get(工号) ?? '')
        dns.delete(工号)
      }
    },
    read,
  }
}

it("people of a directory like AD, Debian's slapd, are written while nodes are killed", {
  timeout: 60 * 60_000,
}, async () => {
  const own = await startWorld({ members: 50, departments: 8, env: { WISP_OUTBOUND_ALLOW: '127.0.0.1' } })
  const url = await startSlapd()
  const fields = [
    ['name', 'displayName'],
    ['mobile', 'mobile'],
    ['departments', 'ouPath'],
    ['position', 'title'],
    ['leader', 'manager'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  const read = { key: 'sAMAccountName', people: '(objectClass=user)', fields } as const
  const { ctx, corpId } = own
  const id = await addSource(ctx, 'test', corpId, 'ldap', {
    ...{ name: 'AD', approval: 'auto', autoAtMost: 100_000, url: `${url}?sslmode=disable` },
    ...login,
    ...read,
  })
  const { token } = await managerBy(own)
  await own.server.close()
  const nodes = await startNodes(own)
  const client = new Client({ url })
  try {
    await client.bind(login.user, login.secret)
    await client.add(suffix, { objectClass: ['dcObject', 'organization'], o: 'hr', dc: 'hr' })
    const ask = async () => {
      const answer = await callsWith(nodes.url(), token).post('/api/admin/source/preview', { corpId, id })
      expect(answer.retMessage).toBe('成功')
    }
    await writeUnderKills({ control: own.control, nodes }, directoryOf(client, ask), {
      ...{ count: 20_000, teams: 100, kills: [0.1, 0.3, 0.5, 0.7, 0.9], withinMs: 15 * 60_000 },
    })
  } finally {
    await client.unbind()
    await nodes.stop()
    await own.sandbox.close()
  }
})

it("people of Debian's MariaDB are read by TLS, whose name is checked, and nothing is written to it", async () => {
  const user = userOf('mysql')
  const folder = engines.folderOf('mariadb', user, 0o700)
  const port = await freePort()
  const made = ['--no-defaults', `--datadir=${folder}/data`]
  const admin = ['--auth-root-authentication-method=normal', '--skip-test-db']
  execFileSync('mariadb-install-db', [...made, ...admin], { ...user, stdio: 'pipe' })
  const key = writeFor(user, `${engines.dir}/mariadb.key`, readFileSync(authority.keyFile, 'utf8'))
  const tls = [`--ssl-cert=${authority.certFile}`, `--ssl-key=${key}`]
  const at = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${folder}/socket`]
  const options = { cwd: folder, env: process.env, ...user }
  const root = () =>
    createConnection({ socketPath: `${folder}/socket`, user: 'root', multipleStatements: true })
  const isUp = () =>
    root().then(
      one => one.end().then(() => true),
      () => false,
    )
  await engines.start('/usr/sbin/mariadbd', [...made, ...tls, ...at], options, isUp)
  const connection = await root()
  await connection.query(`create database hr character set utf8mb4; use hr;
    create table people (no bigint, name varchar(64), dept varchar(64), since date);
    insert into people values (9007199254740993, '张三', 'a', '2026-01-01'), (2, '李四', 'b', null);
    create table departments (code varchar(64), name varchar(64), parent varchar(64));
    insert into departments values ('a', '研发', ''), ('b', '前端', 'a');
    create user hr@'%' identified by 'secret'; grant all on hr.* to hr@'%'`)

  const settings = (more: Partial<SourceSettings> = {}): SourceSettings => ({
    ...initialSettings,
    key: 'no',
    fields: [
      { field: 'name', column: 'name', owner: 'source' },
      { field: 'departments', column: 'dept', owner: 'source' },
      { field: 'attribute:入职', column: 'since', owner: 'source' },
    ],
    departments: 'code',
    url: `mysql://localhost:${port}/hr`,
    user: 'hr',
    ca,
    people: 'select * from people order by no desc;',
    departmentQuery: 'select * from departments',
    ...more,
  })
  const read = (more: Partial<SourceSettings> = {}) =>
    readSql(world.ctx.outbound, world.corpId, settings(more), 'secret', {
      connectMs: 3000,
      queryMs: 1000,
      graceMs: 1000,
    })
  const refused = (done: Promise<unknown>) =>
    done.then(
      () => 'done',
      (error: Error) => error.message,
    )
  const { records, departments } = await read()
  expect(records.map(one => one.cells)).toEqual([
    { no: '9007199254740993', name: '张三', dept: 'a', since: '2026-01-01' },
    { no: '2', name: '李四', dept: 'b', since: '' },
  ])
  expect(departments).toHaveLength(2)
  // The certificate is for localhost alone.
  const elsewhere = {
    place: async () => ({ addresses: [{ address: '127.0.0.1', family: 4 as const }], isInner: false }),
    checkEntered: () => undefined,
  }
  const wrong = settings({ url: `mysql://hr.example.com:${port}/hr` })
  expect(await refused(readSql(elsewhere as never, world.corpId, wrong, 'secret'))).toContain('altnames')
  for (const query of [
    'delete from people',
    'select * from people) as x; delete from people; select * from (select 1',
    "select no, name, dept, since from people into outfile '/tmp/wisp-people'",
    'select sleep(5) as no',
  ])
    expect(await refused(read({ people: query })), query).not.toBe('done')
  const [rows] = await connection.query('select count(*) as n from hr.people')
  expect(rows).toEqual([{ n: 2 }])
  await connection.end()
})
