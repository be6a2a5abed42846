import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { accessesOf, readRelations } from '../../../../test/plans/plan.ts'
import { recordStatements } from '../../../../test/plans/recorder.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { setCorp } from '../../../organisation/corps/corps.ts'
import { createDataReads, rowsAtMost } from './data-reads.ts'

let world: World
let dev: Caller
let admin: SignedInClient
let person: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  dev = await world.addDeveloper({ name: '报修系统', scopes: ['directory:read', 'directory:mobile'] })
  admin = await signInAs(world, 'super', 'wangwu')
  person = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())

const reads = async (query: Record<string, string> = {}) =>
  (await admin.get('/web/developers/data-reads', query)).body

describe('who got whose data', () => {
  it('is one row of an answer, found by each person in it, with what was given', async () => {
    await dev.get('/api/user/get', { userId: 'zhangsan' })
    const page = (await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1, pageSize: 50 })).body.list
    expect(await reads({ userId: 'zhangsan', devId: dev.devId })).toMatchObject({
      member: '张三',
      days: 7,
      list: expect.arrayContaining([
        {
          devId: dev.devId,
          developer: '报修系统',
          path: '/api/user/get',
          people: 1,
          names: ['张三'],
          fields: ['mobile', 'userName', 'alias', 'sex', 'email', 'address'],
          at: expect.any(String),
        },
      ]),
    })
    const last = page.at(-1).userId
    const ofLast = await reads({ userId: last, devId: dev.devId })
    expect(ofLast).toMatchObject({ total: 1, list: [{ path: '/api/user/orgUserList', people: 50 }] })
    expect(ofLast.list[0].names).toHaveLength(3)
  })

  it('says which fields were given: without the scope no mobile number, and what was asked for beside', async () => {
    const few = await world.addDeveloper({ scopes: ['directory:read', 'directory:profile'] })
    await few.get('/api/user/get', { userId: 'lisi', fields: 'position' })
    const { list } = await reads({ userId: 'lisi', devId: few.devId })
    expect(list).toMatchObject([{ fields: ['userName', 'alias', 'sex', 'email', 'address', 'position'] }])
  })

  it('shows everybody their own, and nobody else’s', async () => {
    const { body } = await person.get('/web/portal/data-reads', {})
    expect(body.list[0]).toMatchObject({ developer: '报修系统', fields: expect.arrayContaining(['mobile']) })
    expect(body.list[0]).not.toHaveProperty('names')
    expect((await person.get('/web/developers/data-reads', {})).status).toBe(403)
    expect((await admin.get('/web/developers/data-reads', { userId: 'nobody' })).retCode).toBe('1007')
  })

  it('asks the index of persons for those of one', async () => {
    const recording = recordStatements(['data_read'])
    await reads({ userId: 'zhangsan' })
    const asked = recording.stop().filter(one => one.text.includes('@>'))
    expect(asked).toHaveLength(2)
    const client = new pg.Client(world.env['WISP_DATABASE_URL'])
    await client.connect()
    // As the statement has it: what the lists weigh is unknown to the planner.
    await client.query('begin; set local enable_seqscan = off')
    const relations = await readRelations(client)
    for (const { text, values } of asked)
      expect((await accessesOf(client, relations, text, values[0] ?? [])).map(one => one.by)).toEqual([
        'data_read_member',
      ])
    await client.end()
  })

  it('is kept for as long as the request log, and longer where the corp says so', async () => {
    const own = await world.addDeveloper()
    await setCorp(world.ctx, 'test', world.corpId, { requestLogDays: 0 })
    await own.get('/api/user/get', { userId: 'lisi' })
    expect(await reads({ devId: own.devId })).toMatchObject({ days: 0, total: 0 })
    await setCorp(world.ctx, 'test', world.corpId, { dataReadDays: 90 })
    await own.get('/api/user/get', { userId: 'lisi' })
    expect(await reads({ devId: own.devId })).toMatchObject({ days: 90, total: 1 })
    world.clock.offsetMs += 30 * 86_400_000
    admin = await signInAs(world, 'super', 'wangwu')
    expect(await reads({ devId: own.devId })).toMatchObject({ total: 1 })
    await expect(setCorp(world.ctx, 'test', world.corpId, { dataReadDays: 401 })).rejects.toThrow('400')
    await setCorp(world.ctx, 'test', world.corpId, { requestLogDays: 7, dataReadDays: 0 })
  })
})

it('counts those whose ids memory cannot keep', () => {
  const collected = createDataReads()
  const of = { corpId: 'a', devId: 'b' }
  const memberIds = Array.from({ length: 500_001 }, (_, n) => n)
  collected.add(of, '/api/x', { memberIds, fields: ['userName'] }, 0)
  collected.add(of, '/api/x', { memberIds: [1, 600_000], fields: ['userName'] }, 0)
  const [row, ...others] = collected.take()
  expect(others).toEqual([])
  expect([row?.memberIds.length, row?.unlisted]).toEqual([500_000, 2])
  collected.putBack(row ? [row] : [])
  expect(collected.take()[0]).toMatchObject({ unlisted: 2 })
  expect(collected.take()).toEqual([])
})

it('keeps the time of each read while the database is away, in one row a second', () => {
  const collected = createDataReads()
  const of = { corpId: 'a', devId: 'b' }
  const add = (id: number, at: number) =>
    collected.add(of, '/api/x', { memberIds: [id], fields: ['userName'] }, at)
  add(1, 1000)
  add(2, 1900)
  collected.putBack(collected.take())
  add(1, 31_000)
  add(1, 31_500)
  expect(collected.take().map(one => [one.at.getTime(), one.memberIds])).toEqual([
    [1000, [1, 2]],
    [31_000, [1]],
  ])
})

it('keeps no more rows than it may while the database is away', () => {
  const collected = createDataReads()
  for (let second = 0; second < rowsAtMost + 500; second++)
    collected.add({ corpId: 'a', devId: 'b' }, '/api/x', { memberIds: [1], fields: [] }, second * 1000)
  const rows = collected.take()
  expect(rows).toHaveLength(rowsAtMost + 1)
  expect(rows.at(-1)).toMatchObject({ at: new Date(rowsAtMost * 1000), memberIds: [1] })
})
