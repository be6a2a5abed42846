import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Bed, openBed, type Tools } from '../../bed.ts'
import { type Child, cores, memoryOf, startChild } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { atRest, committed, idleMs } from './at-rest.ts'
import { fillCorps } from './fill-corps.ts'
import { firstCalls, percentile } from './many-corps.ts'
import { notify } from './two-nodes.ts'

const nodeCount = 4
const corpCount = 2000
const corpMembers = 500
const generatedCorps = 20_000
const generatedMembers = 50
const calledCorps = 100
/** How long the upstreams are away, after something became due in every corp. */
const awayMs = 120_000
const windowMs = 20_000

/** Four nodes of one machine over one database: their start, at rest, and with every upstream down. */
export async function measureFourNodes(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 100)
  await fillCorps(bed, [{ prefix: 'corp', corps: corpCount, members: corpMembers }])
  const { nodes, seconds } = await startNodes(tools, bed)
  const memories = nodes.map(node => memoryOf(node.pid).nowMb)
  const idle = await atRest(bed, nodes)
  await bed.upstream.stop()
  await notify(nodes[0]!, corpCount)
  const away = await busiestWindow(bed)
  const after = nodes.map(node => memoryOf(node.pid).nowMb)
  for (const node of nodes) await node.stop()
  const corps = `${corpCount} corps of ${corpMembers}, ${nodeCount} nodes`
  const each = (values: number[]) => values.map(short).join(', ')
  return [
    {
      name: 'start of four nodes',
      measured: Math.max(...seconds),
      unit: 's',
      target: { atMost: 10 },
      detail: `the slowest; ${corps}, one after the other: ${each(seconds)} s`,
    },
    {
      name: 'memory of four nodes',
      measured: Math.max(...memories, ...after),
      unit: 'MB',
      target: { atMost: 800 },
      detail: `RSS of the largest; after the start ${each(memories)}; after the outage ${each(after)} MB`,
    },
    {
      name: 'transactions at rest, a node of four',
      measured: idle.transactions / nodeCount,
      unit: '/s',
      target: { atMost: 4 },
      detail: `${corps}, over ${idleMs / 1000} s; CPU ${each(idle.percents)} % of a core`,
    },
    {
      name: 'transactions, every upstream down',
      measured: away.busiest / nodeCount,
      unit: '/s',
      target: { atMost: 25 },
      detail: `a node, in the busiest ${windowMs / 1000} s of ${awayMs / 1000}, with something due in each corp; at the end ${short(away.last / nodeCount)}/s`,
    },
    ...(await measureGenerated(tools)),
  ]
}

async function startNodes(tools: Tools, bed: Bed): Promise<{ nodes: Child[]; seconds: number[] }> {
  const nodes: Child[] = []
  const seconds: number[] = []
  for (let n = 0; n < nodeCount; n++) {
    const env = { ...bed.env, WISP_DATA_DIR: mkdtempSync(join(tools.dir, 'node-')) }
    const startedAt = performance.now()
    nodes.push(await startChild('server/main.ts', { core: cores.measured, env }))
    seconds.push((performance.now() - startedAt) / 1000)
  }
  return { nodes, seconds }
}

/** Transactions a second of all nodes. */
async function busiestWindow(bed: Bed): Promise<{ busiest: number; last: number }> {
  const client = new pg.Client(bed.databaseUrl)
  await client.connect()
  const counts = [await committed(client)]
  for (let ms = 0; ms < awayMs; ms += 1000) {
    await delay(1000)
    counts.push(await committed(client))
  }
  await client.end()
  const inWindow = windowMs / 1000
  const rates = counts.slice(inWindow).map((count, n) => (count - counts[n]!) / inWindow)
  return { busiest: Math.max(...rates), last: rates.at(-1)! }
}

/** What grows how with the number of corps. */
async function measureGenerated(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 100)
  await fillCorps(bed, [{ prefix: 'corp', corps: generatedCorps, members: generatedMembers }])
  const startedAt = performance.now()
  const server = await bed.serve('server/main.ts', 'generated-corps')
  const seconds = (performance.now() - startedAt) / 1000
  const memory = memoryOf(server.pid).nowMb
  const idle = await atRest(bed, [server])
  const calls = await firstCalls(server, 'corp', calledCorps)
  await server.stop()
  await bed.close()
  return [
    {
      name: `start with ${generatedCorps} corps`,
      measured: seconds,
      unit: 's',
      detail:
        `${generatedMembers} members each, one node; RSS ${short(memory)} MB; at rest ${short(idle.transactions)} transactions/s, ` +
        `${idle.percents.map(short).join()} % of a core; first call p50 ${short(percentile(calls, 50))} p99 ${short(percentile(calls, 99))} ms`,
    },
  ]
}
