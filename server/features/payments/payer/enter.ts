import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import { makePayTicket } from './pay-ticket.ts'
import { keepTicket, type PayerNeeds, payerOfTicket } from './payer.ts'

/**
 * Somebody opens the payer's page, perhaps by a link with a ticket: of an app (`jessionId`), or made for the page (`ticket`). It
 * moves into a cookie, and the browser to the address without it. WeChat lets pages pay that are below the directory /pay/, which
 * the address without the slash is not. Undefined when the page itself is to be sent.
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
  const [path = ''] = request.url.split('?', 1)
  if (given === undefined && path !== '/pay') return undefined
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  const fault = given === undefined ? undefined : await takeTicket(ctx, request, reply, given)
  if (fault) return reply.redirect(`/pay/?fault=${fault}`)
  const kept = Object.entries(rest).filter((one): one is [string, string] => typeof one[1] === 'string')
  const query = new URLSearchParams(kept)
  const address = path === '/pay' ? '/pay/' : path
  return reply.redirect(query.size > 0 ? `${address}?${query}` : address)
}

/** Why the page is not opened by it: it is dead, or somebody else is signed in here. */
async function takeTicket(
  ctx: PayerNeeds & { sessions: Sessions },
  request: FastifyRequest,
  reply: FastifyReply,
  ticket: string,
): Promise<'link' | 'foreign' | undefined> {
  ctx.availability.check()
  const payer = await payerOfTicket(ctx, ticket)
  if (!payer) return 'link'
  const visitor = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  if (visitor?.member && visitor.member.id !== payer.member.id) return 'foreign'
  keepTicket(ctx, request, reply, ticket)
  return undefined
}
