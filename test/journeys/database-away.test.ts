import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventXml, push } from '../../server/organisation/sync/events/push.fixture.ts'
import { memoryAnswersMs } from '../../server/platform/storage/availability.ts'
import { type Answer, type Caller, call, callerOf, startWorld, type World } from '../harness.ts'
import { createDatabaseAt, type Postgres, startPostgres } from '../postgres.ts'
import { type SignedInClient, signIn } from '../sign-in.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

/** One node runs in this process with a clock moved by hand; the other is the real program. */
describe('a PostgreSQL that stops and starts under two nodes', () => {
  let postgres: Postgres
  let world: World
  let other: ServerProcess
  let there: Caller
  let visitor: SignedInClient
  let jobs = 0
  beforeAll(async () => {
    postgres = await startPostgres({ durable: false, binaries: 'embedded' })
    world = await startWorld({
      env: { WISP_DATABASE_URL: await createDatabaseAt(postgres.adminUrl) },
    })
    await world.connectCallback()
    world.ctx.jobs.schedule('probe', '* * * * *', async () => {
      jobs++
    })
    await world.ctx.jobs.start()
    other = await startProcess(world.env)
    there = callerOf(other.url, world.dev)
    visitor = await signIn(world, { userId: 'zhangsan' })
  })
  afterAll(async () => {
    await other?.stop()
    await world?.close()
    await postgres?.stop()
  })

  const at = (path: string) => `${world.server.url}${path}`
  /** What /readyz tells a load balancer, and those who may see details. */
  async function readiness() {
    const response = await fetch(at('/readyz'))
    const { problems, warnings } = (await response.json()) as Record<'problems' | 'warnings', string[]>
    const says = (list: string[]) => list.some(one => one.startsWith('the database does not answer'))
    return { status: response.status, isProblem: says(problems), isWarning: says(warnings) }
  }
  const connected = { status: 200, isProblem: false, isWarning: false }
  const becomesReady = () =>
    eventually('the node is connected', async () => isDeepStrictEqual(await readiness(), connected))
  const status = async (path: string) => (await fetch(at(path), { redirect: 'manual' })).status
  const fromMemory = () => [
    world.dev.get('/api/user/get', { userId: 'zhangsan' }),
    world.dev.post('/api/user/search', { searchName: '张' }),
    world.dev.get('/api/org/list'),
    call(at(`/api/token/getDevToken?devId=${world.dev.devId}&devSecret=${world.dev.devSecret}`)),
    visitor.get('/web/portal/me'),
  ]
  const fromDatabase = () => [
    call(at(`/admin/syncController/callback?changeType=update_user&corpId=${world.corpId}&userId=zhangsan`)),
    world.dev.get('/api/user/getInfo', { jessionId: 'of nobody' }),
    world.dev.post('/api/user/find', { email: 'zhangsan@huayu.example' }),
    world.dev.post('/api/user/search', { searchName: 'zhangsan@' }),
    visitor.get('/web/portal/messages'),
    visitor.post('/web/portal/messages/read', { upTo: new Date().toISOString() }),
  ]
  const told = () => push(world, eventXml(world, 'update_user', '<UserID>zhangsan</UserID>'))
  const away = {
    status: 503,
    retCode: '1013',
    retMessage: '服务暂不可用: 数据库暂时不可用，写入可能已经生效；请稍后再试，重复写入前先查询',
  }

  async function expectAway(calls: Promise<Answer>[]) {
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject(away)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  }
  async function expectAnswers(calls: Promise<Answer>[]) {
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ status: 200, retCode: '0' })
  }
  async function everythingWorks() {
    await becomesReady()
    await expectAnswers(fromMemory())
    const alias = `回来${Date.now()}`
    await world.admin('user/update', { userid: 'zhangsan', alias })
    await eventually('both nodes have what WeCom calls back', async () => {
      const answers = await Promise.all(
        [world.dev, there].map(dev => dev.get('/api/user/get', { userId: 'zhangsan' })),
      )
      return answers.every(one => one.body?.alias === alias)
    })
    expect(await told()).toMatchObject({ status: 200 })
    await world.settle()
    // The first request for changed members reads them from the database; afterwards they are in memory.
    await expectAnswers(fromMemory())
  }

  it('everything works before', async () => {
    await everythingWorks()
    await there.token()
  })

  it('answers from memory for 30 s, and says of all else that the database is away', async () => {
    await postgres.halt()
    await eventually('the node says so', async () => (await readiness()).isWarning)
    await expectAnswers(fromMemory())
    await expectAway(fromDatabase())
    // WeCom repeats a callback that is not answered with 200.
    expect(await told()).toMatchObject({ status: 503 })
    world.clock.offsetMs = memoryAnswersMs - 10_000
    await expectAnswers(fromMemory())
    // A balancer that asks only who is ready must still find the node.
    expect(await readiness()).toEqual({ status: 200, isProblem: false, isWarning: true })
    expect(await status('/healthz')).toBe(200)
  })

  it('answers nothing after these 30 s, and lives', async () => {
    world.clock.offsetMs = memoryAnswersMs + 1000
    await expectAway([...fromMemory(), ...fromDatabase()])
    expect(await readiness()).toEqual({ status: 503, isProblem: true, isWarning: false })
    const metrics = await fetch(at('/metrics'))
    expect(metrics.status).toBe(200)
    expect(await metrics.text()).toContain('wisp_database_up 0')
    expect(await told()).toMatchObject({ status: 503 })
    expect(await status('/signin/wecom')).toBe(503)
    expect(await status('/healthz')).toBe(200)
    const english = await fetch(at('/api/org/list'), { headers: { 'accept-language': 'en' } })
    expect(await english.json()).toEqual({
      retCode: '1013',
      retMessage:
        'unavailable for the moment: the database is unavailable for the moment and a write may have taken effect: try again later, and look before you repeat a write',
    })
  })

  it('recovers by itself, its workers and jobs too', async () => {
    await postgres.resume()
    await everythingWorks()
    const before = jobs
    world.clock.offsetMs += 60_000 - (world.ctx.now() % 60_000)
    world.ctx.queue.kick()
    await expect.poll(() => jobs, { timeout: 20_000 }).toBeGreaterThan(before)
  })

  it('feels no restart where memory answers', async () => {
    let asked = 0
    const refused: Answer[] = []
    let isOver = false
    const asking = (async () => {
      while (!isOver) {
        const answer = await there.get('/api/user/get', { userId: 'zhangsan' })
        asked++
        if (answer.retCode !== '0') refused.push(answer)
      }
    })()
    try {
      await postgres.halt()
      await postgres.resume()
      await everythingWorks()
    } finally {
      isOver = true
      await asking
    }
    expect(asked).toBeGreaterThan(20)
    expect(refused).toEqual([])
  })

  it('stops in order while it is away', async () => {
    await postgres.halt()
    expect(await other.stop()).toBe(0)
    await postgres.resume()
    await becomesReady()
  })
})
