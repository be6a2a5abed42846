import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export async function insertTicket(
  db: Db,
  ticket: {
    id: string
    corpId: string
    appId: string
    sessionId: string | null
    memberId: number | null
    adminName: string | null
    createdAt: Date
    expiresAt: Date
  },
): Promise<void> {
  await db
    .insertInto('ticket')
    .values({
      id: ticket.id,
      corp_id: ticket.corpId,
      app_id: ticket.appId,
      session_id: ticket.sessionId,
      member_id: ticket.memberId,
      admin_name: ticket.adminName,
      created_at: ticket.createdAt,
      expires_at: ticket.expiresAt,
    })
    .execute()
}

export async function pruneTickets(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'ticket', sql`expires_at < ${before}`, atMost)
}

export async function dropTicketsOfApp(db: Db, appId: string): Promise<void> {
  await db.deleteFrom('ticket').where('app_id', '=', appId).execute()
}

/** Counts the valid tickets of an app. */
export async function countTicketsOfApp(db: Db, appId: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('ticket')
    .leftJoin('session', 'session.id', 'ticket.session_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('app_id', '=', appId)
    .where('ticket.expires_at', '>', now)
    .where('session.ended_at', 'is', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Deletes all tickets of these members, also those that were issued without a session. */
export async function dropTicketsOfMembers(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<void> {
  await sql`delete from ticket where corp_id = ${corpId} and member_id = any(${memberIds}::bigint[])`.execute(
    db,
  )
}
