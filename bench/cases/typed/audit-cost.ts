import pg from 'pg'
import { type BenchServer, connectCorp, getTokens, openBed, portOf, type Tools } from '../../bed.ts'
import { cpuSeconds } from '../../processes.ts'
import { type Figure, median, short } from '../../report.ts'
import { makeRequests, makers, type Request, sampleCorp, writeRequests } from '../../requests.ts'
import type { ManagerBed } from '../../serve.ts'

const members = 2000

type Round = { p50Ms: number; cpuMs: number }
type Costs = Pick<BenchServer, 'tools' | 'server'> & { client: pg.Client }

/**
 * A whole act over HTTP, the change of an app by the management call, and a read of a member, each by turns with and without the triggers
 * by which rows enter the audit tree. The server adds entries to the tree meanwhile, as it does beside users.
 */
export async function measureAuditCost(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, members)
  const server = await bed.serve('bench/serve.ts', 'acts')
  const client = new pg.Client(bed.databaseUrl)
  await client.connect()
  try {
    const { developers } = await connectCorp(server, bed)
    const { corpId } = bed.upstreamReady
    await server.ask('sync', { corpId })
    const manager = await server.ask<ManagerBed>('seedManager', { corpId })
    const population = { corp: sampleCorp(members), developers, cookies: [] }
    const tokens = await getTokens(server, developers)
    const costs = { tools, server, client }
    return [
      await measureActs(costs, appChanges(corpId, manager)),
      await measureReads(costs, makeRequests(makers.userGet, { ...population, tokens }, 2000)),
    ]
  } finally {
    await client.end()
    await server.stop()
    await bed.remove()
    await bed.close()
  }
}

const changeCount = 2000

/** Each gives an app another name than it has, but for one in two thousand. */
function appChanges(corpId: string, { tokens, appIds }: ManagerBed): Request[] {
  return Array.from({ length: changeCount }, (_, n) => ({
    method: 'POST' as const,
    path: '/api/admin/app/set',
    headers: { Authorization: `Bearer ${tokens[n % tokens.length]}` },
    body: JSON.stringify({ corpId, id: appIds[n % appIds.length], settings: { name: `应用 ${n}` } }),
  }))
}

async function measureActs(costs: Costs, requests: Request[]): Promise<Figure> {
  const { within, without } = await byTurns(costs, 'audit', requests, 1)
  const of = (key: keyof Round) => [quietly(within, key), quietly(without, key)] as const
  const [[on, off], [cpuOn, cpuOff]] = [of('p50Ms'), of('cpuMs')]
  const all = [within, without].map(rounds => short(median(rounds.map(one => one.p50Ms))))
  return {
    name: 'audit tree: cost of an act',
    measured: Math.max(0, (on / off - 1) * 100),
    unit: '%',
    target: { atMost: 5 },
    detail: `an app changed over HTTP in ${short(on)} ms with the tree, ${short(off)} ms without, of them ${short(cpuOn)} and ${short(cpuOff)} ms of the server's CPU, in the quietest third of ${within.length} rounds by turns (in all: ${all.join(' and ')} ms)`,
  }
}

async function measureReads(costs: Costs, requests: Request[]): Promise<Figure> {
  const { within, without } = await byTurns(costs, 'data_read', requests, 32)
  // Other programs double what a round takes at times; its lowest is what the server itself needs.
  const lowest = (rounds: readonly Round[]) => Math.min(...rounds.map(one => one.cpuMs)) * 1000
  const [on, off] = [lowest(within), lowest(without)]
  return {
    name: 'audit tree: cost of a read',
    measured: on / off,
    unit: '× without',
    target: { atMost: 1.02 },
    detail: `${short(on)} with and ${short(off)} without, µs of the server's CPU per user/get`,
  }
}

/** Other programs only ever add to what a round takes, so that the quietest third of the rounds tells the difference. */
function quietly(rounds: readonly Round[], key: keyof Round): number {
  const sorted = rounds.map(one => one[key]).sort((a, b) => a - b)
  return median(sorted.slice(0, Math.ceil(sorted.length / 3)))
}

async function byTurns(
  { tools, server, client }: Costs,
  table: 'audit' | 'data_read',
  list: Request[],
  connections: number,
): Promise<{ within: Round[]; without: Round[] }> {
  const requests = writeRequests(tools.dir, list)
  const job = { requests, connections, order: 'random', expect: 'envelope', minBytes: 50 } as const
  const found: { within: Round[]; without: Round[] } = { within: [], without: [] }
  const one = async (isOn: boolean, ms: number): Promise<Round> => {
    await client.query(`alter table ${table} ${isOn ? 'enable' : 'disable'} trigger audit_enters`)
    const before = cpuSeconds(server.pid)
    const result = await tools.load({ ...job, ms, port: portOf(server) })
    const cpuMs = ((cpuSeconds(server.pid) - before) / result.requests) * 1000
    if (result.failures > 0) throw new Error(`${result.failures} failed: ${result.firstFailure}`)
    await entered(client)
    return { p50Ms: result.p50Ms, cpuMs }
  }
  const ms = tools.options.quick || connections > 1 ? 1000 : 2000
  await one(true, ms)
  for (let round = 0; round < (tools.options.quick ? 9 : 30); round++)
    for (const isOn of round % 2 === 0 ? [true, false] : [false, true])
      found[isOn ? 'within' : 'without'].push(await one(isOn, ms))
  return found
}

/** Else what one round leaves would enter the tree during the next. */
async function entered(client: pg.Client): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    const { rows } = await client.query('select from audit_pending limit 1')
    if (rows.length === 0) return
    if (Date.now() > until) throw new Error('entries wait for their tree for a minute')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
