import { sql } from 'kysely'
import type { Amr } from '../../platform/http/visitor.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { SessionCutoffs } from '../sessions/session-store.ts'

export type TicketRow = {
  corpId: string
  appId: string
  devId: string | null
  memberId: number | null
  adminName: string | null
  sessionId: string | null
  seenAt: Date | null
  /** How the person of the session proved themselves; none without a session. */
  amr: Amr[]
  /** Whether it is a ticket of the built-in payment app, or of one that is marked as 一码通. */
  isPaymentApp: boolean
  paysByShortcut: boolean
}

/**
 * The condition of a valid jessionId: it has not expired, its app is enabled, and its session has neither ended or expired nor
 * been idle for too long.
 */
export async function liveTicket(
  db: Db,
  id: string,
  now: Date,
  seenAfter: SessionCutoffs,
): Promise<TicketRow | undefined> {
  return selectLiveTickets(db, [id], now, seenAfter).executeTakeFirst()
}

/** For queries that also read something about the tickets' persons. */
export function selectLiveTickets(db: Db, ids: readonly string[], now: Date, seenAfter: SessionCutoffs) {
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
      sql<Amr[]>`coalesce(session.amr, '{}')`.as('amr'),
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
            and([
              eb('session.admin_name', 'is', null),
              sql<boolean>`(case when session.idle_seconds is null then session.seen_at > ${seenAfter.member}
                else session.seen_at + make_interval(secs => session.idle_seconds) > ${now} end)`,
            ]),
            eb('session.seen_at', '>', seenAfter.administrator),
          ]),
        ]),
      ]),
    )
}
