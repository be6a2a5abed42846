import { devSecret } from '../../../test/quiet/generated-corps.ts'
import { openBed, type Tools } from '../../bed.ts'
import { type Child, memoryOf } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { atRest, idleMs } from './at-rest.ts'
import { fillCorps } from './fill-corps.ts'
import { measureTwoNodes } from './two-nodes.ts'

const corpCount = 1000
const corpMembers = 1000
const largeCorps = 30
const largeMembers = 10_000

/** What an installation costs by the number of its corps: its start, at rest, a corp's first call, two nodes. */
export async function measureManyCorps(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 100)
  await fillCorps(bed, [
    { prefix: 'corp', corps: corpCount, members: corpMembers },
    { prefix: 'large', corps: largeCorps, members: largeMembers },
  ])
  const startedAt = performance.now()
  const server = await bed.serve('server/main.ts', 'many-corps')
  const startSeconds = (performance.now() - startedAt) / 1000
  const started = memoryOf(server.pid)
  const idle = await atRest(bed, [server])
  const small = await firstCalls(server, 'corp', 100)
  const large = await firstCalls(server, 'large', largeCorps)
  const used = memoryOf(server.pid)
  const twoNodes = await measureTwoNodes(bed, server, corpCount)
  await server.stop()
  await bed.close()
  const corps = `${corpCount} corps of ${corpMembers}`
  return [
    {
      name: `start with ${corpCount} corps`,
      measured: startSeconds,
      unit: 's',
      target: { atMost: 5 },
      detail: `${corps} and ${largeCorps} of ${largeMembers}, until it is ready`,
    },
    {
      name: `memory with ${corpCount} corps`,
      measured: started.nowMb,
      unit: 'MB',
      detail: `RSS after the start; ${short(used.nowMb)} MB after the first calls of ${100 + largeCorps}`,
    },
    {
      name: 'transactions at rest',
      measured: idle.transactions,
      unit: '/s',
      target: { atMost: 5 },
      detail: `one node, ${corps}, pg_stat_database over ${idleMs / 1000} s`,
    },
    {
      name: 'CPU at rest',
      measured: idle.percents[0] ?? 0,
      unit: '%',
      target: { atMost: 1 },
      detail: `of a core, the node over ${idleMs / 1000} s`,
    },
    {
      name: `first call, ${largeMembers} members, p99`,
      measured: percentile(large, 99),
      unit: 'ms',
      target: { atMost: 1000 },
      detail: `p50 ${short(percentile(large, 50))} ms; of ${corpMembers} members p50 ${short(percentile(small, 50))} p99 ${short(percentile(small, 99))} ms`,
    },
    ...twoNodes,
  ]
}

/** How long a corp's first call takes, for which its address book is read; in ms, ascending. */
export async function firstCalls(server: Child, prefix: string, corps: number): Promise<number[]> {
  const url = String(server.ready['ready'])
  const times: number[] = []
  for (let n = 1; n <= corps; n++) {
    const who = new URLSearchParams({ devId: `${prefix}${n}`, devSecret })
    const { body } = (await (await fetch(`${url}/api/token/getDevToken?${who}`)).json()) as {
      body: { devToken: string }
    }
    const query = new URLSearchParams({ devToken: body.devToken, orgId: '1', fetchChild: '1', pageNo: '1' })
    const startedAt = performance.now()
    const answer = (await (await fetch(`${url}/api/user/orgUserList?${query}`)).json()) as { retCode: string }
    times.push(performance.now() - startedAt)
    if (answer.retCode !== '0') throw new Error(`${prefix}${n} answered ${JSON.stringify(answer)}`)
  }
  return times.sort((a, b) => a - b)
}

export function percentile(ascending: number[], percent: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? 0
}
