import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type AppSession = {
  corpId: string
  id: string
  appId: string
  memberId: number
  /** Of wisp. */
  sessionId: string
  protocol: 'oidc' | 'cas'
  /** By which the application knows it. */
  sid: string
  logoutUri: string
}

/** Notes that a session signed somebody in to an application; once for each sid. */
export async function putAppSession(db: Db, session: AppSession, at: Date): Promise<void> {
  const { corpId, id, appId, memberId, sessionId, protocol, sid, logoutUri } = session
  await sql`
    insert into app_session (corp_id, id, app_id, member_id, session_id, protocol, sid, logout_uri, started_at)
    values (${corpId}, ${id}, ${appId}, ${memberId}, ${sessionId}, ${protocol}, ${sid}, ${logoutUri}, ${at})
    on conflict (corp_id, app_id, session_id, sid) do update set logout_uri = excluded.logout_uri
      where app_session.logout_uri <> excluded.logout_uri`.execute(db)
}

/**
 * As `putAppSession`, unless the session of wisp has ended. Its row is held meanwhile, so that whoever ends it at this moment finds
 * the application among those to be told. Returns whether it was noted.
 */
export async function putAppSessionOfLive(db: Db, session: AppSession, at: Date): Promise<boolean> {
  const { corpId, id, appId, memberId, sessionId, protocol, sid, logoutUri } = session
  const { rows } = await sql`
    with live as (select 1 from session where session.id = ${sessionId} and ended_at is null and expires_at > ${at} for share)
    insert into app_session (corp_id, id, app_id, member_id, session_id, protocol, sid, logout_uri, started_at)
    select ${corpId}, ${id}, ${appId}, ${memberId}::bigint, ${sessionId}, ${protocol}, ${sid}, ${logoutUri}, ${at}::timestamptz from live
    on conflict (corp_id, app_id, session_id, sid) do update set logout_uri = excluded.logout_uri
    returning 1`.execute(db)
  return rows.length > 0
}

/** Ends those of these sessions of wisp and returns them. */
export async function endAppSessions(
  tx: Db,
  corpId: string,
  sessionIds: readonly string[],
  at: Date,
): Promise<AppSession[]> {
  const { rows } = await sql<AppSession>`
    update app_session set ended_at = ${at}
    where corp_id = ${corpId} and session_id = any(${[...sessionIds]}::text[]) and ended_at is null
    returning ${columns}`.execute(tx)
  return rows
}

export async function endAppSessionsOfMembers(
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<AppSession[]> {
  const { rows } = await sql<AppSession>`
    update app_session set ended_at = ${at}
    where corp_id = ${corpId} and member_id = any(${[...memberIds]}::bigint[]) and ended_at is null
    returning ${columns}`.execute(tx)
  return rows
}

const columns = sql`corp_id as "corpId", id, app_id as "appId", member_id as "memberId", session_id as "sessionId",
  protocol, sid, logout_uri as "logoutUri"`

export async function openAppSessionsOfMember(
  db: Db,
  corpId: string,
  memberId: number,
): Promise<(AppSession & { startedAt: Date })[]> {
  const { rows } = await sql<AppSession & { startedAt: Date }>`
    select ${columns}, started_at as "startedAt" from app_session
    where corp_id = ${corpId} and member_id = ${memberId} and ended_at is null order by started_at desc`.execute(
    db,
  )
  return rows
}

export async function pruneAppSessions(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'app_session', sql`old.started_at < ${before}`, 'started_at', atMost)
}

export type OpenAppSession = { id: string; memberId: number; startedAt: Date }

/** Returns the open sessions of one app, latest first. */
export async function openAppSessionsOfApp(
  db: Db,
  corpId: string,
  appId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: OpenAppSession[]; total: number }> {
  const open = db
    .selectFrom('app_session')
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .where('ended_at', 'is', null)
  const [list, counted] = await Promise.all([
    open
      .select(['id', 'member_id as memberId', 'started_at as startedAt'])
      .orderBy('started_at', 'desc')
      .orderBy('id')
      .limit(limit)
      .offset(offset)
      .execute(),
    open.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

/** Ends those of a member in one app and returns them. */
export async function endAppSessionsOfMemberIn(
  tx: Db,
  corpId: string,
  appId: string,
  memberId: number,
  at: Date,
): Promise<AppSession[]> {
  const { rows } = await sql<AppSession>`
    update app_session set ended_at = ${at}
    where corp_id = ${corpId} and app_id = ${appId} and member_id = ${memberId} and ended_at is null
    returning ${columns}`.execute(tx)
  return rows
}
