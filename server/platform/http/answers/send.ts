import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageAsked } from '../../words.ts'
import { ApiError } from '../errors.ts'
import type { SealedAnswer } from '../gate.ts'
import type { Answer } from '../output.ts'
import { envelope, inEnglish, success, wireBytes } from '../wire.ts'

const jsonType = 'application/json; charset=utf-8'

/** `more` are headers that every answer to the request has, also a failure. */
export function sendBody(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: string | Answer,
  more?: Record<string, string>,
): FastifyReply {
  const language = languageAsked(request)
  if (typeof answer !== 'string' && 'wire' in answer)
    return sendWire(request, reply, envelope(answer.wire, language), more)
  if (typeof answer !== 'string' && 'stream' in answer) {
    const { raw } = reply.hijack()
    for (const [name, value] of Object.entries(more ?? {})) raw.setHeader(name, value)
    answer.stream(raw, request.id)
    return reply
  }
  if (more) reply.headers(more)
  if (typeof answer === 'string') return sendJson(reply, `${success[language]}${answer}}`)
  if ('file' in answer) {
    if (answer.attachment) reply.headers(foreignFile(answer.attachment))
    const { maxAgeSeconds: age } = answer
    return reply
      .header('content-type', answer.type)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', age === 'not kept' ? 'no-store' : `private, max-age=${age}`)
      .send(answer.file)
  }
  const isKept = language === 'zh'
  const etag = isKept ? answer.etag : answer.etag.replace(/"$/, `-${language}"`)
  reply
    .header('etag', etag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'accept-language')
    .header('x-content-type-options', 'nosniff')
  if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.header('content-type', jsonType).send(isKept ? answer.envelope : inEnglish(answer.envelope))
}

/** For bytes of strangers: a file that no browser shows, and that runs nothing where one does. */
export function foreignFile(disposition: string): Record<string, string> {
  return {
    'content-disposition': disposition,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  }
}

/** A cache may offer several ETags, and a compressing proxy turns ours into weak ones. */
function isCurrent(offered: string | undefined, etag: string): boolean {
  if (!offered) return false
  return offered === '*' || offered.split(',').some(one => one.trim().replace(/^W\//, '') === etag)
}

/** Bypasses Fastify's send, which writes header and body to the socket separately; here they leave together. */
export function sendWire(
  request: FastifyRequest,
  reply: FastifyReply,
  wire: string,
  more: Record<string, string> = {},
  status = 200,
): FastifyReply {
  reply.hijack()
  const headers = {
    ...more,
    'content-type': jsonType,
    'content-length': wire.length,
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  reply.raw.writeHead(status, headers).end(wire, 'latin1')
  return reply
}

export function sendSealed(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, body }: SealedAnswer,
  more?: Record<string, string>,
): FastifyReply {
  return sendWire(request, reply, body, { ...headers, ...more })
}

/** The answer as it is encrypted; a file is a body of its type and its bytes in base64. */
export function wholeEnvelope(request: FastifyRequest, answer: string | Answer): Buffer {
  const language = languageAsked(request)
  if (typeof answer === 'string') return Buffer.from(`${success[language]}${answer}}`)
  if ('stream' in answer) throw streamsClear()
  if ('wire' in answer) return wireBytes(envelope(answer.wire, language))
  if ('envelope' in answer) return language === 'zh' ? answer.envelope : inEnglish(answer.envelope)
  const body = JSON.stringify({ type: answer.type, data: answer.file.toString('base64') })
  return Buffer.from(`${success[language]}${body}}`)
}

function streamsClear(): ApiError {
  return new ApiError('badParameter', {
    zh: '事件流不能用加密报文调用',
    en: 'an event stream cannot be called as a packet',
  })
}

/** Answers carry tokens and people, which no cache on the way may keep. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply
    .header('content-type', jsonType)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(json)
}
