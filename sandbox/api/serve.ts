import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Errcode, errcodes, failure, WecomError } from '../errcodes.ts'
import type { CallMode } from '../faults.ts'
import type { Input } from '../input.ts'
import type { World } from '../world.ts'
import { type Call, callerOf } from './call.ts'

const silenceMs = 60_000
const slowMs = 3000
// Calls on loopback hardly overlap; under a limit of parallel calls each lasts as long as over a network.
const networkMs = 20

/** Registers the calls as routes. */
export function routeCalls(app: FastifyInstance, world: World, calls: readonly Call[]): void {
  for (const call of calls) {
    app.route({
      method: call.method,
      url: call.path,
      handler: (request, reply) => serve(world, call, request, reply),
    })
  }
}

async function serve(
  world: World,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fault = world.faults.strikeCall(call.path)
  if (fault?.delayMs || fault?.mode === 'slow') await delay(fault.delayMs ?? slowMs)
  const mode = fault?.mode
  if (mode === undefined || mode === 'slow' || mode === 'truncated' || mode === 'acceptedThenTimeout') {
    const { errcode, body } = await answer(world, call, request)
    world.calls.add(
      call.path,
      mode === 'truncated' || mode === 'acceptedThenTimeout' ? mode : String(errcode),
    )
    if (mode === 'acceptedThenTimeout') return silence(reply)
    return json(reply, mode === 'truncated' ? cut(body) : body)
  }
  if (mode === 'timeout' || mode === 'http500' || mode === 'html') {
    world.calls.add(call.path, mode)
    if (mode === 'timeout') return silence(reply)
    if (mode === 'http500') return reply.code(500).type('text/plain').send('Internal Server Error')
    return reply.type('text/html; charset=utf-8').send('<html><body><h1>502 Bad Gateway</h1></body></html>')
  }
  const errcode = refuse(world, mode, tokenOf(request))
  world.calls.add(call.path, String(errcode))
  const text = errcodes[errcode as Errcode] ?? 'fault'
  return json(reply, JSON.stringify(failure(errcode, text, request.ip)))
}

/** The errcode of a fault that answers one. Ending a token is meant: only a new one helps, as in WeCom. */
function refuse(world: World, mode: CallMode, token: string | undefined): number {
  switch (mode) {
    case 'busy':
      return -1
    case 'rateLimit':
      return 45009
    case 'tokenExpired':
      world.tokens.end(token, 'expired')
      return 42001
    case 'tokenRevoked':
      world.tokens.end(token, 'revoked')
      return 40014
    default:
      return Number(mode.slice('code:'.length))
  }
}

async function answer(
  world: World,
  call: Call,
  request: FastifyRequest,
): Promise<{ errcode: number; body: string }> {
  try {
    world.limits.enter(call.path, world.settings.limits)
    try {
      if (world.settings.limits.concurrent !== null) await delay(networkMs)
      const result = run(world, call, request)
      return { errcode: Number(result['errcode']), body: JSON.stringify(result) }
    } finally {
      world.limits.leave()
    }
  } catch (error) {
    const [errcode, text] = error instanceof WecomError ? [error.errcode, error.message] : [-1, errcodes[-1]]
    if (!(error instanceof WecomError)) console.error(error)
    return { errcode, body: JSON.stringify(failure(errcode, text, request.ip)) }
  }
}

function run(world: World, call: Call, request: FastifyRequest): Record<string, unknown> {
  const caller = call.token === 'nobody' ? callerOf(world, undefined) : authorise(world, call, request)
  const input = call.method === 'GET' ? (request.query as Input) : parseBody(request.body)
  return call.run({ world, caller, input })
}

function authorise(world: World, call: Call, request: FastifyRequest) {
  const { owner } = world.tokens.check(tokenOf(request))
  const agent = owner === 'contact' ? undefined : world.agents.find(item => item.agentId === owner)
  if (agent?.disabled) throw new WecomError(50003)
  const trusted = world.settings.trustedIps[owner]
  if (trusted && !trusted.includes(request.ip)) throw new WecomError(60020)
  if (call.token === 'contact' ? agent !== undefined : call.token === 'agent' && agent === undefined)
    throw new WecomError(48002)
  if (!agent && call.closedIn2022 && world.settings.regime === 'restricted') throw new WecomError(48009)
  return callerOf(world, agent)
}

function tokenOf(request: FastifyRequest): string | undefined {
  const token = (request.query as Input)['access_token']
  return typeof token === 'string' ? token : undefined
}

function parseBody(body: unknown): Input {
  let value: unknown
  try {
    value = JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    throw new WecomError(47001)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WecomError(47001)
  return value as Input
}

const json = (reply: FastifyReply, body: string): FastifyReply =>
  reply.type('application/json; charset=UTF-8').send(body)

/** Half of the answer, cut where it is no JSON any more. */
const cut = (body: string): string => body.slice(0, Math.max(1, body.length >> 1))

/** No answer until the caller hangs up, a minute at most. */
async function silence(reply: FastifyReply): Promise<FastifyReply> {
  reply.hijack()
  const socket = reply.raw.socket
  if (socket && !socket.destroyed) {
    await Promise.race([once(socket, 'close'), delay(silenceMs, undefined, { ref: false })])
    socket.destroy()
  }
  return reply
}
