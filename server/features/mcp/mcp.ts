import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkMayBeClear } from '../../callers/packets/packets.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import { toApiError } from '../../platform/http/answers/failures.ts'
import { homeHeaders } from '../../platform/http/answers/home.ts'
import { isHangUp, readBody } from '../../platform/http/bodies/read-body.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { senderOf } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { version } from '../../platform/version.ts'
import { type Language, languageOf, wordsIn } from '../../platform/words.ts'
import { callTool, mcpPath, type Needs } from './call-tool.ts'
import {
  isModern,
  isObject,
  type Message,
  negotiated,
  RpcError,
  readMessage,
  rpcCodes,
  supportedVersions,
} from './protocol.ts'
import { describe, toolsOf } from './tools.ts'

const bodyAtMost = 1_000_000
const serverInfo = { name: 'wisp', title: '微信一体化服务平台', version }
const capabilities = { tools: {} }
const instructions = {
  zh: '企业的通讯录、消息与待办。权限和数据范围与该 devToken 调用接口时相同。发送消息须先预览，经用户确认后再发送；写入待办同样先预览再确认。',
  en: "The organisation's address book, messages and to-dos, with the permissions and the data scope of the devToken. A message is previewed first, and sent when the user has agreed; so are to-dos before they are put.",
}
/** How long a client may keep what does not depend on a call, in ms. Scopes change seldom. */
const ttlMs = 60_000

type Result = Record<string, unknown>
type McpRequest = { message: Message; developer: Caller; request: FastifyRequest; reply: FastifyReply }

/**
 * MCP (Model Context Protocol) over `POST /mcp` with a devToken in the Authorization header: stateless Streamable HTTP with JSON
 * answers, in the revision without a handshake and in the two before it.
 */
export function registerMcp(app: FastifyInstance, ctx: Needs): void {
  app.register(async scope => {
    const callers = new WeakMap<FastifyRequest, Caller>()
    scope.addHook('onRequest', async (request, reply) => {
      checkOrigin(ctx, request)
      if (request.method !== 'POST') throw onlyPost()
      ctx.availability.check()
      await ctx.developers.lenderToRead({}, request)
      const developer = callerOf(ctx, request)
      callers.set(request, developer)
      reply.headers(homeHeaders(ctx, developer))
      ctx.bodies.belongsTo(request, senderOf(developer))
    })
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', (request, payload, done) =>
      readBody(ctx.bodies, request, payload, bodyAtMost, done),
    )
    scope.setErrorHandler((error, request, reply) => sendError(ctx, error, request, reply))
    scope.route({ method: ['GET', 'DELETE'], url: mcpPath, handler: () => Promise.reject(onlyPost()) })
    scope.post(mcpPath, async (request, reply) => {
      // The call of the API that a message leads to counts its own body.
      ctx.bodies.end(request)
      const message = readMessage((request.body as Buffer | undefined) ?? Buffer.alloc(0))
      const modern = isModern(message, request.headers)
      if (message.id === undefined) return finish(ctx, reply.code(202), '0').send()
      const asked = { message, developer: callers.get(request)!, request, reply }
      const result = await resultOf(app, ctx, asked, modern)
      return sendJson(finish(ctx, reply, '0'), { jsonrpc: '2.0', id: message.id, result })
    })
  })
}

/** Browsers name the page that asks; a page elsewhere must not reach a platform on somebody's own network (DNS rebinding). */
function checkOrigin(ctx: Needs, { headers: { origin } }: FastifyRequest): void {
  if (origin === undefined || origin === new URL(ctx.publicUrl()).origin) return
  const words = { zh: '不接受来自其他网站的请求', en: 'requests of other sites are not taken' }
  throw new RpcError(rpcCodes.invalidRequest, words, { status: 403 })
}

function onlyPost(): RpcError {
  const words = { zh: '应使用 POST', en: 'only POST is taken' }
  return new RpcError(rpcCodes.invalidRequest, words, { status: 405, headers: { allow: 'POST' } })
}

/** Tokens in addresses end up in logs, so that only the header is read. */
function callerOf(ctx: Needs, request: FastifyRequest): Caller {
  const developer = ctx.developers.identify({}, request)
  checkOn(ctx, developer.corpId, 'mcp')
  checkMayBeClear(developer)
  return developer
}

async function resultOf(
  app: FastifyInstance,
  ctx: Needs,
  asked: McpRequest,
  modern: boolean,
): Promise<Result> {
  const { message, developer, request } = asked
  const language = languageOf(request.headers['accept-language'])
  const general = modern ? { ttlMs, cacheScope: 'private' } : {}
  const more = modern
    ? { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo } }
    : {}
  switch (message.method) {
    case 'tools/list':
      return {
        tools: toolsOf(ctx, developer).map(tool => describe(tool, language)),
        ...general,
        ...more,
      }
    case 'tools/call':
      return { ...(await callNamed(app, ctx, asked)), ...more }
    case 'server/discover':
      if (!modern) break
      return { supportedVersions, capabilities, instructions: instructions[language], ...general, ...more }
    case 'initialize':
      if (modern) break
      return { ...begin(message), instructions: instructions[language] }
    case 'ping':
      if (modern) break
      return {}
  }
  const words = `Method not found: ${message.method.slice(0, 100)}`
  throw new RpcError(rpcCodes.methodNotFound, words, { status: modern ? 404 : 200, id: message.id })
}

function begin({ params }: Message): Result {
  return { protocolVersion: negotiated(params['protocolVersion']), capabilities, serverInfo }
}

async function callNamed(app: FastifyInstance, ctx: Needs, { message, request, reply }: McpRequest) {
  const { name, arguments: given = {} } = message.params
  const tool = ctx.offered.tools.find(one => one.name === name)
  if (!tool) {
    const words = {
      zh: `没有工具 ${String(name).slice(0, 100)}`,
      en: `there is no tool ${String(name).slice(0, 100)}`,
    }
    throw new RpcError(rpcCodes.invalidParams, words, { status: 200, id: message.id })
  }
  if (!isObject(given)) {
    const words = { zh: 'arguments 应为 JSON 对象', en: 'arguments should be a JSON object' }
    throw new RpcError(rpcCodes.invalidParams, words, { status: 200, id: message.id })
  }
  const { requestId, ...result } = await callTool(app, ctx, tool, given, request)
  if (requestId) reply.header('x-request-id', requestId)
  return result
}

function sendError(ctx: Needs, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isHangUp(error, request)) return reply
  const language = languageOf(request.headers['accept-language'])
  const known = error instanceof RpcError ? error : rpcErrorOf(ctx, error, request, language)
  const { code, words, data, id, status, headers } = known
  const told = { code, message: wordsIn(language, words), ...(data === undefined ? {} : { data }) }
  // As in app.ts: the sender of a body that was not read to its end should get its answer.
  reply.removeHeader('connection')
  finish(ctx, reply.code(status).headers(headers), String(code))
  return sendJson(reply, { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error: told })
}

/** What fails before a message is read: the retCode is the error's code. */
function rpcErrorOf(ctx: Needs, error: unknown, request: FastifyRequest, language: Language): RpcError {
  const { statusCode: refused = 500 } = error as { statusCode?: number }
  if (!(error instanceof ApiError) && refused >= 400 && refused < 500)
    return new RpcError(rpcCodes.invalidRequest, (error as Error).message, { status: refused })
  const known = toApiError(ctx, mcpPath, request, error)
  if (known.status === 413) return new RpcError(rpcCodes.invalidRequest, known.detail, { status: 413 })
  const { code: retCode, retryAfterSeconds } = known
  const retMessage = known.messageIn(language)
  const status = statusOf(known)
  const headers = {
    ...(status === 401 ? { 'www-authenticate': challengeOf(known) } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  const data = { retCode, retMessage }
  return new RpcError(Number(retCode), `${retCode} ${retMessage}`, { status, data, headers })
}

function statusOf({ error, status }: ApiError): number {
  if (status !== 200) return status
  if (error === 'deadToken' || error === 'missingParameter') return 401
  return error === 'internal' ? 500 : 403
}

/** RFC 6750: a request without a token is told only how to bring one. */
function challengeOf({ error }: ApiError): string {
  return error === 'deadToken' ? 'Bearer realm="wisp", error="invalid_token"' : 'Bearer realm="wisp"'
}

function finish(ctx: Needs, reply: FastifyReply, code: string): FastifyReply {
  ctx.metrics.countCall(mcpPath, code, reply.elapsedTime)
  return reply
}

/** Answers carry people, which no cache on the way may keep. */
function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(JSON.stringify(body))
}
