import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SeenAnswer } from '../bare.ts'
import { type BenchServer, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import { cpuSeconds } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import {
  departmentsWithAtLeast,
  makeRequests,
  makers,
  type Population,
  type Request,
  writeRequests,
} from '../requests.ts'

type Case = {
  name: string
  maker: keyof typeof makers
  target: number
  requests: number
  /** Number of different answers that the bare server has. */
  answers: number
  minBytes: number
}

export const readCases: Case[] = [
  { name: 'user/get', maker: 'userGet', target: 0.5, requests: 20_000, answers: 2000, minBytes: 200 },
  { name: 'getDevToken', maker: 'devToken', target: 0.15, requests: 2000, answers: 500, minBytes: 100 },
  {
    name: 'org/list whole tree',
    maker: 'wholeTree',
    target: 0.5,
    requests: 100,
    answers: 1,
    minBytes: 5000,
  },
  { name: 'orgUserList', maker: 'orgUserList', target: 0.25, requests: 5000, answers: 300, minBytes: 10_000 },
  { name: 'search', maker: 'search', target: 0.05, requests: 20_000, answers: 1000, minBytes: 200 },
]

/** The calls of the portal, made by members who are signed in and have sixty apps. */
export const portalCases: Case[] = [
  { name: 'portal workbench', maker: 'workbench', target: 0.4, requests: 2000, answers: 300, minBytes: 5000 },
  { name: 'portal session', maker: 'session', target: 0.4, requests: 2000, answers: 300, minBytes: 100 },
  { name: 'portal unread', maker: 'unread', target: 0.4, requests: 2000, answers: 300, minBytes: 40 },
]

const connections = 32

/** The turn of one server. When its share of a core is not near 1, something else was slower or took the core away. */
type Turn = LoadResult & { cpuMicros: number; serverBusy: number }

/**
 * Requests per second of wisp, divided by those of a bare server that sends the same bytes. The two are
 * measured in turns, never together.
 */
export async function measureRead(measured: BenchServer, one: Case): Promise<Figure> {
  const requests = makeRequests(
    makers[one.maker],
    one.maker === 'orgUserList' ? withFullPages(measured.population) : measured.population,
    one.requests,
  )
  return measureCalls(measured, one, requests)
}

/** The same of any calls. `byCpu`: by the server's CPU a call, for calls whose database works on the same cores. */
export async function measureCalls(
  measured: BenchServer,
  one: Pick<Case, 'name' | 'target' | 'answers' | 'minBytes'> & { byCpu?: boolean },
  requests: Request[],
): Promise<Figure> {
  const { tools, server, population } = measured
  const { quick } = tools.options
  const file = writeRequests(tools.dir, requests)
  const answersFile = join(tools.dir, 'answers.json')
  writeFileSync(answersFile, JSON.stringify(await seeAnswers(server.ready['ready'] as string, requests, one)))
  const barePort = await tools.bare.ask<number>('serve', { answers: answersFile })
  const { minBytes } = one
  const job = { requests: file, connections, order: 'random', expect: 'envelope', minBytes } as const
  const run = async (port: number, ms: number): Promise<LoadResult> => {
    const result = await tools.load({ ...job, port, ms })
    if (result.failures > 0)
      throw new Error(`${one.name}: ${result.failures} wrong answers, first ${result.firstFailure}`)
    return result
  }
  const wispPort = portOf(server)
  for (const port of [wispPort, barePort]) await run(port, quick ? 500 : 1500)
  const rounds: { wisp: Turn; bare: Turn }[] = []
  const turn = async (port: number, pid: number): Promise<Turn> => {
    const before = cpuSeconds(pid)
    const result = await run(port, quick ? 700 : 2000)
    const cpu = cpuSeconds(pid) - before
    return { ...result, cpuMicros: (cpu / result.requests) * 1e6, serverBusy: cpu / result.seconds }
  }
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const wisp = await turn(wispPort, server.pid)
    rounds.push({ wisp, bare: await turn(barePort, tools.bare.pid) })
  }
  const middle = (read: (round: (typeof rounds)[number]) => number) => short(median(rounds.map(read)))
  const isDisturbed =
    !one.byCpu && median(rounds.map(({ wisp, bare }) => Math.min(wisp.serverBusy, bare.serverBusy))) < 0.8
  return {
    name: one.name,
    measured: median(
      rounds.map(({ wisp, bare }) =>
        one.byCpu ? bare.cpuMicros / wisp.cpuMicros : wisp.perSecond / bare.perSecond,
      ),
    ),
    unit: one.byCpu ? '× bare, by CPU' : '× bare',
    target: { atLeast: one.target },
    isDisturbed,
    detail:
      `wisp ${middle(r => r.wisp.perSecond)}/s, bare ${middle(r => r.bare.perSecond)}/s, ` +
      `p50 ${middle(r => r.wisp.p50Ms)} p95 ${middle(r => r.wisp.p95Ms)} p99 ${middle(r => r.wisp.p99Ms)} ms, ` +
      `${middle(r => r.wisp.bytes / r.wisp.requests)} B, ` +
      `CPU ${middle(r => r.wisp.cpuMicros)} and ${middle(r => r.bare.cpuMicros)} µs/call = ` +
      `${middle(r => r.bare.cpuMicros / r.wisp.cpuMicros)}, ` +
      `generator busy ${middle(r => r.wisp.busy)} and ${middle(r => r.bare.busy)}` +
      (isDisturbed ? ', DISTURBED: the servers did not get their core' : '') +
      (population.corp.size.members === 100_000 ? '' : `, ${population.corp.size.members} members`),
  }
}

/** Only departments with a full page, so that every answer has 100 rows. */
function withFullPages(population: Population): Population {
  const { corp } = population
  return { ...population, corp: { ...corp, departments: departmentsWithAtLeast(corp, 100) } }
}

async function seeAnswers(
  url: string,
  requests: Request[],
  one: Pick<Case, 'answers'>,
): Promise<SeenAnswer[]> {
  const seen: SeenAnswer[] = []
  for (const { method, path, body, cookie } of requests.slice(0, one.answers)) {
    const init =
      body === undefined
        ? { method, headers: { cookie: cookie ?? '' } }
        : { method, body, headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${url}${path}`, init)
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(date|connection|keep-alive|content-length)$/.test(name)),
    )
    seen.push({ headers, body: Buffer.from(await answer.arrayBuffer()).toString('base64') })
  }
  return seen
}
