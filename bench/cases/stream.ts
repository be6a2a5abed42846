import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { type Context, createContext } from '../../server/context.ts'
import { writeDirectory } from '../../server/organisation/directory/write/writer.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { type Bed, connectCorp, getTokens, openBed, type Tools } from '../bed.ts'
import { type Child, memoryOf } from '../processes.ts'
import { type Figure, short } from '../report.ts'

const listenerCount = 1000
const perDeveloper = 20
const changesPerSecond = 10

/** A thousand listeners hear of changes of the address book, which another node writes ten times a second. */
export async function measureStream(tools: Tools): Promise<Figure[]> {
  const bed = await openBed(tools, 1000)
  const server = await bed.serve('bench/serve.ts', 'stream')
  await connectCorp(server, bed)
  const { corpId } = bed.upstreamReady
  await server.ask('sync', { corpId })
  const ctx = await createContext(readConfig(bed.env), { log: createLog('error') })
  try {
    const heard = await listen(ctx, server, bed)
    const count = (tools.options.quick ? 5 : 30) * changesPerSecond
    const startMb = memoryOf(server.pid).nowMb
    let quarterMb = startMb
    for (let n = 0; n < count; n++) {
      if (n === Math.floor(count / 4)) quarterMb = memoryOf(server.pid).nowMb
      const next = delay(1000 / changesPerSecond)
      await change(ctx, corpId, n)
      await next
    }
    await heard.all(count)
    const endMb = memoryOf(server.pid).nowMb
    return figuresOf(heard.samples, { startMb, quarterMb, endMb }, count)
  } finally {
    await ctx.close()
    await server.stop()
    await bed.close()
  }
}

async function change(ctx: Context, corpId: string, n: number): Promise<void> {
  const department = { id: 900_000 + (n % 50), name: `流 ${n}`, parentId: 1, sortNo: 0, leaders: [] }
  await writeDirectory(ctx, corpId, [{ kind: 'department', op: 'put', department }])
}

/** Opens the streams, of as many developers as that takes, and notes how late each event is heard, in ms. */
async function listen(ctx: Context, server: Child, { upstreamReady: { corpId } }: Bed) {
  const scopes = ['directory:read', 'webhook:manage']
  const developers = await Promise.all(
    Array.from({ length: listenerCount / perDeveloper }, (_, n) =>
      addDeveloper(ctx, 'bench', corpId, { name: `流 ${n}`, scopes }),
    ),
  )
  const known = async () => getTokens(server, developers)
  // The server reads new developers a moment after they are made.
  let tokens = await known()
  while (tokens.some(token => !token)) tokens = await known()
  const samples: number[] = []
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY })
  const url = `${String(server.ready['ready'])}/api/event/stream?types=directory.department`
  const open = async (token: string) => {
    const [answer] = (await once(get(`${url}&devToken=${token}`, { agent }), 'response')) as [IncomingMessage]
    if (!answer.headers['content-type']?.startsWith('text/event-stream'))
      throw new Error(`no stream: HTTP ${answer.statusCode}`)
    let rest = ''
    answer.setEncoding('utf8').on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      const now = Date.now()
      for (const block of blocks) {
        const at = /"timestamp":"([^"]+)"/.exec(block)?.[1]
        if (at) samples.push(now - Date.parse(at))
      }
    })
    answer.on('error', () => undefined)
  }
  for (const token of tokens) await Promise.all(Array.from({ length: perDeveloper }, () => open(token)))
  return {
    samples,
    async all(count: number) {
      const until = Date.now() + 30_000
      while (samples.length < count * listenerCount) {
        if (Date.now() > until)
          throw new Error(`${samples.length} of ${count * listenerCount} events were heard`)
        await delay(20)
      }
    },
  }
}

type Memory = { startMb: number; quarterMb: number; endMb: number }

function figuresOf(samples: number[], { startMb, quarterMb, endMb }: Memory, count: number): Figure[] {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return [
    {
      name: `stream to ${listenerCount} listeners`,
      measured: at(0.99),
      unit: 'ms p99',
      target: { atMost: 1000 },
      detail: `p50 ${short(at(0.5))} ms, longest ${short(at(1))} ms; ${count} changes, ${changesPerSecond}/s, from the write on`,
    },
    {
      name: 'memory with them',
      measured: endMb / quarterMb,
      unit: '×',
      target: { atMost: 1.1 },
      detail: `RSS ${short(startMb)} MB at first, ${short(quarterMb)} MB after a quarter, ${short(endMb)} MB at the end`,
    },
  ]
}
