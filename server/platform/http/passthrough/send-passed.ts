import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageAsked } from '../../words.ts'
import { foreignFile, sendJson } from '../answers/send.ts'
import type { UpstreamCode } from '../errors.ts'
import { success } from '../wire.ts'

/** A vendor's answer as it came: its JSON, or bytes with their own content type. */
export type PassedAnswer = { upstream: UpstreamCode } & (
  | { json: string }
  | { bytes: Buffer; type: string; disposition: string }
)

/** JSON becomes the `body` of the envelope to the letter. Bytes leave as they are, as a file that no browser shows. */
export function sendPassed(request: FastifyRequest, reply: FastifyReply, answer: PassedAnswer): FastifyReply {
  if ('json' in answer) return sendJson(reply, `${success[languageAsked(request)]}${answer.json}}`)
  return reply
    .header('content-type', answer.type || 'application/octet-stream')
    .headers(foreignFile(answer.disposition))
    .header('cache-control', 'no-store')
    .send(answer.bytes)
}
