import { sql } from 'kysely'
import type { SessionCutoffs } from '../../../callers/sessions/session-store.ts'
import { selectLiveTickets, type TicketRow } from '../../../callers/tickets/live-ticket-store.ts'
import type { Db } from '../../../platform/storage/db.ts'

export type TicketWithBills = TicketRow & { id: string; waiting: number }

/** Returns the valid tickets, each with the number of bills that wait for its member: two indexed reads in one statement. */
export async function ticketsWithBills(
  db: Db,
  ids: readonly string[],
  now: Date,
  seenAfter: SessionCutoffs,
): Promise<TicketWithBills[]> {
  const waiting = sql<number>`(select count(*)::int from pay_bill
    where corp_id = ticket.corp_id and payer_id = ticket.member_id and state = 'open')`
  return selectLiveTickets(db, ids, now, seenAfter)
    .select(['ticket.id', waiting.as('waiting')])
    .execute()
}
