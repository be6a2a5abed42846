import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { CallMode, Faults } from '../rules/faults.ts'
import type { CallCounts } from './calls.ts'

const silenceMs = 60_000
const slowMs = 3000

/** The faults that calls meet, and the counts of what they were answered. */
export interface CallFaults {
  readonly faults: Faults
  readonly calls: CallCounts
}

/** The answer to one call. `outcome` is the name under which it is counted. */
export interface Outcome {
  outcome: string
  body: string | Buffer
  status?: number
  /** Instead of JSON. */
  type?: string
  /** The name of the file that the body is. */
  name?: string
}

/** Fault modes that the called API answers with an error of its own, without doing the work. */
export type RefusalMode = Exclude<
  CallMode,
  'slow' | 'truncated' | 'acceptedThenTimeout' | 'timeout' | 'http500' | 'html'
>

export interface Work {
  run(): Promise<Outcome> | Outcome
  refuse(mode: RefusalMode): Outcome
}

/** Answers a call, or does what the fault that matches `path` says. */
export async function underFault(
  { calls, faults }: CallFaults,
  path: string,
  reply: FastifyReply,
  work: Work,
): Promise<FastifyReply> {
  const fault = faults.strikeCall(path)
  if (fault?.delayMs || fault?.mode === 'slow') await delay(fault.delayMs ?? slowMs)
  const mode = fault?.mode
  switch (mode) {
    case 'timeout':
      calls.add(path, mode)
      return silence(reply)
    case 'http500':
      calls.add(path, mode)
      return reply.code(500).type('text/plain').send('Internal Server Error')
    case 'html':
      calls.add(path, mode)
      return reply.type('text/html; charset=utf-8').send('<html><body><h1>502 Bad Gateway</h1></body></html>')
    case 'truncated':
    case 'acceptedThenTimeout': {
      const answer = await work.run()
      calls.add(path, mode)
      return mode === 'truncated' ? tell(reply, { ...answer, body: cut(answer.body) }) : silence(reply)
    }
    default: {
      const answer =
        mode === undefined || mode === 'slow' ? await work.run() : work.refuse(mode as RefusalMode)
      calls.add(path, answer.outcome)
      return tell(reply.code(answer.status ?? 200), answer)
    }
  }
}

function tell(reply: FastifyReply, { body, type, name }: Outcome): FastifyReply {
  if (name !== undefined)
    reply.header('content-disposition', `attachment; filename="${encodeURIComponent(name)}"`)
  return reply.type(type ?? 'application/json; charset=UTF-8').send(body)
}

/** The first half of the answer, which is no longer valid JSON. */
const cut = (body: string | Buffer): string | Buffer => body.slice(0, Math.max(1, body.length >> 1))

/** Keeps the caller waiting until it hangs up, for a minute at most. */
async function silence(reply: FastifyReply): Promise<FastifyReply> {
  reply.hijack()
  const socket = reply.raw.socket
  if (socket && !socket.destroyed) {
    await Promise.race([once(socket, 'close'), delay(silenceMs, undefined, { ref: false })])
    socket.destroy()
  }
  return reply
}
