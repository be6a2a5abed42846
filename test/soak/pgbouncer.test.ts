import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { wisp } from '../../server/cli/cli.fixture.ts'
import { arrived, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { aliveNodes } from '../../server/platform/storage/alive-nodes.ts'
import { type Caller, callerOf, databaseEnv, startWorld, type World } from '../harness.ts'
import { attemptProcess, eventually, type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { type PgBouncer, startPgBouncer } from '../pgbouncer.ts'
import { createDatabaseAt, startPostgres } from '../postgres.ts'
import { type SignedInClient, signIn } from '../sign-in.ts'
import { until } from '../until.ts'

/** The deadline of wisp is three seconds; the machine has other things to do. */
const noticedWithinMs = 5000

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const portOf = (url: string) => Number(new URL(url).port)
const pooler = async (mode: 'transaction' | 'session') => startPgBouncer(portOf(inject('postgresUrl')), mode)

/** A database that is reached both ways. */
async function bothWays(through: PgBouncer): Promise<Record<string, string>> {
  const env = await databaseEnv()
  const url = env['WISP_DATABASE_URL']!
  return { ...env, WISP_DATABASE_URL: through.through(url), WISP_DATABASE_DIRECT_URL: url }
}

async function refusal(env: Record<string, string>): Promise<string> {
  const { code, output } = await attemptProcess(env).ended
  expect(code).toBe(1)
  return output
}

describe('PgBouncer in transaction mode', () => {
  let bouncer: PgBouncer
  let world: World
  let other: ServerProcess
  let there: Caller
  let visitor: SignedInClient
  beforeAll(async () => {
    bouncer = await pooler('transaction')
    world = await startWorld({ env: await bothWays(bouncer) })
    await useAgents(world)
    other = await startProcess(world.env)
    there = callerOf(other.url, world.dev)
    await there.token()
    visitor = await signIn(world, { userId: 'zhangsan' })
  })
  afterAll(async () => {
    await other.stop()
    await world.close()
    await bouncer.stop()
  })

  const warnings = async () => {
    const response = await fetch(`${world.server.url}/readyz`)
    const { warnings = [] } = (await response.json()) as { warnings?: string[] }
    return warnings.join()
  }
  const isHeard = async () => !(await warnings()).includes('the database does not answer')
  const fromDatabase = () => visitor.get('/web/portal/messages')
  const send = (caller: Caller, id: string) =>
    caller.post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '0',
      msgType: '03',
      agentName: '测试',
      requestId: id,
      content: `${id}。`,
    })

  it('changes are followed, and work goes on, through it', async () => {
    for (let n = 0; n < 5; n++) {
      const here = await world.addDeveloper()
      const far = await eventually('the other node knows', async () => {
        const caller = callerOf(other.url, here)
        return (await caller.get('/api/org/list')).retCode === '0' && caller
      })
      const since = performance.now()
      await setDeveloper(world.ctx, 'test', here.devId, { enabled: false })
      await eventually('the other refuses', async () => (await far.get('/api/org/list')).retCode !== '0')
      expect(performance.now() - since).toBeLessThan(2000)
    }
    expect(await send(there, 'first')).toMatchObject({ retCode: '0' })
    await eventually('it arrived', async () => (await arrived(world, 'first。')).length === 1)
  })

  it('commands see the nodes, back up and restore past it, and leave nothing behind', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'wisp-pgbouncer-'))
    const file = join(dir, 'backup.gz')
    expect(await aliveNodes(world.ctx.db)).toHaveLength(2)
    expect(await wisp(world.env, ['backup', file])).toMatchObject({ code: 0 })
    const empty = await createDatabaseAt(inject('postgresUrl'))
    const restored = {
      ...world.env,
      WISP_DATABASE_URL: bouncer.through(empty),
      WISP_DATABASE_DIRECT_URL: empty,
    }
    expect(await wisp(restored, ['restore', file])).toMatchObject({ code: 0 })
    rmSync(dir, { recursive: true })
    const check = await wisp({ ...world.env, WISP_PORT: '0' }, ['config', 'check'])
    expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining('可用') })
    const { rows } = await sql`select 1 from pg_locks join pg_stat_activity a using (pid)
      where locktype = 'advisory' and a.datname = current_database()`.execute(world.ctx.direct)
    expect(rows).toEqual([])
    // A node that ends is seen to end at once.
    await other.kill()
    await until('the end of one', async () => (await aliveNodes(world.ctx.db)).length === 1)
    other = await startProcess(world.env)
    there = callerOf(other.url, world.dev)
  })

  it('a PAUSE is noticed in three seconds: who waits is told, and nobody waits longer', async () => {
    const since = performance.now()
    await bouncer.admin('PAUSE')
    const waiting = fromDatabase()
    await until('the warning', async () => !(await isHeard()), 20_000)
    console.log(`PAUSE noticed after ${Math.round(performance.now() - since)} ms`)
    expect(performance.now() - since).toBeLessThan(noticedWithinMs)
    expect(await warnings()).toContain('WISP_DATABASE_URL')
    expect(await waiting).toMatchObject({ status: 503, retCode: '1013' })
    for (let turn = 0; turn < 3; turn++) {
      const asked = performance.now()
      expect(await fromDatabase()).toMatchObject({ status: 503, retCode: '1013' })
      expect(performance.now() - asked).toBeLessThan(2 * noticedWithinMs)
      expect(await world.dev.get('/api/org/list')).toMatchObject({ retCode: '0' })
    }
    await bouncer.admin('RESUME')
    await until('it is heard', isHeard)
    expect(await fromDatabase()).toMatchObject({ status: 200 })
    expect(await send(there, 'resumed')).toMatchObject({ retCode: '0' })
  })

  it('a short PAUSE, as of a planned switch, fails nobody', async () => {
    let isOver = false
    const answers: number[] = []
    const asking = (async () => {
      while (!isOver) answers.push((await fromDatabase()).status)
    })()
    for (let turn = 0; turn < 3; turn++) {
      await pause(500)
      await bouncer.admin('PAUSE')
      await pause(700)
      await bouncer.admin('RESUME')
    }
    isOver = true
    await asking
    expect(answers.length).toBeGreaterThan(10)
    expect(answers.filter(status => status !== 200)).toEqual([])
  })

  it('a restart of it is survived, killed or not, and RECONNECT is not felt', async () => {
    for (let turn = 0; turn < 3; turn++) {
      await bouncer.kill()
      await until('it is noticed', async () => !(await isHeard()), 20_000)
      expect(await fromDatabase()).toMatchObject({ status: 503, retCode: '1013' })
      await bouncer.start()
      await until('it is heard', isHeard, 20_000)
      expect(await fromDatabase()).toMatchObject({ status: 200 })
      await eventually('the other too', async () => (await send(there, `restart${turn}`)).retCode === '0')
    }
    await bouncer.admin('RECONNECT')
    expect(await fromDatabase()).toMatchObject({ status: 200 })
  })

  it('led to another server while wisp runs, it is not written through until it is led back', async () => {
    const elsewhere = await startPostgres({ durable: false, binaries: 'system' })
    try {
      const name = new URL(world.env['WISP_DATABASE_URL']!).pathname
      await createDatabaseNamed(elsewhere.adminUrl, name.slice(1))
      await bouncer.lead(portOf(elsewhere.adminUrl))
      await bouncer.admin('RECONNECT')
      await until('it is noticed', async () => (await warnings()).includes('different servers'), 20_000)
      expect(await send(world.dev, 'elsewhere')).toMatchObject({ status: 503, retCode: '1013' })
    } finally {
      await bouncer.lead(portOf(inject('postgresUrl')))
      await bouncer.admin('RECONNECT')
    }
    await until('it is heard', isHeard, 20_000)
    expect(await send(world.dev, 'back')).toMatchObject({ retCode: '0' })
    await elsewhere.stop()
  })
})

async function createDatabaseNamed(adminUrl: string, name: string): Promise<void> {
  const made = await createDatabaseAt(adminUrl)
  const client = new pg.Client(adminUrl)
  await client.connect()
  await client.query(`alter database ${new URL(made).pathname.slice(1)} rename to ${name}`)
  await client.end()
}

describe('an address that does not do', () => {
  let bouncer: PgBouncer
  beforeAll(async () => {
    bouncer = await pooler('transaction')
  })
  afterEach(() => bouncer.admin('RESUME').catch(() => undefined))
  afterAll(() => bouncer.stop())

  it('through a pooler alone is refused, with what to set, by node, command and check', async () => {
    const env = await databaseEnv()
    const alone = { ...env, WISP_DATABASE_URL: bouncer.through(env['WISP_DATABASE_URL']!) }
    const said = /收不到 PostgreSQL 的通知（LISTEN）：请把 WISP_DATABASE_DIRECT_URL 设为/
    expect(await refusal(alone)).toMatch(said)
    expect(await refusal(alone)).toContain('set WISP_DATABASE_DIRECT_URL to the address of PostgreSQL itself')
    expect((await wisp(alone, ['config', 'check'])).stdout).toMatch(said)
    expect((await wisp(alone, ['corp', 'doctor'])).stderr).toMatch(said)
    const { WISP_DATABASE_URL } = alone
    expect(
      await refusal({ ...alone, WISP_DATABASE_DIRECT_URL: `${WISP_DATABASE_URL}?application_name=x` }),
    ).toContain('WISP_DATABASE_DIRECT_URL 收不到 PostgreSQL 的通知')
  })

  it('to another database or server than the direct one is refused', async () => {
    const [env, foreign] = [await bothWays(bouncer), await databaseEnv()]
    expect(await refusal({ ...env, WISP_DATABASE_DIRECT_URL: foreign['WISP_DATABASE_URL']! })).toContain(
      '指向不同的数据库',
    )
    const elsewhere = await startPostgres({ durable: false, binaries: 'system' })
    const direct = await createDatabaseAt(elsewhere.adminUrl)
    expect(await refusal({ ...env, WISP_DATABASE_DIRECT_URL: direct })).toContain('指向不同的服务器')
    await elsewhere.stop()
  })

  it('with parameters that no pooler takes is refused, and so is an unknown user', async () => {
    const env = await bothWays(bouncer)
    const url = env['WISP_DATABASE_URL']!
    expect(await refusal({ ...env, WISP_DATABASE_URL: `${url}?statement_timeout=1000` })).toMatch(
      /连接池不接受 WISP_DATABASE_URL 里的参数.*statement_timeout.*alter role/,
    )
    expect(await refusal({ ...env, WISP_DATABASE_URL: url.replace('wisp@', 'nobody@') })).toContain(
      '连不上 WISP_DATABASE_URL 所指的数据库',
    )
  })
})

describe('PgBouncer in session mode', () => {
  it('needs no second address', async () => {
    const bouncer = await pooler('session')
    const env = await databaseEnv()
    const through = { WISP_DATABASE_URL: bouncer.through(env['WISP_DATABASE_URL']!) }
    const world = await startWorld({ env: { ...env, ...through, WISP_DATABASE_POOL: '4' } })
    const other = await startProcess(world.env)
    const here = await world.addDeveloper()
    const far = await eventually('the other node knows', async () => {
      const caller = callerOf(other.url, here)
      return (await caller.get('/api/org/list')).retCode === '0' && caller
    })
    await setDeveloper(world.ctx, 'test', here.devId, { enabled: false })
    await eventually('the other refuses', async () => (await far.get('/api/org/list')).retCode !== '0')
    expect(await aliveNodes(world.ctx.db)).toHaveLength(2)
    await other.kill()
    await until('the end of one', async () => (await aliveNodes(world.ctx.db)).length === 1, 20_000)
    await world.close()
    await bouncer.stop()
  })
})
