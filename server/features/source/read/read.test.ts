import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { planDepartments } from '../plan/departments.ts'
import { problems } from '../plan/problems.ts'
import { readPerson } from '../plan/read-record.ts'
import { previewNow } from '../preview-now.ts'
import { runsOf } from '../runs/run-store.ts'
import { addSource, knownSource, type SourceChange, setSource } from '../set-source.ts'
import { initialSettings, mappingOf, type SourceKind, type SourceSettings } from '../settings.ts'
import { checkNotEmpty } from './columns.ts'
import { readSourceFile } from './file.ts'
import { lineTo } from './line.fixture.ts'
import { readSql } from './sql.ts'

let world: World
let database: URL
beforeAll(async () => {
  world = await startWorld({
    members: 60,
    departments: 12,
    env: { WISP_OUTBOUND_ALLOW: '127.0.0.1,localhost' },
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

  it('has 100,000 people at most', async () => {
    const lines = Array.from({ length: 100_001 }, (_, n) => `${n},员工${n},`)
    const read = (count: number) =>
      readSourceFile(settings, Buffer.from(['工号,姓名,手机', ...lines.slice(0, count)].join('\n')))
    expect((await read(100_000)).records).toHaveLength(100_000)
    expect(await refused(read(100_001))).toContain('超过 100000 行，没有读取')
  })

  it('that ends in the middle of a line says so, and lets nobody go', async () => {
    const whole = Buffer.from('工号,姓名,手机\n1,张三,13800000000\n2,李四,13900000000\n')
    const of = async (bytes: Buffer) => {
      const { records } = await readSourceFile(settings, bytes)
      const read = records.map(one => readPerson(one, mappingOf(settings)))
      return { people: read.flatMap(one => one.person ?? []).length, why: read.flatMap(one => one.problems) }
    }
    expect(await of(whole)).toEqual({ people: 2, why: [] })
    const cut = await of(whole.subarray(0, whole.indexOf(',139')))
    expect(cut).toMatchObject({ people: 1, why: [{ line: 3, key: '', why: problems.cutOff }] })
    // In the middle of a character nothing is text any more.
    expect(await refused(of(whole.subarray(0, whole.indexOf('四') + 1)))).not.toBe('done')
    // Who leaves out what is empty at the end of each line has a whole file.
    expect(await of(Buffer.from('工号,姓名,手机\n1,张三\n2,李四'))).toMatchObject({ people: 2, why: [] })
    const workbook = await refused(of(Buffer.from('504b03041400080008', 'hex')))
    expect(workbook).not.toBe('done')
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
    readSql(world.ctx.outbound, world.corpId, sqlSettings(more), password, {
      connectMs: 3000,
      queryMs: 500,
      graceMs: 500,
    })

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
      'no query',
    ])
      expect(await refused(read({ people })), people).toContain('数据库拒绝了查询')
    expect(await refused(read({ people: 'select pg_sleep(5), 1 as no' }))).toContain('超过 1 秒没有完成')
    // It goes away in the middle.
    const away = 'select pg_terminate_backend(pg_backend_pid()), 1 as no'
    expect(await refused(read({ people: away }))).toContain('在读取时断开')
    expect((await read()).records).toHaveLength(2)
  })

  it('is given up where it hangs, and where it goes away in the middle', async () => {
    const hung = await lineTo(database, 'hangs')
    expect(
      await refused(read({ url: `postgres://127.0.0.1:${hung.port}${database.pathname}?sslmode=disable` })),
    ).toContain('超过 1 秒没有完成')
    const cut = await lineTo(database, 'ends')
    expect(
      await refused(read({ url: `postgres://127.0.0.1:${cut.port}${database.pathname}?sslmode=disable` })),
    ).toContain('在读取时断开')
    for (const line of [hung, cut]) line.close()
  })

  it('says of a cell that is too long which it is, and uses the other lines', async () => {
    const people = `select '1' as no, repeat('长', 1001) as name, 'a' as dept union all select '2', '乙', 'b'`
    const departmentQuery = `select 'a' as code, repeat('x', 5000) as name, '' as parent`
    const { records, departments } = await read({ people, departmentQuery })
    expect(records[0]).toMatchObject({ line: 1, tooLong: { column: 'name', length: 1001 } })
    const mapping = mappingOf(sqlSettings())
    const [first, second] = records.map(one => readPerson(one, mapping))
    expect(first?.problems).toMatchObject([
      { line: 1, key: '1', why: { zh: '“name”有 1001 个字符，最多 1000 个；这一行没有采用' } },
    ])
    expect(first?.person).toBeUndefined()
    expect(second?.person).toMatchObject({ key: '2' })
    const plan = planDepartments({ root: 1, known: [], bindings: new Map(), source: departments ?? [] })
    expect(plan.problems).toMatchObject([
      { line: 1, why: { zh: expect.stringContaining('“name”有 5000 个字符') } },
    ])
    expect(plan.changes).toEqual([])
  })

  it('has 100,000 people at most', async () => {
    const people = (n: number) =>
      `select n::text as no, '甲' as name, 'a' as dept from generate_series(1, ${n}) as n`
    expect((await read({ people: people(100_000) })).records).toHaveLength(100_000)
    expect(await refused(read({ people: people(100_001) }))).toContain('超过 100000 行，没有读取')
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
    // All would leave.
    const empty = 'drop view hr; create view hr as select no, name, mobile, state from hr_people where false'
    await client.query(empty)
    await previewNow(ctx, 'test', corpId, id)
    await until('it is empty', async () =>
      (await knownSource(ctx.db, corpId, id)).failure?.includes('没有任何人'),
    )
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
