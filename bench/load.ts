import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { answerParent } from './processes.ts'

/** A job for the load generator. */
export type LoadJob = {
  port: number
  /** File with a JSON array of complete HTTP requests as text. */
  requests: string
  /** Number of connections. Each has one request under way at a time, like a client without pipelining. */
  connections: number
  ms: number
  /**
   * `random` picks any request again and again. `once` sends each request once, in order, and ends with the
   * last one.
   */
  order: 'random' | 'once'
  /**
   * `envelope`: 200, retCode "0" and at least `minBytes` of body. `packet`: that, encrypted. `status`: 200. `page`: any below 500.
   * `refusal`: an envelope with any other retCode.
   */
  expect: 'envelope' | 'packet' | 'status' | 'page' | 'refusal'
  minBytes: number
}

export type LoadResult = {
  requests: number
  failures: number
  /** The start of the first answer that was not as expected. */
  firstFailure: string
  seconds: number
  perSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  maxMs: number
  bytes: number
  /** The share of a core that the generator used. Near 1, the generator was the limit and not the server. */
  busy: number
}

const success = '{"retCode":"0"'
const failure = '{"retCode":"1'
const sealed = '{"cipher":"'
const readBytes = 256 * 1024
const startBytes = 64

/** Runs a job; resolves when every request that was sent has been answered. */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const run = newRun(job)
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  run.until = startedAt + job.ms
  await Promise.all(Array.from({ length: job.connections }, () => driveConnection(run)))
  const seconds = (performance.now() - startedAt) / 1000
  const used = process.cpuUsage(cpu)
  return summarize(run, seconds, (used.user + used.system) / 1e6 / seconds)
}

type Run = {
  job: LoadJob
  requests: Buffer[]
  next: number
  until: number
  latencies: number[]
  failures: number
  firstFailure: string
  bytes: number
}

let packed: { file: string; requests: Buffer[] } | undefined

function newRun(job: LoadJob): Run {
  if (packed?.file !== job.requests) {
    const texts = JSON.parse(readFileSync(job.requests, 'utf8')) as string[]
    packed = { file: job.requests, requests: texts.map(text => Buffer.from(text)) }
  }
  const { requests } = packed
  return { job, requests, next: 0, until: 0, latencies: [], failures: 0, firstFailure: '', bytes: 0 }
}

function nextRequest(run: Run): Buffer | undefined {
  if (performance.now() >= run.until) return undefined
  if (run.job.order === 'once') return run.requests[run.next++]
  return run.requests[Math.floor(Math.random() * run.requests.length)]
}

function driveConnection(run: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = newAnswer()
    let sentAt = 0
    let isDone = false
    const send = (socket: Socket) => {
      const request = nextRequest(run)
      if (!request) {
        isDone = true
        socket.destroy()
        return resolve()
      }
      sentAt = performance.now()
      socket.write(request)
    }
    const socket = connect({
      port: run.job.port,
      host: '127.0.0.1',
      noDelay: true,
      // Reading into one buffer avoids creating a stream chunk for each answer.
      onread: {
        buffer: Buffer.allocUnsafe(readBytes),
        callback(size, buffer) {
          if (answer.take(buffer as Buffer, size)) {
            run.latencies.push(performance.now() - sentAt)
            run.bytes += answer.bodyBytes
            check(run, answer)
            send(socket)
          }
          return true
        },
      },
    })
    socket.once('connect', () => send(socket))
    socket.once('error', reject)
    socket.once('close', () => {
      if (!isDone) reject(new Error('the server closed a connection'))
    })
  })
}

type PartialAnswer = {
  status: number
  /** The first bytes of the body. */
  start: string
  bodyBytes: number
  /** Takes in received bytes; returns true when the answer is complete. */
  take(buffer: Buffer, size: number): boolean
}

function newAnswer(): PartialAnswer {
  let head = ''
  let missing = -1
  return {
    status: 0,
    start: '',
    bodyBytes: 0,
    take(buffer, size) {
      if (missing < 0) {
        const end = buffer.subarray(0, size).indexOf('\r\n\r\n')
        head += buffer.toString('latin1', 0, end < 0 ? size : end)
        if (end < 0) return false
        this.status = Number(head.slice(9, 12))
        this.bodyBytes = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
        if (Number.isNaN(this.bodyBytes)) throw new Error(`no content-length in ${head}`)
        this.start = buffer.toString('latin1', end + 4, Math.min(size, end + 4 + startBytes))
        missing = this.bodyBytes - (size - end - 4)
      } else {
        if (this.start.length < success.length)
          this.start += buffer.toString('latin1', 0, Math.min(size, startBytes))
        missing -= size
      }
      if (missing > 0) return false
      head = ''
      missing = -1
      return true
    },
  }
}

function check(run: Run, answer: PartialAnswer): void {
  const { expect, minBytes } = run.job
  const isRight =
    expect === 'refusal'
      ? answer.start.startsWith(failure)
      : expect === 'page'
        ? answer.status < 500
        : answer.status === 200 &&
          (expect === 'status' ||
            (answer.bodyBytes >= minBytes && answer.start.startsWith(expect === 'packet' ? sealed : success)))
  if (isRight) return
  run.failures++
  run.firstFailure ||= `${answer.status} ${Buffer.from(answer.start, 'latin1').toString('utf8')}`
}

function summarize(run: Run, seconds: number, busy: number): LoadResult {
  const sorted = Float64Array.from(run.latencies).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const { failures, firstFailure, bytes } = run
  return {
    requests: sorted.length,
    failures,
    firstFailure,
    seconds,
    perSecond: sorted.length / seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? 0,
    bytes,
    busy,
  }
}

if (import.meta.main) answerParent({ ready: true }, { run: ({ job }: { job: LoadJob }) => runLoad(job) })
