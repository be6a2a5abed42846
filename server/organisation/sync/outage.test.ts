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
import { outageOfAll } from './outage-of-all.ts'
import { putOutage, readOutage } from './outage-store.ts'
import { requestSync, startSync } from './request.ts'
import { findRun } from './runs/run-store.ts'
import { syncStatus } from './status.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const corps = 50

describe('fifty corps whose WeCom cannot be reached', () => {
  let world: World
  let wecom: Server
  let isUp = false
  let asked = 0
  beforeAll(async () => {
    wecom = createServer((request, response) => {
      asked++
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
  const isNobodyAtIt = async () => {
    const { rows } =
      await sql`select from queue where stream = 'directory' and lease is not null limit 1`.execute(
        world.ctx.db,
      )
    return rows.length === 0
  }
  /** Lets minutes pass, with a look of the queue in each. */
  async function pass(minutes: number): Promise<void> {
    for (let n = 0; n < minutes; n++) {
      world.clock.offsetMs += minuteMs
      world.ctx.queue.kick()
      await until('the work of a minute', isNobodyAtIt, 90_000)
    }
  }
  /** How often a corp's task was taken since the last question. */
  async function claims(): Promise<number> {
    const { rows } = await sql<{ n: string }>`
      with gone as (delete from claimed returning 1) select count(*) as n from gone`.execute(world.ctx.db)
    return Number(rows[0]?.n)
  }

  it('are held back after the first of them, asked about once for all, and told of once', async () => {
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
    await until('the silence', () => outageOfAll(db), 30_000)
    await until('their end', isNobodyAtIt, 30_000)
    expect(await claims()).toBeLessThan(10)
    asked = 0
    await pass(120)
    expect(await claims()).toBeLessThan(5)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(130)
    expect(await syncStatus(world.ctx, `corp${corps}`)).toMatchObject({
      outage: {
        attempts: expect.any(Number),
        reason: { zh: expect.stringMatching(/没有应答（HTTP 503）：http/) },
      },
    })
    await world.ctx.jobs.run('alerts')
    const open = await db
      .selectFrom('alert')
      .select(['corp_id', 'cause'])
      .where('ended_at', 'is', null)
      .execute()
    expect(open).toEqual([{ corp_id: null, cause: 'wecomUnreachable' }])
    const rows = await world.ctx.needsAttention({ corpId: 'corp9', withInstallation: false })
    expect(rows.filter(one => one.kind === 'wecomUnreachable')).toHaveLength(1)
  }, 240_000)

  it('are all served soon after it is back, a few at first, and then wait for nothing', async () => {
    isUp = true
    await pass(8)
    const { db } = world.ctx
    await until(
      'the end of it',
      async () => {
        world.clock.offsetMs += 10_000
        world.ctx.queue.kick()
        const { rows } = await sql`select from queue where stream = 'directory' limit 1`.execute(db)
        return rows.length === 0
      },
      60_000,
    )
    expect(await db.selectFrom('wecom_outage').select('corp_id').execute()).toEqual([])
    expect(await outageOfAll(db)).toBeUndefined()
    expect(await db.selectFrom('inbox_event').select('id').where('state', '=', 'pending').execute()).toEqual(
      [],
    )
    await world.ctx.jobs.run('alerts')
    expect(
      await db
        .selectFrom('alert')
        .select('id')
        .where('ended_at', 'is', null)
        .where('cause', '=', 'wecomUnreachable')
        .execute(),
    ).toEqual([])
  }, 240_000)

  it('that are alone without an answer are asked less and less often, up to an hour apart', async () => {
    isUp = false
    const { db } = world.ctx
    await claims()
    const id = await requestSync(world.ctx, 'test', 'corp1', 'reconcile')
    await until('its outage', () => readOutage(db, 'corp1'), 30_000)
    for (let minute = 0; minute < 180; minute++) {
      world.clock.offsetMs += minuteMs
      // Others are answered, so that it is no silence of all.
      world.ctx.answering.heard('wecom')
      world.ctx.queue.kick()
      await until('its minute', isIdle, 30_000)
    }
    expect(await claims()).toBeLessThan(25)
    expect(await findRun(db, 'corp1', id)).toMatchObject({ state: expect.stringMatching(/waiting|running/) })
    isUp = true
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
