import { readFileSync } from 'node:fs'
import { Pool } from 'undici'
import { answerParent } from './processes.ts'

export type PacedJob = {
  url: string
  path: string
  /** File with a JSON array of bodies, each sent once. */
  bodies: string
  perSecond: number
}
export type PacedResult = {
  requests: number
  failures: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

const connections = 128

/**
 * Calls at a fixed rate, whether or not earlier ones are answered; each is timed from when it was due, so that a server
 * that stands still is seen by all calls that it kept waiting.
 */
export async function runPaced({ url, path, bodies, perSecond }: PacedJob): Promise<PacedResult> {
  const pool = new Pool(url, { connections, pipelining: 1 })
  const list = JSON.parse(readFileSync(bodies, 'utf8')) as string[]
  const startedAt = performance.now()
  const times: number[] = []
  let failures = 0
  const one = async (body: string, dueAt: number) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await pool.request({ method: 'POST', path, headers, body })
    const text = await answer.body.text()
    times.push(performance.now() - dueAt)
    if (!text.includes('"status":"sent"')) failures++
  }
  const open: Promise<void>[] = []
  for (let n = 0; n < list.length; ) {
    const due = Math.min(list.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond) + 1)
    for (; n < due; n++) open.push(one(list[n]!, startedAt + (n / perSecond) * 1000))
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  await Promise.all(open)
  await pool.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { requests: times.length, failures, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: times.at(-1) ?? 0 }
}

if (import.meta.main) answerParent({ ready: true }, { run: ({ job }: { job: PacedJob }) => runPaced(job) })
