import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import { answerParent } from './processes.ts'

export type PacedJob = {
  url: string
  path: string
  /** File with a JSON array of paths, one for each body, where they differ. */
  paths?: string
  /** File with a JSON array of cookies, one for each call, where they differ. */
  cookies?: string
  /** Must be in each answer, or in the address that it leads to. */
  expect: string
  /** File with a JSON array of bodies; each is sent once. Empty ones are calls by GET. */
  bodies: string
  perSecond: number
  /** The first seconds, while connections are made; these calls are not counted. */
  warmUpSeconds: number
}
export type PacedResult = {
  requests: number
  failures: number
  firstFailure: string
  p50Ms: number
  p99Ms: number
  maxMs: number
}

const connections = 128

/**
 * One call, timed from the moment it was due. It uses undici's handler interface, so that this process
 * creates little garbage.
 */
class Call implements Dispatcher.DispatchHandler {
  readonly #n: number
  readonly #dueAt: number
  readonly #done: (n: number, ms: number, text: string) => void
  #text = ''

  constructor(n: number, dueAt: number, done: (n: number, ms: number, text: string) => void) {
    this.#n = n
    this.#dueAt = dueAt
    this.#done = done
  }

  onRequestStart() {}

  onResponseStart(_controller: Dispatcher.DispatchController, _status: number, headers: IncomingHttpHeaders) {
    this.#text = String(headers['location'] ?? '')
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.#text += chunk.toString('latin1')
  }

  onResponseEnd() {
    this.#done(this.#n, performance.now() - this.#dueAt, this.#text)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error) {
    this.#done(this.#n, performance.now() - this.#dueAt, error.message)
  }
}

/**
 * Makes calls at a fixed rate, whether or not earlier ones have been answered. Each is timed from the moment
 * it was due, so that a pause of the server is seen in every call that it delays.
 */
export async function runPaced(job: PacedJob): Promise<PacedResult> {
  const { url, path, paths, cookies, bodies, perSecond, warmUpSeconds, expect } = job
  const pool = new Pool(url, { connections, pipelining: 1 })
  const list = JSON.parse(readFileSync(bodies, 'utf8')) as string[]
  const pathOf = paths ? (JSON.parse(readFileSync(paths, 'utf8')) as string[]) : []
  const cookieOf = cookies ? (JSON.parse(readFileSync(cookies, 'utf8')) as string[]) : []
  const countedFrom = Math.floor(warmUpSeconds * perSecond)
  const times = new Float64Array(list.length - countedFrom)
  let answered = 0
  let counted = 0
  let failures = 0
  let firstFailure = ''
  const allDone = Promise.withResolvers<void>()
  const done = (n: number, ms: number, text: string) => {
    if (n >= countedFrom) times[counted++] = ms
    if (!text.includes(expect) && failures++ === 0) firstFailure = text
    if (++answered === list.length) allDone.resolve()
  }
  const headers = { 'content-type': list[0]?.startsWith('<') ? 'text/xml' : 'application/json' }
  const startedAt = performance.now()
  for (let n = 0; n < list.length; ) {
    const due = Math.min(list.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond) + 1)
    for (; n < due; n++) {
      const call = new Call(n, startedAt + (n / perSecond) * 1000, done)
      const cookie = cookieOf[n] ? { headers: { cookie: cookieOf[n] } } : {}
      const to = { path: pathOf[n] ?? path, ...cookie, ...(list[n] ? { headers, body: list[n] } : {}) }
      pool.dispatch({ method: list[n] ? 'POST' : 'GET', ...to }, call)
    }
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  await allDone.promise
  await pool.close()
  times.sort()
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const [p50Ms, p99Ms, maxMs] = [at(0.5), at(0.99), times.at(-1) ?? 0]
  return { requests: times.length, failures, firstFailure, p50Ms, p99Ms, maxMs }
}

if (import.meta.main) answerParent({ ready: true }, { run: ({ job }: { job: PacedJob }) => runPaced(job) })
