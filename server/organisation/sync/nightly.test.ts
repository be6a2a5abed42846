import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { addCorp, setCorp } from '../corps/corps.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 4, departments: 2 })
})
afterAll(() => world?.close())

it('begins where a node does not know the zone of a corp, too', async () => {
  const { ctx } = world
  await addCorp(ctx, 'test', { corpId: 'wwNowhere', name: '某地', contactSecret: 's'.repeat(43) })
  await ctx.db
    .updateTable('corp')
    .set({ time_zone: 'Asia/Nowhere' })
    .where('corp_id', '=', 'wwNowhere')
    .execute()
  await ctx.corps.reload('wwNowhere')
  expect(ctx.corps.get('wwNowhere').timeZone).toBe('Asia/Shanghai')
  await ctx.jobs.run('nightly')
  const waiting = ctx.db.selectFrom('queue').select('corp_id').where('stream', '=', 'nightly')
  expect(await waiting.where('corp_id', '=', 'wwNowhere').execute()).toHaveLength(1)
})

it('begins at the same hour on the clocks of each corp', async () => {
  const { ctx } = world
  await addCorp(ctx, 'test', { corpId: 'wwBerlin', name: '柏林', contactSecret: 's'.repeat(43) })
  await setCorp(ctx, 'test', 'wwBerlin', { timeZone: 'Europe/Berlin' })
  // 02:30 in Beijing, when the job comes; in Berlin, in summer, 02:30 is six hours later.
  const night = Date.parse('2027-07-01T18:30:00Z')
  world.clock.offsetMs += night - ctx.now()
  await ctx.jobs.run('nightly')
  const rows = await ctx.db
    .selectFrom('queue')
    .select(['corp_id', 'due_at'])
    .where('stream', '=', 'nightly')
    .where('corp_id', '=', 'wwBerlin')
    .execute()
  expect(rows).toHaveLength(1)
  const late = rows[0]!.due_at.getTime() - night
  expect(late).toBeGreaterThanOrEqual(6 * 3_600_000)
  expect(late).toBeLessThan(6 * 3_600_000 + 60_000)
})
