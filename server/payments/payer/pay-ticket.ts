import type { Core } from '../../core.ts'
import { seenAfter } from '../../people/sessions.ts'
import { liveTicket, type TicketRow } from '../../people/store.ts'
import { hashTicket } from '../../people/tickets.ts'

/** Whose bills a ticket shows. `memberId` is null for the local administrator, who has none. */
export type TicketHolder = { corpId: string; memberId: number | null }

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

/** Who opened the payment page with such a ticket; undefined when the caller's ticket does not live any more. */
export async function holderOfPayTicket(ctx: Core, payTicket: string): Promise<TicketHolder | undefined> {
  const hash = payTicket.slice(0, hashLength)
  if (!ctx.seal.isSigned(purpose, hash, payTicket.slice(hashLength))) return undefined
  return holderOf(ctx, Buffer.from(hash, 'base64url').toString('hex'), isGoodForShortcut)
}

/** Whose ticket of the payment app, or of an app that is marked as 一码通, this is. One indexed read; nothing is written. */
export function holderOfShortcutTicket(ctx: Core, jessionId: string): Promise<TicketHolder | undefined> {
  return holderOf(ctx, hashTicket(jessionId), isGoodForShortcut)
}

/** Who opened the payment app itself from the portal. */
export function holderOfAppTicket(ctx: Core, jessionId: string): Promise<TicketHolder | undefined> {
  return holderOf(ctx, hashTicket(jessionId), ticket => ticket.isPaymentApp)
}

const isGoodForShortcut = (ticket: TicketRow) => ticket.isPaymentApp || ticket.paysByShortcut

async function holderOf(
  ctx: Core,
  ticketId: string,
  isGood: (ticket: TicketRow) => boolean,
): Promise<TicketHolder | undefined> {
  const ticket = await liveTicket(ctx.db, ticketId, new Date(ctx.now()), seenAfter(ctx.now()))
  return ticket && isGood(ticket) ? { corpId: ticket.corpId, memberId: ticket.memberId } : undefined
}
