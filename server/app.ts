import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { createAdminGate } from './callers/gate/admin-gate.ts'
import { createGate } from './callers/gate/api-gate.ts'
import { noteCall } from './callers/gate/note-call.ts'
import { createPageGate } from './callers/gate/page-gate.ts'
import { isPacket } from './callers/packets/packets.ts'
import { badPacket } from './callers/packets/refusals.ts'
import type { Context } from './context.ts'
import {
  adminCalls,
  allFeatures,
  documentedCalls,
  documentedEvents,
  endpoints,
  pageCalls,
  passthroughs,
  pushes,
} from './features.ts'
import { inNetworks } from './platform/config.ts'
import { registerAdminCalls } from './platform/http/admin/admin-call.ts'
import { sendCallFailure, toApiError } from './platform/http/answers/failures.ts'
import { type BodySize, sizeOfPacket } from './platform/http/bodies/body-size.ts'
import { readForm } from './platform/http/bodies/form-body.ts'
import { isHangUp, readBody } from './platform/http/bodies/read-body.ts'
import { readJson } from './platform/http/bodies/read-json.ts'
import { dropUnreadBodiesSlowly } from './platform/http/bodies/unread.ts'
import { checkEncoding, wrongType } from './platform/http/bodies/wrong-body.ts'
import { registerEndpoints } from './platform/http/endpoint.ts'
import { ApiError, wrongMethod } from './platform/http/errors.ts'
import { isOpenedByPerson, sendAwayPage, sendNotFoundPage } from './platform/http/files/own-pages.ts'
import { type Page, registerPages } from './platform/http/files/pages.ts'
import { registerSdkFile } from './platform/http/files/sdk-file.ts'
import { isPreflight, noCrossOrigin, noSuchPath } from './platform/http/mistakes/not-found.ts'
import { refuseUnreadable } from './platform/http/mistakes/unreadable.ts'
import { registerOpenapi } from './platform/http/openapi.ts'
import { registerPageCalls } from './platform/http/page-call.ts'
import { registerPassthroughs } from './platform/http/passthrough/passthrough.ts'
import { registerPushes } from './platform/http/upstream-push.ts'
import { describeError } from './platform/operation/log.ts'
import { createTurns } from './platform/operation/own-turn.ts'
import { networkOf } from './platform/security/network-of.ts'
import { isOperation, registerOperation } from './platform/upkeep/health.ts'
import { readinessOf } from './platform/upkeep/readiness.ts'

const requestTimeoutMs = 30_000

export async function createApp(ctx: Context): Promise<FastifyInstance> {
  const { trustedProxies } = ctx.config
  const hasProxies = trustedProxies.rules.length > 0
  let requests = 0
  const app = fastify({
    logger: false,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    // Ours has the envelope: see refuseWhileDraining.
    return503OnClosing: false,
    trustProxy: hasProxies ? address => inNetworks(trustedProxies, address) : false,
    genReqId: () => `${ctx.nodeId}-${(++requests).toString(36)}`,
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket),
    // Framework errors arise before any hook runs, so the request id is set here.
    frameworkErrors: (error, request, reply) => {
      onError(ctx, error, request, reply.header('x-request-id', request.id))
    },
  })
  receive(app, ctx)
  if (ctx.log.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, done) => {
      const path = withoutKey(request.url.split('?', 1)[0] ?? '')
      const ms = Math.round(reply.elapsedTime)
      ctx.log.debug(
        { requestId: request.id, method: request.method, path, status: reply.statusCode, ms },
        'call',
      )
      done()
    })
  }
  dropUnreadBodiesSlowly(app)
  acceptJson(app, ctx)
  acceptForms(app, ctx)
  app.setErrorHandler((error, request, reply) => onError(ctx, error, request, reply))
  app.setNotFoundHandler((request, reply) => notFound(ctx, request, reply))
  // What each of them takes, the list of features has checked.
  const served = ctx as never
  registerAdminCalls(app, served, createAdminGate(ctx), adminCalls)
  const gate = createGate(ctx)
  registerEndpoints(app, served, gate, endpoints)
  registerPassthroughs(app, served, gate, passthroughs)
  registerPushes(app, served, pushes)
  for (const { gauges } of allFeatures) gauges?.(served)
  registerOperation(app, ctx, readinessOf(ctx))
  registerPageCalls(app, served, createPageGate(ctx), pageCalls)
  for (const { routes } of allFeatures) routes?.(app, served)
  registerPages(app, {
    hasCorps: () => ctx.corps.all().length > 0,
    visitorOf: async request => {
      const visitor = await ctx.sessions.findVisitor(request)
      return visitor && (visitor.member ? 'member' : 'account')
    },
    enter: (page, request, reply) => enterPage(ctx, page, request, reply),
    dress: (page, html, request, nonce) => dress(ctx, page, html, request, nonce),
    iconOf: request => ctx.brands.shownAt(request.host, undefined).logo?.path,
    publicUrl: ctx.publicUrl,
    weixinOrigin: new URL(ctx.config.weixinScriptUrl).origin,
    signInCorps: () =>
      ctx.corps.all().filter(corp => corp.agents.some(agent => agent.uses.includes('signin'))),
  })
  registerSdkFile(app)
  registerOpenapi(app, documentedCalls, documentedEvents, passthroughs)
  return app
}

/** What comes first for every request. */
function receive(app: FastifyInstance, ctx: Context): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (ctx.draining.isRefusing && !isOperation(request)) {
      refuseWhileDraining(ctx, request, reply)
      return
    }
    // Whoever comes again takes a new connection, which the balancer leads elsewhere.
    if (ctx.draining.isLeaving) reply.raw.shouldKeepAlive = false
    // Unknown paths are answered before the body is parsed, because nobody reads that body.
    const goOn = () => (request.is404 ? answerUnrouted(ctx, request, reply) : done())
    if (isStranger(ctx, request))
      strangersTurn(() => guarded(ctx, request, reply, goOn), networkOf(request.ip))
    else goOn()
  })
}

/**
 * In turns of their own, which are not those of other pieces of work, however many people without a session ask for pages at once; each
 * network has its turn.
 */
const strangersTurn = createTurns()

/** Whoever asks for a page without a session that this node has seen. Programs have their own limits. */
function isStranger(ctx: Context, request: FastifyRequest): boolean {
  if (/^\/(api|compat)\//.test(request.url) || isOperation(request)) return false
  return !ctx.sessions.isKept(request)
}

/** In a turn of its own nobody else would hear of what is thrown. */
function guarded(ctx: Context, request: FastifyRequest, reply: FastifyReply, work: () => void): void {
  try {
    work()
  } catch (error) {
    onError(ctx, error, request, reply)
  }
}

/** Some addresses are as good as a password: what they begin with says which. */
function withoutKey(path: string): string {
  return path.replace(/^(\/(?:api\/todo\/source|api\/callback\/agent|mail\/stop)\/)[^/]+/, '$1…')
}

/** Undefined when nobody has anything to do before the page is sent. */
function enterPage(
  ctx: Context,
  page: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> | undefined {
  return allFeatures.find(one => one.enter?.[page])?.enter?.[page]?.(ctx as never, request, reply)
}

/** Addresses that no route has may still be a feature's, and else are unknown. */
function answerUnrouted(ctx: Context, request: FastifyRequest, reply: FastifyReply): void {
  for (const { unrouted } of allFeatures) {
    const answer = unrouted?.(ctx as never, request, reply)
    if (!answer) continue
    answer.catch(error => onError(ctx, error, request, reply))
    return
  }
  notFound(ctx, request, reply)
}

/** The console is wisp's own. */
const dressedPages: readonly Page[] = ['sign-in', 'portal', 'mobile', 'developer', 'pay']

async function dress(
  ctx: Context,
  page: Page,
  html: string,
  request: FastifyRequest,
  nonce: string,
): Promise<string> {
  if (!dressedPages.includes(page)) return html
  const corpId = page === 'sign-in' ? undefined : await corpOfVisitor(ctx, page, request)
  return ctx.brands.dress(html, request.host, corpId, { nonce, isColoured: page !== 'developer' })
}

/** Never rejects: without its visitor it is the host's. */
async function sendNotFound(ctx: Context, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const corpId = await corpOfVisitor(ctx, 'not-found', request)
  sendNotFoundPage(request, reply, ctx.brands.shownAt(request.host, corpId).name)
}

/** Undefined as well while the database is away: a page is sent all the same, and says so itself. */
async function corpOfVisitor(
  ctx: Context,
  page: Page | 'not-found',
  request: FastifyRequest,
): Promise<string | undefined> {
  try {
    const { sessions } = ctx
    const visitor = sessions.visitorOf(request, false) ?? (await sessions.findVisitor(request, false))
    if (visitor?.member) return visitor.corpId
    const known = allFeatures.find(one => one.corpOf?.[page])?.corpOf?.[page]
    return await known?.(ctx as never, request)
  } catch (error) {
    ctx.log.info({ requestId: request.id, ...describeError(error) }, 'page sent without its visitor')
    return undefined
  }
}

/** For callers that do not ask /readyz; they find another node, or this one when it is back. */
function refuseWhileDraining(ctx: Context, request: FastifyRequest, reply: FastifyReply): void {
  ctx.draining.noteRefusal()
  const why = { zh: '这个节点正在停止，请重试', en: 'this node is stopping: try again' } as const
  const error = new ApiError('unavailable', why, { status: 503, retryAfterSeconds: 1 })
  sendCallFailure(ctx, request, reply.header('connection', 'close'), error)
}

/** Accepts only JSON in valid UTF-8; errors use the interface document's own codes. */
function acceptJson(app: FastifyInstance, { bodies }: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, payload, done) => {
    const { bytes, elements } = bodySizeOf(request)
    checkEncoding(request)
    readBody(bodies, request, payload, bytes, (failure, body) => {
      if (failure || !body?.length) return done(failure, {})
      try {
        done(null, readJson(body, elements))
      } catch (error) {
        bodies.end(request)
        done(error as ApiError)
      }
    })
  })
}

/** For the calls that take a file. */
function acceptForms(app: FastifyInstance, { bodies }: Context): void {
  app.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    const { form } = request.routeOptions.config.bodySize ?? {}
    if (form === undefined) return done(wrongType(request))
    checkEncoding(request)
    readBody(bodies, request, payload, form, (failure, body) => {
      if (failure || !body?.length) return done(failure, {})
      readForm(request.headers['content-type'] ?? '', body).then(
        read => done(null, read),
        error => {
          bodies.end(request)
          done(error)
        },
      )
    })
  })
}

function bodySizeOf(request: FastifyRequest): BodySize {
  const { bodySize } = request.routeOptions.config
  // No other route takes JSON.
  if (!bodySize) throw new Error(`${request.routeOptions.url} declares no inputs`)
  return isPacket(request) ? sizeOfPacket(bodySize) : bodySize
}

function onError(ctx: Context, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isHangUp(error, request)) return reply
  const known =
    fromFramework(error as { code?: string }, request) ??
    toApiError(ctx, request.url.split('?', 1)[0] ?? '', request, error)
  noteFailure(ctx, request.routeOptions.url ?? '', known, request, reply)
  // Fastify closes the connection of a body that was not read to its end, and its sender would often lose the answer.
  reply.removeHeader('connection')
  if (known.error === 'unavailable' && isOpenedByPerson(request)) {
    reply.header('retry-after', String(known.retryAfterSeconds ?? 1))
    return sendAwayPage(request, reply, ctx.brands.shownAt(request.host, undefined).name)
  }
  return sendCallFailure(ctx, request, reply, isPacket(request) && isBadBody(known) ? badPacket() : known)
}

/** Of a call of the API that failed before its handler ran. */
function noteFailure(
  ctx: Context,
  path: string,
  failure: ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const declared = endpointOf.get(path)
  if (!declared) return
  ctx.metrics.countCall(path, failure.code, reply.elapsedTime)
  noteCall(ctx, declared, request, { failure, ms: reply.elapsedTime })
}

/** Whatever is wrong with a packet's body is the one error of packets. */
function isBadBody({ error, status }: ApiError): boolean {
  return error === 'badParameter' && status === 200
}

function fromFramework(error: { code?: string }, request: FastifyRequest): ApiError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return wrongType(request)
    case 'FST_ERR_BAD_URL':
      return new ApiError(
        'badParameter',
        { zh: '地址编码有误', en: 'the address is not encoded correctly' },
        { status: 404 },
      )
    default:
      return undefined
  }
}

const endpointOf = new Map(endpoints.map(one => [one.path, one]))

const methodsOf = new Map<string, readonly string[]>([
  ...endpoints.map(one => [one.path, one.methods] as const),
  ...adminCalls.map(one => [one.path, [one.method]] as const),
  ...pushes.map(one => [one.path, one.verifyUrl ? ['GET', 'POST'] : ['POST']] as const),
])

/** How the log names a call that does not exist, because the address itself is the caller's. */
const unknownCall = { path: '/api/…', input: {} }

function notFound(ctx: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = methodsOf.get(path)
  if (!methods && isOpenedByPerson(request)) {
    void sendNotFound(ctx, request, reply)
    return reply
  }
  if (!methods) {
    const error = noSuchPath(path, methodsOf.keys())
    if (path.startsWith('/api/'))
      noteCall(ctx, unknownCall, request, { failure: error, ms: reply.elapsedTime })
    return sendCallFailure(ctx, request, reply, error)
  }
  reply.header('allow', methods.join(', '))
  const error = isPreflight(request.method, request.headers) ? noCrossOrigin() : wrongMethod(path, methods)
  noteFailure(ctx, path, error, request, reply)
  return sendCallFailure(ctx, request, reply, error)
}
