import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { sendCallFailure, toApiError } from '../../platform/http/answers/failures.ts'
import { sendBody } from '../../platform/http/answers/send.ts'
import { sizeOfInputs } from '../../platform/http/bodies/body-size.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { givenInput, writeBody } from '../../platform/http/endpoint.ts'
import { type Fields, readInput, type Values } from '../../platform/http/input.ts'
import { writerOf } from '../../platform/http/output.ts'
import { createSlots } from '../../platform/http/waiting/slots.ts'
import { type InboxReader, type ReaderNeeds, readerOf, ticketOf } from './reader.ts'
import { type InboxTicket, openTicket } from './ticket.ts'

type CallNeeds = ReaderNeeds & { bodies: BodiesInProgress }

export type InboxRequest<F extends Fields> = {
  input: Values<F>
  reader: InboxReader
  request: FastifyRequest
  reply: FastifyReply
}

/** A call of a page of another site, which has no session here: the ticket in Authorization is all that counts, never a cookie. */
export type InboxCall<F extends Fields, S extends TSchema, C> = {
  method: 'GET' | 'POST'
  path: `/inbox/${string}`
  input: F
  output: S
  /** Open pages make it on their own and it may wait: it is no use of the session, and keeps no slot while it waits. */
  isWaiting?: true
  /** Undefined when it has sent the reply itself. */
  handle: (ctx: C, call: InboxRequest<F>) => Static<S> | undefined | Promise<Static<S> | undefined>
}

type AnyInboxCall<C> = Omit<InboxCall<Fields, TSchema, C>, 'handle'> & {
  handle: (ctx: C, call: never) => unknown
}

export function inboxCall<const F extends Fields, S extends TSchema, C>(declared: InboxCall<F, S, C>) {
  return declared
}

/** How many calls of one person by one developer work at once on a node, and how many more may wait. */
const slotsOfPerson = { atOnce: 4, waiting: 20 }
const preflightSeconds = 7200

export function registerInboxCalls<C extends CallNeeds>(
  app: FastifyInstance,
  ctx: C,
  calls: readonly AnyInboxCall<C>[],
): void {
  const withSlot = createSlots(slotsOfPerson.atOnce, slotsOfPerson.waiting)
  for (const declared of calls) {
    const { method, path, input, output } = declared
    const write = writerOf(output)
    app.route({
      method: 'OPTIONS',
      url: path,
      handler: (request, reply) => answerPreflight(request, reply, method),
    })
    app.route({
      method,
      url: path,
      config: { bodySize: sizeOfInputs(input) },
      // A body is read only for a ticket that is good so far.
      onRequest(request, reply, done) {
        reply.header('cache-control', 'no-store')
        allowOrigin(ctx, request, reply)
        try {
          const { corpId, memberId } = ticketOfRequest(ctx, request)
          if (method === 'POST') ctx.bodies.belongsTo(request, `inbox ${corpId} ${memberId}`)
          done()
        } catch (error) {
          sendCallFailure(ctx, request, reply, toApiError(ctx, path, request, error))
        }
      },
      async handler(request, reply) {
        try {
          const ticket = ticketOfRequest(ctx, request)
          const admit = () => {
            ctx.availability.check()
            return readerOf(ctx, ticket, !declared.isWaiting)
          }
          const handle = (reader: InboxReader) => {
            const values = readInput(input, givenInput(request))
            return declared.handle(ctx, { input: values, reader, request, reply } as never)
          }
          const key = `${ticket.devId} ${ticket.memberId}`
          const answer = declared.isWaiting
            ? await handle(await withSlot(key, admit))
            : await withSlot(key, async () => handle(await admit()))
          return reply.sent ? reply : sendBody(request, reply, writeBody(answer, write))
        } catch (error) {
          if (reply.sent) return reply
          return sendCallFailure(ctx, request, reply, toApiError(ctx, path, request, error))
        } finally {
          ctx.bodies.end(request)
        }
      },
    })
  }
}

export function ticketOfRequest(ctx: ReaderNeeds, { headers }: FastifyRequest): InboxTicket {
  return ticketOf(ctx, headers.authorization, headers.origin)
}

/** Pages of another site than the ticket's read nothing, not even why. */
function allowOrigin(ctx: ReaderNeeds, { headers }: FastifyRequest, reply: FastifyReply): void {
  const { origin, authorization = '' } = headers
  reply.header('vary', 'Origin').header('access-control-expose-headers', 'Date')
  const ticket = openTicket(ctx, authorization.replace(/^Bearer /, ''))
  if (origin !== undefined && (!ticket || ticket.origin === origin))
    reply.header('access-control-allow-origin', origin)
}

/** A preflight carries no ticket, so that it is answered alike for every site. */
function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply, method: string): FastifyReply {
  return reply
    .code(204)
    .header('vary', 'Origin')
    .header('access-control-allow-origin', headers.origin ?? 'null')
    .header('access-control-allow-methods', method)
    .header('access-control-allow-headers', 'Authorization, Content-Type')
    .header('access-control-max-age', String(preflightSeconds))
    .send()
}
