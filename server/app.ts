import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { getDevToken } from './callers/developers/api.ts'
import { developerSelf } from './callers/developers/self-api.ts'
import { createGate } from './callers/gate/api-gate.ts'
import { createPageGate } from './callers/gate/page-gate.ts'
import { openSessionCall, registerDeviceCall } from './callers/packets/api.ts'
import { isPacket } from './callers/packets/packets.ts'
import { badPacket } from './callers/packets/refusals.ts'
import { registerWecomSignIn } from './callers/sign-in/wecom-sign-in.ts'
import { getInfo, issueTicketCall } from './callers/tickets/api.ts'
import type { Context } from './context.ts'
import { wecomJssdkConfig } from './features/apps/jssdk/jssdk-api.ts'
import { eventStream } from './features/events/stream/stream-api.ts'
import { registerMcp } from './features/mcp/mcp.ts'
import { messageStatus, recallMessage, sendMessage, sendSms } from './features/messages/api.ts'
import { officialAccounts } from './features/official/api/accounts-api.ts'
import { officialEvents } from './features/official/api/events-api.ts'
import { getFollower, listFollowersOf } from './features/official/api/followers-api.ts'
import { jssdkConfig } from './features/official/api/jssdk-api.ts'
import { sendOfficialMessage } from './features/official/api/messages-api.ts'
import { officialCallback } from './features/official/callback/callback.ts'
import { registerLinkPages } from './features/official/links/web-link.ts'
import { registerSiteFiles } from './features/official/site-files/serve.ts'
import { sendTemplate } from './features/official/templates/sends/api.ts'
import { registerSubscribePage } from './features/official/templates/subscribe-page.ts'
import { readinessOf } from './features/overview/readiness.ts'
import { closeBillCall, createBill, getBill, listBillsCall } from './features/payments/api/bills-api.ts'
import { payShortcut } from './features/payments/api/shortcut-api.ts'
import { payNotification } from './features/payments/notifications/notify.ts'
import { enterPayerPage } from './features/payments/payer/enter.ts'
import { registerPayerOpenid } from './features/payments/payer/openid.ts'
import * as webhooks from './features/webhooks/api.ts'
import * as directory from './organisation/directory/read/api.ts'
import { getAvatar, getFile } from './organisation/directory/read/avatars.ts'
import { directoryChanges } from './organisation/directory/read/changes.ts'
import { addTagUsers, removeTagUsers } from './organisation/directory/write/tag-users.ts'
import { contactCallback } from './organisation/sync/events/callback.ts'
import { directoryHint } from './organisation/sync/events/hint-calls.ts'
import { pageCalls } from './page-calls.ts'
import { inNetworks } from './platform/config.ts'
import { type BodyLimits, largeBody, limitsOfPacket } from './platform/http/bodies/limits-of-inputs.ts'
import { readBody, tooLarge } from './platform/http/bodies/read-body.ts'
import { readJson } from './platform/http/bodies/read-json.ts'
import { dropUnreadBodiesSlowly } from './platform/http/bodies/unread.ts'
import { type AnyEndpoint, registerEndpoints, sendCallFailure, toApiError } from './platform/http/endpoint.ts'
import { ApiError, wrongMethod } from './platform/http/errors.ts'
import { isOpenedByPerson, sendNotFoundPage } from './platform/http/files/not-found-page.ts'
import { registerPages } from './platform/http/files/pages.ts'
import { registerSdkFile } from './platform/http/files/sdk-file.ts'
import { registerOpenapi } from './platform/http/openapi.ts'
import { registerPageCalls } from './platform/http/page-call.ts'
import { type AnyPush, registerPushes } from './platform/http/upstream-push.ts'
import { isOperation, registerOperation } from './platform/upkeep/health.ts'
import { addGauges } from './registry/gauges.ts'

/** Every call of the API, in the order of the interface document (docs/interface/README.md#sections). */
export const endpoints: readonly AnyEndpoint<Context>[] = [
  registerDeviceCall,
  openSessionCall,
  getDevToken,
  developerSelf,
  getInfo,
  directoryHint,
  directory.authList,
  directory.getUser,
  directory.searchUsers,
  directory.higherList,
  directory.orgList,
  directory.orgUserList,
  directory.tagList,
  directory.tagUserList,
  addTagUsers,
  removeTagUsers,
  getFile,
  getAvatar,
  issueTicketCall,
  wecomJssdkConfig,
  directoryChanges,
  sendMessage,
  sendSms,
  messageStatus,
  recallMessage,
  createBill,
  closeBillCall,
  getBill,
  listBillsCall,
  payShortcut,
  officialAccounts,
  getFollower,
  listFollowersOf,
  sendOfficialMessage,
  officialEvents,
  jssdkConfig,
  sendTemplate,
  webhooks.createWebhook,
  webhooks.updateWebhook,
  webhooks.deleteWebhookCall,
  webhooks.listWebhooks,
  webhooks.getWebhook,
  webhooks.rotateWebhookSecret,
  webhooks.webhookLog,
  webhooks.testWebhookCall,
  webhooks.replayWebhook,
  eventStream,
]

/** Everything that upstreams push. */
export const pushes: readonly AnyPush<Context>[] = [contactCallback, officialCallback, payNotification]

const requestTimeoutMs = 30_000

export async function createApp(ctx: Context): Promise<FastifyInstance> {
  const { trustedProxies } = ctx.config
  const hasProxies = trustedProxies.rules.length > 0
  let requests = 0
  const app = fastify({
    logger: false,
    bodyLimit: largeBody,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    // Ours has the envelope: see refuseWhileDraining.
    return503OnClosing: false,
    trustProxy: hasProxies ? address => inNetworks(trustedProxies, address) : false,
    genReqId: () => `${ctx.nodeId}-${(++requests).toString(36)}`,
    // Framework errors arise before any hook runs, so the request id is set here.
    frameworkErrors: (error, request, reply) => {
      onError(ctx, error, request, reply.header('x-request-id', request.id))
    },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (ctx.draining.isRefusing && !isOperation(request)) {
      refuseWhileDraining(ctx, request, reply)
      return
    }
    // Unknown paths are answered before the body is parsed, because nobody reads that body.
    if (request.is404) notFound(ctx, request, reply)
    else done()
  })
  if (ctx.log.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, done) => {
      const path = request.url.split('?', 1)[0]
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
  app.setErrorHandler((error, request, reply) => onError(ctx, error, request, reply))
  app.setNotFoundHandler((request, reply) => notFound(ctx, request, reply))
  registerEndpoints(app, ctx, createGate(ctx), endpoints)
  registerPushes(app, ctx, pushes)
  registerMcp(app, ctx)
  addGauges(ctx)
  registerOperation(app, ctx, readinessOf(ctx))
  registerPageCalls(app, ctx, createPageGate(ctx), pageCalls)
  registerWecomSignIn(app, ctx)
  registerLinkPages(app, ctx)
  registerSiteFiles(app, ctx)
  registerSubscribePage(app, ctx)
  registerPayerOpenid(app, ctx)
  registerPages(app, {
    enterPayerPage: (request, reply) => enterPayerPage(ctx, request, reply),
    weixinOrigin: new URL(ctx.config.weixinScriptUrl).origin,
    signInCorps: () =>
      ctx.corps.all().filter(corp => corp.agents.some(agent => agent.uses.includes('signin'))),
  })
  registerSdkFile(app)
  registerOpenapi(app, endpoints)
  return app
}

/** For callers that do not ask /readyz; they find another node, or this one when it is back. */
function refuseWhileDraining(ctx: Context, request: FastifyRequest, reply: FastifyReply): void {
  ctx.draining.noteRefusal()
  const why = { zh: '这个节点正在停止，请重试', en: 'this node is stopping: try again' }
  const error = new ApiError('unavailable', why, { status: 503, retryAfterSeconds: 1 })
  sendCallFailure(ctx, request, reply.header('connection', 'close'), error)
}

/** Accepts only JSON in valid UTF-8; errors use the interface document's own codes. */
function acceptJson(app: FastifyInstance, { bodies }: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, payload, done) => {
    const { bytes, elements } = limitsOf(request)
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

function limitsOf(request: FastifyRequest): BodyLimits {
  const { bodyLimits } = request.routeOptions.config
  // No other route takes JSON.
  if (!bodyLimits) throw new Error(`${request.routeOptions.url} declares no inputs`)
  return isPacket(request) ? limitsOfPacket(bodyLimits) : bodyLimits
}

function onError(ctx: Context, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // The caller hung up while sending the body, and nobody waits for an answer.
  if ((error as { code?: string }).code === 'ECONNRESET' && request.raw.destroyed) return reply
  const known =
    fromFramework(error as { code?: string }, request) ??
    toApiError(ctx, request.url.split('?', 1)[0] ?? '', request, error)
  noteFailure(ctx, request.routeOptions.url ?? '', known, request, reply)
  // Fastify closes the connection of a body that was not read to its end, and its sender would often lose the answer.
  reply.removeHeader('connection')
  return sendCallFailure(ctx, request, reply, isPacket(request) && isBadBody(known) ? badPacket() : known)
}

/** Of a call of the API that failed before its handler ran. */
function noteFailure(
  { requests }: Context,
  path: string,
  { code }: ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const declared = endpointOf.get(path)
  if (declared) requests.note(declared, request, { code, ms: reply.elapsedTime })
}

/** Whatever is wrong with a packet's body is the one error of packets. */
function isBadBody({ error, status }: ApiError): boolean {
  return error === 'badParameter' && status === 200
}

function fromFramework(error: { code?: string }, request: FastifyRequest): ApiError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(request.routeOptions.bodyLimit ?? largeBody)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError(
        'badParameter',
        { zh: 'Content-Type 应为 application/json', en: 'Content-Type should be application/json' },
        { status: 415 },
      )
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
  ...pushes.map(one => [one.path, one.verifyUrl ? ['GET', 'POST'] : ['POST']] as const),
])

function notFound(ctx: Context, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = methodsOf.get(path)
  if (!methods && isOpenedByPerson(request)) return sendNotFoundPage(request, reply)
  if (!methods)
    return sendCallFailure(
      ctx,
      request,
      reply,
      new ApiError(
        'badParameter',
        { zh: `没有接口 ${path.slice(0, 200)}`, en: `there is no ${path.slice(0, 200)}` },
        { status: 404 },
      ),
    )
  reply.header('allow', methods.join(', '))
  const error = wrongMethod(path, methods)
  noteFailure(ctx, path, error, request, reply)
  return sendCallFailure(ctx, request, reply, error)
}
