import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { openDatabase } from '../storage/database.ts'
import { createJobs } from './jobs.ts'
import { createQueue } from './queue.ts'
import { claimTimer } from './timer-store.ts'

const night = '30 2 * * *'

describe('the scheduled jobs', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
  })
  afterAll(() => world.close())

  it('run, each of them, and have names of their own', async () => {
    const { jobs } = world.ctx
    expect(jobs.names()).toContain('nightly')
    for (const name of jobs.names()) await jobs.run(name)
    await expect(jobs.run('nothing')).rejects.toThrow('no job nothing')
    expect(() => jobs.schedule('nightly', night, async () => undefined)).toThrow('there are two jobs nightly')
  })

  it('reconcile every corp at night', async () => {
    await world.ctx.sync.drain(world.corpId)
    const runs = await world.ctx.db
      .selectFrom('sync_run')
      .select(['kind', 'state', 'requested_by'])
      .orderBy('id')
      .execute()
    expect(runs.at(-1)).toEqual({ kind: 'reconcile', state: 'done', requested_by: 'nightly' })
  })
})

describe('the clock', () => {
  const beijingHours = 8
  /** A time of day in the first night, or that many nights later, in the zone of the installation. */
  const at = (time: string, later = 0) => {
    const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
    return new Date(Date.UTC(2030, 0, 15 + later, hours - beijingHours, minutes, seconds))
  }

  let world: World
  let now: number
  let ran: string[]
  let nodes: Node[]
  beforeAll(async () => {
    world = await startWorld({ synced: false })
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    await world.ctx.db.deleteFrom('timer').execute()
    now = at('02:00').getTime()
    ran = []
    nodes = []
  })
  afterEach(() => Promise.all(nodes.map(node => node.stop())))

  type Node = { name: string; hasLooked(): boolean; kick(): void; stop(): Promise<void> }
  type Settings = { cron?: string; work?: () => Promise<void>; behindMs?: number; isMadeUpFor?: boolean }

  /** A node of its own beside the world's, whose jobs are by hand. `behindMs`: how slow its clock is. */
  async function startNode(
    name: string,
    { cron = night, work, behindMs = 0, isMadeUpFor = false }: Settings = {},
  ): Promise<Node> {
    const ctx = { ...world.ctx, nodeId: name, now: () => now - behindMs }
    const queue = await createQueue(ctx)
    const jobs = createJobs({ ...ctx, queue })
    const due = async () => {
      ran.push(name)
      await work?.()
    }
    const madeUpFor = async () => void ran.push(`${name} late`)
    jobs.schedule('due', cron, due, isMadeUpFor ? { madeUpFor } : {})
    let [begunAt, endedAt] = [0, 0]
    queue.alongside(async () => {
      begunAt = now
      return 60_000
    })
    await jobs.start()
    queue.alongside(async () => {
      endedAt = begunAt
      return 60_000
    })
    queue.start()
    const node: Node = {
      name,
      hasLooked: () => endedAt === now,
      kick: () => queue.kick(),
      async stop() {
        await queue.stop()
        await jobs.stop()
      },
    }
    nodes.push(node)
    return node
  }

  /** Moves the clock, and returns who has run the job once all nodes have looked. */
  async function come(time: Date): Promise<string[]> {
    now = time.getTime()
    for (const node of nodes) node.kick()
    for (const node of nodes) await expect.poll(node.hasLooked).toBe(true)
    return ran.splice(0)
  }

  const timer = () =>
    world.ctx.db.selectFrom('timer').selectAll().where('name', '=', 'due').executeTakeFirstOrThrow()
  const isFree = () => expect.poll(async () => (await timer()).lease).toBeNull()

  it('runs a job once among two nodes, each time', async () => {
    await startNode('a')
    await startNode('b')
    expect(await timer()).toMatchObject({ next_at: at('02:30'), lease: null })
    expect(await come(at('02:29:59'))).toEqual([])
    for (const later of [0, 1, 2]) {
      expect(await come(at('02:30', later))).toHaveLength(1)
      expect(await come(at('02:30:20', later))).toEqual([])
      expect(await timer()).toMatchObject({ next_at: at('02:30', later + 1) })
      await isFree()
    }
  })

  it('waits for the lease of a killed node to end, and takes the next time', async () => {
    const node = { name: 'due', cron: night, lease: 'of a killed node', nodeId: 'killed' }
    await claimTimer(world.ctx.db, { ...node, at: at('02:30'), nextAt: at('02:30', 1) })
    await startNode('a')
    expect(await come(at('02:30'))).toEqual([])
    expect(await come(at('02:30', 1))).toEqual([])
    await sql`update timer set lease_until = now() - interval '1 second'`.execute(world.ctx.db)
    expect(await come(at('02:30', 2))).toEqual(['a'])
  })

  it('keeps the lease while the work goes on, and begins no second run beside it', async () => {
    let end = () => {}
    const isDone = new Promise<void>(resolve => {
      end = resolve
    })
    await startNode('a', { cron: '* * * * *', work: () => isDone })
    expect(await come(at('02:01'))).toEqual(['a'])
    const { lease_until: first } = await timer()
    await startNode('b', { cron: '* * * * *' })
    await expect.poll(async () => (await timer()).lease_until, { timeout: 10_000 }).not.toEqual(first)
    expect(await timer()).toMatchObject({ holder: 'a', next_at: at('02:02') })
    expect(await come(at('02:02'))).toEqual([])
    end()
    await isFree()
    expect(await come(at('02:03'))).toHaveLength(1)
  })

  it('makes up for a time once, by whichever node comes first, where the job says how', async () => {
    const node = { name: 'due', cron: night, lease: 'of long ago', nodeId: 'a' }
    await startNode('z')
    await nodes.pop()?.stop()
    const row = await timer()
    await claimTimer(world.ctx.db, { ...node, cron: row.cron, at: at('02:30'), nextAt: at('02:30', 1) })
    await sql`update timer set lease_until = now() - interval '1 second'`.execute(world.ctx.db)
    now = at('08:00', 1).getTime()
    await startNode('a', { isMadeUpFor: true })
    await startNode('b', { isMadeUpFor: true })
    await expect.poll(() => ran.length).toBe(1)
    expect(ran.splice(0)[0]).toMatch(/^[ab] late$/)
    await isFree()
    expect(await timer()).toMatchObject({ next_at: at('02:30', 2) })
    expect(await come(at('02:30', 2))).toHaveLength(1)
    await isFree()
    // Both slept through a night.
    expect(await come(at('02:35', 3))).toEqual([expect.stringMatching(/^[ab] late$/)])
  })

  it('passes over the times at which no node was there, and those that it comes too late for', async () => {
    const node = { name: 'due', cron: night, lease: 'of long ago', nodeId: 'a' }
    await claimTimer(world.ctx.db, { ...node, at: at('02:30', -9), nextAt: at('02:30', -8) })
    await sql`update timer set lease_until = now() - interval '1 second'`.execute(world.ctx.db)
    await startNode('a')
    expect(await come(at('02:29'))).toEqual([])
    expect(await come(at('02:31:01'))).toEqual([])
    expect(await come(at('02:30', 1))).toEqual(['a'])
    await isFree()
    expect(await come(at('02:30:59', 2))).toEqual(['a'])
  })

  it('does not repeat a run that failed before the next time', async () => {
    await startNode('a', { work: () => Promise.reject(new Error('not tonight')) })
    expect(await come(at('02:30'))).toEqual(['a'])
    await isFree()
    expect(await come(at('02:30:30'))).toEqual([])
    expect(await come(at('02:30', 1))).toEqual(['a'])
  })

  it('goes by the cron line of the node that started last', async () => {
    await startNode('old', { cron: '0 4 * * *' })
    await startNode('new', { cron: '0 3 * * *' })
    expect(await come(at('03:00'))).toEqual(['new'])
    await isFree()
    expect(await come(at('04:00'))).toEqual([])
    expect(await come(at('03:00', 1))).toEqual(['new'])
  })

  it('runs nothing twice when the clock of a node that starts is slow', async () => {
    await startNode('a')
    expect(await come(at('02:30'))).toEqual(['a'])
    await isFree()
    await startNode('slow', { behindMs: 5000 })
    expect(await come(at('02:30:05'))).toEqual([])
  })

  it('goes on when a restore has taken its row away', async () => {
    await startNode('a')
    await startNode('b')
    await world.ctx.db.deleteFrom('timer').execute()
    expect(await come(at('02:30'))).toHaveLength(1)
  })

  it('waits for what runs when a node stops', async () => {
    let isDone = false
    const node = await startNode('a', {
      async work() {
        await sql`select pg_sleep(0.3)`.execute(world.ctx.db)
        isDone = true
      },
    })
    expect(await come(at('02:30'))).toEqual(['a'])
    await node.stop()
    expect(isDone).toBe(true)
    expect(await timer()).toMatchObject({ lease: null, holder: null, next_at: at('02:30', 1) })
  })
})

it('a database of a version that had its jobs in pg-boss loses its schema', async () => {
  const config = readConfig(await databaseEnv())
  const before = await openDatabase(config, createLog('silent'), 'restore')
  await sql`drop table timer`.execute(before.db)
  await sql`delete from migration where name = '0056-timer.sql'`.execute(before.db)
  await sql`create schema pgboss`.execute(before.db)
  await sql`create table pgboss.job (id integer)`.execute(before.db)
  await before.close()
  const { db, close } = await openDatabase(config, createLog('silent'), 'command')
  const { rows } = await sql`
    select to_regnamespace('pgboss') as old, to_regclass('timer')::text as "new"`.execute(db)
  expect(rows).toEqual([{ old: null, new: 'timer' }])
  await close()
})
