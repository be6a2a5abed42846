import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { UpstreamMember } from '../entities.ts'

/** The entity of an inbox event that stands for all supplements not yet taken over, instead of something at WeCom. */
export const supplementEntity = 'supplement'

export const supplementFields = ['mobile', 'email', 'avatar'] as const
export type SupplementField = (typeof supplementFields)[number]
export type SupplementSource = 'consent' | 'import'
export type SupplementValues = Partial<Record<SupplementField, string>>

/** The bits of `member.from_wecom`. */
export const bits: Record<SupplementField, number> = { mobile: 1, email: 2, avatar: 4 }

/** The fields of a member that WeCom itself provides, as bits. */
export function givenByWecom(member: Pick<UpstreamMember, SupplementField>): number {
  let given = 0
  for (const field of supplementFields) if (member[field]) given |= bits[field]
  return given
}

export function isFromWecom(fromWecom: number, field: SupplementField): boolean {
  return (fromWecom & bits[field]) !== 0
}

export type SupplementRow = { memberId: number; field: SupplementField; value: string }

/** A new value replaces the old one; an equal value only changes who provided it. */
export async function putSupplements(
  db: Db,
  corpId: string,
  rows: readonly SupplementRow[],
  by: { source: SupplementSource; actor: string; at: Date },
): Promise<void> {
  await sql`
    insert into member_supplement (corp_id, member_id, field, value, source, updated_at, updated_by)
    select ${corpId}, "memberId", field, value, ${by.source}, ${by.at}, ${by.actor}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("memberId" bigint, field text, value text)
    on conflict (corp_id, member_id, field) do update set value = excluded.value, source = excluded.source,
      is_applied = false, updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(db)
}

/** The supplements of these persons, by person. */
export async function supplementsOf(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, SupplementValues>> {
  const byMember = new Map<number, SupplementValues>()
  if (ids.length === 0) return byMember
  const found = await sql<SupplementRow>`
    select member_id as "memberId", field, value from member_supplement
    where corp_id = ${corpId} and member_id = any(${ids}::bigint[])`.execute(db)
  for (const { memberId, field, value } of found.rows)
    byMember.getOrInsertComputed(memberId, () => ({}))[field] = value
  return byMember
}

export type SupplementRecord = SupplementRow & {
  source: SupplementSource
  updatedAt: Date
  updatedBy: string
}

export async function supplementRecords(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<SupplementRecord[]> {
  if (ids.length === 0) return []
  const found = await sql<SupplementRecord>`
    select member_id as "memberId", field, value, source, updated_at as "updatedAt", updated_by as "updatedBy"
    from member_supplement where corp_id = ${corpId} and member_id = any(${ids}::bigint[])`.execute(db)
  return found.rows
}

/** Persons whose supplements the mirror has not taken over yet. */
export async function openSupplements(db: Db, corpId: string, limit: number): Promise<number[]> {
  const found = await sql<{ id: number }>`
    select distinct member_id as id from member_supplement
    where corp_id = ${corpId} and not is_applied order by id limit ${limit}`.execute(db)
  return found.rows.map(row => row.id)
}

export async function hasOpenSupplements(db: Db, corpId: string): Promise<boolean> {
  return (await openSupplements(db, corpId, 1)).length > 0
}

/**
 * Locks and returns these persons' supplements and marks them as taken over. The caller must write the members in the same
 * transaction.
 */
export async function takeSupplements(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, SupplementValues>> {
  await sql`
    update member_supplement set is_applied = true
    where corp_id = ${corpId} and member_id = any(${ids}::bigint[]) and not is_applied`.execute(db)
  return supplementsOf(db, corpId, ids)
}

export type ShownMember = { id: number; userId: string; fromWecom: number } & Record<SupplementField, string>

export async function shownOf(db: Db, corpId: string, ids: readonly number[]): Promise<ShownMember[]> {
  if (ids.length === 0) return []
  const found = await sql<ShownMember>`
    select id, user_id as "userId", from_wecom as "fromWecom", mobile, email, avatar from member
    where corp_id = ${corpId} and id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return found.rows
}

export async function fillMembers(db: Db, corpId: string, rows: readonly ShownMember[]): Promise<void> {
  await sql`
    update member set mobile = row.mobile, email = row.email, avatar = row.avatar, from_wecom = row."fromWecom"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row(id bigint, mobile text, email text, avatar text, "fromWecom" smallint)
    where member.corp_id = ${corpId} and member.id = row.id`.execute(db)
}

/** Two rows turned out to be the same person, so the supplements move to the row that stays. */
export async function moveSupplements(db: Db, corpId: string, from: number, to: number): Promise<void> {
  await sql`
    update member_supplement s set member_id = ${to}, is_applied = false
    where corp_id = ${corpId} and member_id = ${from} and not exists (
      select 1 from member_supplement other
      where other.corp_id = ${corpId} and other.member_id = ${to} and other.field = s.field)`.execute(db)
}
