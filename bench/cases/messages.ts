import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressLimit } from '../../server/upstream/transport/pace/allowance.ts'
import { type BenchServer, portOf } from '../bed.ts'
import type { LoadResult } from '../load.ts'
import type { SandboxInfo } from '../message-settings.ts'
import { benchText } from '../message-text.ts'
import type { PacedResult } from '../paced-load.ts'
import { cores, cpuSeconds, memoryOf, startChild } from '../processes.ts'
import { type Figure, median, short } from '../report.ts'
import { anyMember, type Population, type Request, writeRequests } from '../requests.ts'

const connections = 128
const perSecondAtMost = 8000

/**
 * Messages accepted and delivered per second, divided by the rate at which the database itself commits their rows. Beside it stands
 * a loop that posts the same messages to the sandbox and stores nothing.
 */
export async function measureMessages(measured: BenchServer): Promise<Figure[]> {
  const { info, agentId } = await prepareMessages(measured)
  const rate = await measureRate(measured, info, agentId)
  return [
    rate.figure,
    await measureLatency(measured, Math.min(rate.perSecond / 2, mostPerSecond)),
    await measureCompat(measured, info.corpId, agentId),
    ...(await measureSmsToAll(measured)),
  ]
}

/** Sets how the corp's messages are sent; `mailAt` is another sandbox that takes its mails. */
export async function prepareMessages(
  { bed }: BenchServer,
  mailAt = bed.upstreamReady.url,
): Promise<{ info: SandboxInfo; agentId: number }> {
  const infoOf = (url: string) => getJson<SandboxInfo>(`${url}/_sandbox/info`)
  const info = { ...(await infoOf(bed.upstreamReady.url)), smtp: (await infoOf(mailAt)).smtp }
  const door = await startChild('bench/message-settings.ts', { core: cores.measuring, env: bed.env })
  const agentId = await door.ask<number>('set', { info })
  await door.stop()
  return { info, agentId }
}

let written = 0

/** Above WeCom's own limit the time would be that of its waiting line. */
const mostPerSecond = addressLimit.perSecond * 0.8

async function measureRate(measured: BenchServer, info: SandboxInfo, agentId: number) {
  const { tools, bed, population } = measured
  const { quick } = tools.options
  const ms = quick ? 1500 : 4000
  const loop = await startChild('bench/message-loop.ts', { core: cores.measured })
  const { url } = bed.upstreamReady
  const { corpId, agents } = info
  const users = Array.from({ length: 5000 }, () => reachable(population))
  const bare = (runMs: number): Promise<number> => {
    const job = {
      url,
      corpId,
      agentId,
      secret: agents[0]!.secret,
      users,
      text: benchText,
      concurrency: connections,
      ms: runMs,
    }
    return loop.ask<number>('send', { job })
  }
  const commits = await startChild('bench/commits.ts', { core: cores.measured })
  await commits.ask('open', { url: bed.databaseUrl })
  const rowsAlone = (runMs: number) => commits.ask<number>('messages', { corpId, atOnce: 32, ms: runMs })
  await runMessages(measured, 1000)
  await bare(500)
  const rounds: { wisp: MessagesResult; bare: number; rows: number }[] = []
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const wisp = await runMessages(measured, ms)
    rounds.push({ wisp, bare: await bare(ms / 2), rows: await rowsAlone(ms / 2) })
  }
  await loop.stop()
  await commits.stop()
  const middle = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
  const figure: Figure = {
    name: 'messages accepted and delivered',
    measured: middle(({ wisp, rows }) => wisp.perSecond / rows),
    unit: '× commits',
    target: { atLeast: 0.15 },
    detail:
      `wisp ${short(middle(r => r.wisp.perSecond))}/s, the rows alone ${short(middle(r => r.rows))}/s, sent without records ${short(middle(r => r.bare))}/s, ` +
      `p50 ${short(middle(r => r.wisp.p50Ms))} p99 ${short(middle(r => r.wisp.p99Ms))} ms, ` +
      `${connections} at a time, server ${short(middle(r => r.wisp.cpuMicros))} µs/message, generator busy ${short(middle(r => r.wisp.busy))}`,
  }
  return { figure, perSecond: middle(r => r.wisp.perSecond) }
}

/** The same text by WeCom's own call, in turns with message/send. */
async function measureCompat(measured: BenchServer, corpId: string, agentId: number): Promise<Figure> {
  const request = await compatRequest(measured, corpId, agentId)
  return besideSend(measured, 'compat send with one receiver', {
    target: 0.9,
    other: ms => runMessages(measured, ms, request, 'status'),
    send: ms => runMessages(measured, ms),
  })
}

type Run = (ms: number) => Promise<MessagesResult>

/**
 * Another way to send, in turns with message/send, by the server's CPU for each message: soon after its first 10,000 calls wisp
 * makes 150 calls to WeCom a second (server/upstream/transport/pace/allowance.ts), by whatever way they came.
 */
export async function besideSend(
  { tools }: BenchServer,
  name: string,
  { target, other, send }: { target: number; other: Run; send: Run },
): Promise<Figure> {
  const { quick } = tools.options
  const ms = quick ? 1500 : 4000
  await other(500)
  await send(500)
  const rounds: { other: MessagesResult; send: MessagesResult }[] = []
  for (let round = 0; round < (quick ? 3 : 5); round++)
    rounds.push({ other: await other(ms), send: await send(ms) })
  const middle = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
  return {
    name,
    measured: middle(r => r.send.cpuMicros / r.other.cpuMicros),
    unit: '× message/send, by CPU',
    target: { atLeast: target },
    detail:
      `server ${short(middle(r => r.other.cpuMicros))} and ${short(middle(r => r.send.cpuMicros))} µs/message, ` +
      `${short(middle(r => r.other.perSecond))} and ${short(middle(r => r.send.perSecond))}/s, ${connections} at a time`,
  }
}

/** Makes requests of a program that knows only WeCom's API. */
async function compatRequest({ bed, server, population }: BenchServer, corpId: string, agentid: number) {
  const door = await startChild('bench/message-settings.ts', { core: cores.measuring, env: bed.env })
  const { devId } = population.developers[0]!
  const corpsecret = await door.ask<string>('compat', { corpId, devId, agentId: agentid })
  await door.stop()
  const base = '/compat/wecom/cgi-bin'
  const query = new URLSearchParams({ corpid: corpId, corpsecret })
  const { access_token } = await getJson<{ access_token: string }>(
    `${String(server.ready['ready'])}${base}/gettoken?${query}`,
  )
  return ({ population }: BenchServer): Request => {
    const text = { content: `${benchText}${++written}` }
    const body = JSON.stringify({ touser: reachable(population), msgtype: 'text', agentid, text })
    return { method: 'POST', path: `${base}/message/send?access_token=${access_token}`, body }
  }
}

export function sendRequest(measured: BenchServer, toUser = reachable(measured.population)): Request {
  return { method: 'POST', path: sendPath(measured), body: sendBody(toUser) }
}

export type MessagesResult = LoadResult & { cpuMicros: number }

/** Runs until the last message has arrived in the sandbox; with the server's CPU for each call. */
export async function runMessages(
  measured: BenchServer,
  ms: number,
  requestOf: (measured: BenchServer) => Request = one => sendRequest(one),
  expect: 'envelope' | 'status' = 'envelope',
): Promise<MessagesResult> {
  const { tools, bed, server } = measured
  const sandbox = bed.upstreamReady.url
  const make = () => requestOf(measured)
  const requests = writeRequests(tools.dir, Array.from({ length: (ms / 1000) * perSecondAtMost }, make))
  const before = await taken(sandbox)
  const job = { port: portOf(server), requests, connections, ms, order: 'once' } as const
  const cpuBefore = cpuSeconds(server.pid)
  const result = await tools.load({ ...job, expect, minBytes: 20 })
  if (result.failures > 0) throw new Error(`${result.failures} calls refused, first ${result.firstFailure}`)
  const answeredAt = performance.now()
  while ((await taken(sandbox)) - before < result.requests) {
    if (performance.now() - answeredAt > 30_000) throw new Error('not all messages were delivered')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  const seconds = result.seconds + (performance.now() - answeredAt) / 1000
  const cpuMicros = ((cpuSeconds(server.pid) - cpuBefore) / result.requests) * 1e6
  return { ...result, cpuMicros, perSecond: result.requests / seconds }
}

/**
 * Measured for a minute, because PostgreSQL's autovacuum and V8's collection of the old space come less often
 * than every few seconds.
 */
async function measureLatency(measured: BenchServer, perSecond: number): Promise<Figure> {
  const { tools, server, population } = measured
  const seconds = tools.options.quick ? 3 : 60
  const warmUpSeconds = 1
  const bodies = Array.from({ length: Math.floor(perSecond * (warmUpSeconds + seconds)) }, () =>
    sendBody(reachable(population)),
  )
  const file = join(tools.dir, `bodies.json`)
  writeFileSync(file, JSON.stringify(bodies))
  const loader = await startChild('bench/paced-load.ts', { core: cores.measuring })
  const job = {
    url: String(server.ready['ready']),
    path: sendPath(measured),
    bodies: file,
    perSecond,
    warmUpSeconds,
    expect: '"status":"sent"',
  }
  const result = await loader.ask<PacedResult>('run', { job })
  const { p50Ms, p99Ms, maxMs, failures, requests } = result
  await loader.stop()
  if (failures > requests / 1000)
    throw new Error(`${failures} of ${requests} not sent at once, first ${result.firstFailure}`)
  return {
    name: 'message/send at half of that or 120/s, p99',
    measured: p99Ms,
    unit: 'ms',
    target: { atMost: 100 },
    detail:
      `${short(perSecond)}/s for ${seconds} s, p50 ${short(p50Ms)}, longest ${short(maxMs)} ms, ` +
      `${failures} of ${requests} not sent at once`,
  }
}

type Status = { status: string; receivers: { total: number; sent: number; failed: number } }

/**
 * Sends SMS to the whole corp several times: does memory stay flat, and can the progress be read while they are sent?
 * RSS rises and falls with V8's collections, so memory that sends leave behind shows as a difference between
 * the first and the second half of the sends.
 */
async function measureSmsToAll(measured: BenchServer): Promise<Figure[]> {
  const { server, tools } = measured
  const before = memoryOf(server.pid).nowMb
  const count = tools.options.quick ? 4 : 12
  const sends: SmsToAll[] = []
  for (let n = 0; n < count; n++) sends.push(await sendSmsToAll(measured))
  const { members } = tools.options
  const [{ sent, failed }] = sends as [SmsToAll]
  const highest = (of: SmsToAll[]) => Math.max(...of.map(one => one.highestRss))
  return [
    {
      name: `SMS to all ${members}, memory added`,
      measured: highest(sends.slice(count / 2)) - highest(sends.slice(0, count / 2)),
      unit: 'MB',
      target: { atMost: 50 },
      detail: `highest RSS of ${count / 2} sends less that of the ${count / 2} before; before all ${short(before)}, then ${sends.map(one => short(one.highestRss)).join(', ')} MB`,
    },
    {
      name: `SMS to all ${members}, progress read`,
      measured: Math.max(...sends.flatMap(one => one.reads)),
      unit: 'ms',
      detail: `the longest of ${count} sends; medians ${sends.map(one => short(median(one.reads))).join(', ')} ms`,
    },
    {
      name: `SMS to all ${members}`,
      measured: median(sends.map(one => one.seconds)),
      unit: 's',
      detail: `${sent} sent, ${failed} without a mobile, ${count} times: ${sends.map(one => short(one.seconds)).join(', ')} s`,
    },
  ]
}

type SmsToAll = { seconds: number; highestRss: number; reads: number[]; sent: number; failed: number }

async function sendSmsToAll({ server, population }: BenchServer): Promise<SmsToAll> {
  const url = String(server.ready['ready'])
  const devToken = population.tokens[0]!
  const startedAt = performance.now()
  const sms = { toUser: '@all', templateId: 'code', params: ['666666', '5'], agentName: '基准' }
  const answer = await fetch(`${url}/api/message/sms?devToken=${devToken}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sms),
  })
  const { body } = (await answer.json()) as { body: { msgId: string } }
  const query = new URLSearchParams({ devToken, msgId: body.msgId })
  let highestRss = 0
  const reads: number[] = []
  let status: Status
  let last = 0
  do {
    await new Promise(resolve => setTimeout(resolve, 250))
    const askedAt = performance.now()
    status = (await getJson<{ body: Status }>(`${url}/api/message/status?${query}`)).body
    reads.push(performance.now() - askedAt)
    highestRss = Math.max(highestRss, memoryOf(server.pid).nowMb)
    if (status.receivers.sent < last) throw new Error('the progress went back')
    last = status.receivers.sent
    if (performance.now() - startedAt > 300_000) throw new Error('not sent within 5 minutes')
  } while (status.status === 'queued')
  const seconds = (performance.now() - startedAt) / 1000
  const { total, sent, failed } = status.receivers
  if (status.status !== 'sent' || sent + failed !== total) throw new Error(JSON.stringify(status.receivers))
  return { seconds, highestRss, reads, sent, failed }
}

export const sendPath = ({ population }: BenchServer) => `/api/message/send?devToken=${population.tokens[0]}`

export function sendBody(toUser: string): string {
  return JSON.stringify({
    toUser,
    sendType: '0',
    msgType: '03',
    agentName: '基准',
    content: `${benchText}${++written}`,
  })
}

const active = 1

/** A member who can receive messages. */
export function reachable({ corp }: Population): string {
  for (;;) {
    const member = anyMember(corp)
    if (member.status === active) return member.userid
  }
}

/** Number of messages that the sandbox has received. */
export async function taken(sandbox: string): Promise<number> {
  return (await getJson<{ messages: number }>(`${sandbox}/_sandbox/info`)).messages
}

async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T
}
