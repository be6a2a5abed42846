import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readyToRemove } from '../../server/features/corp-lifecycle/lifecycle.fixture.ts'
import { listRemovals } from '../../server/features/corp-lifecycle/removal/removal-store.ts'
import { removeCorp } from '../../server/features/corp-lifecycle/removal/remove-corp.ts'
import { addCorp } from '../../server/organisation/corps/corps.ts'
import { startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

const rows = 300_000
let world: World
const nodes: ServerProcess[] = []
beforeAll(async () => {
  world = await startWorld({ synced: false })
  await world.ctx.queue.stop()
  for (const corpId of ['wwGone', 'wwStays'])
    await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'secret' })
  for (const corpId of ['wwGone', 'wwStays'])
    await sql`
      insert into audit (corp_id, actor, act, target, at)
      select ${corpId}, 'x', 'corp.set', n::text, now() from generate_series(1, ${rows}::int) as n`.execute(
      world.ctx.db,
    )
}, 60_000)
afterAll(async () => {
  for (const node of nodes) await node.kill()
  await world.close()
})

const removal = async () => (await listRemovals(world.ctx.db, 'wwGone', { limit: 1 }))[0]
const count = async (corpId: string) => {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from audit where corp_id = ${corpId}`.execute(world.ctx.db)
  return found.rows[0]?.n
}

it('a corp that is being deleted while its node is killed is deleted by another, and counted once', async () => {
  const { ctx, env } = world
  await readyToRemove(ctx, 'wwGone')
  const own = await count('wwGone')
  await removeCorp(ctx, 'test', 'wwGone', 'wwGone')
  const first = await startProcess(env)
  nodes.push(first)
  await until('the first batches', async () => ((await removal())?.rows['audit'] ?? 0) > 5000, 60_000)
  await first.kill()
  const left = await count('wwGone')
  expect(left).toBeGreaterThan(0)
  expect((await removal())?.endedAt).toBeNull()
  expect((await removal())?.rows['audit']).toBe((own ?? 0) - (left ?? 0))
  nodes.push(await startProcess(env))
  await until('the end', async () => (await removal())?.endedAt !== null, 60_000)
  expect((await removal())?.rows['audit']).toBe(own)
  expect([await count('wwGone'), await count('wwStays')]).toEqual([0, rows + 1])
  await until('this node', () => ctx.corps.closureOf('wwGone') === undefined)
  expect(ctx.corps.all().map(one => one.corpId)).toEqual(['wwStays'])
}, 120_000)
