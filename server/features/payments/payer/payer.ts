/**
 * The session decides whose bills the page shows, then the ticket in its cookie. A ticket opens only this page and leaves the
 * address at once. An openid is kept sealed for its payer and AppID. What WeChat's client says about a payment does not count.
 */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, isSecure, readCookie, setCookie } from '../../../callers/sessions/cookies.ts'
import { countsAsActive } from '../../../callers/sessions/counts-as-active.ts'
import { ticketSeconds } from '../../../callers/tickets/tickets.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOpen } from '../../../organisation/corps/suspension/check-open.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { refused } from '../../../platform/http/page-call.ts'
import type { Identity, Visitor } from '../../../platform/http/visitor.ts'
import { personOfPayTicket } from './pay-ticket.ts'

export type PayerNeeds = Core & { corps: Corps; mirrors: Mirrors }

/** Whose bills the page shows; `ticket` when one opened it, rather than a session. */
export type Payer = { corpId: string; member: Identity; ticket?: string }

/**
 * Who asks: the member who is signed in in this browser, or else whose ticket opened the page. Nobody pays another's bills
 * because a link with a foreign ticket was opened before, so the session decides. Throws 401, and 403 for a local account and while the
 * corp is suspended.
 */
export async function payerOf(
  ctx: PayerNeeds,
  request: FastifyRequest,
  visitor: Visitor | undefined,
): Promise<Payer> {
  if (visitor?.member) return served(ctx, { corpId: visitor.corpId, member: visitor.member })
  const ticket = readCookie(request, cookieName(ctx, request, 'payer'))
  const payer = ticket ? await payerOfTicket(ctx, ticket) : undefined
  if (payer) return served(ctx, payer)
  if (visitor) throw refused({ zh: '系统账号没有账单', en: 'a local account has no bills' })
  throw new ApiError(
    'forbidden',
    {
      zh: '登录已失效，请从一码通或工作台重新打开统一支付',
      en: 'the sign-in has expired: open 统一支付 (Payments) from 一码通 or the workbench again',
    },
    { status: 401 },
  )
}

function served(ctx: PayerNeeds, payer: Payer): Payer {
  checkOpen(ctx, payer.corpId, 403)
  return payer
}

/** Returns the corp of the ticket that opened the page, for the look of the page. */
export async function corpOfTicket(ctx: Core, request: FastifyRequest): Promise<string | undefined> {
  const ticket = readCookie(request, cookieName(ctx, request, 'payer'))
  return ticket ? (await personOfPayTicket(ctx, ticket))?.corpId : undefined
}

/** Undefined when the ticket is dead, or its member may not act any more. */
export async function payerOfTicket(ctx: PayerNeeds, ticket: string): Promise<Payer | undefined> {
  const holder = await personOfPayTicket(ctx, ticket)
  if (!holder) return undefined
  const { corpId, memberId, amr } = holder
  const find = () => ctx.mirrors.of(corpId).members.byId(memberId)
  const member = await ctx.mirrors.during(corpId, find, { ids: [memberId] })
  return member && isListed(member) && countsAsActive(member, amr) ? { corpId, member, ticket } : undefined
}

export function keepTicket(ctx: Core, request: FastifyRequest, reply: FastifyReply, ticket: string): void {
  setCookie(reply, cookieName(ctx, request, 'payer'), ticket, ticketSeconds, isSecure(ctx, request))
}

/** Bills of others are not told from bills that do not exist. */
export function unknownBill(): ApiError {
  return new ApiError('badParameter', {
    zh: '没有这张账单，或它不是您的；请从账单列表重新打开',
    en: 'there is no such bill, or it is not yours: open it again from the list of bills',
  })
}
