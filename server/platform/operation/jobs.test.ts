import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../storage/database.ts'
import { createJobs } from './jobs.ts'
import { createLog } from './log.ts'

describe('the scheduled jobs', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4 })
  })
  afterAll(() => world.close())

  it('are these, and each of them runs', async () => {
    const { jobs } = world.ctx
    expect(jobs.names().sort()).toEqual([
      'alerts',
      'certificates',
      'nightly',
      'reconciliation',
      'retention',
      'sms-receipts',
    ])
    for (const name of jobs.names()) await jobs.run(name)
    await expect(jobs.run('nothing')).rejects.toThrow('no job nothing')
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

/**
 * The cron line of this minute, or of the next one when this one is nearly over: it is due once while a test runs, and not twice
 * when the minute changes.
 */
function onceFrom(now: Date): string {
  const at = new Date(now.getTime() + (now.getSeconds() < 40 ? 0 : 60_000))
  return `${at.getMinutes()} ${at.getHours()} * * *`
}

describe('the clock', () => {
  it('fires a job once among two nodes, and none that no version knows any more', async () => {
    const config = readConfig(await databaseEnv())
    const log = createLog('silent')
    const databases = await Promise.all([openDatabase(config, log), openDatabase(config, log)])
    const nodes = await Promise.all(databases.map(database => createJobs(database, log, 1)))
    try {
      const fired: string[] = []
      const [first, second] = nodes
      const line = onceFrom(new Date())
      await first?.schedule('forgotten', '* * * * *', async () => void fired.push('forgotten'))
      for (const node of nodes) await node.schedule('due', line, async () => void fired.push('due'))
      await second?.dropForgotten()
      // It may have been due in between, and is not any more.
      const { rows } = await sql<{ name: string }>`select name from pgboss.schedule`.execute(databases[0]!.db)
      expect(rows).toEqual([{ name: 'due' }])
      await expect.poll(() => fired, { timeout: 50_000 }).toContain('due')
      expect(fired.filter(name => name === 'due')).toHaveLength(1)
    } finally {
      for (const node of nodes) await node.stop()
      for (const database of databases) await database.close()
    }
  })
})
