import { openSession, packetOf, register, type Session } from '../../server/callers/packets/client.fixture.ts'
import { type BenchServer, portOf } from '../bed.ts'
import { cpuSeconds } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { anyMember, makeRequests, makers, type Request, writeRequests } from '../requests.ts'

const path = '/api/user/get'
const connections = 32
/** More than a turn can send. */
const packetsPerSecond = 15_000

/** user/get in packets of suite gcm, divided by the same call in the clear; the two in turns. */
export async function measurePackets(measured: BenchServer): Promise<Figure> {
  const { tools, server, population } = measured
  const { quick } = tools.options
  const token = population.tokens[0] ?? ''
  const session = await newSession(String(server.ready['ready']), token)
  const clear = writeRequests(tools.dir, makeRequests(makers.userGet, population, 20_000))
  const ms = quick ? 700 : 2000
  const turn = async (file: string, expect: 'envelope' | 'packet') => {
    const before = cpuSeconds(server.pid)
    const order = expect === 'packet' ? 'once' : 'random'
    const result = await tools.load({
      port: portOf(server),
      requests: file,
      connections,
      ms,
      order,
      expect,
      minBytes: 200,
    })
    if (result.failures > 0)
      throw new Error(`packets: ${result.failures} wrong answers, first ${result.firstFailure}`)
    return { ...result, cpuMicros: ((cpuSeconds(server.pid) - before) / result.requests) * 1e6 }
  }
  const packets = () => {
    const count = Math.ceil((packetsPerSecond * ms) / 1000)
    const made = Array.from({ length: count }, () => packetRequest(measured, token, session))
    return writeRequests(tools.dir, made)
  }
  for (const warm of [() => turn(clear, 'envelope'), () => turn(packets(), 'packet')]) await warm()
  type Turn = Awaited<ReturnType<typeof turn>>
  const rounds: { clear: Turn; packet: Turn }[] = []
  for (let round = 0; round < (quick ? 3 : 5); round++)
    rounds.push({ clear: await turn(clear, 'envelope'), packet: await turn(packets(), 'packet') })
  const middle = (read: (round: (typeof rounds)[number]) => number) => short(median(rounds.map(read)))
  return {
    name: 'packets user/get',
    measured: median(rounds.map(one => one.packet.perSecond / one.clear.perSecond)),
    unit: '× clear',
    target: { atLeast: 0.18 },
    detail:
      `packets ${middle(r => r.packet.perSecond)}/s, in the clear ${middle(r => r.clear.perSecond)}/s, ` +
      `p50 ${middle(r => r.packet.p50Ms)} p95 ${middle(r => r.packet.p95Ms)} p99 ${middle(r => r.packet.p99Ms)} ms, ` +
      `CPU ${middle(r => r.packet.cpuMicros)} and ${middle(r => r.clear.cpuMicros)} µs/call, ` +
      `generator busy ${middle(r => r.packet.busy)} and ${middle(r => r.clear.busy)}`,
  }
}

async function newSession(url: string, token: string): Promise<Session> {
  const caller = {
    async post(called: string, body: unknown) {
      const answer = await fetch(`${url}${called}?devToken=${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { retMessage: string; body?: Record<string, string> }
    },
  }
  return openSession(caller, await register(caller, `bench-${process.pid}`))
}

function packetRequest({ population }: BenchServer, token: string, session: Session): Request {
  const { headers, cipher } = packetOf(session, path, { userId: anyMember(population.corp).userid })
  return {
    method: 'POST',
    path: `${path}?devToken=${token}`,
    body: JSON.stringify({ cipher }),
    headers,
  }
}
