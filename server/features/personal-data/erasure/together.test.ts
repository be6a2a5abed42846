import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
