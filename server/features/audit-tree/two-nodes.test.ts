import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { soak } from '../../../test/soak.ts'
import { allEntered } from './entered.fixture.ts'
import { appendWaiting } from './tree/append.ts'
import { verifyTree } from './verify/verify.ts'

const rounds = soak(6, 60)

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
})
afterAll(() => world.close())

it('enters each row once, in one order, while nodes add at the same time and are killed in between', async () => {
  const { ctx, corpId } = world
  const put = (round: number) =>
    sql`insert into audit (corp_id, actor, act, target, at)
      select ${corpId}, 'li', 'app.set', ${`round ${round}`}, now() - interval '2 minutes' from generate_series(1, 1500)`.execute(
      ctx.db,
    )
  let killed = 0
  /** Ends the connections of those who are adding, at whatever line they are. */
  const kill = async () => {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and query ~ 'audit_(tree|leaf|pending|node)'`.execute(
      ctx.db,
    )
    killed += rows.length
  }
  for (let round = 0; round < rounds; round++) {
    // Its connection may be one that has just been ended, and the next one too.
    let isPut = false
    while (!isPut)
      isPut = await put(round).then(
        () => true,
        () => false,
      )
    const adding = Promise.allSettled([appendWaiting(ctx), appendWaiting(ctx), appendWaiting(ctx)])
    let isDone = false
    // Never rejects: it waits for all of them.
    void adding.then(() => {
      isDone = true
    })
    while (!isDone && killed <= round) await kill().catch(() => undefined)
    await adding
  }
  await allEntered(ctx)
  const { rows } = await sql<{ acts: number; leaves: number; distinct: number }>`
    select (select count(*) from audit where corp_id = ${corpId})::int as acts,
      (select count(*) from audit_leaf where tree = ${corpId} and source = 'audit')::int as leaves,
      (select count(distinct row_id) from audit_leaf where tree = ${corpId} and source = 'audit')::int as distinct`.execute(
    ctx.db,
  )
  const { acts, leaves, distinct } = rows[0]!
  expect([leaves, distinct]).toEqual([acts, acts])
  expect(killed).toBeGreaterThan(0)
  expect((await verifyTree(ctx, corpId)).findings).toEqual([])
})
