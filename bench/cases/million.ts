import { getTokens, openBed, portOf, type Tools } from '../bed.ts'
import { type Child, memoryOf } from '../processes.ts'
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
  const startSeconds = (performance.now() - startedAt) / 1000
  const { developers } = connected
  const tokens = await getTokens(server, developers)
  const population = { corp: sampleCorp(members), developers, tokens, cookies: [] }
  const firstSeconds = await firstCall(server, tokens[0] ?? '')
  const loaded = memoryOf(server.pid)
  const requests = writeRequests(tools.dir, makeRequests(makers.search, population, 20_000))
  const job = { port: portOf(server), requests, connections, order: 'random' } as const
  // The search is built after the address book was read, while it answers.
  await tools.load({ ...job, ms: 15_000, expect: 'envelope', minBytes: 200 })
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
      detail: `after the first call ${short(loaded.nowMb)}, highest ${short(memory.peakMb)} MB`,
    },
    {
      name: `start at ${members} members`,
      measured: startSeconds,
      unit: 's',
      detail: `until it is ready; the full sync that filled the database took ${short(syncMs / 1000)} s`,
    },
    {
      name: `first call at ${members} members`,
      measured: firstSeconds,
      unit: 's',
      detail: 'for which the address book is read',
    },
  ]
}

async function firstCall(server: Child, devToken: string): Promise<number> {
  const startedAt = performance.now()
  const query = new URLSearchParams({ devToken })
  const answer = await fetch(`${String(server.ready['ready'])}/api/org/tagList?${query}`)
  const { retCode } = (await answer.json()) as { retCode: string }
  if (retCode !== '0') throw new Error(`the first call answered ${retCode}`)
  return (performance.now() - startedAt) / 1000
}
