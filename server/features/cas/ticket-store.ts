import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type Ticket = {
  corpId: string
  /** SHA-256 of what the browser carries. */
  id: string
  appId: string
  memberId: number
  /** Of wisp. */
  sessionId: string
  /** SHA-256 of it as services are compared. */
  service: string
  logoutUri: string
  isNew: boolean
  authAt: Date
  endsAt: Date
}

export async function insertTicket(db: Db, ticket: Ticket): Promise<void> {
  const { corpId, id, appId, memberId, sessionId, service, logoutUri, isNew, authAt, endsAt } = ticket
  await db
    .insertInto('cas_ticket')
    .values({
      corp_id: corpId,
      id,
      app_id: appId,
      member_id: memberId,
      session_id: sessionId,
      service,
      logout_uri: logoutUri,
      is_new: isNew,
      auth_at: authAt,
      ends_at: endsAt,
    })
    .execute()
}

/** Takes it away, so that of all nodes only one ever gets it. */
export async function takeTicket(db: Db, corpId: string, id: string): Promise<Ticket | undefined> {
  const row = await db
    .deleteFrom('cas_ticket')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return (
    row && {
      corpId: row.corp_id,
      id: row.id,
      appId: row.app_id,
      memberId: row.member_id,
      sessionId: row.session_id,
      service: row.service,
      logoutUri: row.logout_uri,
      isNew: row.is_new,
      authAt: row.auth_at,
      endsAt: row.ends_at,
    }
  )
}

export async function pruneTickets(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'cas_ticket', sql`ends_at < ${before}`, atMost)
}
