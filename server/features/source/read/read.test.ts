import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { addLdapClient, serveLdap } from '../../ldap/ldap-server.fixture.ts'
import type { LdapServer } from '../../ldap/listen/server.ts'
import { previewNow, tryRead } from '../preview-now.ts'
import { runsOf } from '../runs/run-store.ts'
import { addSource, knownSource, type SourceChange, setSource } from '../set-source.ts'
import { initialSettings, type SourceKind, type SourceSettings } from '../settings.ts'
import { checkNotEmpty } from './columns.ts'
import { readSourceFile } from './file.ts'
import { ouPath } from './ldap.ts'
import { readSource } from './read-source.ts'
import { readSql } from './sql.ts'

let world: World
let database: URL
beforeAll(async () => {
  world = await startWorld({
    members: 60,
    departments: 12,
    env: { WISP_OUTBOUND_ALLOW: '127.0.0.1,localhost', WISP_LDAP_PLAIN: '127.0.0.1' },
  })
  database = new URL(world.env['WISP_DATABASE_URL'] ?? '')
  const client = new pg.Client(database.href)
  await client.connect()
  await client.query(`create table hr_people (no text, name text, mobile text, dept text, state int);
    insert into hr_people values ('1', '甲', '13800000001', 'a', 1), ('2', '乙', null, 'b', 0);
    create table hr_departments (code text, name text, parent text, sort int);
    insert into hr_departments values ('a', '研发', '', 5), ('b', '前端', 'a', null)`)
  await client.end()
})
afterAll(() => world.close())

const settings: SourceSettings = {
  ...initialSettings,
  fields: [
    { field: 'name', column: '姓名', owner: 'source' },
    { field: 'mobile', column: '手机', owner: 'source' },
  ],
}
const refused = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: Error) => error.message,
  )

describe('a file', () => {
  it('is read in GBK with a separator of its own, below lines of explanation', async () => {
    // 工号;姓名;手机 / 1;张三;=A1 in GBK, since Node writes no such text.
    const gbk = Buffer.from('b9a4bac53bd0d5c3fb3bcad6bbfa0d0a313bd5c5c8fd3b3d41310d0a', 'hex')
    const { columns, records } = await readSourceFile(settings, gbk)
    expect(columns).toEqual(['工号', '姓名', '手机'])
    expect(records).toEqual([{ line: 2, cells: { 工号: '1', 姓名: '张三', 手机: '=A1' } }])
    const text = Buffer.from('人事系统导出\n*工号（必填）,姓 名,手机,其他\n1,张三,13800000000,x\n')
    expect((await readSourceFile(settings, text)).records).toEqual([
      { line: 3, cells: { 工号: '1', 姓名: '张三', 手机: '13800000000' } },
    ])
  })

  it('is refused without its columns, or with one of them twice', async () => {
    const read = (text: string) => refused(readSourceFile(settings, Buffer.from(text)))
    expect(await read('a,b\n1,2\n')).toContain('手机')
    expect(await read('工号,姓名\n1,张三\n')).toContain('没有这些列：手机')
    expect(await read('工号,姓名,手机,手机\n1,张三,1,2\n')).toContain('手机”一列出现了两次')
  })
})

describe('a database', () => {
  const sqlSettings = (more: Partial<SourceSettings> = {}): SourceSettings => ({
    ...settings,
    key: 'no',
    fields: [
      { field: 'name', column: 'name', owner: 'source' },
      { field: 'departments', column: 'dept', owner: 'source' },
    ],
    departments: 'code',
    url: `postgres://${database.host}${database.pathname}?sslmode=disable`,
    user: decodeURIComponent(database.username),
    people: 'select * from hr_people order by no;',
    departmentQuery: 'select * from hr_departments',
    ...more,
  })
  const read = (more: Partial<SourceSettings> = {}, password = decodeURIComponent(database.password)) =>
    readSql(world.ctx.outbound, world.corpId, sqlSettings(more), password, { connectMs: 3000, queryMs: 500 })

  it('gives people and departments', async () => {
    const { columns, records, departments } = await read()
    expect(columns).toEqual(['no', 'name', 'mobile', 'dept', 'state'])
    expect(records).toEqual([
      { line: 1, cells: { no: '1', name: '甲', dept: 'a' } },
      { line: 2, cells: { no: '2', name: '乙', dept: 'b' } },
    ])
    expect(departments).toEqual([
      { line: 1, code: 'a', name: '研发', parent: '', order: 5 },
      { line: 2, code: 'b', name: '前端', parent: 'a' },
    ])
  })

  it('gives dates as they are, and no departments count as an error', async () => {
    const people = `select '1' as no, '甲' as name, 'a' as dept, date '2026-01-01' as since, true as full`
    const fields = [
      ...sqlSettings().fields,
      { field: 'attribute:入职', column: 'since', owner: 'source' } as const,
    ]
    const reading = await read({ people, fields, status: 'full' })
    expect(reading.records[0]?.cells).toMatchObject({ since: '2026-01-01', full: '1' })
    expect(() => checkNotEmpty(reading)).not.toThrow()
    expect(() => checkNotEmpty({ ...reading, departments: [] })).toThrow('没有任何部门')
  })

  it('writes nothing, takes one statement, and does not hang', async () => {
    for (const people of [
      'delete from hr_people returning *',
      'select * from hr_people) x; delete from hr_people; select * from (select 1',
      'with gone as (delete from hr_people returning *) select * from gone',
      "select setval('hr_seq', 1)",
      'select pg_sleep(5), 1 as no',
      'no query',
      // It goes away in the middle.
      'select pg_terminate_backend(pg_backend_pid()), 1 as no',
    ])
      expect(await refused(read({ people })), people).toContain('数据库拒绝了查询')
    expect((await read()).records).toHaveLength(2)
  })

  it('is refused with other columns, and by a server that is not there', async () => {
    expect(await refused(read({ people: 'select no from hr_people' }))).toContain('没有这些列：name、dept')
    expect(await refused(read({ departmentQuery: 'select code, name from hr_departments' }))).toContain(
      'parent',
    )
    expect(await refused(read({ url: 'postgres://127.0.0.1:1/hr?sslmode=disable' }))).toContain(
      '连不上数据库',
    )
    expect(await refused(read({ url: 'mysql://127.0.0.1:1/hr?sslmode=disable' }))).toContain('连不上数据库')
  })
})

describe('a directory', () => {
  let server: LdapServer
  const change: SourceChange = {
    key: 'uid',
    userId: '',
    fields: [
      { field: 'name', column: 'cn', owner: 'source' },
      { field: 'email', column: 'mail', owner: 'source' },
    ],
    status: '',
    departments: 'none',
    people: '(objectClass=person)',
  }
  beforeAll(async () => {
    server = await serveLdap(world)
  })
  afterAll(() => server?.stop())

  it('is read page by page, and tells what is wrong', async () => {
    const { ctx, corpId } = world
    const client = await addLdapClient(world, 'hr')
    const login = {
      url: `ldap://127.0.0.1:${server.port}`,
      user: client.dn,
      secret: client.secret,
      base: client.people,
    }
    const id = await addSource(ctx, 'test', corpId, 'ldap', { name: '目录', ...change, ...login })
    const { records } = await readSource(ctx, await knownSource(ctx.db, corpId, id))
    const { members } = ctx.mirrors.of(corpId)
    const there = [...members.all()].filter(one => one.status === 1 || one.status === 4)
    expect(records.map(one => one.cells['uid']).sort()).toEqual(there.map(one => one.userId).sort())
    const { people, first } = await tryRead(ctx, corpId, id)
    expect([people, first.length]).toEqual([records.length, 10])
    const without = { userId: 'missing', secret: client.secret }
    await setSource(ctx, 'test', corpId, id, { people: '(uid=nobody)' })
    expect(await refused(tryRead(ctx, corpId, id))).toContain('没有任何人')
    await setSource(ctx, 'test', corpId, id, { ...without, people: change.people as string, key: 'nothing' })
    expect(await refused(tryRead(ctx, corpId, id))).toContain('没有这些列：nothing')
    await setSource(ctx, 'test', corpId, id, { secret: '' })
    expect(await refused(tryRead(ctx, corpId, id))).toContain('没有密码')
    await setSource(ctx, 'test', corpId, id, { secret: 'wrong' })
    expect(await refused(tryRead(ctx, corpId, id))).toContain('LDAP 拒绝')
  })

  it('has the OUs of an entry as a path', () => {
    const below = { base: 'DC=corp,DC=com', pathSeparator: '/' }
    expect(ouPath('CN=张三,OU=前端,OU=研发,DC=corp,DC=com', below)).toBe('研发/前端')
    expect(ouPath('CN=a,OU=R\\,D,OU=\\E7\\A0\\94,DC=corp,DC=com', below)).toBe('研/R,D')
    expect(ouPath('CN=a,DC=corp,DC=com', below)).toBe('')
  })
})

it('stops with the columns that changed, and writes nothing', async () => {
  const { ctx, corpId } = world
  const client = new pg.Client(database.href)
  await client.connect()
  try {
    await client.query(`create view hr as select no, name, mobile, state from hr_people`)
    const id = await addSource(ctx, 'test', corpId, 'sql', {
      name: '视图',
      key: 'no',
      fields: [{ field: 'name', column: 'name', owner: 'source' }],
      departments: 'none',
      url: `postgres://${database.host}${database.pathname}?sslmode=disable`,
      user: decodeURIComponent(database.username),
      secret: decodeURIComponent(database.password),
      people: 'select * from hr',
    })
    await previewNow(ctx, 'test', corpId, id)
    await until('it was read', async () => (await knownSource(ctx.db, corpId, id)).readAt !== null)
    await client.query('drop view hr; create view hr as select no, name, mobile from hr_people')
    await previewNow(ctx, 'test', corpId, id)
    await until('it is refused', async () => (await knownSource(ctx.db, corpId, id)).failure !== null)
    expect((await knownSource(ctx.db, corpId, id)).failure).toContain('少了：state')
    await client.query('drop view hr')
    await previewNow(ctx, 'test', corpId, id)
    await until('it is away', async () =>
      (await knownSource(ctx.db, corpId, id)).failure?.includes('数据库拒绝了查询'),
    )
    expect(await runsOf(ctx.db, corpId, id, { limit: 5 })).toHaveLength(1)
  } finally {
    await client.end()
  }
})

it('lets only those who may approve set up what is written without asking', async () => {
  const { ctx, corpId } = world
  const by = { mayApprove: false }
  const auto = { name: '自动', approval: 'auto' } as const
  expect(await refused(addSource(ctx, 'test', corpId, 'put', auto, by))).toContain('approval')
  const id = await addSource(ctx, 'test', corpId, 'put', auto)
  expect(await refused(setSource(ctx, 'test', corpId, id, { autoAtMost: 9 }, by))).toContain('approval')
  expect(await refused(setSource(ctx, 'test', corpId, id, { approval: 'ask' }, by))).toBe('done')
})

it('checks settings, and says which is wrong', async () => {
  const { ctx, corpId } = world
  const add = (kind: SourceKind, more: SourceChange) =>
    refused(addSource(ctx, 'test', corpId, kind, { name: '试', ...more }))
  expect(await add('file', { key: ' ' })).toContain('key：不能为空')
  expect(await add('file', { fields: [{ field: 'shoe', column: 'x', owner: 'source' }] })).toContain(
    '没有字段 shoe',
  )
  expect(await add('file', { plan: '0 2 * * *' })).toContain('plan：文件由人上传')
  expect(await add('put', { plan: 'noon' })).toContain('plan')
  expect(await add('sql', { url: 'postgres://u:p@db/hr', people: 'select 1' })).toContain('密码另外填写')
  expect(await add('sql', { url: 'http://db/hr', people: 'select 1' })).toContain('postgres://')
  expect(await add('sql', { url: 'postgres://169.254.169.254/hr', people: 'select 1' })).not.toBe('done')
  expect(await add('sql', { url: 'mysql://8.8.8.8/hr', people: 'select 1' })).toContain('需要主机名')
  expect(await add('sql', { url: 'postgres://db/hr?password=x', people: 'select 1' })).toContain(
    '不能有 password',
  )
  expect(await add('ldap', { url: 'ldap://ad.example.com' })).toContain('base：需要基准 DN')
})
