import type { Core } from '../../core.ts'
import { seenAfter } from '../../people/sessions.ts'
import { liveTicket, type TicketRow } from '../../people/store.ts'
import { hashTicket } from '../../people/tickets.ts'

const purpose = 'pay-ticket'
/** SHA-256 in base64url. */
const hashLength = 43

/**
 * The ticket of the payment page that belongs to a caller's ticket: the same each time, and stored nowhere. It is the hash of
 * the caller's ticket with our signature, so that it opens the payment page and cannot be turned back.
 */
export function makePayTicket(ctx: Core, jessionId: string): string {
  const hash = Buffer.from(hashTicket(jessionId), 'hex').toString('base64url')
  return hash + ctx.seal.sign(purpose, hash)
}

/**
 * The member whose bills such a ticket shows. Undefined when the caller's ticket does not live any more, and for the local
 * administrator, who has no bills.
 */
export async function personOfPayTicket(
  ctx: Core,
  payTicket: string,
): Promise<{ corpId: string; memberId: number } | undefined> {
  const hash = payTicket.slice(0, hashLength)
  if (!ctx.seal.isSigned(purpose, hash, payTicket.slice(hashLength))) return undefined
  const ticket = await ticketWithHash(ctx, Buffer.from(hash, 'base64url').toString('hex'))
  return ticket?.memberId ? { corpId: ticket.corpId, memberId: ticket.memberId } : undefined
}

/** The live ticket of the payment app or of an app that is marked as 一码通. One indexed read; nothing is written. */
export function shortcutTicket(ctx: Core, jessionId: string): Promise<TicketRow | undefined> {
  return ticketWithHash(ctx, hashTicket(jessionId))
}

async function ticketWithHash(ctx: Core, hash: string): Promise<TicketRow | undefined> {
  const ticket = await liveTicket(ctx.db, hash, new Date(ctx.now()), seenAfter(ctx.now()))
  return ticket && (ticket.isPaymentApp || ticket.paysByShortcut) ? ticket : undefined
}
