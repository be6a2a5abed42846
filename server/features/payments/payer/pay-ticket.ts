/**
 * The shortcut 一码通 writes nothing. The ticket of the payment page is the hash of the caller's ticket with our signature. It is
 * not stored, is the same each time, is valid only for that page, and expires with the ticket that it belongs to.
 */

import { seenAfterOfEach } from '../../../callers/sessions/sessions.ts'
import { liveTicket, type TicketRow } from '../../../callers/tickets/live-ticket-store.ts'
import { hashTicket } from '../../../callers/tickets/tickets.ts'
import type { Core } from '../../../platform/core.ts'
import type { Amr } from '../../../platform/http/visitor.ts'
import { createBatcher } from '../../../platform/storage/batcher.ts'
import { type TicketWithBills, ticketsWithBills } from './shortcut-store.ts'

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
): Promise<{ corpId: string; memberId: number; amr: Amr[] } | undefined> {
  const hash = payTicket.slice(0, hashLength)
  if (!ctx.seal.isSigned(purpose, hash, payTicket.slice(hashLength))) return undefined
  const now = ctx.now()
  const id = Buffer.from(hash, 'base64url').toString('hex')
  const ticket = await liveTicket(ctx.db, id, new Date(now), seenAfterOfEach(now))
  if (!ticket?.memberId || !isGood(ticket)) return undefined
  return { corpId: ticket.corpId, memberId: ticket.memberId, amr: ticket.amr }
}

/** Reads who waits for what; the calls of one moment share a statement. */
export type Shortcut = (jessionId: string) => Promise<TicketWithBills | undefined>

const ticketsAtOnce = 200

/** The live ticket of the payment app or of an app that is marked as 一码通, and how many bills wait. Nothing is written. */
export function createShortcut(ctx: Pick<Core, 'db' | 'now'>): Shortcut {
  const read = createBatcher<string, TicketWithBills | undefined>(async ids => {
    const now = ctx.now()
    const found = await ticketsWithBills(ctx.db, ids, new Date(now), seenAfterOfEach(now))
    const good = new Map(found.filter(isGood).map(ticket => [ticket.id, ticket]))
    return ids.map(id => good.get(id))
  }, ticketsAtOnce)
  return jessionId => read(hashTicket(jessionId))
}

const isGood = (ticket: TicketRow) => ticket.isPaymentApp || ticket.paysByShortcut
