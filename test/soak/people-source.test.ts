import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSql } from '../../server/features/source/read/sql.ts'
import { initialSettings, type SourceSettings } from '../../server/features/source/settings.ts'
import { newSource } from '../../server/features/source/source.fixture.ts'
import { startWorld, type World } from '../harness.ts'
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

const people = 1200
const ous = ['研发', '市场', '人力']

function ldif(): string {
  const suffix = 'dc=hr,dc=test'
  const entry = (dn: string, lines: readonly string[]) => [`dn: ${dn}`, ...lines, ''].join('\n')
  const dnOf = (n: number) => `uid=p${n},ou=${ous[n % 3]},${suffix}`
  return [
    entry(suffix, ['objectClass: dcObject', 'objectClass: organization', 'o: hr', 'dc: hr']),
    ...ous.map(one => entry(`ou=${one},${suffix}`, ['objectClass: organizationalUnit', `ou: ${one}`])),
    ...Array.from({ length: people }, (_, n) =>
      entry(dnOf(n), [
        ...['objectClass: inetOrgPerson', `uid: p${n}`, `cn: 员工${n}`, 'sn: 员'],
        ...[`mobile: 139${String(n).padStart(8, '0')}`, ...(n < 3 ? [] : [`manager: ${dnOf(n % 3)}`])],
      ]),
    ),
  ].join('\n')
}

it("people of Debian's slapd are written, with their OUs and leaders", async () => {
  const user = userOf('openldap')
  const folder = engines.folderOf('slapd', user, 0o700)
  const port = await freePort()
  const schema = ['core', 'cosine', 'inetorgperson'].map(one => `include /etc/ldap/schema/${one}.schema`)
  const lines = [...schema, 'modulepath /usr/lib/ldap', 'moduleload back_mdb', 'database mdb']
  const own = [
    'suffix dc=hr,dc=test',
    'rootdn cn=admin,dc=hr,dc=test',
    'rootpw secret',
    `directory ${folder}`,
  ]
  const config = writeFor(user, `${engines.dir}/slapd.conf`, [...lines, ...own, ''].join('\n'))
  const data = writeFor(user, `${engines.dir}/people.ldif`, ldif())
  execFileSync('/usr/sbin/slapadd', ['-q', '-f', config, '-l', data], user)
  const options = { cwd: folder, env: process.env, ...user }
  const url = `ldap://127.0.0.1:${port}`
  const isUp = async () => {
    try {
      return execFileSync('ldapwhoami', ['-x', '-H', url], { stdio: 'pipe' }).length > 0
    } catch {
      return false
    }
  }
  await engines.start('/usr/sbin/slapd', ['-d', '0', '-f', config, '-h', url], options, isUp)

  const columns = [
    ['name', 'cn'],
    ['mobile', 'mobile'],
    ['departments', 'ouPath'],
    ['leader', 'manager'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  const login = { url, user: 'cn=admin,dc=hr,dc=test', secret: 'secret', base: 'dc=hr,dc=test' }
  const source = await newSource(
    world,
    { ...login, people: '(objectClass=person)', key: 'uid', fields: columns },
    'ldap',
  )
  const run = await source.write()
  expect(await source.run(run)).toMatchObject({ progress: { done: people * 2, failed: 0, overtaken: 0 } })
  const { members, departments } = (await world.control('state')) as unknown as {
    members: { userid: string; name: string; mobile: string; department: number[]; direct_leader: string[] }[]
    departments: { id: number; name: string }[]
  }
  const nameOf = new Map(departments.map(one => [one.id, one.name]))
  const shown = members
    .filter(one => /^p\d+$/.test(one.userid))
    .map(one => [
      one.userid,
      one.name,
      one.mobile,
      one.department.map(id => nameOf.get(id)),
      one.direct_leader,
    ])
  const wanted = Array.from({ length: people }, (_, n) => [
    ...[`p${n}`, `员工${n}`, `139${String(n).padStart(8, '0')}`, [ous[n % 3]]],
    n < 3 ? [] : [`p${n % 3}`],
  ])
  const sorted = (list: unknown[][]) => list.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))
  expect(sorted(shown)).toEqual(sorted(wanted))
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
    readSql(world.ctx.outbound, world.corpId, settings(more), 'secret', { connectMs: 3000, queryMs: 1000 })
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
