import { sql } from 'kysely'
import { mustEnrol } from '../../callers/sign-in/second-factor-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type Role = { level: 2 | 3; departments: { departmentId: number; manage: boolean }[] }

export async function roleOf(db: Db, corpId: string, memberId: number): Promise<Role | undefined> {
  const rows = await db
    .selectFrom('member_role')
    .leftJoin('role_department', join =>
      join
        .onRef('role_department.corp_id', '=', 'member_role.corp_id')
        .onRef('role_department.member_id', '=', 'member_role.member_id'),
    )
    .select(['level', 'department_id as departmentId', 'manage'])
    .where('member_role.corp_id', '=', corpId)
    .where('member_role.member_id', '=', memberId)
    .orderBy('department_id')
    .execute()
  const first = rows[0]
  if (!first) return undefined
  const departments = rows.flatMap(({ departmentId, manage }) =>
    departmentId === null ? [] : [{ departmentId, manage: manage === true }],
  )
  return { level: first.level, departments }
}

/** Reads the role and keeps others from changing it until the transaction ends. */
export async function lockRole(db: Db, corpId: string, memberId: number): Promise<Role | undefined> {
  await sql`select 1 from member where corp_id = ${corpId} and id = ${memberId} for update`.execute(db)
  return roleOf(db, corpId, memberId)
}

export async function putRole(db: Db, corpId: string, memberId: number, role: Role): Promise<void> {
  await db
    .insertInto('member_role')
    .values({ member_id: memberId, corp_id: corpId, level: role.level })
    .onConflict(conflict => conflict.columns(['corp_id', 'member_id']).doUpdateSet({ level: role.level }))
    .execute()
  await db
    .deleteFrom('role_department')
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .execute()
  if (role.departments.length > 0) {
    await db
      .insertInto('role_department')
      .values(
        role.departments.map(one => ({
          corp_id: corpId,
          member_id: memberId,
          department_id: one.departmentId,
          manage: one.manage,
        })),
      )
      .execute()
  }
}

/** Returns false when the member had no role. */
export async function dropRole(db: Db, corpId: string, memberId: number): Promise<boolean> {
  const result = await db
    .deleteFrom('member_role')
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function rolesOfCorp(db: Db, corpId: string): Promise<({ memberId: number } & Role)[]> {
  const rows = await db
    .selectFrom('member_role')
    .leftJoin('role_department', join =>
      join
        .onRef('role_department.corp_id', '=', 'member_role.corp_id')
        .onRef('role_department.member_id', '=', 'member_role.member_id'),
    )
    .select(['member_role.member_id as memberId', 'level', 'department_id as departmentId', 'manage'])
    .where('member_role.corp_id', '=', corpId)
    .orderBy('level')
    .orderBy('member_role.member_id')
    .orderBy('department_id')
    .execute()
  const roles = new Map<number, { memberId: number } & Role>()
  for (const { memberId, level, departmentId, manage } of rows) {
    const role = roles.getOrInsertComputed(memberId, () => ({ memberId, level, departments: [] }))
    if (departmentId !== null) role.departments.push({ departmentId, manage: manage === true })
  }
  return [...roles.values()]
}

/** The roles of one corp, or of all, by member. */
export async function readRoles(
  db: Db,
  corpId: string | undefined,
): Promise<Map<number, { corpId: string; role: Role }>> {
  const rows = await db
    .selectFrom('member_role')
    .leftJoin('role_department', join =>
      join
        .onRef('role_department.corp_id', '=', 'member_role.corp_id')
        .onRef('role_department.member_id', '=', 'member_role.member_id'),
    )
    .select([
      'member_role.member_id as memberId',
      'member_role.corp_id as corpId',
      'level',
      'department_id as departmentId',
      'manage',
    ])
    .$if(corpId !== undefined, only => only.where('member_role.corp_id', '=', corpId ?? ''))
    .orderBy('department_id')
    .execute()
  const roles = new Map<number, { corpId: string; role: Role }>()
  for (const { memberId, corpId, level, departmentId, manage } of rows) {
    const { role } = roles.getOrInsertComputed(memberId, () => ({ corpId, role: { level, departments: [] } }))
    if (departmentId !== null) role.departments.push({ departmentId, manage: manage === true })
  }
  return roles
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
    })
    .execute()
}

export async function endSession(db: Db, id: string, at: Date): Promise<void> {
  await db
    .updateTable('session')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/**
 * Deletes sessions, counted from their absolute end, which is at most half a day after the sign-in. Their tickets go
 * with them.
 */
export async function pruneSessions(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'session', sql`expires_at < ${before}`, atMost)
}

export async function adminAccount(
  db: Db,
  name: string,
): Promise<{ name: string; password: string } | undefined> {
  return db
    .selectFrom('admin_account')
    .select(['name', 'password'])
    .where('name', '=', name)
    .executeTakeFirst()
}

export async function putAdminAccount(
  db: Db,
  account: { name: string; password: string; mustChange: boolean },
  at: Date,
): Promise<void> {
  const values = {
    password: account.password,
    must_change: account.mustChange,
    failures: 0,
    locked_until: null,
    updated_at: at,
  }
  await db
    .insertInto('admin_account')
    .values({ name: account.name, ...values })
    .onConflict(conflict => conflict.column('name').doUpdateSet(values))
    .execute()
}

/** Returns false when the account exists already, even if another node has just created it. */
export async function insertAdminAccount(
  db: Db,
  account: { name: string; password: string; mustChange: boolean },
  at: Date,
): Promise<boolean> {
  const inserted = await db
    .insertInto('admin_account')
    .values({
      name: account.name,
      password: account.password,
      must_change: account.mustChange,
      updated_at: at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('name')
    .executeTakeFirst()
  return inserted !== undefined
}

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
  /** True when the account still has a password that it was given and must change. */
  mustChange: boolean
  /** True when the account has yet to set up the second factor that is required. */
  mustEnrol: boolean
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
      sql<boolean>`coalesce(admin_account.must_change, false)`.as('mustChange'),
      mustEnrol.as('mustEnrol'),
    ])
    .where('ended_at', 'is', null)
}

export async function liveSession(db: Db, id: string): Promise<SessionRow | undefined> {
  return selectSessions(db).where('session.id', '=', id).executeTakeFirst()
}

export type SessionHolder = { corpId: string; memberId: number } | { adminName: string }

export async function sessionsOf(db: Db, holder: SessionHolder, now: Date): Promise<SessionRow[]> {
  const query = selectSessions(db).where('expires_at', '>', now).orderBy('seen_at', 'desc')
  return 'memberId' in holder
    ? query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId).execute()
    : query.where('admin_name', '=', holder.adminName).execute()
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

/** Ends these members' sessions and deletes the tickets that were issued to them without one; returns the sessions' ids. */
export async function endAccessOf(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<string[]> {
  const ids = sql`any(${memberIds}::bigint[])`
  await sql`delete from ticket where corp_id = ${corpId} and member_id = ${ids}`.execute(db)
  const ended = await sql<{ id: string }>`
    update session set ended_at = ${at}
    where corp_id = ${corpId} and member_id = ${ids} and ended_at is null returning id`.execute(db)
  return ended.rows.map(row => row.id)
}
