import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillTables, rowsOf } from '../../../../test/filled-tables.fixture.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { addCorp } from '../../../organisation/corps/corps.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { claim } from '../../../platform/queue/queue-store.ts'
import { startServer } from '../../../server.ts'
import { readyToRemove, removalEnded, removeWhole } from '../lifecycle.fixture.ts'
import { removeCorp } from './remove-corp.ts'
import { deleteCorp } from './work.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4, tags: 2 })
  for (const corpId of ['wwA', 'wwB'])
    await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'secret' })
  for (const corpId of ['wwA', 'wwB']) await fillTables(world.ctx, corpId, 3)
  // Their addresses are nonsense, and each attempt is noted.
  await sql`update siem_receiver set is_on = false`.execute(world.ctx.db)
}, 60_000)
afterAll(() => world.close())

/** Tables whose rows a node works off at once. */
const worked = ['queue', 'audit_pending', 'audit_repetition']

/** Rows that name the corp, in whatever table, but for the record of its deletion. */
async function namedIn(corpId: string): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'corp_id'
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`.execute(
    world.ctx.db,
  )
  const named: Record<string, number> = {}
  for (const { name } of tables) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(name)} where corp_id = ${corpId}`.execute(world.ctx.db)
    if (rows[0]?.n && name !== 'corp_removal') named[name] = rows[0].n
  }
  return named
}

describe('deleting a corp whole', () => {
  it('says everything that is in the way, and changes nothing', async () => {
    const remove = (typed = 'wwA') => removeCorp(world.ctx, 'test', 'wwA', typed)
    await expect(remove('wwa')).rejects.toThrow('不一致')
    await expect(remove()).rejects.toThrow(/没有暂停.*早于这次暂停|没有暂停.*还没有导出/)
    await expect(removeCorp(world.ctx, 'test', 'nocorp', 'nocorp')).rejects.toThrow('nocorp')
    expect(world.ctx.corps.get('wwA').closure).toBeUndefined()
    await readyToRemove(world.ctx, 'wwA')
    await sql`update person_hold set ended_at = null where corp_id = 'wwA'`.execute(world.ctx.db)
    await expect(remove()).rejects.toThrow(
      /支付没有结束.*out_trade_no.*退款没有结束.*out_refund_no.*保全没有结束：\d+ .*（.*）/,
    )
    await sql`update corp set suspended_at = now() - interval '6 days 23 hours' where corp_id = 'wwA'`.execute(
      world.ctx.db,
    )
    await expect(remove()).rejects.toThrow(/不满 7 天，(\d+ 年 )?\d+ 月 \d+ 日 [\d:]{5} 之后/)
    expect(world.ctx.corps.get('wwA').closure?.kind).toBe('suspended')
    await sql`update pay_order set state = 'closed' where corp_id = 'wwA'`.execute(world.ctx.db)
    await sql`update pay_refund set ended_at = now() where corp_id = 'wwA'`.execute(world.ctx.db)
    await sql`update person_hold set ended_at = now() where corp_id = 'wwA'`.execute(world.ctx.db)
  })

  it('goes on after a crash between any two batches, and leaves the rows of others as they are', async () => {
    const { ctx } = world
    // Else the first check of alerts, which finds much in these rows, comes before or after, as the machine is slow or fast.
    await ctx.jobs.run('alerts')
    await until('the alerts to be told', async () => (await rowsOf(ctx.db, 'wwB'))['queue']?.rows === 0)
    await until('nodes to have worked off the audit', async () => {
      const { rows } = await sql<{ left: boolean }>`
        select exists (select from audit_repetition where due_at < now())
          or exists (select from audit_verification where ended_at is null) as left`.execute(ctx.db)
      return rows[0]?.left === false
    })
    const before = await rowsOf(ctx.db, 'wwB')
    const own = await rowsOf(ctx.db, 'wwA')
    for (const [table, { rows }] of Object.entries(own))
      if (!worked.includes(table)) expect([table, rows]).toEqual([table, expect.not.toBeOneOf([0])])
    await readyToRemove(ctx, 'wwA')
    // Another node begins: one row at a time, until it dies.
    const other = { ...ctx, nodeId: 'dying' }
    await ctx.queue.stop()
    await removeCorp(ctx, 'test', 'wwA', 'wwA')
    expect(ctx.corps.find('wwA')).toBeUndefined()
    let crashes = 0
    for (let batches = 1; batches <= 40; batches += 13) {
      const [claimed] = await claim(
        ctx.db,
        'corp-removal',
        { id: 'dying', held: [], newId: ctx.newId, homes: ctx.homes },
        new Date(ctx.now() + 60_000),
        1,
      )
      expect(claimed).toBeDefined()
      const held = heldUntil(claimed!.lease, batches)
      await deleteCorp(other, held, 1)
      crashes += 1
      // Nobody renews the lease of a dead node.
      await sql`update queue set lease_until = now() - interval '1 second' where corp_id = 'wwA'`.execute(
        ctx.db,
      )
    }
    expect(crashes).toBeGreaterThan(2)
    const next = await startServer(readConfig(world.env), { log: createLog('silent') })
    try {
      const removal = await removalEnded(next.ctx, 'wwA')
      const counted = Object.fromEntries(
        Object.entries(own)
          .filter(([table]) => !worked.includes(table))
          .map(([table, { rows }]) => [table, rows]),
      )
      expect(removal.rows).toMatchObject({ ...counted, audit: expect.any(Number), corp: 1 })
      expect(await namedIn('wwA')).toEqual({})
      expect(await rowsOf(ctx.db, 'wwB')).toEqual(before)
      await until('the other node to follow', () => ctx.corps.closureOf('wwA') === undefined)
      const { rows: orphans } = await sql<{ n: number }>`
        select count(*)::int as n from message_result where message_id like 'wwA%'`.execute(ctx.db)
      expect(orphans[0]?.n).toBe(0)
    } finally {
      await next.close()
    }
  })
})

/** A task whose node dies after so many looks at its signal. */
function heldUntil(lease: ActiveTask['lease'], looks: number): ActiveTask {
  let left = looks
  const signal = {
    get aborted() {
      left -= 1
      return left < 0
    },
  } as AbortSignal
  const nothing = () => {}
  return {
    corpId: lease.corpId,
    key: lease.key,
    lease,
    signal,
    reset: nothing,
    wait: async () => {},
    ring: nothing,
    stepAside: nothing,
  }
}

it('a corp that was deleted can be connected again, and deleted again', async () => {
  const again = await startServer(readConfig(world.env), { log: createLog('silent') })
  try {
    await addCorp(again.ctx, 'test', { corpId: 'wwA', name: '再来', contactSecret: 'secret' })
    expect((await removeWhole(again.ctx, 'wwA')).name).toBe('再来')
    expect(await namedIn('wwA')).toEqual({})
    const operator = await signInAs(world, 'operator')
    const gone = await operator.get('/web/corp-lifecycle/export', { ofCorp: 'wwA' })
    expect(gone).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('没有企业 wwA') })
  } finally {
    await again.close()
  }
})
