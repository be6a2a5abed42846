import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type Measured, metric, portOf } from '../../bed.ts'
import { cores, cpuSeconds, startChild } from '../../processes.ts'
import { type Figure, median, short } from '../../report.ts'
import { makeRequests, makers, type Request, writeRequests } from '../../requests.ts'
import { prepareMessages, runMessages } from '../messages.ts'
import { withFullPages } from '../reads.ts'
import { copyWithout, type Plain } from './without.ts'

/** `measure` returns what a round costs; less is better. */
type Trick = Plain & { name: string; unit: string; measure: (measured: Measured) => Promise<number> }

/** Each has a page in docs/decisions/ that says why it is kept. */
const tricks: Trick[] = [
  {
    name: 'kept pages',
    unit: 'µs of CPU per orgUserList',
    file: 'server/organisation/directory/read/api.ts',
    trick: 'const known = key && keptPage(view, key)',
    plain: 'const known = undefined',
    measure: measured =>
      cpuPerCall(measured, makeRequests(makers.orgUserList, withFullPages(measured.population), 2000)),
  },
  {
    name: 'answers in one piece',
    unit: 'µs of CPU per user/get',
    file: 'server/platform/http/answers/send.ts',
    trick: `  reply.hijack()
  const headers = {
    ...more,
    'content-type': jsonType,
    'content-length': wire.length,
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  reply.raw.writeHead(status, headers).end(wire, 'latin1')
  return reply`,
    plain:
      "  return reply.code(status).headers(more).header('content-type', jsonType).send(Buffer.from(wire, 'latin1'))",
    measure: measured => cpuPerCall(measured, makeRequests(makers.userGet, measured.population, 2000)),
  },
  {
    name: 'rare full collections',
    unit: 'kB left in the old space per message',
    file: 'server/main.ts',
    trick: "import './platform/operation/heap.ts'\n",
    plain: '',
    measure: oldSpacePerMessage,
  },
  {
    name: 'records without a flush',
    unit: 'ms p50 of message/send',
    file: 'server/features/messages/accept/outbox.ts',
    trick: 'one.isRepeatable ? soon(one) : durably(one)',
    plain: 'durably(one)',
    measure: async measured => (await runMessages(measured, roundMs(measured))).p50Ms,
  },
]

const roundMs = ({ tools }: Measured) => (tools.options.quick ? 1000 : 3000)

/**
 * What each trick brings: the server with it beside a copy that does the plain thing, on one database and in turns. A
 * trick that brings less than a tenth has missed its target and should go.
 */
export async function measureTricks(measured: Measured): Promise<Figure[]> {
  await prepareMessages(measured)
  const figures: Figure[] = []
  for (const trick of tricks) figures.push(await measureTrick(measured, trick))
  return figures
}

async function measureTrick(measured: Measured, trick: Trick): Promise<Figure> {
  const { tools, bed } = measured
  const script = copyWithout(mkdtempSync(join(tools.dir, 'without-')), trick)
  const server = await startChild(script, { core: cores.measured, env: bed.env })
  const plain = { ...measured, server }
  for (const one of [measured, plain]) await trick.measure(one)
  const rounds: { tricky: number; plain: number }[] = []
  for (let round = 0; round < (tools.options.quick ? 3 : 7); round++)
    rounds.push({ tricky: await trick.measure(measured), plain: await trick.measure(plain) })
  await server.stop()
  const middle = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
  return {
    name: `trick: ${trick.name}`,
    measured: middle(round => round.tricky / round.plain),
    unit: '× plain',
    target: { atMost: 0.9 },
    detail: `${short(middle(r => r.tricky))} with and ${short(middle(r => r.plain))} without, ${trick.unit}`,
  }
}

/** µs of the server's CPU; what comes back is not looked at. */
export async function cpuPerCall(measured: Measured, list: Request[]): Promise<number> {
  const { tools, server } = measured
  const requests = writeRequests(tools.dir, list)
  const job = { requests, connections: 32, order: 'random', expect: 'envelope', minBytes: 200 } as const
  const before = cpuSeconds(server.pid)
  const result = await tools.load({ ...job, port: portOf(server), ms: roundMs(measured) })
  return ((cpuSeconds(server.pid) - before) / result.requests) * 1e6
}

/** A full collection within the round makes the result negative; of several rounds the median stays. */
async function oldSpacePerMessage(measured: Measured): Promise<number> {
  const oldSpace = () => metric(measured.server, 'nodejs_heap_space_size_used_bytes', 'space="old"')
  const before = await oldSpace()
  const { requests } = await runMessages(measured, roundMs(measured))
  return ((await oldSpace()) - before) / 1000 / requests
}
