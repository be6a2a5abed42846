import { sql } from 'kysely'
import type { PruneOrder } from '../operation/retention.ts'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'

export type TicketRow = {
  corpId: string
  appId: string
  devId: string | null
  memberId: number | null
  adminName: string | null
  sessionId: string | null
  seenAt: Date | null
  /** Whether it is a ticket of the built-in payment app, or of one that is marked as 一码通. */
  isPaymentApp: boolean
  paysByShortcut: boolean
}

/** A session that was last used before then has ended, which differs between members and administrators. */
export type SeenAfter = { member: Date; administrator: Date }

/** A valid ticket: not expired, its app enabled, its session neither ended, expired nor idle for too long. */
export async function liveTicket(
  db: Db,
  id: string,
  now: Date,
  seenAfter: SeenAfter,
): Promise<TicketRow | undefined> {
  return selectLiveTickets(db, [id], now, seenAfter).executeTakeFirst()
}

/** For those who read something of the tickets' persons with them. */
export function selectLiveTickets(db: Db, ids: readonly string[], now: Date, seenAfter: SeenAfter) {
  return db
    .selectFrom('ticket')
    .innerJoin('app', 'app.id', 'ticket.app_id')
    .leftJoin('session', 'session.id', 'ticket.session_id')
    .select([
      'ticket.corp_id as corpId',
      'ticket.app_id as appId',
      'app.dev_id as devId',
      'ticket.member_id as memberId',
      'ticket.admin_name as adminName',
      'ticket.session_id as sessionId',
      'session.seen_at as seenAt',
      sql<boolean>`app.builtin is not distinct from 'payments'`.as('isPaymentApp'),
      'app.pay_shortcut as paysByShortcut',
    ])
    .where('ticket.id', '=', sql<string>`any(${[...ids]}::text[])`)
    .where('ticket.expires_at', '>', now)
    .where('app.enabled', '=', true)
    .where(({ or, and, eb }) =>
      or([
        eb('ticket.session_id', 'is', null),
        and([
          eb('session.ended_at', 'is', null),
          eb('session.expires_at', '>', now),
          or([
            and([eb('session.admin_name', 'is', null), eb('session.seen_at', '>', seenAfter.member)]),
            eb('session.seen_at', '>', seenAfter.administrator),
          ]),
        ]),
      ]),
    )
}

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
