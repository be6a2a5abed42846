import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Input } from '../http/input.ts'
import { readJsonObject } from '../http/json-object.ts'
import { readMultipart } from '../http/multipart.ts'
import { type Outcome, type RefusalMode, underFault } from '../http/under-fault.ts'
import { type Errcode, errcodes, failure, WecomError } from '../rules/errcodes.ts'
import type { CallWorld } from './call.ts'
import { type Call, callerOf, File } from './call.ts'

// On loopback a call ends before the next one starts, so the limit of parallel calls would never be reached.
// While that limit is on, every call therefore lasts as long as over a network.
const networkMs = 20

export function routeCalls(app: FastifyInstance, world: CallWorld, calls: readonly Call[]): void {
  app.register(async wecom => {
    // WeCom reads every body as JSON, whatever its content type says, and files are bytes.
    wecom.removeAllContentTypeParsers()
    wecom.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const call of calls) {
      wecom.route({
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
  })
}

/**
 * The errcode with which this fault answers a call. For an expired or revoked token the token is really
 * ended, so that the caller needs a new one, as with WeCom.
 */
function refuse(world: CallWorld, mode: RefusalMode, token: string | undefined): number {
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

async function answer(world: CallWorld, call: Call, request: FastifyRequest): Promise<Outcome> {
  try {
    world.limits.enter(call.path, world.settings.limits)
    try {
      if (world.settings.limits.concurrent !== null) await delay(networkMs)
      const result = await run(world, call, request)
      if (!(result instanceof File))
        return { outcome: String(result['errcode']), body: JSON.stringify(result) }
      const { bytes, mime, name } = result.content
      return { outcome: '0', body: bytes, type: mime || 'application/octet-stream', name }
    } finally {
      world.limits.leave()
    }
  } catch (error) {
    const [errcode, text] = error instanceof WecomError ? [error.errcode, error.message] : [-1, errcodes[-1]]
    if (!(error instanceof WecomError)) console.error(error)
    return { outcome: String(errcode), body: JSON.stringify(failure(errcode, text, request.ip)) }
  }
}

async function run(world: CallWorld, call: Call, request: FastifyRequest) {
  const caller = call.token === 'nobody' ? callerOf(world, undefined) : authorise(world, call, request)
  if (call.method === 'GET') return call.run({ world, caller, input: request.query as Input })
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length === 0) throw new WecomError(44002)
  if (!call.takesFile) {
    const { agentid } = request.query as Input
    return call.run({
      world,
      caller,
      input: { ...parseBody(body), ...(call.namesAgent ? { agentid } : {}) },
    })
  }
  const form = await readMultipart(body, request.headers['content-type'] ?? '')
  return call.run({ world, caller, input: request.query as Input, upload: form?.upload })
}

function authorise(world: CallWorld, call: Call, request: FastifyRequest) {
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

function parseBody(body: Buffer): Input {
  const value = readJsonObject(body)
  if (!value) throw new WecomError(47001)
  return value
}
