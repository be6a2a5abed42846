import { type BenchServer, portOf, settle } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import { cores, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { contactPush, writeRequests } from '../requests.ts'

export type AcceptedCallbacks = { figures: Figure[]; accepted: number }

const connections = 32

/**
 * Callbacks accepted and stored per second, divided by rows committed one by one into a table like theirs.
 * The two are measured in turns.
 */
export async function measureCallbacks(measured: BenchServer): Promise<AcceptedCallbacks> {
  const { tools, bed, server } = measured
  const { quick } = tools.options
  const commits = await startChild('bench/commits.ts', { core: cores.measured })
  await commits.ask('open', { url: bed.databaseUrl })
  const ms = quick ? 1000 : 3000
  const rates: number[] = []
  const runs: LoadResult[] = []
  let accepted = 0
  for (let round = 0; round < 3; round++) {
    const pushes = makePushes(measured, ms * 6)
    const { rawBytes, plainBytes } = pushes[0]!
    rates.push(await commits.ask<number>('rate', { rawBytes, plainBytes, ms }))
    const requests = writeRequests(tools.dir, pushes)
    const job = { requests, connections, ms, order: 'once', expect: 'status', minBytes: 0 } as const
    const run = await tools.load({ ...job, port: portOf(server) })
    if (run.failures > 0) throw new Error(`${run.failures} pushes refused, first ${run.firstFailure}`)
    accepted += run.requests
    runs.push(run)
    await settle(server)
  }
  await commits.stop()
  const middle = (read: (run: LoadResult) => number) => median(runs.map(read))
  const figures: Figure[] = [
    {
      name: 'callbacks accepted durably',
      measured: median(runs.map((run, n) => run.perSecond / rates[n]!)),
      unit: '× commits',
      target: { atLeast: 1 },
      detail: `accepted ${short(middle(r => r.perSecond))}/s, single commits ${short(median(rates))}/s, generator busy ${short(middle(r => r.busy))}`,
    },
    {
      name: 'callbacks, answer p99',
      measured: middle(r => r.p99Ms),
      unit: 'ms',
      target: { atMost: 100 },
      detail: `p50 ${short(middle(r => r.p50Ms))} ms, longest ${short(Math.max(...runs.map(r => r.maxMs)))} ms`,
    },
  ]
  return { figures, accepted }
}

function makePushes({ bed, population, connected }: BenchServer, count: number) {
  const to = { corpId: bed.upstreamReady.corpId, callback: connected.callback }
  return Array.from({ length: count }, () => contactPush(population.corp, to))
}

/** Every callback that was answered with 200 must be in the table afterwards, and no others. */
export function callbacksKept(accepted: number, rows: number): Figure {
  return {
    name: 'callbacks answered but not stored',
    measured: Math.abs(accepted - rows),
    unit: 'rows',
    target: { atMost: 0 },
    detail: `${accepted} answered, ${rows} rows`,
  }
}
