import type { Pull } from '../../server/features/official/followers/pull/store.ts'
import { type Bed, connectCorp, openBed, type Tools } from '../bed.ts'
import type { FollowerDownload } from '../download.ts'
import { cores, memoryOf, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'

const followers = 100_000
const rounds = 3

type PullCost = { ms: number; grewMb: number }

/** All followers of an official account, beside a client that downloads the same and stores nothing. */
export async function measureFollowerPull(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 100)
  const { url, official } = bed.upstreamReady
  const added = await fetch(`${url}/_sandbox/official/followers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ originalId: official.originalId, count: followers - official.followers }),
  })
  if (!added.ok) throw new Error(await added.text())
  const bare: number[] = []
  const pulled: PullCost[] = []
  // The very first download only warms up the sandbox and is not counted.
  await download(bed)
  for (let round = 0; round < rounds; round++) {
    bare.push((await download(bed)).ms)
    pulled.push(await pull(await bed.again()))
  }
  await bed.close()
  const times = pulled.map(one => one.ms)
  return [
    {
      name: `pull of ${followers} followers`,
      measured: median(times) / median(bare),
      unit: '× bare',
      target: { atMost: 6.5 },
      detail: `median of ${rounds}: wisp ${short(median(times) / 1000)} s, bare download ${short(median(bare) / 1000)} s`,
    },
    {
      name: 'pull of followers, memory above the start',
      measured: Math.max(...pulled.map(one => one.grewMb)),
      unit: 'MB',
      target: { atMost: 150 },
      detail: 'peak RSS; a page of 10,000 is held at a time',
    },
  ]
}

async function download({ upstreamReady }: Bed): Promise<FollowerDownload> {
  const client = await startChild('bench/download.ts', { core: cores.measured })
  const done = await client.ask<FollowerDownload>('downloadFollowers', upstreamReady)
  await client.stop()
  if (done.followers !== followers) throw new Error(`downloaded ${done.followers} followers`)
  return done
}

async function pull(bed: Bed): Promise<PullCost> {
  const server = await bed.serve('bench/serve.ts', 'followers')
  await connectCorp(server, bed)
  const { corpId, official } = bed.upstreamReady
  const before = memoryOf(server.pid).nowMb
  const { state, read, startedAt, endedAt } = await server.ask<Pull>('pullFollowers', { corpId, official })
  if (state !== 'done' || read !== followers) throw new Error(`${state} after ${read} followers`)
  const { peakMb } = memoryOf(server.pid)
  await server.stop()
  await bed.remove()
  return { ms: (endedAt?.getTime() ?? 0) - startedAt.getTime(), grewMb: peakMb - before }
}
