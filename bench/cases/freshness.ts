import { Agent, request } from 'undici'
import { type Measured, portOf } from '../bed.ts'
import { type Figure, short } from '../report.ts'
import { anyMember, makeRequests, makers, writeRequests } from '../requests.ts'

const pollMs = 1
const giveUpMs = 10_000

/**
 * Time from an edit in WeCom's console until user/get returns it; first one edit after the other, then many
 * edits while others read.
 */
export async function measureFreshness(measured: Measured): Promise<{ figures: Figure[]; pushed: number }> {
  const { tools, bed, server, connected } = measured
  const { quick } = tools.options
  const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 30_000 })
  const url = `${String(server.ready['ready'])}/admin/syncController/addressBookChange`
  await postJson(dispatcher, `${bed.upstreamReady.url}/_sandbox/callback`, { ...connected.callback, url })
  const alone: number[] = []
  for (let n = 0; n < (quick ? 20 : 100); n++) alone.push(await oneChange(measured, dispatcher))

  const seconds = quick ? 3 : 15
  const readers = tools.load({
    port: portOf(server),
    requests: writeRequests(tools.dir, makeRequests(makers.userGet, measured.population, 5000)),
    connections: 8,
    ms: (seconds + 1) * 1000,
    order: 'random',
    expect: 'envelope',
    minBytes: 200,
  })
  const perSecond = 20
  const changes: Promise<number>[] = []
  for (let n = 0; n < seconds * perSecond; n++) {
    changes.push(oneChange(measured, dispatcher))
    await new Promise(resolve => setTimeout(resolve, 1000 / perSecond))
  }
  const crowded = await Promise.all(changes)
  const read = await readers
  if (read.failures > 0) throw new Error(`${read.failures} wrong reads, first ${read.firstFailure}`)
  await postJson(dispatcher, `${bed.upstreamReady.url}/_sandbox/callback`, { url: null })
  await dispatcher.close()
  const figures = [
    figureOf('change readable, alone', alone, ''),
    figureOf('change readable, 20/s and readers', crowded, `, ${short(read.perSecond)} reads/s beside`),
  ]
  return { figures, pushed: alone.length + crowded.length }
}

function figureOf(name: string, samples: number[], more: string): Figure {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    name,
    measured: at(0.99),
    unit: 'ms p99',
    target: { atMost: 1000 },
    detail: `p50 ${short(at(0.5))} ms, longest ${short(at(1))} ms of ${sorted.length}${more}`,
  }
}

let changes = 0

async function oneChange({ bed, server, population }: Measured, dispatcher: Agent): Promise<number> {
  const { userid } = anyMember(population.corp)
  const alias = `A${process.pid}x${++changes}`
  const query = new URLSearchParams({ devToken: population.tokens[0] ?? '', userId: userid })
  const read = `${String(server.ready['ready'])}/api/user/get?${query}`
  const startedAt = performance.now()
  await postJson(dispatcher, `${bed.upstreamReady.url}/_sandbox/admin/user/update`, { userid, alias })
  while (performance.now() - startedAt < giveUpMs) {
    const text = await (await request(read, { dispatcher })).body.text()
    if (text.includes(alias)) return performance.now() - startedAt
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
  return giveUpMs
}

async function postJson(dispatcher: Agent, url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(body), dispatcher })
  const text = await answer.body.text()
  if (answer.statusCode !== 200 || !/^\{\}$|"errcode":0|"callback"/.test(text))
    throw new Error(`${url}: ${answer.statusCode} ${text.slice(0, 200)}`)
}
