/**
 * A tool of MCP is a call of the API, made inside the process through the whole gate, so that scopes, data scope, packets,
 * limits, counts and logs are the same. Only the preview of a send is no call of the API; it asks the same gate and sends
 * nothing.
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Limits } from '../../callers/limits/limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { toApiError } from '../../platform/http/answers/failures.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { knownNames, unknownInputs, unknownNames } from '../../platform/http/mistakes/unknown-names.ts'
import type { Scope } from '../../platform/http/scope.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { AnyTool } from '../../platform/manifest/tool.ts'
import { type Language, languageOf } from '../../platform/words.ts'
import type { Setups } from '../channels/channel.ts'
import {
  checkConfirmation,
  confirmationEnded,
  confirmationFor,
  confirmWithinMinutes,
} from './confirmation.ts'

export type Needs = Core & {
  bodies: BodiesInProgress
  corps: Corps
  developers: Developers
  limits: Limits
  messageSettings: Setups
  mirrors: Mirrors
  offered: FeatureOffers
}
type Arguments = Record<string, unknown>
export type ToolResult = {
  content: { type: 'text'; text: string }[]
  isError: boolean
  /** The request id of the API's call, by which the request log finds it. */
  requestId?: string
}

export const mcpPath = '/mcp'
/** In characters. What is longer than this fills the memory of a model with one answer. */
const answerAtMost = 100_000

/** Runs a tool. An error is returned to the model as its result, so that the model can correct the call; nothing is thrown. */
export async function callTool(
  app: FastifyInstance,
  ctx: Needs,
  tool: AnyTool,
  given: Arguments,
  request: FastifyRequest,
): Promise<ToolResult> {
  const language = languageOf(request.headers['accept-language'])
  try {
    checkNames(tool, given)
    if (!tool.confirmed) return await callApi(app, tool, given, request, language)
    const { confirm = false, ...message } = given
    if (typeof confirm !== 'boolean')
      throw new ApiError('badParameter', {
        zh: 'confirm 应为 true 或 false',
        en: 'confirm should be true or false',
      })
    if (!confirm) return await preview(ctx, tool, message, request, language)
    await checkConfirmed(ctx, tool, message, request)
    const { requestId: _, ...rest } = message
    const takesId = tool.inputs.includes('requestId')
    return await callApi(app, tool, takesId ? message : rest, request, language)
  } catch (error) {
    const known = toApiError(ctx, mcpPath, request, error)
    return refused(known.code, known.messageIn(language), known.retryAfterSeconds)
  }
}

/** A wrong name must not pass for an input that was left out, such as a receiver. */
function checkNames({ endpoint, inputs, confirmed }: AnyTool, given: Arguments): void {
  const ofConfirmation = confirmed ? ['confirm', 'requestId'] : []
  const wrong = Object.keys(given).find(name => !inputs.includes(name) && !ofConfirmation.includes(name))
  if (wrong === undefined) {
    const inside = unknownNames(knownNames(endpoint.input, ofConfirmation), given)
    if (inside) throw unknownInputs(inside)
    return
  }
  const name = wrong.slice(0, 100)
  const known = inputs.join(', ')
  throw new ApiError('badParameter', {
    zh: told`没有参数 ${name}，可用的参数：${own(known)}`,
    en: told`there is no argument ${name}; there are ${own(known)}`,
  })
}

/**
 * Makes the call as any other caller would, in this process: token, addresses, scope, data scope, packets, limits, counts and the
 * request log are those of the API, today and after whatever changes there.
 */
async function callApi(
  app: FastifyInstance,
  { endpoint: { path, methods }, defaults }: AnyTool,
  given: Arguments,
  request: FastifyRequest,
  language: Language,
): Promise<ToolResult> {
  const isPost = methods[0] === 'POST'
  const all = { ...defaults, ...given }
  const answer = await app.inject({
    method: isPost ? 'POST' : 'GET',
    url: path,
    ...(isPost ? { payload: all } : { query: queryOf(all) }),
    headers: { authorization: request.headers.authorization ?? '', 'accept-language': language },
    remoteAddress: request.ip,
  })
  const requestId = String(answer.headers['x-request-id'])
  const { retCode, retMessage, body } = answer.json<{ retCode: string; retMessage: string; body: unknown }>()
  const isGood = retCode === '0'
  const result = isGood
    ? success(body, language)
    : refused(retCode, retMessage, answer.headers['retry-after'])
  return { ...result, requestId }
}

function queryOf(given: Arguments): Record<string, string> {
  const pairs = Object.entries(given).filter(([, value]) => value !== null && value !== '')
  return Object.fromEntries(
    pairs.map(([name, value]) => {
      if (typeof value === 'string' || typeof value === 'number') return [name, String(value)]
      throw new ApiError('badParameter', {
        zh: told`${name} 应为字符串`,
        en: told`${name} should be a string`,
      })
    }),
  )
}

/**
 * Only what was previewed is sent, and only for the developer who previewed it. An expired confirmation still returns the answer of
 * what was sent with it, because a model that lost the answer and began with another preview would send twice.
 */
async function checkConfirmed(
  ctx: Needs,
  tool: AnyTool,
  message: Arguments,
  request: FastifyRequest,
): Promise<void> {
  const developer = ctx.developers.authenticate({}, request, scopeOf(tool))
  const { requestId } = message
  if (!requestId)
    throw new ApiError('missingParameter', {
      zh: 'requestId：先不带 confirm 调用一次，应答中有 requestId',
      en: 'requestId: call without confirm first, whose answer has one',
    })
  const { hasEnded } = checkConfirmation(ctx, developer.devId, message)
  if (!hasEnded) return
  // The manifests have the compiler check that the context has what each of them takes.
  if (!(await tool.confirmed?.wasMade?.(ctx as never, developer, String(requestId))))
    throw confirmationEnded()
}

function scopeOf({ endpoint: { access } }: AnyTool): Scope | undefined {
  return access.by === 'developer' ? access.scope : undefined
}

/** The same gate as that of a send, before anything is told of its receivers. */
async function preview(
  ctx: Needs,
  tool: AnyTool,
  message: Arguments,
  request: FastifyRequest,
  language: Language,
): Promise<ToolResult> {
  const developer = ctx.developers.authenticate({}, request, scopeOf(tool))
  const { refusal } = ctx.limits.admit(developer, 'read')
  if (refusal) throw refusal
  const foreseen = await ctx.developers.withSlot(developer, () =>
    ctx.mirrors.during(developer.corpId, () =>
      tool.confirmed!.preview(ctx as never, developer, message, language),
    ),
  )
  const requestId = confirmationFor(ctx, developer.devId, message)
  const next = {
    zh: `什么都没有做。用户确认后，在 ${confirmWithinMinutes} 分钟内以同样的参数加上此 requestId 和 confirm: true 再次调用。`,
    en: `Nothing was done. When the user has agreed, call again within ${confirmWithinMinutes} minutes with the same arguments, this requestId and confirm: true.`,
  }
  return success({ requestId, next: next[language], ...foreseen }, language)
}

function success(body: unknown, language: Language): ToolResult {
  const text = JSON.stringify(body)
  if (text.length <= answerAtMost) return { content: [{ type: 'text', text }], isError: false }
  const zh = `应答有 ${text.length} 个字符，超过 ${answerAtMost}：请缩小范围，例如给出 orgId，或减小 pageSize、limit`
  const en = `the answer has ${text.length} characters, more than ${answerAtMost}: ask for less, by an orgId or a smaller pageSize or limit`
  return failure({ zh, en }[language])
}

function refused(retCode: string, retMessage: string, retryAfter: unknown): ToolResult {
  const later = retryAfter === undefined ? '' : ` (Retry-After: ${retryAfter})`
  return failure(`${retCode} ${retMessage}${later}`)
}

function failure(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}
