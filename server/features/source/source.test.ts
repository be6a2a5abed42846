import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { migrationsDir } from '../../platform/storage/migrate.ts'
import { begins, ends } from '../alerts/open-alerts.fixture.ts'
import { runsOf } from './runs/run-store.ts'
import { csvOf, header, newSource, type TestSource } from './source.fixture.ts'
import { findSource } from './source-store.ts'

let world: World
let dev: Caller
let admin: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, isOneClock: true })
  dev = await world.addDeveloper({ name: '人事系统', scopes: ['source:write'] })
  admin = await signInAs(world, 'super')
})
afterAll(() => world.close())

const cells = (key: string, more: object = {}) => ({
  工号: key,
  姓名: `员工${key}`,
  手机: `1390000${key.padStart(4, '0')}`,
  部门: '人力',
  职务: '专员',
  直属上级工号: '',
  ...more,
})

describe('source/put', () => {
  let source: TestSource
  beforeAll(async () => {
    source = await newSource(world, { approval: 'auto', plan: '0 2 * * *', developers: [dev.devId] }, 'put')
  })
  const put = async (body: object) =>
    (await dev.post('/api/source/put', { sourceId: source.id, ...body })).body
  const lastRun = async () => (await runsOf(world.ctx.db, world.corpId, source.id, { limit: 1 }))[0]
  const written = (state = 'done') =>
    until(`a run is ${state}`, async () => (await lastRun())?.state === state)

  it('takes rows, each with its result, and writes them by the plan up to its limit', async () => {
    const people = [cells('1'), cells('2', { 手机: '不是' }), cells('坏'), { 姓名: '无号' }]
    const answer = await put({ people, complete: '1' })
    expect(answer['people'].map((one: { ok: boolean }) => one.ok)).toEqual([true, true, false, false])
    expect(answer['people'][1].why).toContain('不是手机号')
    await written()
    await world.settle()
    expect(world.ctx.mirrors.of(world.corpId).members.byKey('1')).toMatchObject({ name: '员工1' })
    // Without a number to reach, nobody is made.
    expect(world.ctx.mirrors.of(world.corpId).members.byKey('2')).toBeUndefined()
  })

  it('stops and asks where too many leave, with an alert', async () => {
    await put({ people: [cells('2')], complete: '1' })
    await until(
      'two are there',
      async () => world.ctx.mirrors.of(world.corpId).members.byKey('2') !== undefined,
    )
    const answer = await put({ removePeople: ['1', '404'], complete: '1' })
    expect(answer['removed'].map((one: { ok: boolean }) => one.ok)).toEqual([true, false])
    await written('preview')
    await begins(world.ctx, 'sourceWaits')
    const run = await lastRun()
    await source.approve(run?.id ?? 0, 1)
    await written()
    await ends(world.ctx, 'sourceWaits')
  })

  it('changes nothing when everything is gone, and tells that it cannot be read', async () => {
    await put({ removePeople: ['2'], complete: '1' })
    await begins(world.ctx, 'sourceUnread')
    expect((await findSource(world.ctx.db, world.corpId, source.id))?.failure).toContain('没有任何人')
    expect(world.ctx.mirrors.of(world.corpId).members.byKey('2')).toMatchObject({ status: 4 })
    await put({ people: [cells('2')], complete: '1' })
    await ends(world.ctx, 'sourceUnread')
  })

  it('is refused for another kind, too many rows, without the scope, and where it is off', async () => {
    const file = await newSource(world)
    const code = async (body: object, by = dev) => (await by.post('/api/source/put', body)).retCode
    expect(await code({ sourceId: file.id })).toBe('1000')
    expect(await code({ sourceId: 999 })).toBe('1000')
    const many = Array.from({ length: 501 }, (_, n) => ({ 工号: String(n) }))
    expect(await code({ sourceId: source.id, people: many })).toBe('1000')
    const half = many.slice(0, 300)
    expect(await code({ sourceId: source.id, people: half, removePeople: half.map(one => one.工号) })).toBe(
      '1000',
    )
    expect(await code({ sourceId: source.id }, world.dev)).toBe('1009')
    const others = await newSource(world, { developers: ['another'] }, 'put')
    const why = async (body: object) => (await dev.post('/api/source/put', body)).retMessage
    expect(await why({ sourceId: others.id })).toContain('由其他开发者提交，没有保存')
    const nobody = await newSource(world, {}, 'put')
    expect(await why({ sourceId: nobody.id })).toContain(`没有设置可提交的开发者，没有保存；请管理员`)
    expect(await code({ sourceId: nobody.id })).toBe('1009')
    const long = {
      sourceId: source.id,
      people: [cells('x'.repeat(129))],
      departments: [{ code: '', name: '无' }],
    }
    const { body } = await dev.post('/api/source/put', long)
    expect([body['people'][0].ok, body['departments'][0].ok]).toEqual([false, false])
    await switchFeatures(world.ctx, 'test', world.corpId, { 'people-source': false })
    expect(await code({ sourceId: source.id })).toBe('1009')
    await switchFeatures(world.ctx, 'test', world.corpId, { 'people-source': true })
  })
})

it('is set up, looked at and approved in the console', async () => {
  const { id } = (await admin.post('/web/directory/sources/add', { name: '表格', kind: 'file' })).body
  const lines = csvOf([header, ['p1', '页一', '13900110001', '人力/页', '', ''], ['p2', '', '', '', '', '']])
  const content = lines.toString('base64')
  const look = (await admin.post('/web/directory/sources/look', { id, content })).body
  expect(look).toMatchObject({ people: 2, first: [{ userId: 'p1' }, { userId: 'p2' }] })
  const { runId } = (await admin.post('/web/directory/sources/preview', { id, content, fileName: 'a.csv' }))
    .body
  const run = (await admin.get('/web/directory/sources/run', { id: runId })).body
  expect(run).toMatchObject({ state: 'preview', counts: { joiners: 1, problems: 1 } })
  const rows = (await admin.get('/web/directory/sources/rows', { id: runId, kind: 'join' })).body
  expect(rows).toMatchObject({ total: 1, list: [{ userId: 'p1', name: '页一' }] })
  expect(rows.list[0].fields).toContainEqual({ field: 'departments', before: '', after: '页' })
  await admin.post('/web/directory/sources/approve', { id: runId })
  await until('it is done', async () => {
    const { list } = (await admin.get('/web/directory/sources/runs', { sourceId: id })).body
    return list[0].state === 'done'
  })
  const undo = (await admin.post('/web/directory/sources/undo', { id: runId })).body
  expect((await admin.post('/web/directory/sources/refuse', { id: undo.runId })).status).toBe(200)
  const [shown] = (await admin.get('/web/directory/sources')).body.list.filter(
    (one: { id: number }) => one.id === id,
  )
  const set = { id, version: 'other', settings: { root: 2 } }
  expect((await admin.post('/web/directory/sources/set', set)).status).toBe(409)
  expect((await admin.post('/web/directory/sources/set', { ...set, version: shown.version })).status).toBe(
    200,
  )
  expect((await admin.post('/web/directory/sources/remove', { id })).status).toBe(200)
})

it('is reached by programs with an admin token, and says which input is missing', async () => {
  const manager = await managerBy(world)
  expect((await manager.get('/api/admin/sources')).retCode).toBe('0')
  for (const path of ['/api/admin/source/runs', '/api/admin/source/rows'])
    expect((await manager.get(path)).retCode, path).toBe('1001')
  for (const path of [
    '/api/admin/source/add',
    '/api/admin/source/set',
    '/api/admin/source/remove',
    '/api/admin/source/preview',
    '/api/admin/source/approve',
    '/api/admin/source/refuse',
    '/api/admin/source/undo',
  ])
    expect((await manager.post(path, {})).retCode, path).toBe('1001')
})

it('is set up by commands and the file of settings', async () => {
  const { ctx } = world
  const run = (...words: string[]) => runCommand(ctx, ['source', ...words])
  const made = await run('add', '命令行', '--kind', 'put', '--settings', '{"autoAtMost":5}')
  const { id } = made.data as { id: number }
  await run('set', String(id), '--name', '改名')
  expect((await run('list')).text).toContain('改名')
  await run('preview', String(id))
  expect((await run('runs', String(id))).text).toContain('没有运行过')
  await run('remove', String(id))
})

it('keeps the developers who could fill a source before it named them', async () => {
  const { ctx, corpId } = world
  const before = await newSource(world, {}, 'put')
  const named = await newSource(world, { developers: ['another'] }, 'put')
  const file = await newSource(world)
  const script = readFileSync(join(migrationsDir, '0191-people-source-developers.sql'), 'utf8')
  await sql.raw(script).execute(ctx.db)
  const developers = async ({ id }: TestSource) => (await findSource(ctx.db, corpId, id))?.settings.developers
  expect(await developers(before)).toEqual([dev.devId])
  expect(await developers(named)).toEqual(['another'])
  expect(await developers(file)).toEqual([])
})
