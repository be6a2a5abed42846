import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { startServer } from '../../server/server.ts'
import { startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { type Ledger, prepareLedger } from './ledger.ts'
import { nextTree, type ReleaseTree } from './release-tree.ts'
import { startProcess } from './server-process.ts'
import { startTraffic, type Traffic } from './traffic.ts'

/** Two nodes behind what leads to those that are ready; test/soak/rolling.test.ts has four behind HAProxy. */
const lookMs = 50
const drainSeconds = 1
const pauseMs = 100

/** In a process of its own where it is of another version; all others of this one are faster to start in this. */
type Node = { url: string; stop(): Promise<unknown> }

let world: World
let gateway: Gateway
let other: Gateway
/** That which pages and readers ask. */
let asked: Gateway
let next: ReleaseTree
let ledger: Ledger
let traffic: Traffic
let database: pg.Pool
let looking: NodeJS.Timeout
const query = async (text: string) => (await database.query(text)).rows
const nodes: { name: string; node: Node; isReady: boolean }[] = []
beforeAll(async () => {
  next = nextTree('-- additive\ncreate table next_thing (id bigint primary key);\n')
  gateway = await startGateway()
  other = await startGateway()
  asked = other
  world = await startWorld({ members: 20, departments: 4, env: { WISP_PUBLIC_URL: gateway.url } })
  world.ctx.database.presence?.leave()
  database = new pg.Pool({ connectionString: world.env['WISP_DATABASE_URL'], max: 1 })
  for (const name of ['node1', 'node2']) nodes.push({ name, node: await startHere(name), isReady: false })
  looking = setInterval(look, lookMs)
  let turn = 0
  const target = () => {
    const ready = nodes.filter(one => one.isReady)
    return ready[++turn % ready.length]?.node.url ?? 'http://127.0.0.1:9'
  }
  gateway.target = target
  other.target = target
  await until('two nodes', () => nodes.every(one => one.isReady))
  await world.connectCallback()
  ledger = await prepareLedger(world, [gateway.url, other.url], { pauseMs })
  traffic = await startTraffic(world, () => asked.url, pauseMs)
  ledger.begin()
  await until('some of all before', () => ledger.firstAfter(0))
})
afterAll(async () => {
  await traffic?.stop()
  await ledger?.stop()
  clearInterval(looking)
  for (const { node } of nodes) await node.stop()
  await gateway?.close()
  await other?.close()
  await database?.end()
  await world?.close()
  next?.remove()
})

const envOf = (name: string) => ({
  ...world.env,
  WISP_NODE_NAME: name,
  WISP_DRAIN_SECONDS: String(drainSeconds),
})

async function startHere(name: string): Promise<Node> {
  const server = await startServer(
    readConfig(envOf(name)),
    { log: createLog('silent') },
    { jobsByHand: true },
  )
  return {
    url: server.url,
    async stop() {
      await server.drain(drainSeconds)
      await server.close()
    },
  }
}

const startNext = (name: string): Promise<Node> => startProcess(envOf(name), { release: next })

/** As a balancer does. */
function look() {
  for (const one of nodes) {
    const { node } = one
    const note = (isReady: boolean) => {
      if (one.node === node) one.isReady = isReady
    }
    fetch(`${node.url}/readyz`, { method: 'HEAD' }).then(
      ({ status }) => note(status === 200),
      () => note(false),
    )
  }
}

it('nodes of this version and the next follow each other: no call fails, no session ends, no event is lost', async () => {
  const homes = () => world.ctx.homes.names().join(' ')
  expect(homes()).toBe('node1 node2')
  const [first, second] = nodes
  for (const [one, other, start] of [
    [first!, second!, startNext],
    [second!, first!, startHere],
  ] as const) {
    const stopped = one.node.stop()
    await until('its corps to move', () => homes() === other.name, 2000)
    await stopped
    one.node = await start(one.name)
    await until('it is ready', () => one.isReady)
    const since = performance.now()
    await until('some of all', () => ledger.firstAfter(since))
  }
  expect(homes()).toBe('node1 node2')
  const { unavailable, unanswered } = ledger.counts()
  expect({ failures: traffic.failures(), unavailable, unanswered }).toEqual({
    failures: [],
    unavailable: 0,
    unanswered: 0,
  })
  expect(await traffic.checkStream(query)).toBeGreaterThan(3)
  expect(traffic.counts()['streams']).toBeGreaterThan(1)
})

it('a balancer that dies takes with it what was under way, and clients go on at the other', async () => {
  const done = () => Object.values(traffic.counts()).reduce((sum, count) => sum + count, 0)
  const dying = other.close()
  asked = gateway
  await dying
  const since = performance.now()
  await until('some of all', () => ledger.firstAfter(since))
  traffic.failures()
  const before = done()
  await until('more calls', () => done() > before + 50)
  expect(traffic.failures()).toEqual([])
  await traffic.checkStream(query)
})

it('nothing that was acknowledged is lost or done twice', async () => {
  await traffic.stop()
  await ledger.stop()
  await ledger.settled(query)
  await ledger.check(query)
})
