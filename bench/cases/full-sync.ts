import { type Run, runIn } from '../../server/sync/runs.ts'
import { type Bed, connectCorp } from '../bed.ts'
import type { Download } from '../download.ts'
import { cores, memoryOf, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import type { Connected, MemberRows } from '../serve.ts'

const msOf = (run: Run) => (run.finishedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0)

async function syncOnce(ask: (question: string) => Promise<Run>): Promise<Run> {
  const run = await ask('sync')
  if (run.state !== 'done') throw new Error(`full sync ${run.state}: ${runIn('zh', run).error}`)
  return run
}

/** The first sync of an empty mirror, which every other case needs; measured beside a bare download when asked. */
export async function measureFullSync(
  bed: Bed,
  isWanted: boolean,
  withPortal = false,
): Promise<{ connected: Connected; figures: Figure[]; syncMs: number; cookies: string[] }> {
  const downloads: Download[] = []
  const { upstreamReady } = bed
  const client = isWanted ? await startChild('bench/download.ts', { core: cores.measured }) : undefined
  const download = async () => {
    if (client) downloads.push(await client.ask<Download>('download', upstreamReady))
  }
  // The first one warms the sandbox up and counts for nothing.
  await download()
  downloads.length = 0
  await download()
  const server = await bed.serve('bench/serve.ts', 'full-sync')
  const connected = await connectCorp(server, bed)
  const ask = (question: string) => server.ask<Run>(question, { corpId: upstreamReady.corpId })
  const run = await syncOnce(ask)
  const memory = memoryOf(server.pid)
  const settleMs = await server.ask<number>('settleSearch', { corpId: upstreamReady.corpId })
  await download()
  const figures: Figure[] = []
  if (isWanted) {
    const bareMs = median(downloads.map(one => one.ms))
    const members = run.counts.member?.put ?? 0
    const common = { database: bed.kind }
    figures.push({
      ...common,
      name: `full sync of ${members} members`,
      measured: msOf(run) / bareMs,
      unit: '× bare',
      target: { atMost: 3 },
      detail: `wisp ${short(msOf(run) / 1000)} s, bare download ${short(bareMs / 1000)} s of ${downloads[0]?.pages} pages, ${short((downloads[0]?.bytes ?? 0) / 1e6)} MB, ${downloads[0]?.members} members; then ${short(settleMs / 1000)} s for the search, beside requests`,
    })
    figures.push({
      ...common,
      name: 'full sync, peak memory',
      measured: memory.peakMb,
      unit: 'MB',
      ...(bed.kind === 'postgres' ? { target: { atMost: 600 } } : {}),
      detail: `RSS after it ${short(memory.nowMb)} MB`,
    })
    figures.push(
      ...(await measureResync(
        bed,
        () => server.ask<MemberRows>('memberRows'),
        () => syncOnce(ask),
      )),
    )
  }
  const cookies = withPortal ? await server.ask<string[]>('portal', { corpId: upstreamReady.corpId }) : []
  await client?.stop()
  await server.stop()
  return { connected, figures, syncMs: msOf(run), cookies }
}

async function measureResync(
  bed: Bed,
  rows: () => Promise<MemberRows>,
  sync: () => Promise<Run>,
): Promise<Figure[]> {
  const before = await rows()
  const run = await sync()
  const after = await rows()
  const isUntouched = before.rows === after.rows && before.xmins === after.xmins
  return [
    {
      name: 'unchanged resync, rows written',
      database: bed.kind,
      measured: isUntouched ? 0 : Math.max(1, Math.abs(after.rows - before.rows)),
      unit: 'rows',
      target: { atMost: 0 },
      detail: `${after.rows} rows, xmin sums ${isUntouched ? 'equal' : 'differ'}, took ${short(msOf(run) / 1000)} s`,
    },
  ]
}
