import { sql } from 'kysely'
import { type SeenAfter, selectLiveTicket, type TicketRow } from '../../people/ticket-store.ts'
import type { Db } from '../../storage/db.ts'

export type TicketWithBills = TicketRow & { waiting: number }

/** A valid ticket with the number of bills that wait for its member: two indexed reads in one statement. */
export async function ticketWithBills(
  db: Db,
  id: string,
  now: Date,
  seenAfter: SeenAfter,
): Promise<TicketWithBills | undefined> {
  const waiting = sql<number>`(select count(*)::int from pay_bill
    where corp_id = ticket.corp_id and payer_id = ticket.member_id and state = 'open')`
  return selectLiveTicket(db, id, now, seenAfter).select(waiting.as('waiting')).executeTakeFirst()
}
