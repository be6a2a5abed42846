import { sql } from 'kysely'
import type { Range } from '../../platform/http/admin/grant.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type RoleRow = {
  id: number
  name: string
  points: string[]
  range: Range
  until: Date | null
  /** Groups of members who have it, beside its holders. */
  groups: readonly number[]
  changedAt: Date
}
export type RoleValues = Omit<RoleRow, 'id'>

const columns = [
  'id',
  'name',
  'points',
  'range',
  'departments',
  'app_ids as appIds',
  'dev_ids as devIds',
  'until',
  'groups',
  'changed_at as changedAt',
] as const

type StoredRole = Omit<RoleRow, 'range'> & {
  range: Range['kind']
  departments: number[]
  appIds: string[]
  devIds: string[]
}

function roleOf({ range, departments, appIds, devIds, ...row }: StoredRole): RoleRow {
  if (range === 'departments') return { ...row, range: { kind: range, departmentIds: departments } }
  return { ...row, range: range === 'apps' ? { kind: range, appIds, devIds } : { kind: 'corp' } }
}

function valuesOf({ name, points, range, until, groups, changedAt }: RoleValues) {
  return {
    name,
    points,
    range: range.kind,
    departments: range.kind === 'departments' ? [...range.departmentIds] : [],
    app_ids: range.kind === 'apps' ? [...range.appIds] : [],
    dev_ids: range.kind === 'apps' ? [...range.devIds] : [],
    until,
    groups: [...groups],
    changed_at: changedAt,
  }
}

export async function rolesOfCorp(db: Db, corpId: string): Promise<RoleRow[]> {
  const rows = await db
    .selectFrom('own_role')
    .select(columns)
    .where('corp_id', '=', corpId)
    .orderBy('name')
    .execute()
  return rows.map(roleOf)
}

/** Makes those who add, change or give roles of a corp wait for each other, until the transaction ends. */
export async function lockRoles(db: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('own_role'), hashtext(${corpId}))`.execute(db)
}

export async function findRole(db: Db, corpId: string, id: number): Promise<RoleRow | undefined> {
  const row = await db
    .selectFrom('own_role')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && roleOf(row)
}

export async function insertRole(db: Db, corpId: string, role: RoleValues): Promise<number> {
  const values = { ...valuesOf(role), corp_id: corpId }
  const { id } = await db.insertInto('own_role').values(values).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateRole(db: Db, corpId: string, id: number, role: RoleValues): Promise<void> {
  await db
    .updateTable('own_role')
    .set(valuesOf(role))
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteRole(db: Db, corpId: string, id: number): Promise<void> {
  await db.deleteFrom('own_role').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Takes these departments out of all ranges; returns the roles that had one, as they are now. */
export async function dropDepartments(
  db: Db,
  corpId: string,
  departmentIds: readonly number[],
): Promise<{ id: number; name: string; before: number[]; after: number[] }[]> {
  const { rows } = await sql<{ id: number; name: string; before: number[]; after: number[] }>`
    update own_role r set departments = array(
      select one from unnest(old.departments) with ordinality as d(one, n)
      where one <> all(${[...departmentIds]}::bigint[]) order by n)
    from own_role old
    where r.corp_id = ${corpId} and old.corp_id = r.corp_id and old.id = r.id
      and old.departments && ${[...departmentIds]}::bigint[]
    returning r.id, r.name, old.departments as before, r.departments as after`.execute(db)
  return rows
}

export type HolderRow = {
  roleId: number
  memberId: number
  until: Date | null
  givenBy: string
  givenAt: Date
}

/** Returns who has or had the roles of a corp, or one of them. */
export async function holdersOf(db: Db, corpId: string, roleId?: number): Promise<HolderRow[]> {
  return db
    .selectFrom('own_role_holder')
    .select([
      'role_id as roleId',
      'member_id as memberId',
      'until',
      'given_by as givenBy',
      'given_at as givenAt',
    ])
    .where('corp_id', '=', corpId)
    .$if(roleId !== undefined, one => one.where('role_id', '=', roleId ?? 0))
    .orderBy('given_at')
    .orderBy('member_id')
    .execute()
}

export async function putHolder(db: Db, corpId: string, holder: HolderRow): Promise<void> {
  const { until, givenBy: given_by, givenAt: given_at } = holder
  const change = { until, given_by, given_at }
  await db
    .insertInto('own_role_holder')
    .values({ corp_id: corpId, role_id: holder.roleId, member_id: holder.memberId, ...change })
    .onConflict(conflict => conflict.columns(['corp_id', 'role_id', 'member_id']).doUpdateSet(change))
    .execute()
}

/** Returns false for a member who did not have the role. */
export async function dropHolder(db: Db, corpId: string, roleId: number, memberId: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('own_role_holder')
    .where('corp_id', '=', corpId)
    .where('role_id', '=', roleId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** `memberId` is null for a role that nobody has. */
export type HeldRow = RoleRow & { corpId: string; memberId: number | null; heldUntil: Date | null }

/** The roles of one corp, or of all, once for each who has one; what has ended is among it. */
export async function readHeld(db: Db, corpId: string | undefined): Promise<HeldRow[]> {
  const rows = await db
    .selectFrom('own_role')
    .leftJoin('own_role_holder as h', join =>
      join.onRef('h.corp_id', '=', 'own_role.corp_id').onRef('h.role_id', '=', 'own_role.id'),
    )
    .select([
      'own_role.id',
      'own_role.name',
      'own_role.points',
      'own_role.range',
      'own_role.departments',
      'own_role.app_ids as appIds',
      'own_role.dev_ids as devIds',
      'own_role.until',
      'own_role.groups',
      'own_role.changed_at as changedAt',
      'own_role.corp_id as corpId',
      'h.member_id as memberId',
      'h.until as heldUntil',
    ])
    .$if(corpId !== undefined, one => one.where('own_role.corp_id', '=', corpId ?? ''))
    .orderBy('own_role.id')
    .execute()
  return rows.map(({ corpId, memberId, heldUntil, ...row }) => ({
    ...roleOf(row),
    corpId,
    memberId,
    heldUntil,
  }))
}

/** The roles that give their rights to a group. */
export async function rolesWithGroup(db: Db, corpId: string, groupId: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from own_role where corp_id = ${corpId} and ${groupId} = any(groups) order by name`.execute(
    db,
  )
  return rows.map(row => row.name)
}

/** Lists of people are shown by pages: those in groups beyond this many are left out. */
const inGroupsAtMost = 2000

/** Members whom the roles of a corp name, or who are in a group that these name; some roles may have ended. */
export async function membersWithOwnRole(db: Db, corpId: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select member_id as id from own_role_holder where corp_id = ${corpId}
    union (select m.member_id from member_group_member m
      where m.corp_id = ${corpId} and m.is_in
        and m.group_id in (select unnest(groups) from own_role where corp_id = ${corpId})
      limit ${inGroupsAtMost})`.execute(db)
  return rows.map(row => row.id)
}

export async function pruneHolders(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'own_role_holder', sql`until < ${before}`, atMost)
}
