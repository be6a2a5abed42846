import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { getTokens, openBed, portOf, type Tools } from '../bed.ts'
import { memoryOf } from '../processes.ts'
import { type Figure, short } from '../report.ts'
import { anyMember, makeRequests, makers, sampleCorp, writeRequests } from '../requests.ts'
import { measureFullSync } from './full-sync.ts'
import { restart, restartFigures } from './restart.ts'

const connections = 8

/** Search in a corp of the largest size, the memory it takes, and how long a start takes without and with a snapshot of its address book. */
export async function measureMillion(tools: Tools): Promise<Figure[]> {
  const members = tools.options.millionMembers
  const bed = await openBed(tools, members)
  const { connected, syncMs } = await measureFullSync(bed, false)
  const { developers } = connected
  const corp = sampleCorp(members)
  const someone = anyMember(corp).userid
  // The sync left a snapshot, as any node does that ends.
  rmSync(join(bed.dataDir, 'snapshots'), { recursive: true, force: true })
  const without = await restart(bed, developers, someone)
  const { server } = without
  const tokens = await getTokens(server, developers)
  const population = { corp, developers, tokens, cookies: [] }
  const requests = writeRequests(tools.dir, makeRequests(makers.search, population, 20_000))
  const job = { port: portOf(server), requests, connections, order: 'random' } as const
  // The search is built after the address book was read, while it answers.
  await tools.load({ ...job, ms: 15_000, expect: 'envelope', minBytes: 200 })
  const result = await tools.load({ ...job, ms: 20_000, expect: 'envelope', minBytes: 200 })
  if (result.failures > 0) throw new Error(`${result.failures} wrong answers, first ${result.firstFailure}`)
  const memory = memoryOf(server.pid)
  await server.stop()
  const again = await restart(bed, developers, someone)
  await again.server.stop()
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
      target: { atMost: 1100 },
      detail: `after the first calls ${short(without.memoryMb)}, highest ${short(memory.peakMb)} MB`,
    },
    {
      name: `full sync of ${members} members`,
      measured: syncMs / 1000,
      unit: 's',
      detail: 'into an empty database',
    },
    ...restartFigures(members, 'no snapshot', without),
    ...restartFigures(members, 'snapshot', again, 5),
  ]
}
