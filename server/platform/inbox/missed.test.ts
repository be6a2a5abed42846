import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { agentPushesMissed } from '../../features/agents/pushes/push-causes.ts'
import { begins } from '../../features/alerts/open-alerts.fixture.ts'
import type { Account } from '../../features/official/accounts/accounts.ts'
import { requestPull } from '../../features/official/followers/pull/pull.ts'
import { findPull } from '../../features/official/followers/pull/store.ts'
import { officialPushesMissed } from '../../features/official/pushes/pushes-missed.ts'
import { connectMerchant } from '../../features/payments/merchants/merchant.fixture.ts'
import { orderBills } from '../../features/payments/orders/order-bills.ts'
import { billOf, memberId, newBills, payAt } from '../../features/payments/payments.fixture.ts'
import { openRun } from '../../organisation/sync/runs/run-store.ts'
import type { PushOwner } from '../http/upstream-push.ts'
import { taskState } from '../queue/queue-store.ts'

let world: World
let account: Account
let agentId: number
beforeAll(async () => {
  world = await startWorld()
  await world.connectCallback()
  account = await world.bindOfficial()
  agentId = await world.connectAgent()
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.control('faults', undefined, 'DELETE')
  await sql`delete from missed_push`.execute(world.ctx.db)
  await sql`delete from sync_run where requested_by = 'outage'`.execute(world.ctx.db)
})

const ownerOf = (stream: PushOwner['stream'], of: string): PushOwner => ({
  corpId: world.corpId,
  stream,
  account: of,
})
const lose = () => world.control('faults', { match: 'callback/', mode: 'dropCallback' })
/** What is asked again after a few seconds is due now. */
const pass = () => {
  world.clock.offsetMs += 6000
  world.ctx.queue.kick()
}
const enqueued = (stream: 'directory-missed' | 'official-missed' | 'pay-order', key = '') =>
  until(`a task of ${stream}`, () => taskState(world.ctx.db, { corpId: world.corpId, stream, key }))
const checks = async () =>
  (
    await world.ctx.db
      .selectFrom('sync_run')
      .select(['id', 'state', 'kind', 'counts'])
      .where('requested_by', '=', 'outage')
      .execute()
  ).map(({ counts, ...run }) => ({ ...run, counts: counts as { member?: { put: number } } }))
const checked = () =>
  until('the check', async () => {
    const [run] = await checks()
    return run?.state === 'done' && run
  })
const figure = async (name: string) => {
  const lines = (await world.ctx.metrics.text()).split('\n')
  return Number(lines.find(line => line.startsWith(`${name} `))?.split(' ')[1] ?? 0)
}

describe('a push that was refused', () => {
  it('has the address book of its corp checked, which says how much was missed', async () => {
    const before = await figure('wisp_missed_changes_total')
    await lose()
    await world.admin('user/update', { userid: 'zhangsan', alias: '没有送到' })
    world.ctx.missed.refused(ownerOf('directory', ''))
    await enqueued('directory-missed')
    pass()
    expect(await checked()).toMatchObject({ kind: 'reconcile', counts: { member: { put: 1 } } })
    const { body } = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
    expect(body.alias).toBe('没有送到')
    await until('the figure', async () => (await figure('wisp_missed_changes_total')) === before + 1)
    expect(await figure('wisp_pushes_refused_total{stream="directory"}')).toBeGreaterThan(0)
  })

  it('counts whyever it was not stored', async () => {
    const refused = () => figure('wisp_pushes_refused_total{stream="directory"}')
    const before = await refused()
    await sql`alter table inbox_event add constraint nothing_more check (false) not valid`.execute(
      world.ctx.db,
    )
    await world.admin('user/update', { userid: 'lisi', alias: '没有存下' })
    await until('the refusals', async () => (await refused()) > before)
    await sql`alter table inbox_event drop constraint nothing_more`.execute(world.ctx.db)
    await enqueued('directory-missed')
    pass()
    await checked()
    expect((await world.dev.get('/api/user/get', { userId: 'lisi' })).body.alias).toBe('没有存下')
  })

  it('is no part of a run that was under way, which may have read already what changed later', async () => {
    await world.control('faults', { match: 'user/list', mode: 'slow', delayMs: 1500 })
    const run = world.sync('reconcile')
    await until('a run', () => openRun(world.ctx.db, world.corpId))
    world.ctx.missed.refused(ownerOf('directory', ''))
    await enqueued('directory-missed')
    pass()
    await run
    expect(await checks()).toEqual([])
    world.clock.offsetMs += 20_000
    world.ctx.queue.kick()
    await checked()
  })

  it('has the followers of its account read again, and is told where nobody can be asked', async () => {
    await requestPull(world.ctx, 'test', account)
    const pulledBy = async (who: string) => {
      const pull = await findPull(world.ctx.db, account)
      return pull?.state === 'done' && pull.requestedBy === who
    }
    await until('the first pull', () => pulledBy('test'))
    for (let n = 0; n < 3; n++) world.ctx.missed.refused(ownerOf('official', account.originalId))
    world.ctx.missed.refused(ownerOf('agent', String(agentId)))
    await enqueued('official-missed', account.originalId)
    pass()
    await until('the pull', () => pulledBy('outage'))
    await begins(world.ctx, 'officialPushesMissed')
    await begins(world.ctx, 'agentPushesMissed')
    const [official] = (await officialPushesMissed.find(world.ctx)).found
    expect(official).toMatchObject({
      corpId: world.corpId,
      subject: account.originalId,
      detail: { count: 3 },
    })
    expect(officialPushesMissed.tell(official!.detail).what.zh).toMatch(
      /^\d+ 月 \d+ 日 [\d:]{5} 至 .*拒收了发给 gh_\w+ 的 3 次推送/,
    )
    const [agent] = (await agentPushesMissed.find(world.ctx)).found
    expect(agent).toMatchObject({ corpId: world.corpId, subject: String(agentId), detail: { count: 1 } })
    expect(agentPushesMissed.tell(agent!.detail).what.en).toContain('1 push for it was refused')
  })

  it('has WeChat Pay asked about the orders of its merchant that have not ended', async () => {
    const merchant = await connectMerchant(world)
    const [bill = 0] = await newBills(world, [100])
    const payerId = await memberId(world, 'zhangsan')
    const given = { corpId: world.corpId, payerId, billIds: [bill], place: { product: 'native' } as const }
    const { outTradeNo } = await orderBills(world.ctx, given)
    await sql`update pay_order set poll_at = now() + interval '30 minutes'`.execute(world.ctx.db)
    await lose()
    await payAt(world, { outTradeNo })
    world.ctx.missed.refused(ownerOf('pay', merchant.mchId))
    await until('the question to be near', async () => {
      const { rows } =
        await sql`select 1 from pay_order where poll_at < now() + interval '10 seconds'`.execute(world.ctx.db)
      return rows.length > 0
    })
    pass()
    await until('the payment', async () => (await billOf(world, bill)).state === 'paid')
  })
})

describe('a time in which nobody took pushes', () => {
  it('has all address books checked that have a callback', async () => {
    world.ctx.missed.away(world.ctx.now() - 2500)
    await enqueued('directory-missed')
    pass()
    expect(await checked()).toMatchObject({ kind: 'reconcile' })
  })

  it('is found by the beat of a node that was killed, once', async () => {
    await sql`insert into node (id, name, place, version, migrations, seen_at, at_work)
      values ('killed', 'killed', 'host:1', '1', '{}', clock_timestamp() - interval '16 s', true)`.execute(
      world.ctx.db,
    )
    await until('the node to be taken off the list', async () => {
      const { rows } = await sql`select 1 from node where id = 'killed'`.execute(world.ctx.db)
      return rows.length === 0
    })
    await enqueued('directory-missed')
    await enqueued('official-missed', account.originalId)
    pass()
    await checked()
  })
})
