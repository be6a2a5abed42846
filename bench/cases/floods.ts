import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { type BenchServer, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import type { PacedResult } from '../paced-load.ts'
import { type Child, cores, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { anyMember, type Request, writeRequests } from '../requests.ts'
import type { SignInsBed } from '../serve.ts'
import type { UpstreamInfo } from '../upstream.ts'
import { connections, type Flood } from './floods/flood.ts'
import { foreignCases, foreignFloods } from './floods/foreign-floods.ts'
import { outsideCases, outsideFloods, passedPath } from './floods/outside.ts'
import { prepareMessages } from './messages.ts'

const readsPerSecond = 100
const sendsPerSecond = 20
const signInsPerSecond = 10
const lowestPriority = 19

type FloodEffects = { reads: PacedResult; sends: PacedResult; signIns: PacedResult }
type Round = { without: FloodEffects; with: FloodEffects }

export const floodCases = [
  'floods of large bodies',
  'floods of many elements',
  'floods of texts to all',
  ...outsideCases,
  ...foreignCases,
] as const
type FloodCase = (typeof floodCases)[number]

/** What another developer feels while one floods the server: what is added to reads and sends of the same round without it. */
export async function measureFloods(measured: BenchServer, cases: readonly FloodCase[]): Promise<Figure[]> {
  // Reading large mails would hold the sandbox that answers what is measured.
  const mailServer = await startChild('bench/upstream.ts', {
    core: cores.measuring,
    env: { BENCH_MEMBERS: '20' },
  })
  setPriority(mailServer.pid, lowestPriority)
  const { agentId } = await prepareMessages(measured, (mailServer.ready as UpstreamInfo).url)
  const door = await measured.bed.serve('bench/serve.ts', 'floods')
  const { corpId } = measured.bed.upstreamReady
  const seeded = await door.ask<SignInsBed>('seedSignIns', { corpId })
  const devId = measured.population.developers[0]!.devId
  await door.ask('seedPassthrough', { corpId, devId, agentId, path: passedPath })
  await door.stop()
  const probe = await startChild('bench/paced-load.ts', { core: cores.measuring })
  const flooder = await startChild('bench/load.ts', { core: cores.measuring })
  setPriority(flooder.pid, lowestPriority)
  const figures: Figure[] = []
  const floods: Record<FloodCase, () => Flood | Promise<Flood>> = {
    'floods of large bodies': () => largeBodies(measured, flooder),
    'floods of many elements': () => manyElements(measured, flooder),
    'floods of texts to all': () => toAll(measured),
    ...outsideFloods({ measured, flooder, seeded, agentId }),
    ...foreignFloods(measured, flooder),
  }
  for (const name of cases)
    figures.push(...(await measureFlood({ measured, probe, seeded }, await floods[name]())))
  await flooder.stop()
  await probe.stop()
  await mailServer.stop()
  return figures
}

type ProbeBed = { measured: BenchServer; probe: Child; seeded: SignInsBed }

async function measureFlood(probing: ProbeBed, flood: Flood): Promise<Figure[]> {
  const { quick } = probing.measured.tools.options
  const seconds = quick ? 3 : 6
  const rounds: Round[] = []
  let told = ''
  for (let n = 0; n < (quick ? 3 : 5); n++) {
    const without = await feel(probing, seconds)
    const flooding = flood.run((seconds + warmUpSeconds) * 1000)
    const during = await feel(probing, seconds)
    told = await flooding
    rounds.push({ without, with: during })
  }
  const figure = (what: string, atMost: number, read: (felt: FloodEffects) => number): Figure => ({
    name: `${flood.name}: ${what}`,
    measured: Math.max(0, median(rounds.map(round => read(round.with) - read(round.without)))),
    unit: 'ms',
    target: { atMost },
    detail: `${rounds.map(round => `${short(read(round.without))} → ${short(read(round.with))}`).join(', ')} ms; ${told}`,
  })
  return [
    figure('reads p50', 20, felt => felt.reads.p50Ms),
    figure('reads p99', 200, felt => felt.reads.p99Ms),
    figure('sends p50', 100, felt => felt.sends.p50Ms),
    figure('sign-ins p50', 200, felt => felt.signIns.p50Ms),
  ]
}

const warmUpSeconds = 1

/** Reads and sends of one developer at a fixed rate, and sign-ins to an application. */
async function feel(
  { measured: { tools, server, population }, probe, seeded }: ProbeBed,
  seconds: number,
): Promise<FloodEffects> {
  const devToken = population.tokens[1]!
  const members = (perSecond: number) =>
    Array.from({ length: perSecond * (warmUpSeconds + seconds) }, () => anyMember(population.corp).userid)
  const ask = (name: string, perSecond: number, paths: string[], bodies: string[], more = {}) => {
    const files = {
      paths: join(tools.dir, `${name}-paths.json`),
      bodies: join(tools.dir, `${name}-bodies.json`),
    }
    writeFileSync(files.paths, JSON.stringify(paths))
    writeFileSync(files.bodies, JSON.stringify(bodies))
    const url = String(server.ready['ready'])
    const job = { url, path: '', ...files, perSecond, warmUpSeconds, expect: '"retCode":"0"', ...more }
    return probe.ask<PacedResult>('run', { job })
  }
  const read = members(readsPerSecond).map(
    userId => `/api/user/get?${new URLSearchParams({ devToken, userId })}`,
  )
  const sent = members(sendsPerSecond).map(toUser => textTo({ toUser }))
  const sendTo = `/api/message/send?devToken=${devToken}`
  const { casPath, service, cookies } = seeded
  const signIn = `${casPath}/login?${new URLSearchParams({ service })}`
  const asked = Array.from({ length: signInsPerSecond * (warmUpSeconds + seconds) }, (_, n) => n)
  const cookieFile = join(tools.dir, 'sign-in-cookies.json')
  writeFileSync(cookieFile, JSON.stringify(asked.map(n => cookies[n % cookies.length])))
  const [reads, sends, signIns] = await Promise.all([
    ask(
      'reads',
      readsPerSecond,
      read,
      read.map(() => ''),
    ),
    ask(
      'sends',
      sendsPerSecond,
      sent.map(() => sendTo),
      sent,
    ),
    ask(
      'sign-ins',
      signInsPerSecond,
      asked.map(() => signIn),
      asked.map(() => ''),
      { cookies: cookieFile, expect: 'ticket=ST-' },
    ),
  ])
  for (const one of [reads, sends, signIns])
    if (one.failures > 0)
      throw new Error(`${one.failures} of ${one.requests} failed, first ${one.firstFailure}`)
  return { reads, sends, signIns }
}

let texts = 0

function textTo(receivers: { toUser: string } | { toParty: string }): string {
  const content = `您有一条新的待办，等待您审批，请及时处理。编号 ${++texts}`
  return JSON.stringify({ ...receivers, sendType: '0', msgType: '03', agentName: '基准', content })
}

/** Bodies of 0.9 MB to calls that take so much and to calls that do not; all are refused. */
function largeBodies(measured: BenchServer, flooder: Child): Flood {
  const text = 'x'.repeat(900_000)
  return refused(measured, flooder, '0.9 MB bodies', [
    { path: '/api/user/search', body: JSON.stringify({ searchName: text }) },
    { path: '/api/message/send', body: JSON.stringify({ content: text }) },
  ])
}

function manyElements(measured: BenchServer, flooder: Child): Flood {
  const many = Array.from({ length: 120_000 }, (_, n) => n % 10)
  return refused(measured, flooder, '120,000 elements', [
    { path: '/api/user/search', body: JSON.stringify({ searchName: 'x', many }) },
    { path: '/api/message/send', body: JSON.stringify({ content: 'x', toUser: many }) },
  ])
}

function refused(
  { tools, server, population }: BenchServer,
  flooder: Child,
  name: string,
  calls: { path: string; body: string }[],
): Flood {
  const requests = calls.map(
    ({ path, body }): Request => ({ method: 'POST', path: `${path}?devToken=${population.tokens[0]}`, body }),
  )
  const file = writeRequests(tools.dir, requests)
  return {
    name,
    async run(ms) {
      const port = portOf(server)
      const job = { port, requests: file, connections, ms, order: 'random', expect: 'refusal', minBytes: 0 }
      const result = await flooder.ask<LoadResult>('run', { job })
      if (result.failures > 0)
        throw new Error(`${name}: ${result.failures} not refused, ${result.firstFailure}`)
      return `${result.requests} refused over ${connections} connections, ${short(result.perSecond)}/s`
    },
  }
}

const sendersToAll = 8

/** Texts to all members, named as everybody or as the root department; what has not left at the end is recalled. */
function toAll({ server, population, tools }: BenchServer): Flood {
  const url = String(server.ready['ready'])
  const devToken = population.tokens[0]!
  const post = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}${path}?devToken=${devToken}`, { method: 'POST', headers, body })
    return (await answer.json()) as { retCode: string; retMessage: string; body: { msgId: string } }
  }
  return {
    name: `texts to all ${tools.options.members}`,
    async run(ms) {
      const until = performance.now() + ms
      const sent: string[] = []
      const send = async () => {
        for (let n = 0; performance.now() < until; n++) {
          const answer = await post(
            '/api/message/send',
            textTo(n % 2 ? { toUser: '@all' } : { toParty: '1' }),
          )
          if (answer.retCode !== '0') throw new Error(answer.retMessage)
          sent.push(answer.body.msgId)
        }
      }
      await Promise.all(Array.from({ length: sendersToAll }, send))
      for (const msgId of sent) await post('/api/message/recall', JSON.stringify({ msgId }))
      return `${sent.length} sent by ${sendersToAll} senders`
    },
  }
}
