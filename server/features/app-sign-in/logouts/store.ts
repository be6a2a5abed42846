import { sql } from 'kysely'
import { isHeld, type Lease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { AppSession } from '../session-store.ts'

/** Why somebody was signed out: they asked here, in an application, an administrator did it, or they left. */
export type LogoutCause = 'sign-out' | 'app' | 'administrator' | 'left'

export type Logout = {
  corpId: string
  id: number
  appId: string
  memberId: number
  protocol: 'oidc' | 'cas'
  sid: string
  uri: string
  attempts: number
  createdAt: Date
}

export async function insertLogouts(
  tx: Db,
  corpId: string,
  ended: readonly AppSession[],
  cause: LogoutCause,
  at: Date,
): Promise<void> {
  const rows = ended.map(({ appId, memberId, protocol, sid, logoutUri }) => ({
    appId,
    memberId,
    protocol,
    sid,
    uri: logoutUri,
  }))
  await sql`
    insert into app_logout (corp_id, app_id, member_id, protocol, sid, uri, cause, next_at, created_at)
    select ${corpId}, "appId", "memberId", protocol, sid, uri, ${cause}, ${at}::timestamptz, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row("appId" text, "memberId" bigint, protocol text, sid text, uri text)`.execute(tx)
}

const columns = sql`corp_id as "corpId", id, app_id as "appId", member_id as "memberId", protocol, sid, uri, attempts,
  created_at as "createdAt"`

export async function dueLogouts(
  db: Db,
  corpId: string,
  appId: string,
  now: Date,
  limit: number,
): Promise<Logout[]> {
  const { rows } = await sql<Logout>`
    select ${columns} from app_logout
    where corp_id = ${corpId} and app_id = ${appId} and state = 'waiting' and next_at <= ${now}
    order by next_at, id limit ${limit}`.execute(db)
  return rows
}

export async function nextLogoutAt(db: Db, corpId: string, appId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(next_at) as at from app_logout
    where corp_id = ${corpId} and app_id = ${appId} and state = 'waiting'`.execute(db)
  return rows[0]?.at ?? undefined
}

export type AttemptEnd = {
  state: 'waiting' | 'done' | 'failed'
  status: number | null
  error: string
  at: Date
  nextAt: Date
}

/** Under the lease. Throws LeaseLost. */
export async function endLogoutAttempt(
  db: Db,
  { corpId, id }: Logout,
  lease: Lease,
  { state, status, error, at, nextAt }: AttemptEnd,
): Promise<void> {
  const { rows } = await sql<{ held: boolean }>`
    with lease as (select ${isHeld(lease)} as held), attempt as (
      update app_logout set state = ${state}, attempts = attempts + 1, status = ${status}, error = ${error},
        next_at = ${nextAt}, ended_at = ${state === 'waiting' ? null : at}
      where corp_id = ${corpId} and id = ${id} and state = 'waiting' and (select held from lease)
    )
    select held from lease`.execute(db)
  if (!rows[0]?.held) throw new LeaseLost(lease)
}

export type LogoutRow = Logout & {
  cause: LogoutCause
  state: 'waiting' | 'done' | 'failed'
  status: number | null
  error: string
  endedAt: Date | null
}

/** The newest first; of one app or of all. */
export async function recentLogouts(
  db: Db,
  corpId: string,
  { appId, limit, offset }: { appId: string | undefined; limit: number; offset: number },
): Promise<LogoutRow[]> {
  const { rows } = await sql<LogoutRow>`
    select ${columns}, cause, state, status, error, ended_at as "endedAt" from app_logout
    where corp_id = ${corpId} ${appId === undefined ? sql`` : sql`and app_id = ${appId}`}
    order by created_at desc, id desc limit ${limit} offset ${offset}`.execute(db)
  return rows
}

export async function pruneLogouts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'app_logout', sql`old.created_at < ${before}`, 'created_at', atMost)
}
