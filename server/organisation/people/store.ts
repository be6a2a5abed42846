import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { memberStatus } from '../directory/mirror/members.ts'
import type { Role } from '../directory/permissions/person.ts'

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

/** Takes these departments out of all roles; returns whose they were. */
export async function dropRoleDepartments(
  db: Db,
  corpId: string,
  departmentIds: readonly number[],
): Promise<{ memberId: number; userId: string; departmentId: number; manage: boolean }[]> {
  const { rows } = await sql<{ memberId: number; userId: string; departmentId: number; manage: boolean }>`
    delete from role_department r using member m
    where r.corp_id = ${corpId} and r.department_id = any(${[...departmentIds]}::bigint[])
      and m.corp_id = r.corp_id and m.id = r.member_id
    returning r.member_id as "memberId", m.user_id as "userId", r.department_id as "departmentId", r.manage`.execute(
    db,
  )
  return rows
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

/** Returns the administrators of a corp who are in its address book, which need not be in memory. */
export async function administratorsOf(
  db: Db,
  corpId: string,
): Promise<{ userId: string; userName: string; level: number }[]> {
  return db
    .selectFrom('member_role')
    .innerJoin('member', join =>
      join
        .onRef('member.corp_id', '=', 'member_role.corp_id')
        .onRef('member.id', '=', 'member_role.member_id'),
    )
    .select(['user_id as userId', 'name as userName', 'level'])
    .where('member_role.corp_id', '=', corpId)
    .where('left_at', 'is', null)
    .where('status', '<>', memberStatus.quit)
    .orderBy('level')
    .orderBy('user_key')
    .execute()
}
