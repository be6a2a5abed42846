import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callerOf, databaseEnv, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { wisp } from '../../../cli/cli.fixture.ts'
import { type Person, separate, withAuthenticator } from '../../../cli/three.fixture.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-restored-'))
const plain = join(dir, 'plain.gz')
const separated = join(dir, 'separated.gz')

let world: World
let system: Person
let auditor: Person
beforeAll(async () => {
  world = await startWorld()
  expect((await wisp(world.env, ['backup', plain])).code).toBe(0)
  system = await withAuthenticator(world, 'zhangsan')
  auditor = await withAuthenticator(world, 'wangwu')
  const three = { system: 'zhangsan', security: 'lisi', auditor: 'wangwu' } as const
  await separate(world, undefined, three)
  await separate(world, world.corpId, three)
  const { code, stderr } = await wisp(world.env, ['backup', separated])
  expect(code, stderr).toBe(0)
})
afterAll(async () => {
  await world.close()
  rmSync(dir, { recursive: true })
})

describe('a backup with the three, in an empty database', () => {
  let env: Record<string, string>
  let server: Server
  beforeAll(async () => {
    env = { ...world.env, ...(await databaseEnv()) }
    const restored = await wisp(env, ['restore', separated])
    expect(restored.code, restored.stderr).toBe(0)
    server = await startServer(readConfig(env), { log })
  })
  afterAll(() => server.close())

  const as = (userId: string, acr: 2 | 3 = 3) => {
    const { corpId } = world
    return signIn({ ctx: server.ctx, server, corpId }, { userId }, { acr, amr: ['qr', 'totp'] })
  }
  const confirm = (who: SignedInClient, of: string) => who.post('/web/three/restored/confirm', { of })
  const waiting = async (who: SignedInClient) =>
    (await who.get('/web/three/notices')).body.restored.map((one: { corpId: string | null }) => one.corpId)

  it('is open to the three alone', async () => {
    await server.ctx.mirrors.load(world.corpId)
    const { devId, devSecret } = world.dev
    const asked = new URLSearchParams({ devId, devSecret })
    expect((await call(`${server.url}/api/token/getDevToken?${asked}`)).retCode).toBe('1009')
    const member = await as('zhaomin')
    for (const path of ['/web/todos', '/web/three/notices'])
      expect((await member.get(path)).status, path).toBe(403)
    expect((await member.get('/web/session')).body.corps[0].closure).toMatchObject({
      since: expect.anything(),
    })
    const one = await as('zhangsan')
    expect((await one.get('/web/session')).body).toMatchObject({
      isOneOfThree: true,
      corps: [{ closure: null }],
    })
    expect((await one.get('/web/corp')).status).not.toBe(403)
    expect(await waiting(one)).toEqual([null, world.corpId])
    const account = await signIn({ ctx: server.ctx, server, corpId: world.corpId }, { admin: 'admin' })
    expect(await waiting(account)).toEqual([null, world.corpId])
  })

  it('until two of them confirm, who are not the same one', async () => {
    const [first, second] = [await as('zhangsan'), await as('wangwu')]
    expect((await confirm(await as('zhangsan', 2), '')).retCode).toBe('1009')
    expect((await confirm(first, '')).body).toEqual({ isOpen: false })
    expect((await confirm(first, '')).retCode).toBe('1000')
    expect((await confirm(second, '')).body).toEqual({ isOpen: true })
    const member = await as('zhaomin')
    expect((await member.get('/web/three/notices')).status).toBe(403)
    expect(await waiting(second)).toEqual([world.corpId])
    expect((await confirm(second, world.corpId)).body).toEqual({ isOpen: false })
    expect((await confirm(first, world.corpId)).body).toEqual({ isOpen: true })
    expect((await member.get('/web/three/notices')).body).toEqual({ breakGlasses: [], restored: [] })
    expect((await confirm(member, '')).retCode).toBe('1009')
    const dev = callerOf(server.url, world.dev)
    expect((await dev.get('/api/user/get', { userId: 'lisi' })).retCode).toBe('0')
    const acts = await server.ctx.db
      .selectFrom('audit')
      .select(['actor', 'corp_id'])
      .where('act', '=', 'backup.confirm')
      .orderBy('id')
      .execute()
    expect(acts.map(one => [one.actor, one.corp_id])).toEqual([
      ['zhangsan', null],
      ['wangwu', null],
      ['wangwu', world.corpId],
      ['zhangsan', world.corpId],
    ])
  })
})

describe('a database with the three', () => {
  let env: Record<string, string>
  beforeAll(async () => {
    env = { ...world.env, ...(await databaseEnv()) }
    expect((await wisp(env, ['restore', separated])).code).toBe(0)
  })

  it('is settled by two of them, who thereby confirm it', async () => {
    const refused = await wisp(env, ['restore', 'settle'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('三员中的两位') })
    const of = (one: Person) => `${world.corpId}/${one.code()}`
    const settled = await wisp({ ...env, WISP_TOTP: `${of(system)} ${of(auditor)}` }, ['restore', 'settle'])
    expect(settled.code, settled.stderr).toBe(0)
    const server = await startServer(readConfig(env), { log })
    const locks = await server.ctx.db.selectFrom('restored_lock').select('scope').execute()
    await server.close()
    expect(locks).toEqual([{ scope: world.corpId }])
  })

  it('asks before a backup takes its place, and none without the three does', {
    timeout: 240_000,
  }, async () => {
    const empty = { ...world.env, ...(await databaseEnv()) }
    const server = await startServer(readConfig(empty), { log })
    await server.ctx.db.insertInto('three_scope').values({ scope: '', since: new Date() }).execute()
    await server.close()
    const refused = await wisp(empty, ['restore', separated])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('动态验证码') })
    const anyway = ['--break-glass', '--reason', '数据库损坏']
    const without = await wisp(empty, ['restore', plain, ...anyway])
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('等于停用三员') })
    const restored = await wisp(empty, ['restore', separated, ...anyway])
    expect(restored.code, restored.stderr).toBe(0)
    const shown = await startServer(readConfig(empty), { log })
    const opened = await shown.ctx.db.selectFrom('break_glass').select(['corp_id', 'reason']).execute()
    await shown.close()
    expect(opened).toEqual([{ corp_id: null, reason: '数据库损坏' }])
  })

  it('is not asked about a file', async () => {
    const away = { ...env, WISP_DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }
    expect((await wisp(away, ['backup', 'check', plain])).code).toBe(0)
    expect((await wisp(env, ['config', 'check'])).stderr).toBe('')
    expect(await wisp(env, ['backup', 'check', plain])).toMatchObject({ code: 1 })
  })
})
