import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { addCorp, putAgent, removeAgent, setCorp } from '../../organisation/corps/corps.ts'
import { runDoctor } from '../../organisation/corps/doctor/doctor.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { noteRefused, refusedCredentials, takeLease, writeCredential } from './credential-store.ts'
import { sharedCredential } from './credentials.ts'
import type { TokenSource } from './token-source.ts'

type Calls = Record<string, Record<string, number>>

async function tokensAsked(world: World): Promise<number> {
  const calls = (await world.control('calls')) as Calls
  const found = Object.entries(calls).find(([path]) => path.endsWith('/gettoken'))?.[1] ?? {}
  return Object.values(found).reduce((sum, count) => sum + count, 0)
}

async function startConnected(): Promise<World> {
  const world = await startWorld({
    synced: false,
    overrides: { wecomOptions: { concurrency: 100 } },
  })
  const { corpId, contactSecret } = world.sandbox
  await addCorp(world.ctx, 'test', { corpId, name: '企业', contactSecret })
  return world
}

describe('access tokens', () => {
  let world: World
  beforeEach(async () => {
    world = await startConnected()
  })
  afterEach(() => world.close())
  const contact = () => world.ctx.corps.get(world.corpId).contact
  const stampede = (calls: number) => Promise.all(Array.from({ length: calls }, () => contact().tagList()))

  it('asks once for a stampede of 1,000 calls', async () => {
    await stampede(1000)
    expect(await tokensAsked(world)).toBe(1)
  })

  it.each(['tokenRevoked', 'tokenExpired'])('asks once more when the token is refused (%s)', async mode => {
    await stampede(3)
    await world.control('faults', { match: 'tag/list', mode, times: 1 })
    await stampede(1000)
    expect(await tokensAsked(world)).toBe(2)
  })

  it('says that a secret is refused for as long as calls fail, and until the check-up finds it good', async () => {
    const { ctx, corpId } = world
    const refused = async () => (await refusedCredentials(ctx.db)).map(one => one.owner)
    const refuse = () => world.control('faults', { match: 'gettoken', mode: 'code:40001', times: 1 })
    await refuse()
    await expect(contact().tagList()).rejects.toThrow()
    expect(await refused()).toEqual(['wecom:contact'])
    await runDoctor(ctx, corpId)
    expect(await refused()).toEqual([])
    // The token before is good until it expires, so that the calls go on.
    await contact().tagList()
    world.clock.offsetMs += 7_000_000
    await refuse()
    await contact().tagList()
    expect((await world.control('calls')) as Calls).toMatchObject({ '/cgi-bin/gettoken': { 40001: 2 } })
    await until('nothing is refused', async () => (await refused()).length === 0, 2000)
  })

  it('is told of as good again only when whoever hears of it finds it so', async () => {
    const { db, bus, direct } = world.ctx
    await contact().tagList()
    const key = { corpId: world.corpId, owner: 'wecom:contact', name: 'access_token' }
    expect(await takeLease(db, key, 'lease', new Date(), new Date(Date.now() + 60_000))).toBe(true)
    await noteRefused(db, key, 40001, new Date())
    const found: number[] = []
    const holder = Promise.withResolvers<void>()
    await bus.listen(
      'wisp_needs',
      () => void refusedCredentials(db).then(rows => found.push(rows.length)),
      () => {},
    )
    const held = Promise.withResolvers<void>()
    const holding = direct.transaction().execute(async tx => {
      await tx.selectFrom('upstream_credential').select('name').forUpdate().execute()
      held.resolve()
      await holder.promise
    })
    await held.promise
    const written = writeCredential(db, key, 'lease', 'token', new Date())
    await until('the write to wait', async () => {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
        db,
      )
      return rows.length > 0
    })
    holder.resolve()
    await holding
    expect(await written).toBe(true)
    await until('the signal', () => found.length > 0)
    expect(found).toEqual([0])
    expect(await writeCredential(db, key, 'another', 'token', new Date())).toBe(false)
  })

  it('refreshes a token before it expires, without a call that fails', async () => {
    await contact().tagList()
    world.clock.offsetMs += 7_000_000
    await contact().tagList()
    await contact().tagList()
    const calls = (await world.control('calls')) as Calls
    expect(Object.keys(Object.entries(calls).find(([path]) => path.endsWith('tag/list'))?.[1] ?? {})).toEqual(
      ['0'],
    )
    expect(await tokensAsked(world)).toBe(2)
  })

  it('keeps it sealed, and forgets it with its secret', async () => {
    await contact().tagList()
    const read = () =>
      world.ctx.db
        .selectFrom('upstream_credential')
        .selectAll()
        .where('owner', '=', 'wecom:contact')
        .execute()
    const [row] = await read()
    const answer = await fetch(
      `${world.sandbox.url}/cgi-bin/gettoken?corpid=${world.corpId}&corpsecret=${world.sandbox.contactSecret}`,
    )
    const { access_token } = (await answer.json()) as { access_token: string }
    expect(row?.token.length).toBeGreaterThan(100)
    expect(row?.token).not.toContain(access_token.slice(0, 40))
    await setCorp(world.ctx, 'test', world.corpId, { contactSecret: 'another' })
    expect(await read()).toEqual([])
    await expect(contact().tagList()).rejects.toMatchObject({ errcode: 40001 })
  })

  it('goes with its agent', async () => {
    const { ctx, corpId } = world
    const { agentId, secret } = (world.sandbox.agents ?? [])[0]!
    await putAgent(ctx, 'test', corpId, { agentId, name: '应用', secret, uses: ['names'] })
    await ctx.corps
      .get(corpId)
      .agents[0]?.client.tagList()
      .catch(() => undefined)
    const owners = async () =>
      (await ctx.db.selectFrom('upstream_credential').select('owner').execute()).map(row => row.owner)
    expect(await owners()).toContain(`wecom:agent:${agentId}`)
    await removeAgent(ctx, 'test', corpId, agentId)
    expect(await owners()).not.toContain(`wecom:agent:${agentId}`)
  })

  it('goes on after a node died while it asked', async () => {
    await world.ctx.db
      .insertInto('upstream_credential')
      .values({
        corp_id: world.corpId,
        owner: 'wecom:contact',
        name: 'access_token',
        refresher: 'dead',
        refreshing_until: new Date(Date.now() + 700),
      })
      .execute()
    const started = performance.now()
    await contact().tagList()
    expect(performance.now() - started).toBeGreaterThan(500)
    expect(await tokensAsked(world)).toBe(1)
  })
})

describe('access tokens of two nodes on one PostgreSQL', () => {
  let world: World
  let other: Server
  beforeEach(async () => {
    world = await startConnected()
    other = await startServer(readConfig(world.env), {
      log: createLog('silent'),
      wecomOptions: { concurrency: 100 },
    })
  })
  afterEach(async () => {
    await other.close()
    await world.close()
  })

  it('are asked for once, and once again when one is revoked', async () => {
    const contacts = [world.ctx, other.ctx].map(ctx => ctx.corps.get(world.corpId).contact)
    const stampede = () =>
      Promise.all(contacts.flatMap(contact => Array.from({ length: 300 }, () => contact.tagList())))
    await stampede()
    expect(await tokensAsked(world)).toBe(1)
    await world.control('faults', { match: 'tag/list', mode: 'tokenRevoked', times: 1 })
    await stampede()
    expect(await tokensAsked(world)).toBe(2)
  })

  /** A credential of an upstream other than WeCom, used by both nodes. */
  function official() {
    const asked = { times: 0, last: '', wait: Promise.resolve() }
    const fetchToken = async () => {
      const token = `t${++asked.times}`
      await asked.wait
      asked.last = token
      return { token, expiresAt: world.ctx.now() + 7_200_000 }
    }
    const key = { corpId: world.corpId, owner: 'official:wx0000000000000001', name: 'access_token' }
    const nodes = [world.ctx, { ...other.ctx, now: world.ctx.now }]
    const [here, there] = nodes.map(ctx => sharedCredential(ctx, key, fetchToken))
    return { asked, here: here!, there: there! }
  }

  it('of any upstream are asked for once, refreshed once and renewed once', async () => {
    const { asked, here, there } = official()
    const both = (ask: (source: TokenSource) => Promise<string>) =>
      Promise.all(Array.from({ length: 100 }, (_, n) => ask(n % 2 ? here : there)))
    expect(new Set(await both(source => source.get()))).toEqual(new Set(['t1']))
    world.clock.offsetMs += 7_000_000
    expect(new Set(await both(source => source.get()))).toEqual(new Set(['t2']))
    expect(new Set(await both(source => source.renew('t2')))).toEqual(new Set(['t3']))
    expect(asked.times).toBe(3)
  })

  it('that a slow node brings after its turn are not taken for the one that the next has got', async () => {
    const { asked, here, there } = official()
    const { promise, resolve } = Promise.withResolvers<void>()
    asked.wait = promise
    const late = here.get()
    await expect.poll(() => asked.times).toBe(1)
    asked.wait = Promise.resolve()
    world.clock.offsetMs += 21_000
    expect(await there.get()).toBe('t2')
    resolve()
    expect(await late).toBe('t2')
    expect(await official().here.get()).toBe('t2')
  })
})
