import { type Run, runIn } from '../../server/organisation/sync/runs/run-store.ts'
import { type Bed, connectCorp } from '../bed.ts'
import type { Download } from '../download.ts'
import { type Child, cores, memoryOf, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import type { BenchAccess, MemberRows } from '../serve.ts'

const msOf = (run: Run) => (run.finishedAt?.getTime() ?? 0) - (run.startedAt?.getTime() ?? 0)

async function syncOnce(ask: (question: string) => Promise<Run>): Promise<Run> {
  const run = await ask('sync')
  if (run.state !== 'done') throw new Error(`full sync ${run.state}: ${runIn('zh', run).error}`)
  return run
}

type SyncCost = {
  server: Child
  connected: BenchAccess
  run: Run
  peakMb: number
  afterMb: number
  settleMs: number
}

/**
 * The first sync of a freshly started server with an empty database, and the work on the search index that it
 * leaves for later.
 */
async function firstSync(bed: Bed): Promise<SyncCost> {
  const server = await bed.serve('bench/serve.ts', 'full-sync')
  const connected = await connectCorp(server, bed)
  const { corpId } = bed.upstreamReady
  const run = await syncOnce(question => server.ask<Run>(question, { corpId }))
  const { peakMb, nowMb } = memoryOf(server.pid)
  const settleMs = await server.ask<number>('settleSearch', { corpId })
  return { server, connected, run, peakMb, afterMb: nowMb, settleMs }
}

type BareDownload = Download & { warmMs: number }

/** A bare download by a freshly started client; the time of a second download is reported too. */
async function bareDownload({ upstreamReady }: Bed): Promise<BareDownload> {
  const client = await startChild('bench/download.ts', { core: cores.measured })
  const download = () => client.ask<Download>('download', upstreamReady)
  const first = await download()
  const { ms: warmMs } = await download()
  await client.stop()
  return { ...first, warmMs }
}

const rounds = 5

/**
 * The first sync of an empty mirror, which every other case needs. On request it is measured beside a bare
 * download.
 */
export async function measureFullSync(
  bed: Bed,
  isWanted: boolean,
  withPortal = false,
): Promise<{ connected: BenchAccess; figures: Figure[]; syncMs: number; cookies: string[] }> {
  const figures: Figure[] = []
  const before: SyncCost[] = []
  const bare: BareDownload[] = []
  if (isWanted) {
    // The very first download only warms up the sandbox and is not counted.
    await bareDownload(bed)
    while (before.length < rounds - 1) {
      bare.push(await bareDownload(bed))
      const other = await bed.again()
      const synced = await firstSync(other)
      await synced.server.stop()
      await other.remove()
      before.push(synced)
    }
    bare.push(await bareDownload(bed))
  }
  const last = await firstSync(bed)
  const { server, connected, run } = last
  const { corpId } = bed.upstreamReady
  if (isWanted) {
    figures.push(...syncFigures([...before, last], bare))
    const sync = () => syncOnce(question => server.ask<Run>(question, { corpId }))
    figures.push(...(await measureResync(() => server.ask<MemberRows>('memberRows'), sync)))
  }
  const cookies = withPortal ? await server.ask<string[]>('portal', { corpId }) : []
  await server.stop()
  return { connected, figures, syncMs: msOf(run), cookies }
}

function syncFigures(synced: SyncCost[], bare: BareDownload[]): Figure[] {
  const seconds = (list: number[]) => short(median(list) / 1000)
  const syncMs = synced.map(one => msOf(one.run))
  const bareMs = bare.map(one => one.ms)
  const [{ pages, bytes, members } = bare[0]!] = bare
  const each = synced.map((_, n) => short(syncMs[n]! / bareMs[n]!)).join(', ')
  const warmMs = bare.map(one => one.warmMs)
  const warm = short(median(syncMs) / median(warmMs))
  return [
    {
      name: `full sync of ${synced[0]?.run.counts.member?.put} members`,
      measured: median(syncMs) / median(bareMs),
      unit: '× bare',
      target: { atMost: 6 },
      detail:
        `median of ${rounds} (${each}): wisp ${seconds(syncMs)} s, bare download ${seconds(bareMs)} s of ${pages} pages, ` +
        `${short(bytes / 1e6)} MB, ${members} members, both as processes that have just started; ` +
        `a client that does it once more takes ${seconds(warmMs)} s (${warm} ×); ` +
        `then ${seconds(synced.map(one => one.settleMs))} s for the search, beside requests`,
    },
    {
      name: 'full sync, peak memory',
      measured: Math.max(...synced.map(one => one.peakMb)),
      unit: 'MB',
      target: { atMost: 600 },
      detail: `RSS after it ${short(median(synced.map(one => one.afterMb)))} MB`,
    },
  ]
}

async function measureResync(rows: () => Promise<MemberRows>, sync: () => Promise<Run>): Promise<Figure[]> {
  const before = await rows()
  const run = await sync()
  const after = await rows()
  const isUntouched = before.rows === after.rows && before.xmins === after.xmins
  return [
    {
      name: 'unchanged resync, rows written',
      measured: isUntouched ? 0 : Math.max(1, Math.abs(after.rows - before.rows)),
      unit: 'rows',
      target: { atMost: 0 },
      detail: `${after.rows} rows, xmin sums ${isUntouched ? 'equal' : 'differ'}, took ${short(msOf(run) / 1000)} s`,
    },
  ]
}
