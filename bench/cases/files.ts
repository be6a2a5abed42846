import { randomBytes } from 'node:crypto'
import type { BenchServer } from '../bed.ts'
import { memoryOf } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { prepareMessages, reachable } from './messages.ts'

const receivers = 1000
const megabytes = 10
/** Of one file. */
const sends = 2

type Round = { uploads: number; seconds: number; highestRss: number }

/** A file that is sent to a thousand receivers, twice, and the next one: is each given to WeCom once, and does memory stay flat? */
export async function measureFiles(measured: BenchServer): Promise<Figure[]> {
  const { tools, server, population } = measured
  await prepareMessages(measured)
  const people = new Set<string>()
  while (people.size < receivers) people.add(reachable(population))
  const before = memoryOf(server.pid).nowMb
  const rounds: Round[] = []
  for (let n = 0; n < (tools.options.quick ? 6 : 12); n++) rounds.push(await sendFile(measured, [...people]))
  const highest = (of: readonly Round[]) => Math.max(...of.map(one => one.highestRss))
  const [first, second] = [rounds.slice(0, rounds.length / 2), rounds.slice(rounds.length / 2)]
  const name = `file of ${megabytes} MB to ${receivers} receivers`
  return [
    {
      name: `${name}, uploads`,
      measured: Math.max(...rounds.map(one => one.uploads)),
      unit: 'of each file',
      target: { atMost: 1 },
      detail: `${rounds.length} files, each in ${sends} messages`,
    },
    {
      name: `${name}, memory added`,
      measured: highest(second) - highest(first),
      unit: 'MB',
      target: { atMost: 50 },
      detail: `highest RSS of ${second.length} files less that of the ${first.length} before; before all ${short(before)}, then ${rounds.map(one => short(one.highestRss)).join(', ')} MB`,
    },
    {
      name,
      measured: median(rounds.map(one => one.seconds)),
      unit: 's',
      detail: `from its upload to the last receiver of ${sends} messages, ${rounds.length} times`,
    },
  ]
}

async function sendFile({ bed, server, population }: BenchServer, people: readonly string[]): Promise<Round> {
  const url = String(server.ready['ready'])
  const devToken = population.tokens[0]!
  let highestRss = 0
  const look = () => {
    highestRss = Math.max(highestRss, memoryOf(server.pid).nowMb)
  }
  const watching = setInterval(look, 20)
  try {
    const uploadsBefore = await uploads(bed.upstreamReady.url)
    const startedAt = performance.now()
    const form = new FormData()
    form.append('file', new Blob([randomBytes(megabytes * 1024 * 1024)]), 'report.bin')
    const { mediaId } = await ask<{ mediaId: string }>(`${url}/api/message/media?devToken=${devToken}`, form)
    for (let n = 0; n < sends; n++) {
      const message = { toUser: people.join('|'), sendType: '0', msgType: '07', agentName: '基准', mediaId }
      const { msgId } = await ask<{ msgId: string }>(
        `${url}/api/message/send?devToken=${devToken}`,
        JSON.stringify(message),
      )
      await arrived(`${url}/api/message/status?${new URLSearchParams({ devToken, msgId })}`)
    }
    const seconds = (performance.now() - startedAt) / 1000
    look()
    return { uploads: (await uploads(bed.upstreamReady.url)) - uploadsBefore, seconds, highestRss }
  } finally {
    clearInterval(watching)
  }
}

async function arrived(statusUrl: string): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    const { body } = (await (await fetch(statusUrl)).json()) as { body: { status: string } }
    if (body.status === 'sent') return
    if (body.status !== 'queued' || performance.now() - startedAt > 60_000)
      throw new Error(`a file was not sent: ${JSON.stringify(body)}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function ask<T>(url: string, body: string | FormData): Promise<T> {
  const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined
  const answer = await fetch(url, { method: 'POST', body, ...(headers ? { headers } : {}) })
  const { retCode, retMessage, body: given } = (await answer.json()) as Record<string, unknown>
  if (retCode !== '0') throw new Error(`${retCode} ${retMessage}`)
  return given as T
}

/** How many files the sandbox's WeCom was given. */
async function uploads(sandbox: string): Promise<number> {
  const calls = (await (await fetch(`${sandbox}/_sandbox/calls`)).json()) as Record<
    string,
    Record<string, number>
  >
  const paths = Object.entries(calls).filter(([path]) => path.endsWith('media/upload'))
  return paths.flatMap(([, counts]) => Object.values(counts)).reduce((sum, one) => sum + one, 0)
}
