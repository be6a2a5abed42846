import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { addressLimit } from '../../../server/upstream/transport/pace/allowance.ts'
import type { BenchServer } from '../../bed.ts'
import { benchType } from '../../message-text.ts'
import type { PacedResult } from '../../paced-load.ts'
import { cores, startChild } from '../../processes.ts'
import { type Figure, short } from '../../report.ts'
import { prepareMessages, reachable, sendBody, taken } from '../messages.ts'

/** More would wait for approval. */
const rowsInCall = 500
const sendsPerSecond = 20
/** Of the sends, which are no part of what was due. */
const warmUpSeconds = 1

/** Persons with texts of their own are due at one moment, while another developer sends. */
export async function measureDueAtOnce(measured: BenchServer): Promise<Figure[]> {
  await prepareMessages(measured)
  const { bed, tools } = measured
  const persons = tools.options.quick ? 5000 : 100_000
  const calls = persons / rowsInCall
  const dueAt = Date.now() + 2000 + calls * (tools.options.quick ? 300 : 600)
  for (let n = 0; n < calls; n++) await accept(measured, n, dueAt)
  if (Date.now() > dueAt) throw new Error('accepting them took longer than until they were due')
  const sandbox = bed.upstreamReady.url
  const before = await taken(sandbox)
  await delay(dueAt - Date.now() - warmUpSeconds * 1000)
  const sendSeconds = tools.options.quick ? 6 : 60
  const sending = sendMeanwhile(measured, sendSeconds)
  await delay(dueAt - Date.now())
  const others = sendsPerSecond * (sendSeconds + warmUpSeconds)
  const firstMs = await untilMoreThanOthers(sandbox, before, dueAt)
  const sends = await sending
  const lastSeconds = (await untilTaken(sandbox, before + persons + others, dueAt)) / 1000
  const limitSeconds = (persons - addressLimit.burst) / addressLimit.perSecond
  return [
    {
      name: 'due at once: the first',
      measured: firstMs / 1000,
      unit: 's',
      target: { atMost: 2 },
      detail: `of ${persons} persons with texts of their own`,
    },
    {
      name: 'due at once: the last',
      measured: lastSeconds,
      unit: 's',
      // Fewer than these WeCom takes at once.
      ...(limitSeconds > 0 ? { target: { atMost: limitSeconds * 1.1 } } : {}),
      detail: `${short(persons / lastSeconds)}/s`,
    },
    {
      name: "due at once: others' sends p50",
      measured: sends.p50Ms,
      unit: 'ms',
      target: { atMost: 100 },
      detail: `${sends.requests} sends, ${sendsPerSecond}/s, p99 ${short(sends.p99Ms)} ms, longest ${short(sends.maxMs)} ms`,
    },
  ]
}

async function accept({ server, population }: BenchServer, call: number, dueAt: number): Promise<void> {
  const userIds = new Set<string>()
  while (userIds.size < rowsInCall) userIds.add(reachable(population))
  const rows = [...userIds].map((userId, n) => ({ userId, data: { n: `${call}-${n}` } }))
  const sendAt = new Date(dueAt).toISOString()
  const url = `${String(server.ready['ready'])}/api/message/notify?devToken=${population.tokens[0]}`
  const body = JSON.stringify({ type: benchType, rows, sendAt })
  const headers = { 'content-type': 'application/json' }
  const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as {
    retCode: string
    retMessage: string
  }
  if (answer.retCode !== '0') throw new Error(answer.retMessage)
}

async function sendMeanwhile(
  { tools, server, population }: BenchServer,
  seconds: number,
): Promise<PacedResult> {
  const file = join(tools.dir, 'meanwhile.json')
  const count = sendsPerSecond * (seconds + warmUpSeconds)
  writeFileSync(file, JSON.stringify(Array.from({ length: count }, () => sendBody(reachable(population)))))
  const loader = await startChild('bench/paced-load.ts', { core: cores.measuring })
  const result = await loader.ask<PacedResult>('run', {
    job: {
      url: String(server.ready['ready']),
      path: `/api/message/send?devToken=${population.tokens[1]}`,
      bodies: file,
      perSecond: sendsPerSecond,
      warmUpSeconds,
      expect: '"retCode":"0"',
    },
  })
  await loader.stop()
  if (result.failures > 0) throw new Error(`${result.failures} sends refused, first ${result.firstFailure}`)
  return result
}

/** Until the sandbox has more than the others can have sent by then, which is at most two seconds' sends late. */
async function untilMoreThanOthers(sandbox: string, before: number, since: number): Promise<number> {
  for (;;) {
    const ms = Date.now() - since
    const others = sendsPerSecond * (ms / 1000 + warmUpSeconds + 1)
    if ((await taken(sandbox)) > before + others) return ms
    if (ms > longestMs) throw new Error('nothing of it was delivered')
    await delay(20)
  }
}

const longestMs = 20 * 60_000

/** Until the sandbox has so many, in ms since `since`. */
async function untilTaken(sandbox: string, count: number, since: number): Promise<number> {
  while ((await taken(sandbox)) < count) {
    if (Date.now() - since > longestMs) throw new Error('not all of it was delivered')
    await delay(20)
  }
  return Date.now() - since
}
