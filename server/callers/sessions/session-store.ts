import { type RawBuilder, sql } from 'kysely'
import { memberStatus } from '../../organisation/directory/mirror/members.ts'
import type { Acr, Amr } from '../../platform/http/visitor.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** A session that was last used before then has ended, which differs between members and administrators. */
export type SessionCutoffs = { member: Date | RawBuilder<Date>; administrator: Date }

export const secondFactorRequired = 'second-factor-required'

/**
 * Whether the person of a row of this table, joined with `admin_account`, has a second factor: an authenticator or a passkey.
 */
export function hasFactorOf(table: 'session' | 'admin_token'): RawBuilder<boolean> {
  const [admin, corp, member] = ['admin_name', 'corp_id', 'member_id'].map(name =>
    sql.ref(`${table}.${name}`),
  )
  return sql<boolean>`
  case when ${admin} is not null
    then admin_account.totp_secret <> '' or exists (select from passkey p where p.admin_name = ${admin})
    else exists (select from member_factor f
        where f.corp_id = ${corp} and f.member_id = ${member} and f.totp_secret <> '')
      or exists (select from passkey p where p.corp_id = ${corp} and p.member_id = ${member})
  end`
}

export const factorRequired = sql<boolean>`
  exists (select from setting where key = ${sql.lit(secondFactorRequired)})`

export type SessionRow = {
  id: string
  corpId: string | null
  memberId: number | null
  adminName: string | null
  createdAt: Date
  seenAt: Date
  expiresAt: Date
  address: string
  userAgent: string
  acr: Acr
  amr: Amr[]
  authAt: Date
  /** After how long without use it ends; null: as sessions of its kind do. */
  idleSeconds: number | null
  /** True when the account still has a password that it was given and must change. */
  mustChange: boolean
  /** When the account got its password; null: that is not known, and for members. */
  passwordAt: Date | null
  /** Whether administrators need a second factor. */
  factorRequired: boolean
  hasFactor: boolean
}

function selectSessions(db: Db) {
  return db
    .selectFrom('session')
    .leftJoin('admin_account', 'admin_account.name', 'session.admin_name')
    .select([
      'session.id',
      'corp_id as corpId',
      'member_id as memberId',
      'admin_name as adminName',
      'created_at as createdAt',
      'seen_at as seenAt',
      'expires_at as expiresAt',
      'address',
      'user_agent as userAgent',
      sql<Acr>`acr`.as('acr'),
      sql<Amr[]>`amr`.as('amr'),
      sql<Date>`coalesce(auth_at, created_at)`.as('authAt'),
      'idle_seconds as idleSeconds',
      sql<boolean>`coalesce(admin_account.must_change, false)`.as('mustChange'),
      'admin_account.password_at as passwordAt',
      factorRequired.as('factorRequired'),
      hasFactorOf('session').as('hasFactor'),
    ])
    .where('ended_at', 'is', null)
}

export async function liveSession(db: Db, id: string): Promise<SessionRow | undefined> {
  return selectSessions(db).where('session.id', '=', id).executeTakeFirst()
}

/** Whether the member of a session has left or is disabled; undefined for any other member, for accounts, and without such a session. */
export async function lostAccess(db: Db, id: string): Promise<'left' | 'disabled' | undefined> {
  const { rows } = await sql<{ leftAt: Date | null; status: number }>`
    select m.left_at as "leftAt", m.status from session s
    join member m on m.corp_id = s.corp_id and m.id = s.member_id where s.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  if (row.leftAt !== null || row.status === memberStatus.quit) return 'left'
  return row.status === memberStatus.disabled ? 'disabled' : undefined
}

export type SessionHolder = { corpId: string; memberId: number } | { adminName: string }

export async function sessionsOf(db: Db, holder: SessionHolder, now: Date): Promise<SessionRow[]> {
  const query = selectSessions(db).where('expires_at', '>', now).orderBy('seen_at', 'desc')
  return 'memberId' in holder
    ? query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId).execute()
    : query.where('admin_name', '=', holder.adminName).execute()
}

export type SignIn = Pick<SessionRow, 'createdAt' | 'address' | 'userAgent' | 'amr'> & {
  endedAt: Date | null
}

/** A person's latest sign-ins. Sessions are kept for a week after their end. */
export async function signInsOf(db: Db, holder: SessionHolder, limit: number): Promise<SignIn[]> {
  const query = db
    .selectFrom('session')
    .select([
      'created_at as createdAt',
      'address',
      'user_agent as userAgent',
      sql<Amr[]>`amr`.as('amr'),
      'ended_at as endedAt',
    ])
    .orderBy('created_at', 'desc')
    .limit(limit)
  return 'memberId' in holder
    ? query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId).execute()
    : query.where('admin_name', '=', holder.adminName).execute()
}

/** Sign-ins of one person come one after the other, so that they count each other's sessions. */
export async function lockSessionsOf(tx: Db, holder: SessionHolder): Promise<void> {
  const of = 'memberId' in holder ? `${holder.corpId} ${holder.memberId}` : holder.adminName
  await sql`select pg_advisory_xact_lock(hashtextextended(${`session ${of}`}, 0))`.execute(tx)
}

/** Ends all sessions of a person except one; returns their ids. */
export async function endSessionsOf(
  db: Db,
  holder: SessionHolder,
  except: string | undefined,
  at: Date,
): Promise<string[]> {
  let query = db.updateTable('session').set({ ended_at: at }).where('ended_at', 'is', null)
  query =
    'memberId' in holder
      ? query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId)
      : query.where('admin_name', '=', holder.adminName)
  if (except !== undefined) query = query.where('id', '!=', except)
  const rows = await query.returning('id').execute()
  return rows.map(row => row.id)
}

export async function insertSession(
  db: Db,
  session: {
    id: string
    corpId: string | null
    memberId: number | null
    adminName: string | null
    createdAt: Date
    expiresAt: Date
    address?: string
    userAgent?: string
    /** How the person proved themselves just now. */
    acr: Acr
    amr: readonly Amr[]
    idleSeconds?: number | null
  },
): Promise<void> {
  await db
    .insertInto('session')
    .values({
      id: session.id,
      corp_id: session.corpId,
      member_id: session.memberId,
      admin_name: session.adminName,
      created_at: session.createdAt,
      seen_at: session.createdAt,
      expires_at: session.expiresAt,
      address: session.address ?? '',
      user_agent: session.userAgent ?? '',
      acr: session.acr,
      amr: [...session.amr],
      auth_at: session.createdAt,
      idle_seconds: session.idleSeconds ?? null,
    })
    .execute()
}

/** Somebody who is signed in proved themselves anew. */
export async function proveSession(
  db: Db,
  id: string,
  proof: { acr: Acr; amr: readonly Amr[]; at: Date },
): Promise<void> {
  await db
    .updateTable('session')
    .set({ acr: proof.acr, amr: [...proof.amr], auth_at: proof.at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** Returns the corp of a member's session, if it had not ended before. */
export async function endSession(db: Db, id: string, at: Date): Promise<string | undefined> {
  const row = await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('corp_id')
    .executeTakeFirst()
  return row?.corp_id ?? undefined
}

/**
 * Deletes sessions, counted from their absolute end. Their tickets go with them.
 */
export async function pruneSessions(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'session', sql`expires_at < ${before}`, atMost)
}

export type LiveSession = Pick<
  SessionRow,
  'id' | 'corpId' | 'memberId' | 'adminName' | 'createdAt' | 'seenAt' | 'expiresAt' | 'address' | 'userAgent'
>

export type LiveFilter = {
  corpId: string
  /** Includes the sessions of system super administrators, who belong to no corp. */
  withAdministrators: boolean
  /** Limits the list to these members and excludes administrators. */
  memberIds: readonly number[] | undefined
  now: Date
  seenAfter: SessionCutoffs
}

const columns = [
  'id',
  'corp_id as corpId',
  'member_id as memberId',
  'admin_name as adminName',
  'created_at as createdAt',
  'seen_at as seenAt',
  'expires_at as expiresAt',
  'address',
  'user_agent as userAgent',
] as const

/** A member's session that lasts longer than usual ends by its age alone. */
function isInUse({ now, seenAfter }: LiveFilter) {
  return sql<boolean>`(case when idle_seconds is null then seen_at > ${seenAfter.member}
    else seen_at + make_interval(secs => idle_seconds) > ${now} end)`
}

export async function liveSessions(
  db: Db,
  filter: LiveFilter,
  page: { limit: number; offset: number; by: 'seenAt' | 'createdAt'; descending: boolean },
): Promise<{ list: LiveSession[]; total: number }> {
  const { memberIds, seenAfter } = filter
  const matching = db
    .selectFrom('session')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', filter.now)
    .where(({ or, and, eb }) => {
      const members = and([
        eb('corp_id', '=', filter.corpId),
        eb('member_id', 'is not', null),
        isInUse(filter),
        ...(memberIds ? [eb('member_id', 'in', memberIds.length > 0 ? memberIds : [-1])] : []),
      ])
      if (!filter.withAdministrators || memberIds) return members
      const administrators = and([
        eb('admin_name', 'is not', null),
        eb('seen_at', '>', seenAfter.administrator),
      ])
      return or([members, administrators])
    })
  const order = page.by === 'seenAt' ? ('seen_at' as const) : ('created_at' as const)
  const [list, counted] = await Promise.all([
    matching
      .select(columns)
      .orderBy(order, page.descending ? 'desc' : 'asc')
      .orderBy('id')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

export async function findSession(db: Db, id: string): Promise<LiveSession | undefined> {
  return db
    .selectFrom('session')
    .select(columns)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

export async function touchSession(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('session').set({ seen_at: at }).where('id', '=', id).execute()
}

/** Ends these members' sessions; returns their ids. */
export async function endSessionsOfMembers(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update session set ended_at = ${at}
    where corp_id = ${corpId} and member_id = any(${memberIds}::bigint[]) and ended_at is null returning id`.execute(
    db,
  )
  return rows.map(row => row.id)
}
