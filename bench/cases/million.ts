import { getTokens, openBed, portOf, type Tools } from '../bed.ts'
import { memoryOf } from '../processes.ts'
import { type Figure, short } from '../report.ts'
import { makeRequests, makers, sampleCorp, writeRequests } from '../requests.ts'
import { measureFullSync } from './full-sync.ts'

const connections = 8

/** Search in a corp of the largest size, and the memory it takes. */
export async function measureMillion(tools: Tools): Promise<Figure[]> {
  const members = tools.options.millionMembers
  const bed = await openBed(tools, members)
  const { connected, syncMs } = await measureFullSync(bed, false)
  const startedAt = performance.now()
  const server = await bed.serve('server/main.ts', 'million')
  const loadSeconds = (performance.now() - startedAt) / 1000
  const loaded = memoryOf(server.pid)
  const { developers } = connected
  const tokens = await getTokens(server, developers)
  const population = { corp: sampleCorp(members), developers, tokens, cookies: [] }
  const requests = writeRequests(tools.dir, makeRequests(makers.search, population, 20_000))
  const job = { port: portOf(server), requests, connections, order: 'random' } as const
  await tools.load({ ...job, ms: 3000, expect: 'envelope', minBytes: 200 })
  const result = await tools.load({ ...job, ms: 20_000, expect: 'envelope', minBytes: 200 })
  if (result.failures > 0) throw new Error(`${result.failures} wrong answers, first ${result.firstFailure}`)
  const memory = memoryOf(server.pid)
  await server.stop()
  await bed.close()
  return [
    {
      name: `search at ${members} members, p95`,
      measured: result.p95Ms,
      unit: 'ms',
      target: { atMost: 50 },
      detail: `${short(result.perSecond)}/s, p50 ${short(result.p50Ms)} p99 ${short(result.p99Ms)} longest ${short(result.maxMs)} ms, ${connections} clients`,
    },
    {
      name: `memory at ${members} members`,
      measured: memory.nowMb,
      unit: 'MB',
      detail: `after start ${short(loaded.nowMb)}, highest ${short(memory.peakMb)} MB`,
    },
    {
      name: `start at ${members} members`,
      measured: loadSeconds,
      unit: 's',
      detail: `until it answers; the full sync that filled the database took ${short(syncMs / 1000)} s`,
    },
  ]
}
