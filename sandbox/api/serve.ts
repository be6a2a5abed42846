import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Input } from '../http/input.ts'
import { type Errcode, errcodes, failure, WecomError } from '../rules/errcodes.ts'
import type { World } from '../state/world.ts'
import { type Call, callerOf } from './call.ts'
import { type Outcome, type RefusalMode, underFault } from './under-fault.ts'

// On loopback a call ends before the next one starts, so the limit of parallel calls would never be reached.
// While that limit is on, every call therefore lasts as long as over a network.
const networkMs = 20

export function routeCalls(app: FastifyInstance, world: World, calls: readonly Call[]): void {
  for (const call of calls) {
    app.route({
      method: call.method,
      url: call.path,
      handler: (request, reply) =>
        underFault(world, call.path, reply, {
          run: () => answer(world, call, request),
          refuse: mode => {
            const errcode = refuse(world, mode, tokenOf(request))
            const text = errcodes[errcode as Errcode] ?? 'fault'
            return { outcome: String(errcode), body: JSON.stringify(failure(errcode, text, request.ip)) }
          },
        }),
    })
  }
}

/**
 * The errcode with which this fault answers a call. For an expired or revoked token the token is really
 * ended, so that the caller needs a new one, as with WeCom.
 */
function refuse(world: World, mode: RefusalMode, token: string | undefined): number {
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
    default: {
      // The codes of SMS vendors are words. For a WeCom call such a fault answers "system busy".
      const code = Number(mode.slice('code:'.length))
      return Number.isInteger(code) ? code : -1
    }
  }
}

async function answer(world: World, call: Call, request: FastifyRequest): Promise<Outcome> {
  try {
    world.limits.enter(call.path, world.settings.limits)
    try {
      if (world.settings.limits.concurrent !== null) await delay(networkMs)
      const result = run(world, call, request)
      return { outcome: String(result['errcode']), body: JSON.stringify(result) }
    } finally {
      world.limits.leave()
    }
  } catch (error) {
    const [errcode, text] = error instanceof WecomError ? [error.errcode, error.message] : [-1, errcodes[-1]]
    if (!(error instanceof WecomError)) console.error(error)
    return { outcome: String(errcode), body: JSON.stringify(failure(errcode, text, request.ip)) }
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
