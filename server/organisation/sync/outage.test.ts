import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { putReminder } from '../../platform/inbox/event-store.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import { putAgent } from '../corps/corps.ts'
import { purposes } from '../corps/sealed.ts'
import { delayAfter } from './outage.ts'
import { putOutage, readOutage } from './outage-store.ts'
import { requestSync, startSync } from './request.ts'
import { findRun } from './runs/run-store.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const corps = 50

describe('fifty corps whose WeCom cannot be reached', () => {
  let world: World
  let wecom: Server
  let isUp = false
  beforeAll(async () => {
    wecom = createServer((request, response) => {
      const answer = request.url?.includes('gettoken')
        ? { errcode: 0, access_token: 'token', expires_in: 7200 }
        : { errcode: 60111, errmsg: 'no such member' }
      response.statusCode = isUp ? 200 : 503
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    }).listen(0, '127.0.0.1')
    await new Promise(resolve => wecom.once('listening', resolve))
    const env = { WISP_WECOM_URL: `http://127.0.0.1:${(wecom.address() as AddressInfo).port}` }
    world = await startWorld({ synced: false, env, overrides: { wecomOptions: { retries: 0 } } })
    const { db, seal } = world.ctx
    await sql`
      insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, regime, created_at)
      select 'corp' || n, '企业', ${seal.seal('secret', purposes.contactSecret)},
        ${seal.seal('token', purposes.callbackToken)}, ${seal.seal('k'.repeat(43), purposes.callbackAesKey)}, 'full', now()
      from generate_series(1, ${corps}::int) n`.execute(db)
    await world.ctx.reloadConfig()
    await sql`create table claimed (corp_id text, at timestamptz)`.execute(db)
    await sql`create function note_claim() returns trigger language plpgsql as
      $$ begin insert into claimed values (new.corp_id, now()); return new; end $$`.execute(db)
    await sql`create trigger claims after update on queue for each row
      when (new.stream = 'directory' and old.lease is null and new.lease is not null)
      execute function note_claim()`.execute(db)
  })
  afterAll(async () => {
    await world.close()
    await new Promise(resolve => wecom.close(resolve))
  })

  const isIdle = async () => {
    const { rows } = await sql<{ busy: boolean }>`
      select exists (select from queue where stream = 'directory'
        and (lease is not null or due_at <= ${new Date(world.ctx.now())})) as busy`.execute(world.ctx.db)
    return rows[0]?.busy === false
  }
  /** How often a corp's task was taken in the next minutes, minute by minute. */
  async function pass(minutes: number): Promise<number[]> {
    const counts: number[] = []
    for (let n = 0; n < minutes; n++) {
      world.clock.offsetMs += minuteMs
      world.ctx.queue.kick()
      await until('the work of a minute', isIdle, 90_000)
      const { rows } = await sql<{ n: string }>`
        with gone as (delete from claimed returning 1) select count(*) as n from gone`.execute(world.ctx.db)
      counts.push(Number(rows[0]?.n))
    }
    return counts
  }
  const sum = (counts: number[]) => counts.reduce((all, one) => all + one, 0)

  it('are asked less and less often, at most twice an hour each, and not all in one minute', async () => {
    const { db } = world.ctx
    for (let n = 1; n <= corps; n++) {
      const event = {
        corpId: `corp${n}`,
        stream: 'directory' as const,
        kind: 'update_user',
        entity: 'user:a',
      }
      await putReminder(db, { ...event, isHint: false }, new Date(world.ctx.now()))
      if (n <= 10) await requestSync(world.ctx, 'nightly', `corp${n}`, 'reconcile')
    }
    await pass(120)
    const third = await pass(60)
    expect(sum(third)).toBeGreaterThan(0)
    expect(sum(third)).toBeLessThanOrEqual(2 * corps)
    expect(Math.max(...third)).toBeLessThan(corps / 2)
    const { rows } = await sql<{ n: string }>`select count(*) as n from wecom_outage`.execute(db)
    expect(Number(rows[0]?.n)).toBe(corps)
  }, 240_000)

  it('are all served within the hour in which it is back, and then wait for nothing', async () => {
    isUp = true
    await pass(60)
    const { db } = world.ctx
    expect(await db.selectFrom('wecom_outage').select('corp_id').execute()).toEqual([])
    expect(await db.selectFrom('inbox_event').select('id').where('state', '=', 'pending').execute()).toEqual(
      [],
    )
    await enqueue(db, [{ corpId: 'corp1', stream: 'directory' }], new Date(world.ctx.now()))
    expect(sum(await pass(1))).toBe(1)
  }, 240_000)
})

describe('what somebody waits for', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    const [agent] = world.sandbox.agents
    if (agent) await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
  })
  afterAll(() => world.close())

  const pausedForAnHour = () => {
    const now = world.ctx.now()
    const outage = {
      since: new Date(now - hourMs),
      attempts: 12,
      nextAt: new Date(now + hourMs),
      reason: '断网',
    }
    return putOutage(world.ctx.db, world.corpId, outage)
  }

  it('asks WeCom at once, however often others have failed: a message, and a sync, which ends the outage', async () => {
    await pausedForAnHour()
    const dev = await world.addDeveloper()
    const agentId = world.sandbox.agents[0]?.agentId
    const content = { msgType: '03', agentName: '通知', content: '停电通知' }
    const sent = await dev.post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '0',
      agentId,
      ...content,
    })
    expect(sent.body?.status, sent.retMessage).toBe('sent')
    expect(await readOutage(world.ctx.db, world.corpId)).toBeDefined()
    const id = await startSync(world.ctx, 'test', world.corpId, 'full')
    await until('the sync', async () => (await findRun(world.ctx.db, world.corpId, id))?.state === 'done')
    expect(await readOutage(world.ctx.db, world.corpId)).toBeUndefined()
  })

  it('fails after a day without an answer, if it is a sync', async () => {
    await world.control('faults', { match: '/cgi-bin/', mode: 'http500' })
    const now = world.ctx.now()
    const id = await requestSync(world.ctx, 'nightly', world.corpId, 'reconcile')
    const since = new Date(now - 25 * hourMs)
    await putOutage(world.ctx.db, world.corpId, {
      since,
      attempts: 30,
      nextAt: new Date(now),
      reason: '断网',
    })
    await sql`update sync_run set created_at = ${since} where id = ${id}`.execute(world.ctx.db)
    await enqueue(world.ctx.db, [{ corpId: world.corpId, stream: 'directory' }], new Date(now))
    await until(
      'the end',
      async () => (await findRun(world.ctx.db, world.corpId, id))?.state === 'failed',
      60_000,
    )
    await world.control('faults', undefined, 'DELETE')
  }, 90_000)
})

it('waits between half and all of a time that doubles, up to an hour', () => {
  for (const [attempts, full] of [
    [1, 5000],
    [4, 40_000],
    [11, hourMs],
    [1000, hourMs],
  ] as const) {
    const delays = Array.from({ length: 50 }, () => delayAfter(attempts))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(full / 2)
    expect(Math.max(...delays)).toBeLessThanOrEqual(full)
    expect(new Set(delays).size).toBeGreaterThan(40)
  }
})
