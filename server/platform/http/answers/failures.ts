import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import { describeError } from '../../operation/log.ts'
import { DatabaseAway } from '../../storage/availability.ts'
import { languageAsked } from '../../words.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'
import { sendJson } from './send.ts'

export function sendFailure(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  return sendJson(reply.code(error.status), failureText(request, error))
}

export function failureHeaders(
  ctx: Pick<Core, 'publicUrl'>,
  request: FastifyRequest,
  { code, retryAfterSeconds }: ApiError,
): Record<string, string> {
  const place = languageAsked(request) === 'en' ? '/docs/en/errors/' : '/docs/errors/'
  const link = `<${ctx.publicUrl()}${place}${code}>; rel="help"`
  return retryAfterSeconds === undefined ? { link } : { link, 'retry-after': String(retryAfterSeconds) }
}

/** A failure of the API, with the address of the page about its code. */
export function sendCallFailure(
  ctx: Pick<Core, 'publicUrl'>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: ApiError,
): FastifyReply {
  return sendFailure(request, reply.headers(failureHeaders(ctx, request, error)), error)
}

export function failureText(request: FastifyRequest, error: ApiError): string {
  return `{"retCode":"${error.code}","retMessage":${JSON.stringify(error.messageIn(languageAsked(request)))}}`
}

/** Retry-After while the database is away, in seconds. */
export const retryAfterAwaySeconds = 5

/** Turns any unexpected error into 9999: its text goes to the log, and the caller gets the request id. */
export function toApiError(ctx: Core, path: string, request: FastifyRequest, error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof DatabaseAway) {
    ctx.log.warn({ requestId: request.id, path, error: error.message }, 'call failed')
    return new ApiError(
      'unavailable',
      {
        zh: '数据库暂时不可用，写入可能已经生效；请稍后再试，重复写入前先查询',
        en: 'the database is unavailable for the moment and a write may have taken effect: try again later, and look before you repeat a write',
      },
      { status: 503, retryAfterSeconds: retryAfterAwaySeconds },
    )
  }
  ctx.log.error({ requestId: request.id, path, ...describeError(error) }, 'call failed')
  return new ApiError('internal', {
    zh: told`请求编号 ${own(request.id)}`,
    en: told`request ${own(request.id)}`,
  })
}
