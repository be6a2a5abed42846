import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type BenchServer, portOf } from '../../bed.ts'
import type { LoadJob, LoadResult } from '../../load.ts'
import type { Child } from '../../processes.ts'
import { median, short } from '../../report.ts'
import { type Request, writeRequests } from '../../requests.ts'
import type { SignInsBed } from '../../serve.ts'
import { connections, type Flood } from './flood.ts'

export const foreignCases = [
  'floods of slow bodies',
  'floods of to-do sources',
  'floods of wrong secrets',
] as const
type ForeignCase = (typeof foreignCases)[number]

/** Floods by those who have no account, or know no more than the address of a to-do source. */
export function foreignFloods(
  measured: BenchServer,
  flooder: Child,
): Record<ForeignCase, () => Promise<Flood>> {
  return {
    'floods of slow bodies': () => slowBodies(measured),
    'floods of to-do sources': () => ofSource(measured, flooder),
    'floods of wrong secrets': () => wrongSecrets(measured, flooder),
  }
}

/** Asks the server's door. */
async function seed<T>({ bed }: BenchServer, question: string): Promise<T> {
  const door = await bed.serve('bench/serve.ts', 'foreign-floods')
  const seeded = await door.ask<T>(question, { corpId: bed.upstreamReady.corpId })
  await door.stop()
  return seeded
}

const tokenAnswersAtMostMs = 200

/** Bodies of the token endpoint that drip, under a client's id, whose own calls are timed beside them. */
async function slowBodies(measured: BenchServer): Promise<Flood> {
  const { clientId, clientSecret, issuer } = await seed<SignInsBed>(measured, 'seedSignIns')
  const port = portOf(measured.server)
  const path = `${new URL(issuer).pathname}/token`
  const head = `POST ${path}?client_id=${clientId} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 50000\r\n\r\n`
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const drip = async (until: number) => {
    let refused = 0
    while (performance.now() < until) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', () => refused++)
      socket.write(head)
      while (performance.now() < until && !socket.destroyed) {
        socket.write('x')
        await delay(100)
      }
      socket.destroy()
    }
    return refused
  }
  const ask = async () => {
    const began = performance.now()
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' })
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers: { authorization },
    })
    if (answer.status !== 400) throw new Error(`slow bodies: ${answer.status} ${await answer.text()}`)
    await answer.arrayBuffer()
    return performance.now() - began
  }
  return {
    name: 'slow bodies',
    async run(ms) {
      const until = performance.now() + ms
      const dripping = Array.from({ length: connections }, () => drip(until))
      const times: number[] = []
      while (performance.now() < until) {
        times.push(await ask())
        await delay(100)
      }
      const refused = (await Promise.all(dripping)).reduce((sum, one) => sum + one, 0)
      const p50 = median(times)
      if (p50 > tokenAnswersAtMostMs) throw new Error(`slow bodies: token answers p50 ${short(p50)} ms`)
      return `${connections} connections, ${refused} refused; token answers p50 ${short(p50)} ms`
    },
  }
}

/** As many bodies of 1 MB as one source may have in progress. */
const atOnce = 4

async function ofSource(measured: BenchServer, flooder: Child): Promise<Flood> {
  const { path } = await seed<{ path: string }>(measured, 'seedSource')
  const ones = (count: number) => Array.from({ length: count }, () => '1').join()
  const items = Array.from({ length: 1000 }, (_, n) => `{"flowid":"f${n}","more":[${ones(40)}]}`).join()
  const text = 'x'.repeat(1_000_000)
  const call = (name: string, body: string): Request => ({
    method: 'POST',
    path: `${path}/rest/ofs/${name}`,
    body,
  })
  return load(measured, flooder, {
    name: 'bodies of one source',
    connections: atOnce,
    requests: [
      call('BatchReceiveRequestInfoByJson', `[${ones(500_000)}]`),
      call('BatchReceiveRequestInfoByJson', `[{'flowid':'${text}'}]`),
      call('BatchReceiveRequestInfoByJson', `[${items}]x`),
      call('ReceiveRequestInfoByJson', `{'flowid':'f','more':[${ones(4900)}]}`),
      call('ReceiveRequestInfoByXml', `<x>${'<a>1</a>'.repeat(30_000)}</x>`),
      call('ReceiveRequestInfoByXml', `<x>${'<a>1</a>'.repeat(4900)}</x>`),
    ],
    expect: 'status',
  })
}

async function wrongSecrets(measured: BenchServer, flooder: Child): Promise<Flood> {
  const { clientId, issuer } = await seed<SignInsBed>(measured, 'seedSignIns')
  const query = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: clientId })
  const body = `${query}&client_secret=wrong`
  return load(measured, flooder, {
    name: 'wrong secrets',
    connections,
    requests: [
      {
        method: 'POST',
        path: `${new URL(issuer).pathname}/token`,
        body,
        type: 'application/x-www-form-urlencoded',
      },
    ],
    expect: 'page',
  })
}

type Load = Pick<LoadJob, 'connections' | 'expect'> & { name: string; requests: Request[] }

function load({ tools, server }: BenchServer, flooder: Child, { name, requests, ...how }: Load): Flood {
  const file = writeRequests(tools.dir, requests)
  return {
    name,
    async run(ms) {
      const port = portOf(server)
      const job: LoadJob = { port, requests: file, ms, order: 'random', minBytes: 0, ...how }
      const result = await flooder.ask<LoadResult>('run', { job })
      if (result.failures > 0) throw new Error(`${name}: ${result.failures} failed, ${result.firstFailure}`)
      return `${result.requests} over ${how.connections} connections, ${short(result.perSecond)}/s`
    },
  }
}
