import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { type Server, startServer } from '../../../server.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../operation/log.ts'
import { claim, enqueue, homeFirstMs } from '../../queue/queue-store.ts'
import { signal } from '../bus.ts'
import { homeOf, isAtHomeOn } from './home.ts'
import { createHomes } from './homes.ts'

const names = ['node1', 'node2', 'node3', 'node4']
const corps = Array.from({ length: 2000 }, (_, n) => `ww${n.toString(36)}企业`)

describe('the home of a corp', () => {
  it('is the same whoever asks, in whatever order the nodes are known', () => {
    const other = names.toReversed()
    for (const corpId of corps) expect(homeOf(corpId, other)).toBe(homeOf(corpId, names))
    expect(homeOf('ww1', [])).toBeUndefined()
    expect(homeOf('ww1', ['node1'])).toBe('node1')
  })

  it('is spread evenly over the nodes', () => {
    const counts = Map.groupBy(corps, corpId => homeOf(corpId, names))
    expect([...counts.keys()].sort()).toEqual(names)
    for (const [, own] of counts) expect(own.length / corps.length).toBeCloseTo(0.25, 1)
  })

  it('moves when its node dies, and no other does; what comes takes from all, and gives back to each', () => {
    const left = names.filter(name => name !== 'node2')
    const moved = corps.filter(corpId => homeOf(corpId, names) !== homeOf(corpId, left))
    expect(moved).toEqual(corps.filter(corpId => homeOf(corpId, names) === 'node2'))
    const heirs = Map.groupBy(moved, corpId => homeOf(corpId, left))
    for (const name of left) expect((heirs.get(name)?.length ?? 0) / moved.length).toBeGreaterThan(0.25)
  })

  it('is read again when the nodes change', () => {
    const homes = createHomes('node1')
    expect(corps.every(homes.isHere)).toBe(true)
    homes.meet(['node2', 'node1', 'node1'])
    expect(homes.names()).toEqual(['node1', 'node2'])
    const away = corps.filter(corpId => !homes.isHere(corpId))
    expect(away.length).toBeGreaterThan(800)
    homes.meet(['node1'])
    expect(away.every(homes.isHere)).toBe(true)
  })
})

describe('of nodes on one database', () => {
  let world: World
  const others: Server[] = []
  const startOther = async (nodeName: string) => {
    const env = { ...world.env, WISP_NODE_NAME: nodeName }
    const server = await startServer(readConfig(env), { log: createLog('silent') }, { jobsByHand: true })
    others.push(server)
    return server
  }
  beforeAll(async () => {
    world = await startWorld({ members: 5, departments: 2, env: { WISP_NODE_NAME: 'node1' } })
  })
  afterAll(async () => {
    for (const other of others) await other.close()
    await world.close()
  })
  const nodesSeen = (server: { ctx: World['ctx'] }) => server.ctx.homes.names()

  it('the database knows the same homes', async () => {
    const { rows } = await sql<{ corp: string; home: string }>`
      select corp, name as home from unnest(${corps}::text[]) as corp, unnest(${names}::text[]) as name
      where ${sql.join(
        names.map(name => sql`(name = ${name} and ${isAtHomeOn(name, names, sql`corp`)})`),
        sql` or `,
      )}`.execute(world.ctx.db)
    expect(rows).toHaveLength(corps.length)
    for (const { corp, home } of rows) expect(home).toBe(homeOf(corp, names))
  })

  it('each sees the others come, leave and go, at once', async () => {
    expect(nodesSeen(world.server)).toEqual(['node1'])
    const second = await startOther('node2')
    expect(nodesSeen(second)).toEqual(['node1', 'node2'])
    const seen = (expected: string[]) =>
      until('the other has seen it', () => nodesSeen(world.server).join() === expected.join(), 2000)
    await seen(['node1', 'node2'])
    const left = second.drain(0)
    await seen(['node1'])
    await left
    await second.close()
    others.pop()
    const put = (seenAt: Date) =>
      sql`insert into node (id, name, place, version, migrations, seen_at, at_work)
        values ('killed', 'node3', 'host:3000', '0', '{}', ${seenAt}, true)
        on conflict (id) do update set seen_at = excluded.seen_at`
        .execute(world.ctx.db)
        .then(() => signal(world.ctx.db, 'wisp_node', 'killed'))
    await put(new Date())
    await seen(['node1', 'node3'])
    // Nobody said that it left.
    await put(new Date(Date.now() - 60_000))
    await seen(['node1'])
  })

  it('two of one name are told to whoever runs them', async () => {
    const twin = await startOther('node1')
    const warnings = async (server: Server) =>
      ((await (await fetch(`${server.url}/readyz`)).json()) as { warnings: string[] }).warnings
    const told = '2 nodes are called node1: give each a WISP_NODE_NAME of its own'
    expect(await warnings(twin)).toContain(told)
    await until('the other says so too', async () => (await warnings(world.server)).includes(told))
    expect(nodesSeen(twin)).toEqual(['node1'])
    await twin.close()
    others.pop()
    await until('the end of it', async () => !(await warnings(world.server)).includes(told))
  })

  it('a task that has just become due is left to its home for a moment, and no longer', async () => {
    const { ctx } = world
    await ctx.queue.stop()
    const own = corps.slice(0, 40)
    await sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
      select one, '', '', '', '', now() from unnest(${own}::text[]) as one`.execute(ctx.db)
    const now = new Date()
    await enqueue(
      ctx.db,
      own.map(corpId => ({ corpId, stream: 'nightly' as const })),
      now,
    )
    const take = async (name: string, at: Date, atMost = 100) => {
      const homes = { name, names: () => names }
      const taken = await claim(
        ctx.db,
        'nightly',
        { id: name, newId: ctx.newId, homes, held: [] },
        at,
        atMost,
      )
      return taken.map(one => one.lease.corpId).sort()
    }
    const homeAt = (name: string) => own.filter(corpId => homeOf(corpId, names) === name).sort()
    expect(homeAt('node1').length).toBeGreaterThan(0)
    expect(await take('node1', now)).toEqual(homeAt('node1'))
    expect(await take('node1', new Date(now.getTime() + homeFirstMs - 1))).toEqual([])
    expect(await take('node3', now)).toEqual(homeAt('node3'))
    // The others are dead, or have no room.
    const rest = [...homeAt('node2'), ...homeAt('node4')].sort()
    expect(await take('node3', new Date(now.getTime() + homeFirstMs))).toEqual(rest)
  })

  it('a good devToken alone is told where its corp is at home', async () => {
    const { url } = world.server
    const { dev } = world
    const token = await dev.token()
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${url}${path}`, { headers })
      return [answer.headers.get('x-wisp-node'), answer.headers.get('x-wisp-dev')]
    }
    const told = ['node1', dev.devId]
    expect(await ask(`/api/user/get?userId=zhangsan&devToken=${token}`)).toEqual(told)
    expect(await ask('/api/user/get?userId=zhangsan', { authorization: `Bearer ${token}` })).toEqual(told)
    expect(await ask(`/api/user/get?userId=nobody&devToken=${token}`)).toEqual(told)
    const posted = await dev.post('/api/user/search', { searchName: '张' })
    expect([posted.headers.get('x-wisp-node'), posted.headers.get('x-wisp-dev')]).toEqual(told)
    const bad = `${token.slice(0, -4)}AAAA`
    const nothing = [null, null]
    for (const path of [
      `/api/user/get?userId=zhangsan&devToken=${bad}`,
      `/api/user/get?userId=zhangsan&devToken=${token}&devToken=${token}`,
      '/api/user/get?userId=zhangsan',
      `/api/token/getDevToken?devId=${dev.devId}&devSecret=${dev.devSecret}`,
      `/api/token/getDevToken?devId=${dev.devId}&devSecret=wrong`,
      `/api/event/stream?devToken=${bad}`,
      '/',
      '/signin',
      '/web/me',
      '/healthz',
      '/docs',
    ])
      expect([path, ...(await ask(path))]).toEqual([path, ...nothing])
  })
})
