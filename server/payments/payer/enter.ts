import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sessions } from '../../people/sessions.ts'
import { makePayTicket } from './pay-ticket.ts'
import { keepTicket, type PayerNeeds, payerOfTicket } from './payer.ts'

/**
 * Somebody opens the payer's page by a link with a ticket: of the app (`jessionId`), or made for the page (`ticket`). It moves into
 * a cookie, and the browser to the address without it. Undefined when the address has none, and the page can be sent.
 */
export async function enterPayerPage(
  ctx: PayerNeeds & { sessions: Sessions },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { jessionId, ticket, ...rest } = request.query as Record<string, unknown>
  const given =
    typeof ticket === 'string'
      ? ticket
      : typeof jessionId === 'string'
        ? makePayTicket(ctx, jessionId)
        : undefined
  if (given === undefined) return undefined
  ctx.availability.check()
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  const payer = await payerOfTicket(ctx, given)
  if (!payer) return reply.redirect('/pay?fault=link')
  const visitor = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  if (visitor?.member && visitor.member.id !== payer.member.id) return reply.redirect('/pay?fault=foreign')
  keepTicket(ctx, request, reply, given)
  const kept = Object.entries(rest).filter((one): one is [string, string] => typeof one[1] === 'string')
  const query = new URLSearchParams(kept)
  const path = request.url.split('?', 1)[0] ?? '/pay'
  return reply.redirect(query.size > 0 ? `${path}?${query}` : path)
}
