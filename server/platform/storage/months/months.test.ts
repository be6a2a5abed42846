import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseEnv, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { backUp } from '../../../features/backup/backup.ts'
import { restoreBackup } from '../../../features/backup/restore.ts'
import { tellDevelopers } from '../../../features/events/outbox-store.ts'
import { settles } from '../../../features.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../operation/log.ts'
import { openDatabase } from '../database.ts'
import { detachMonth, type Month, monthOf, monthsOf } from './month-store.ts'
import { createMonthsOf, createUsualMonths, dropMonths } from './months.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-months-'))
let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
})
afterAll(async () => {
  await world.close()
  rmSync(dir, { recursive: true })
})

const dayMs = 86_400_000
const nameOf = (table: string, at: Date) => `${table}_${at.toISOString().slice(0, 7).replace('-', '_')}`
const named = async (table: string) => (await monthsOf(world.ctx.db, table)).map(one => one.name)
const later = (months: number) => monthOf(new Date(world.ctx.now()), months)

async function putEvent(at: Date, mark: string, seq: number): Promise<void> {
  const { db } = world.ctx
  await db.transaction().execute(tx => createMonthsOf(tx, 'event', [at]))
  await sql`insert into event (corp_id, seq, dev_id, account, type, entity, data, at)
    values (${world.corpId}, ${seq}, '', '', 'x', ${mark}, '{}', ${at})`.execute(db)
}

const marks = async () =>
  (
    await world.ctx.db
      .selectFrom('event')
      .select('entity')
      .where('type', '=', 'x')
      .orderBy('entity')
      .execute()
  ).map(row => row.entity)

/** A month with one row, so long ago that nothing else is there. */
async function putOld(yearsAgo: number): Promise<Month> {
  const at = later(-12 * yearsAgo)
  await putEvent(at, `${yearsAgo} years ago`, -yearsAgo)
  return (await monthsOf(world.ctx.db, 'event')).find(one => one.name === nameOf('event', at)) as Month
}

describe('months', () => {
  it('are there from the start: the one before, this one and the next two, in UTC', async () => {
    for (const table of ['call_log', 'event'] as const) {
      expect(await named(table)).toEqual([-1, 0, 1, 2].map(n => nameOf(table, later(n))))
      const { rows } = await sql<{ bound: string }>`
        select pg_get_expr(relpartbound, oid) as bound from pg_class where relname = ${nameOf(table, later(0))}`.execute(
        world.ctx.db,
      )
      expect(rows[0]?.bound).toContain(
        `('${later(0).toISOString().slice(0, 10)} 00:00:00+00') TO ('${later(1).toISOString().slice(0, 10)}`,
      )
    }
  })

  it('that went because they were old enough are not created again each night', async () => {
    const { ctx } = world
    await ctx.direct.transaction().execute(tx => createMonthsOf(tx, 'call_log', [later(-1)]))
    const gone = await dropMonths(ctx, 'call_log', later(0))
    expect(gone).toContain(nameOf('call_log', later(-1)))
    await ctx.direct.transaction().execute(tx => createUsualMonths(tx, new Date(ctx.now())))
    expect(await named('call_log')).not.toContain(nameOf('call_log', later(-1)))
    await ctx.direct.transaction().execute(tx => createMonthsOf(tx, 'call_log', [later(-1)]))
  })

  it('are created when a clock jumps, and neither a call nor an event is lost', async () => {
    const { ctx, corpId, dev, clock } = world
    clock.offsetMs = 400 * dayMs
    try {
      await ctx.requests.flush()
      const { headers } = await dev.get('/api/org/tagList')
      const { devId } = await world.addDeveloper({ scopes: ['webhook:manage'] })
      const event = { corpId, devId, type: 'message.result', scope: undefined, entity: 'jump', data: {} }
      await ctx.db.transaction().execute(tx => tellDevelopers(tx, [event], new Date(ctx.now())))
      ctx.queue.kick(corpId)
      await ctx.requests.flush()
      const calls = ctx.db
        .selectFrom('call_log')
        .select('at')
        .where('request_id', '=', headers.get('x-request-id'))
      expect(await calls.execute()).toHaveLength(1)
      const told = ctx.db.selectFrom('event').select('seq').where('entity', '=', 'jump')
      await until('the event has a number', async () => (await told.execute()).length === 1)
      expect(await named('event')).toContain(nameOf('event', later(0)))
    } finally {
      clock.offsetMs = 0
    }
  })

  it('go at once when all their rows are old enough, and within the oldest its rows go as before', async () => {
    const [old, young] = [new Date(world.ctx.now() - 31 * dayMs), new Date(world.ctx.now() - 29 * dayMs)]
    const month = await putOld(1)
    await putEvent(old, 'old', -100)
    await putEvent(young, 'young', -99)
    await world.ctx.jobs.run('retention')
    expect(await marks()).toEqual(['young'])
    expect(await named('event')).not.toContain(month.name)
    // Where a clock jumped to is not old.
    expect(await named('event')).toContain(nameOf('event', monthOf(new Date(Date.now() + 400 * dayMs))))
  })

  it('lose no row that has the place of an old one in another month', async () => {
    const { db } = world.ctx
    await sql`truncate call_log`.execute(db)
    const put = (at: Date, id: string) =>
      db.transaction().execute(async tx => {
        await createMonthsOf(tx, 'call_log', [at])
        await sql`insert into call_log (corp_id, request_id, at, dev_id, path, method, code, ms, address, params)
          values (${world.corpId}, ${id}, ${at}, '', '/api/x', 'GET', '0', 1, '', '{}')`.execute(tx)
      })
    await put(later(-1), 'old')
    await put(new Date(world.ctx.now()), 'young')
    await world.ctx.jobs.run('retention')
    const left = await db.selectFrom('call_log').select('request_id').where('path', '=', '/api/x').execute()
    expect(left).toEqual([{ request_id: 'young' }])
  })
})

describe('a month on its way out', () => {
  const before = () => later(-3)
  const detach = (month: Month, timeoutMs?: number) =>
    world.ctx.direct.connection().execute(async connection => {
      if (timeoutMs === undefined) return detachMonth(connection, 'event', month)
      await sql`set lock_timeout = ${sql.lit(timeoutMs)}`.execute(connection)
      const broken = sql`alter table event detach partition ${sql.table(month.name)} concurrently`.execute(
        connection,
      )
      await expect(broken).rejects.toThrow('lock timeout')
      await sql`reset lock_timeout`.execute(connection)
    })
  /** Breaks a detachment off in the middle, as a crash does: it waits for whoever reads the table. */
  async function leave(month: Month): Promise<void> {
    const reader = new pg.Client(world.env['WISP_DATABASE_URL'])
    await reader.connect()
    await reader.query('begin')
    await reader.query('select count(*) from event')
    await detach(month, 200)
    await reader.end()
  }
  const stateOf = async ({ name }: Month) =>
    (await monthsOf(world.ctx.db, 'event')).find(one => one.name === name)?.state

  it('is dropped by the next run after a crash between the two', async () => {
    const month = await putOld(2)
    await detach(month)
    expect(await stateOf(month)).toBe('left')
    expect(await dropMonths(world.ctx, 'event', before())).toEqual([month.name])
    expect(await stateOf(month)).toBeUndefined()
  })

  it('is finished by the next run after a crash within, before another goes', async () => {
    const older = await putOld(4)
    const month = await putOld(3)
    await leave(month)
    expect(await stateOf(month)).toBe('leaving')
    expect(await marks()).not.toContain('3 years ago')
    expect(await dropMonths(world.ctx, 'event', before())).toEqual([older.name, month.name])
    expect([await stateOf(older), await stateOf(month)]).toEqual([undefined, undefined])
  })

  it.each(['left', 'leaving'] as const)('and still %s is created anew for a row that comes', async state => {
    const month = await putOld(5)
    await (state === 'left' ? detach(month) : leave(month))
    expect(await stateOf(month)).toBe(state)
    await putEvent(month.from, 'late', -500)
    expect(await stateOf(month)).toBe('attached')
    expect(await marks()).toContain('late')
    await dropMonths(world.ctx, 'event', before())
  })

  it('goes once where two nodes begin at once, and keeps no writer waiting', async () => {
    const months = [await putOld(6), await putOld(7), await putOld(8)]
    const other = await openDatabase(readConfig(world.env), log, 'command')
    const reader = new pg.Client(world.env['WISP_DATABASE_URL'])
    await reader.connect()
    try {
      await reader.query('begin')
      await reader.query('select count(*) from event')
      const both = [dropMonths(world.ctx, 'event', before()), dropMonths(other, 'event', before())]
      const isLeaving = async (month: Month) => (await stateOf(month)) === 'leaving'
      await until('a detachment waits', async () => (await Promise.all(months.map(isLeaving))).includes(true))
      await putEvent(new Date(world.ctx.now()), 'meanwhile', -600)
      await reader.query('commit')
      await Promise.all(both)
      for (const month of months) expect(await stateOf(month)).toBeUndefined()
      expect(await marks()).toContain('meanwhile')
    } finally {
      await reader.end()
      await other.close()
    }
  })
})

it('a backup restores rows of months that the database did not have', async () => {
  const { ctx } = world
  await putOld(9)
  const file = join(dir, 'backup')
  await backUp(ctx, 'test', file)
  const env = { ...world.env, ...(await databaseEnv()) }
  await restoreBackup(readConfig(env), log, file, settles)
  const restored = await openDatabase(readConfig(env), log, 'command')
  try {
    const found = await restored.db
      .selectFrom('event')
      .select('at')
      .where('entity', '=', '9 years ago')
      .execute()
    expect(found).toEqual([{ at: later(-12 * 9) }])
  } finally {
    await restored.close()
  }
})

it('rows go with their corp, to which they have no reference', async () => {
  const { ctx, corpId } = world
  await sql`delete from corp where corp_id = ${corpId}`.execute(ctx.db)
  const left = await sql<{ n: number }>`
    select (select count(*) from call_log where corp_id = ${corpId})::int
      + (select count(*) from event where corp_id = ${corpId})::int as n`.execute(ctx.db)
  expect(left.rows).toEqual([{ n: 0 }])
})
