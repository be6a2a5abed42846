import pg from 'pg'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { type Ledger, prepareLedger } from '../journeys/ledger.ts'
import { nextTree, type ReleaseTree } from '../journeys/release-tree.ts'
import { nodeIdOf } from '../journeys/server-process.ts'
import { startTraffic, type Traffic } from '../journeys/traffic.ts'
import { until } from '../until.ts'
import { type BalancedNodes, freePorts, startBalanced } from './balanced-nodes.ts'
import { type Authority, createEngines, type Engines, makeAuthority } from './engines.ts'

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Four nodes behind two of Debian's HAProxy with the settings of deploy/, under calls of all kinds. */
describe('four nodes behind HAProxy', () => {
  let engines: Engines
  let authority: Authority
  let world: World
  let cluster: BalancedNodes
  let ledger: Ledger
  let traffic: Traffic
  let database: pg.Pool
  let balancer = 0
  const dispatcher = getGlobalDispatcher()
  /** Nodes run from them until the end. */
  const trees: ReleaseTree[] = []
  function treeWith(migration: string, name?: string): ReleaseTree {
    const tree = nextTree(migration, name)
    trees.push(tree)
    return tree
  }
  const query = async (text: string) => (await database.query(text)).rows
  beforeAll(async () => {
    // Fetch's HTTP/2 throws where nobody catches it when the other end dies.
    setGlobalDispatcher(new Agent({ allowH2: false }))
    engines = createEngines()
    authority = makeAuthority(engines.dir)
    const ports = await freePorts(6)
    world = await startWorld({
      members: 200,
      env: { WISP_PUBLIC_URL: `https://127.0.0.1:${ports[4]}`, WISP_TRUSTED_PROXIES: '127.0.0.1' },
    })
    // It is here for the tests, and no balancer knows it.
    world.ctx.database.presence?.leave()
    database = new pg.Pool({ connectionString: world.env['WISP_DATABASE_URL'], max: 2 })
    cluster = await startBalanced(world.env, { count: 4, balancers: 2, authority, ports })
    await world.connectCallback()
    ledger = await prepareLedger(world, [cluster.balancers[0]!.url])
    traffic = await startTraffic(world, () => cluster.balancers[balancer]!.url)
    ledger.begin()
    await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 50, 60_000)
  }, 240_000)
  afterAll(async () => {
    await traffic?.stop()
    await ledger?.stop()
    await cluster?.stop()
    await database?.end()
    await world?.close()
    await engines?.close()
    for (const one of trees) one.remove()
    setGlobalDispatcher(dispatcher)
  })

  /** What failed in the meantime, of all kinds of calls. */
  async function failedDuring(act: () => Promise<void>) {
    const { unavailable, unanswered } = ledger.counts()
    traffic.failures()
    await act()
    await pause(1000)
    const after = ledger.counts()
    return {
      traffic: traffic.failures(),
      unavailable: after.unavailable - unavailable,
      unanswered: after.unanswered - unanswered,
    }
  }
  const nothing = { traffic: [], unavailable: 0, unanswered: 0 }
  async function nodeOfPages() {
    const ids = await Promise.all(cluster.nodes.map(one => one.id()))
    const found = cluster.nodes[ids.indexOf(traffic.pagesAt())]
    if (!found) throw new Error('the pages are answered by none of the nodes')
    return found
  }
  const tell = (what: string) =>
    console.log(`${what}: ${JSON.stringify({ ...ledger.counts(), ...traffic.counts() })}`)

  it('a rolling restart fails no call, cuts no session and loses no event', async () => {
    const failed = await failedDuring(async () => {
      for (const node of cluster.nodes) await cluster.restart(node)
    })
    tell('restarted')
    expect(failed).toEqual(nothing)
    expect(await traffic.checkStream(query)).toBeGreaterThan(20)
  })

  it('an upgrade node by node fails no call; old nodes start beside new ones, until a migration forbids it', async () => {
    const next = treeWith('-- additive\ncreate table next_thing (id bigint primary key);\n')
    const [first, second, ...rest] = cluster.nodes
    const failed = await failedDuring(async () => {
      await cluster.restart(first!, next)
      // Its machine restarts before its turn has come.
      await cluster.restart(second!)
      for (const node of [second!, ...rest]) await cluster.restart(node, next)
    })
    tell('upgraded')
    expect(failed).toEqual(nothing)
    expect(await query("select name from migration where name = '9999-next.sql'")).toHaveLength(1)
    await traffic.checkStream(query)
  })

  it('a version whose migration is not additive does not start beside the others, says why, and changes nothing', async () => {
    const other = treeWith('create table other_thing (id bigint primary key);\n', '99991-other.sql')
    const [first] = cluster.nodes
    const failed = await failedDuring(async () => {
      await first!.stop()
      await expect(first!.start(other)).rejects.toThrow(/99991-other\.sql，不能与这个版本同时运行/)
      expect(await query("select to_regclass('other_thing') as made")).toEqual([{ made: null }])
      await first!.start(trees[0])
      await cluster.isAsked(first!)
    })
    expect(failed).toEqual(nothing)
  })

  it('a node that falls silent is left within seconds, and harms nothing when it is back', async () => {
    const victim = await nodeOfPages()
    victim.freeze()
    const frozenAt = Date.now()
    const slow: number[] = []
    while (Date.now() - frozenAt < 14_000) {
      const began = Date.now()
      await fetch(`${cluster.balancers[0]!.url}/healthz`).catch(() => undefined)
      slow.push(Date.now() - began)
      await pause(50)
    }
    // All that waited for it was told so; from then on nobody is sent there.
    expect(Math.max(...slow)).toBeLessThan(10_000)
    const failed = await failedDuring(() => pause(3000))
    expect(failed).toEqual(nothing)
    victim.thaw()
    await cluster.isAsked(victim)
    expect(await failedDuring(() => pause(3000))).toEqual(nothing)
    tell('silent')
    await traffic.checkStream(query)
  })

  it('a node that is killed costs no GET of the API and no more than what was under way', async () => {
    const victim = await nodeOfPages()
    const failed = await failedDuring(async () => {
      await victim.kill()
      await pause(3000)
      await victim.start()
      await cluster.isAsked(victim)
    })
    tell('killed')
    console.log(`killed: ${JSON.stringify(failed)}`)
    expect(failed.traffic.filter(one => /^(read|list|page):/.test(one))).toEqual([])
    expect(failed.traffic.length + failed.unavailable + failed.unanswered).toBeLessThan(20)
    await traffic.checkStream(query)
  })

  it('both balancers send a developer to the same node; when one dies, clients that ask the other go on', async () => {
    const corps = Array.from({ length: 12 }, (_, n) => `/oidc/ww${n}/.well-known/openid-configuration`)
    const nodeAt = async (n: number, path: string) =>
      nodeIdOf((await fetch(`${cluster.balancers[n]!.url}${path}`)).headers.get('x-request-id'))
    for (const path of corps) expect(await nodeAt(0, path)).toBe(await nodeAt(1, path))
    const token = await world.dev.token()
    const call = `/api/user/get?userId=zhangsan&devToken=${token}`
    for (const n of [0, 1]) await nodeAt(n, call)
    const home = cluster.nodes.find(one => one.name === world.ctx.homes.of(world.corpId))
    expect([await nodeAt(0, call), await nodeAt(1, call)]).toEqual([await home!.id(), await home!.id()])
    await cluster.balancers[0]!.kill()
    balancer = 1
    await pause(1000)
    traffic.failures()
    await pause(3000)
    expect(traffic.failures()).toEqual([])
    await traffic.checkStream(query)
    await cluster.balancers[0]!.start()
    balancer = 0
  })

  it('nothing that was acknowledged is lost or done twice', async () => {
    await traffic.stop()
    await ledger.stop()
    await ledger.settled(query)
    tell('ended')
    await ledger.check(query)
  })
})
