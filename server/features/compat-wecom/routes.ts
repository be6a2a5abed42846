import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Developer } from '../../callers/developers/developers.ts'
import { createGate } from '../../callers/gate/api-gate.ts'
import { toApiError } from '../../platform/http/answers/failures.ts'
import { sendJson } from '../../platform/http/answers/send.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { isHangUp, readBody } from '../../platform/http/bodies/read-body.ts'
import { checkEncoding } from '../../platform/http/bodies/wrong-body.ts'
import { senderOf } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Gate, LoggedCall } from '../../platform/http/gate.ts'
import { own, told } from '../../platform/http/told.ts'
import { CompatRefusal, errcodeOf, refusalOf } from './answer.ts'
import { type Asked, type CallsNeeds, type CompatCall, compatCalls } from './calls.ts'
import { createEntrance, type EnterNeeds, type Entrance } from './enter.ts'
import { compatPrefix } from './names.ts'

type Needs = CallsNeeds & EnterNeeds & { bodies: BodiesInProgress } & Parameters<typeof createGate>[0]

/** A call under way: what its end is told with. */
type Run = { began: number; developer: Developer | undefined; noted: Record<string, unknown> }

type Served = {
  ctx: Needs
  gate: Gate<Developer>
  entrance: Entrance
  callOf(request: FastifyRequest): CompatCall | undefined
  runs: WeakMap<FastifyRequest, Run>
}

/**
 * WeCom's own calls, for programs that know only those: every answer, also a refusal, is in WeCom's form with status 200. What can be refused
 * without the body is refused before it is read.
 */
export function registerCompat(app: FastifyInstance, ctx: Needs): void {
  const gate = createGate(ctx)
  const calls = compatCalls(ctx)
  const served: Served = {
    ctx,
    gate,
    entrance: createEntrance(ctx, gate),
    callOf: request => calls.get(pathOf(request)),
    runs: new WeakMap(),
  }
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (request, payload, done) => {
      try {
        checkEncoding(request)
      } catch (error) {
        done(error as Error)
        return
      }
      readBody(ctx.bodies, request, payload, served.callOf(request)?.bodyAtMost ?? 0, done)
    })
    scope.addHook('onRequest', async request => open(served, request))
    scope.setErrorHandler(async (error, request, reply) => {
      if (isHangUp(error, request)) return reply
      const refusal =
        error instanceof CompatRefusal ? error : refusalFor(toApiError(ctx, pathOf(request), request, error))
      const { retryAfterSeconds } = refusal.failure
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
      return finish(served, request, reply.code(200), refusalOf(request, refusal), refusal.failure)
    })
    scope.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: `${compatPrefix}*`,
      handler: async (request, reply) => {
        const answer = await answerTo(served, request)
        return finish(served, request, reply, { errcode: 0, errmsg: 'ok', ...answer })
      },
    })
  })
}

const newRun = (): Run => ({ began: performance.now(), developer: undefined, noted: {} })

/** Everything that can be decided without the body. */
function open({ ctx, gate, entrance, callOf, runs }: Served, request: FastifyRequest): void {
  const run = newRun()
  runs.set(request, run)
  // Senders give no content type or a wrong one, which Fastify would refuse.
  request.headers['x-wisp-given-type'] = request.headers['content-type'] ?? ''
  request.headers['content-type'] = 'application/octet-stream'
  ctx.availability.check()
  const call = callOf(request)
  if (!call) throw unknownPath(request)
  if (request.method !== call.method) throw wrongMethod(call)
  if (!call.handle) return
  run.developer = entrance.developerOf(request)
  ctx.bodies.belongsTo(request, senderOf(run.developer))
  const { refusal } = gate.admit(run.developer, 'message')
  if (refusal) throw refusal
}

async function answerTo({ gate, entrance, callOf, runs }: Served, request: FastifyRequest): Promise<object> {
  const run = runs.get(request)!
  const handle = callOf(request)?.handle
  if (!handle) {
    const { developer, answer } = await entrance.getToken(request)
    run.developer = developer
    return answer
  }
  const developer = run.developer!
  const asked: Asked = {
    developer,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    type: String(request.headers['x-wisp-given-type']),
    query: request.query as Record<string, unknown>,
    note: run.noted,
  }
  const acting = () => gate.acting(developer, request, () => handle(asked))
  return gate.withSlot(developer, () => gate.during(developer.corpId, acting))
}

/** Counts and logs the call, and answers it. */
function finish(
  { ctx, gate, callOf, runs }: Served,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Record<string, unknown>,
  failure?: ApiError,
): FastifyReply {
  ctx.bodies.end(request)
  const { began, developer, noted } = runs.get(request) ?? newRun()
  const call = callOf(request)
  const path = `${compatPrefix}${call ? pathOf(request) : '…'}`
  const ms = performance.now() - began
  ctx.metrics.countCall(path, failure?.code ?? '0', ms)
  if (developer) {
    const { logged = {} } = call ?? {}
    const declared: LoggedCall = { path, logged: Object.keys(logged), input: logged }
    const refused = failure ? 0 : refusedIn(answer)
    gate.note(declared, request, { developer, given: { ...noted, ...answer }, failure, refused, ms })
  }
  return sendJson(reply, JSON.stringify(answer))
}

/** How many receivers of a message were refused. */
function refusedIn(answer: Record<string, unknown>): number {
  const lists = ['invaliduser', 'invalidparty', 'invalidtag'].map(name => String(answer[name] ?? ''))
  return lists.flatMap(list => list.split('|').filter(Boolean)).length
}

function refusalFor(failure: ApiError): CompatRefusal {
  return new CompatRefusal(errcodeOf(failure), failure)
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0]!.slice(compatPrefix.length).replace(/^\/+/, '')
}

function unknownPath(request: FastifyRequest): CompatRefusal {
  const failure = new ApiError('forbidden', {
    zh: told`兼容地址没有接口 ${pathOf(request).slice(0, 100)}`,
    en: told`the compatible address has no call ${pathOf(request).slice(0, 100)}`,
  })
  return new CompatRefusal(48002, failure)
}

function wrongMethod({ method }: CompatCall): CompatRefusal {
  const failure = new ApiError('badParameter', {
    zh: told`应使用 ${own(method)}`,
    en: told`${own(method)} is taken`,
  })
  return new CompatRefusal(method === 'GET' ? 43001 : 43002, failure)
}
