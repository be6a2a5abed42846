import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/harness.ts'

let open: World
let guarded: World
beforeAll(async () => {
  open = await startWorld({ members: 20, departments: 4, env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
  guarded = await startWorld({ members: 20, departments: 4, env: { WISP_METRICS_TOKEN: 'look' } })
})
afterAll(async () => {
  await open.close()
  await guarded.close()
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

  it('do not wait for address books, which calls read at their first use', async () => {
    const before = await guarded.dev.get('/api/org/tagList')
    guarded.ctx.mirrors.drop(guarded.corpId)
    expect((await get(guarded, '/readyz')).status).toBe(200)
    expect(guarded.ctx.mirrors.loaded()).toEqual([])
    expect((await guarded.dev.get('/api/org/tagList')).body).toEqual(before.body)
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
      'wisp_upstream_calls_total{path="/cgi-bin/gettoken",errcode="0"} 1',
      `wisp_directory_entities{corp="${open.corpId}",kind="department"} 4`,
      `wisp_inbox_events{corp="${open.corpId}",state="pending"} 0`,
      `wisp_official_pushes{corp="${open.corpId}",state="parked"} 0`,
      `wisp_payment_notifications{corp="${open.corpId}",state="pending"} 0`,
      `wisp_payment_notifications{corp="${open.corpId}",state="parked"} 1`,
      `wisp_sync_lag_seconds{corp="${open.corpId}"} 0`,
    ])
      expect(text).toContain(line)
  })
})
