import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { keysOf } from '../rows/person-store.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
})
afterAll(() => world.close())

const run = (statement: ReturnType<typeof sql>) => statement.execute(world.ctx.db)

it('erases those of a night together: also what two who had one userid share, and nothing of others', async () => {
  const { corpId, ctx } = world
  const { rows } = await sql<{ id: number; key: string }>`
    select id, user_key as key from member where corp_id = ${corpId} order by id desc limit 8`.execute(ctx.db)
  const [first, second, held, ...rest] = rows
  const leavers = [first!, second!, held!, ...rest]
  await run(
    sql`update member set left_at = now() - interval '40 days' where id = any(${leavers.map(one => one.id)}::bigint[])`,
  )
  await run(
    sql`update member set user_id = 'twice', user_key = 'twice' where id = any(${[first!.id, second!.id]}::bigint[])`,
  )
  await run(sql`update corp set suspended_by = 'twice' where corp_id = ${corpId}`)
  expect((await keysOf(ctx.db, corpId, first!.id)).keys).not.toContain('twice')
  await run(sql`insert into person_hold (corp_id, member_id, user_id, name, reason, until, held_by, held_at)
    values (${corpId}, ${held!.id}, ${held!.key}, '', '诉讼', now() + interval '1 year', 'test', now())`)
  await runCommand(ctx, ['person', 'settings', '--leavers', '30'])
  await ctx.jobs.run('personal-erasure')
  const left = async () =>
    (
      await sql<{
        id: number
      }>`select id from member where corp_id = ${corpId} and left_at is not null order by id`.execute(ctx.db)
    ).rows.map(row => row.id)
  await until('all are erased', async () => (await left()).length <= 1)
  expect(await left()).toEqual([held!.id])
  const corp = await sql<{
    by: string
  }>`select suspended_by as by from corp where corp_id = ${corpId}`.execute(ctx.db)
  expect(corp.rows[0]?.by).toMatch(/^erased:\d+$/)
})

it('erases one by one where the tables cannot be read for all at once, and who cannot be erased keeps nobody waiting', async () => {
  const { corpId, ctx } = world
  const { rows } = await sql<{ id: number; key: string }>`
    select id, user_key as key from member where corp_id = ${corpId} and left_at is null order by id desc limit 4`.execute(
    ctx.db,
  )
  const ids = rows.map(one => one.id)
  const [stuck, named] = rows
  await run(sql`update member set left_at = now() - interval '40 days' where id = any(${ids}::bigint[])`)
  await run(sql`update corp set suspended_by = ${named!.key} where corp_id = ${corpId}`)
  await run(sql`create function refuse_one() returns trigger language plpgsql as $$ begin
    raise exception 'this one stays'; end $$`)
  await run(sql`create trigger refuse_one before delete on member for each row
    when (old.id = ${sql.lit(stuck!.id)}) execute function refuse_one()`)
  const query = pg.Client.prototype.query
  let refused = 0
  const spied = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const isForAll = typeof given[0] === 'string' && given[0].includes('wanted."memberId"')
    if (!isForAll) return Reflect.apply(query, this, given)
    refused++
    return Promise.reject(new Error('too much at once'))
  } as never)
  try {
    await ctx.jobs.run('personal-erasure')
    const states = async () =>
      (
        await sql<{ id: number; state: string }>`
          select member_id as id, state from person_request where corp_id = ${corpId} and member_id = any(${ids}::bigint[])`.execute(
          ctx.db,
        )
      ).rows
    await until('all have ended', async () => (await states()).every(one => one.state !== 'asked'))
    const expected = ids.map(id => ({ id, state: id === stuck!.id ? 'failed' : 'done' }))
    expect((await states()).toSorted((a, b) => b.id - a.id)).toEqual(expected)
  } finally {
    spied.mockRestore()
    await run(sql`drop trigger refuse_one on member`)
    await run(sql`drop function refuse_one`)
  }
  expect(refused).toBeGreaterThan(0)
  const left = await sql<{ id: number }>`select id from member where id = any(${ids}::bigint[])`.execute(
    ctx.db,
  )
  expect(left.rows).toEqual([{ id: stuck!.id }])
  const corp = await sql<{
    by: string
  }>`select suspended_by as by from corp where corp_id = ${corpId}`.execute(ctx.db)
  expect(corp.rows).toEqual([{ by: `erased:${named!.id}` }])
})
