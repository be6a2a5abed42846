import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { backUp } from '../../features/backup/backup.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { version } from '../version.ts'

let open: World
let guarded: World
/** As most are set up: no token, and no proxy is trusted. */
let plain: World
beforeAll(async () => {
  open = await startWorld({ members: 20, departments: 4, env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
  guarded = await startWorld({ members: 20, departments: 4, env: { WISP_METRICS_TOKEN: 'look' } })
  plain = await startWorld({ synced: false })
})
afterAll(async () => {
  await open.close()
  await guarded.close()
  await plain.close()
})

const get = (world: World, path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.server.url}${path}`, { headers })
const away = { 'x-forwarded-for': '203.0.113.7' }

describe('/healthz and /readyz', () => {
  it('answer everybody; details are for this machine or for who has the token', async () => {
    expect(await (await get(guarded, '/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await get(open, '/readyz', away)).json()).toEqual({ status: 'ready' })
    expect(await (await get(open, '/readyz')).json()).toMatchObject({ status: 'ready', problems: [] })
    expect(await (await get(guarded, '/readyz')).json()).toEqual({ status: 'ready' })
    const detailed = await get(guarded, '/readyz', { authorization: 'Bearer look' })
    expect(await detailed.json()).toMatchObject({ status: 'ready', problems: [] })
  })

  it.each(['/healthz', '/readyz', '/', '/console', '/docs', '/icon.svg', '/sdk/wisp.js', '/openapi.json'])(
    '%s answers HEAD as GET without the content',
    async path => {
      // Of /readyz this machine is told more, but not by HEAD.
      const ask = (method: string) =>
        fetch(`${open.server.url}${path}`, { method, redirect: 'manual', headers: away })
      const [head, got] = [await ask('HEAD'), await ask('GET')]
      expect(head.status).toBe(got.status)
      expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
      expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'))
      expect(await head.text()).toBe('')
    },
  )

  it('take no HEAD where a GET begins a sign-in', async () => {
    const { status } = await fetch(`${open.server.url}/signin/wecom`, { method: 'HEAD', redirect: 'manual' })
    expect(status).toBe(404)
  })

  it('do not wait for address books, which calls read at their first use', async () => {
    const before = await guarded.dev.get('/api/org/tagList')
    guarded.ctx.mirrors.drop(guarded.corpId)
    expect((await get(guarded, '/readyz')).status).toBe(200)
    expect(guarded.ctx.mirrors.loaded()).toEqual([])
    expect((await guarded.dev.get('/api/org/tagList')).body).toEqual(before.body)
  })
})

describe('a proxy on the same machine', () => {
  it.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-host', 'wisp.example.com'],
    ['forwarded', 'for=203.0.113.7'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '203.0.113.7'],
  ])('that says so by %s: %s lends nobody what this machine may see, trusted or not', async (name, value) => {
    for (const world of [plain, open]) {
      expect((await get(world, '/metrics', { [name]: value })).status).toBe(403)
      expect(await (await get(world, '/readyz', { [name]: value })).json()).toEqual({ status: 'ready' })
    }
  })

  it('does not hide from a program on this machine what it may see', async () => {
    expect((await get(plain, '/metrics')).status).toBe(200)
    expect(await (await get(plain, '/readyz')).json()).toMatchObject({ problems: [] })
  })
})

describe('a public address that is not this machine', () => {
  let shown: World
  beforeAll(async () => {
    shown = await startWorld({ synced: false, env: { WISP_PUBLIC_URL: 'https://wisp.example.com' } })
  })
  afterAll(() => shown.close())

  it('takes a token for /metrics and details, also from a proxy on this machine that adds no header', async () => {
    const answer = await get(shown, '/metrics')
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('WISP_METRICS_TOKEN') })
    expect(await (await get(shown, '/readyz')).json()).toEqual({ status: 'ready' })
    expect(await (await get(shown, '/metrics', away)).json()).toEqual({ status: 'forbidden' })
  })
})

describe('a database without room', () => {
  it('makes the node not ready, and says why', async () => {
    const write = sql`do $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`
    await expect(write.execute(plain.ctx.db)).rejects.toThrow('could not extend file')
    const answer = await get(plain, '/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      problems: ['the disk of the database is full: nothing can be written'],
    })
  })
})

describe('/metrics', () => {
  it.each([
    [{}, 403],
    [{ authorization: 'Bearer lool' }, 403],
    [{ authorization: 'Bearer look2' }, 403],
    [{ authorization: 'look' }, 403],
    [{ authorization: 'Bearer look' }, 200],
  ])('with a token set, %j gets HTTP %i', async (headers, status) => {
    expect((await get(guarded, '/metrics', headers)).status).toBe(status)
  })

  it('without one answers this machine only', async () => {
    expect((await get(open, '/metrics')).status).toBe(200)
    expect((await get(open, '/metrics', away)).status).toBe(403)
  })

  it('counts calls by endpoint and code, upstream calls by errcode, and what the mirror holds', async () => {
    await open.dev.get('/api/user/get', { userId: 'zhangsan' })
    await open.dev.get('/api/user/get', { userId: 'nobody' })
    await sql`insert into inbox_event (corp_id, stream, account, source, kind, entity, state, received_at, next_attempt_at)
      values (${open.corpId}, 'pay', '1900000109', 'callback', 'x', 'other', 'parked', now(), now())`.execute(
      open.ctx.db,
    )
    const text = await (await get(open, '/metrics')).text()
    for (const line of [
      'wisp_calls_total{endpoint="/api/user/get",code="0"} 1',
      'wisp_calls_total{endpoint="/api/user/get",code="1007"} 1',
      'wisp_upstream_calls_total{upstream="wecom",path="/cgi-bin/gettoken",errcode="0"} 1',
      `wisp_directory_entities{corp="${open.corpId}",kind="department"} 4`,
      `wisp_inbox_events{corp="${open.corpId}",state="pending"} 0`,
      `wisp_official_pushes{corp="${open.corpId}",state="parked"} 0`,
      `wisp_payment_notifications{corp="${open.corpId}",state="pending"} 0`,
      `wisp_payment_notifications{corp="${open.corpId}",state="parked"} 1`,
      `wisp_sync_lag_seconds{corp="${open.corpId}"} 0`,
      'wisp_call_seconds_bucket{endpoint="/api/user/get",le="+Inf"} 2',
      'wisp_call_seconds_count{endpoint="/api/user/get"} 2',
      'wisp_database_up 1',
      'wisp_event_outbox 0',
      'wisp_webhook_deliveries_waiting 0',
      'wisp_webhooks_failing 0',
      'wisp_failing{kind="upstream"} 0',
    ])
      expect(text).toContain(line)
    for (const name of [
      'wisp_database_latency_seconds',
      'wisp_database_bytes',
      `wisp_last_sync_timestamp_seconds{corp="${open.corpId}"}`,
    ])
      expect(text).toMatch(new RegExp(`^${RegExp.escape(name)} [0-9.e-]+$`, 'm'))
    expect(text).toContain(`wisp_build_info{version="${version}",node="${process.version}"} 1`)
    expect(text).not.toMatch(/^wisp_last_backup_timestamp_seconds /m)
  })

  it('shows what waits, what fails and what was backed up', async () => {
    const { ctx, corpId, sandbox } = open
    const [agent] = sandbox.agents
    if (agent) await putAgent(ctx, 'test', corpId, { ...agent, uses: ['messages'] })
    await open.control('faults', { match: 'message/send', mode: 'http500' })
    const sender = await open.addDeveloper({ scopes: ['message:send'] })
    const message = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '审批', content: '你好' }
    expect((await sender.post('/api/message/send', message)).retCode).not.toBe('1000')
    const file = join(mkdtempSync(join(tmpdir(), 'wisp-health-')), 'backup.gz')
    await backUp(ctx, 'test', file)
    rmSync(dirname(file), { recursive: true })
    const text = await until('the message waits', async () => {
      const shown = await (await get(open, '/metrics')).text()
      return shown.includes('wisp_messages_waiting{channel="wecom"} 1') && shown
    })
    expect(text).toMatch(/^wisp_message_oldest_seconds\{channel="wecom"\} [0-9.]+$/m)
    expect(text).toContain('wisp_failing{kind="upstream"} 1')
    expect(text).toContain('wisp_failing{kind="channel"} 1')
    expect(text).toMatch(/^wisp_last_backup_timestamp_seconds [0-9.]+$/m)
    // Messages of a suspended corp are not late.
    await sql`update corp set suspended_at = now()`.execute(ctx.db)
    expect(await (await get(open, '/metrics')).text()).not.toMatch(
      /^wisp_message(s_waiting|_oldest_seconds)\{/m,
    )
    await sql`update corp set suspended_at = null`.execute(ctx.db)
  })
})
