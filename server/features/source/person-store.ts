import { sql } from 'kysely'
import type { Attribute, StoredMember } from '../../organisation/directory/entities.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { BoundDepartment } from './plan/departments.ts'
import type { Values } from './plan/fields.ts'
import type { HeldPerson } from './plan/people.ts'

type Whose = { corpId: string; sourceId: number }

/**
 * Forgets whose members have left WeCom, since whoever gets their userid is somebody else. Returns the keys.
 */
export async function forgetLeft(tx: Db, { corpId, sourceId }: Whose): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    delete from people_source_person p using member m
    where p.corp_id = ${corpId} and p.source_id = ${sourceId} and m.corp_id = p.corp_id and m.id = p.member_id
      and m.left_at is not null
    returning p.key`.execute(tx)
  return new Set(rows.map(one => one.key))
}

/** Notes whose members have just appeared, in the transaction that records them. */
export async function bindNew(tx: Db, corpId: string, memberIds: readonly number[]): Promise<void> {
  if (memberIds.length === 0) return
  await sql`
    update people_source_person p set member_id = m.id from member m
    where m.corp_id = ${corpId} and m.id = any(${[...memberIds]}::bigint[])
      and p.corp_id = m.corp_id and lower(p.user_id) = m.user_key and p.member_id is null`.execute(tx)
}

/** The same for all of a source, where a node of an earlier version recorded them; a former userid stands for its person. */
export async function bindArrived(tx: Db, { corpId, sourceId }: Whose, now: Date): Promise<void> {
  await sql`
    update people_source_person p set member_id = m.id from member m
    where p.corp_id = ${corpId} and p.source_id = ${sourceId} and p.member_id is null
      and m.corp_id = p.corp_id and m.left_at is null
      and m.id = coalesce(
        (select id from member where corp_id = p.corp_id and user_key = lower(p.user_id) and left_at is null),
        (select member_id from member_alias
          where corp_id = p.corp_id and user_key = lower(p.user_id) and expires_at > ${now}))`.execute(tx)
}

export async function heldPeople(db: Db, { corpId, sourceId }: Whose): Promise<HeldPerson[]> {
  const rows = await db
    .selectFrom('people_source_person')
    .select(['key', 'member_id as memberId', 'user_id as userId', 'written', 'disabled_at as disabledAt'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .execute()
  return rows as HeldPerson[]
}

/** Of some keys alone. */
export async function heldOf(
  db: Db,
  { corpId, sourceId }: Whose,
  keys: readonly string[],
): Promise<HeldPerson[]> {
  const rows = await db
    .selectFrom('people_source_person')
    .select(['key', 'member_id as memberId', 'user_id as userId', 'written', 'disabled_at as disabledAt'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('key', 'in', [...keys, ''])
    .execute()
  return rows as HeldPerson[]
}

/** Members that other sources of the corp keep, with the name of the source; those whom a source let go as strangers are free. */
export async function keptByOthers(db: Db, { corpId, sourceId }: Whose): Promise<Map<number, string>> {
  const { rows } = await sql<{ memberId: number; name: string }>`
    select p.member_id as "memberId", s.name from people_source_person p
    join people_source s on s.corp_id = p.corp_id and s.id = p.source_id
    where p.corp_id = ${corpId} and p.source_id <> ${sourceId} and p.member_id is not null
      and p.key not like '=%'`.execute(db)
  return new Map(rows.map(one => [one.memberId, one.name]))
}

/** A person after a row was written; `written` is added to what was written before. */
export type WrittenPerson = {
  key: string
  memberId: number | null
  userId: string
  written: Values
  disabledAt: Date | null
}

export async function putPeople(
  tx: Db,
  { corpId, sourceId }: Whose,
  people: readonly WrittenPerson[],
): Promise<void> {
  if (people.length === 0) return
  await sql`
    insert into people_source_person (corp_id, source_id, key, member_id, user_id, written, disabled_at)
    select ${corpId}, ${sourceId}, key, "memberId", "userId", written, "disabledAt"
    from jsonb_to_recordset(${JSON.stringify(people)}::jsonb)
      as row(key text, "memberId" bigint, "userId" text, written jsonb, "disabledAt" timestamptz)
    on conflict (corp_id, source_id, key) do update set
      member_id = excluded.member_id, user_id = excluded.user_id,
      written = people_source_person.written || excluded.written, disabled_at = excluded.disabled_at`.execute(
    tx,
  )
}

export async function forgetPeople(
  tx: Db,
  { corpId, sourceId }: Whose,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return
  await tx
    .deleteFrom('people_source_person')
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('key', 'in', [...keys])
    .execute()
}

export async function bindingsOf(db: Db, { corpId, sourceId }: Whose): Promise<Map<string, BoundDepartment>> {
  const rows = await db
    .selectFrom('people_source_department')
    .select(['code', 'department_id as departmentId', 'is_own as isOwn'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .execute()
  return new Map(rows.map(({ code, ...one }) => [code, one]))
}

/** Notes which departments the source's are; one that wisp made stays its own. */
export async function putBindings(
  tx: Db,
  { corpId, sourceId }: Whose,
  bindings: readonly { code: string; departmentId: number; isOwn: boolean }[],
): Promise<void> {
  if (bindings.length === 0) return
  await sql`
    insert into people_source_department (corp_id, source_id, code, department_id, is_own)
    select ${corpId}, ${sourceId}, code, "departmentId", "isOwn"
    from jsonb_to_recordset(${JSON.stringify(bindings)}::jsonb)
      as row(code text, "departmentId" bigint, "isOwn" boolean)
    on conflict (corp_id, source_id, code) do update set
      is_own = excluded.is_own or people_source_department.is_own
        and people_source_department.department_id = excluded.department_id,
      department_id = excluded.department_id`.execute(tx)
}

export async function dropBinding(tx: Db, { corpId, sourceId }: Whose, code: string): Promise<void> {
  await tx
    .deleteFrom('people_source_department')
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('code', '=', code)
    .execute()
}

export type FullMember = StoredMember & { attributes: Attribute[]; bizMail: string }

const memberColumns = sql`id, user_id as "userId", name, alias, mobile, email, sex, avatar, address, position, status,
  main_department as "mainDepartment", departments, orders, leader_in as "leaderIn",
  direct_leaders as "directLeaders", attributes, biz_mail as "bizMail", hash`

/** Members who have not left with all their fields, by id, above `after`. */
export async function membersAfter(
  db: Db,
  corpId: string,
  after: number,
  limit: number,
): Promise<FullMember[]> {
  const { rows } = await sql<FullMember>`
    select ${memberColumns} from member
    where corp_id = ${corpId} and left_at is null and id > ${after} order by id limit ${limit}`.execute(db)
  return rows
}

/** Those of these members who have not left, by id or by userid in lower case. */
export async function membersNamed(
  db: Db,
  corpId: string,
  { ids, keys }: { ids: readonly number[]; keys: readonly string[] },
): Promise<FullMember[]> {
  const { rows } = await sql<FullMember>`
    select ${memberColumns} from member
    where corp_id = ${corpId} and left_at is null
      and (id = any(${[...ids]}::bigint[]) or user_key = any(${[...keys]}::text[]))`.execute(db)
  return rows
}
