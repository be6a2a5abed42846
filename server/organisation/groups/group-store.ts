import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Rule } from './rule.ts'

export type GroupRow = {
  id: number
  name: string
  note: string
  rule: Rule | null
  version: number
  /** How many members are in it. */
  members: number
  /** Up to which member its rule was worked through; null when that is done. */
  scanAfter: number | null
  scanned: number
  changedAt: Date
  changedBy: string
}

export type GroupValues = Pick<GroupRow, 'name' | 'note' | 'rule' | 'changedAt' | 'changedBy'> & {
  hasDates: boolean
}

const columns = [
  'id',
  'name',
  'note',
  'rule',
  'version',
  'size as members',
  'scan_after as scanAfter',
  'scanned',
  'changed_at as changedAt',
  'changed_by as changedBy',
] as const

export async function groupsOf(db: Db, corpId: string): Promise<GroupRow[]> {
  const rows = await db
    .selectFrom('member_group')
    .select(columns)
    .where('corp_id', '=', corpId)
    .orderBy('id')
    .execute()
  return rows as GroupRow[]
}

export async function findGroup(db: Db, corpId: string, id: number): Promise<GroupRow | undefined> {
  const row = await db
    .selectFrom('member_group')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row as GroupRow | undefined
}

/** Groups by number with their names; undefined for one that is gone. */
export async function namesOfGroups(
  db: Db,
  corpId: string,
  ids: readonly number[] = [],
): Promise<{ id: number; name: string | undefined }[]> {
  if (ids.length === 0) return []
  const names = new Map((await groupsOf(db, corpId)).map(one => [one.id, one.name]))
  return ids.map(id => ({ id, name: names.get(id) }))
}

/** Makes those who add, change or delete groups of a corp wait for each other, until the transaction ends. */
export async function lockGroups(tx: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('member_group'), hashtext(${corpId}))`.execute(tx)
}

/** Reads a group and keeps its members from changing until the transaction ends. */
export async function lockGroup(tx: Db, corpId: string, id: number): Promise<GroupRow | undefined> {
  const row = await tx
    .selectFrom('member_group')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row as GroupRow | undefined
}

function valuesOf({ name, note, rule, hasDates, changedAt, changedBy }: GroupValues) {
  return {
    name,
    note,
    rule: rule === null ? null : JSON.stringify(rule),
    has_dates: hasDates,
    changed_at: changedAt,
    changed_by: changedBy,
  }
}

/** A group with a rule is worked through from the first member on. */
export async function insertGroup(tx: Db, corpId: string, group: GroupValues): Promise<number> {
  const { id } = await tx
    .insertInto('member_group')
    .values({ ...valuesOf(group), corp_id: corpId, scan_after: group.rule ? 0 : null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** `isAnew`: its rule is another, so that it is worked through again. */
export async function updateGroup(
  tx: Db,
  corpId: string,
  id: number,
  group: GroupValues,
  isAnew: boolean,
): Promise<void> {
  await tx
    .updateTable('member_group')
    .set({
      ...valuesOf(group),
      version: sql<number>`version + 1`,
      ...(isAnew ? { scan_after: 0, scanned: 0 } : {}),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteGroup(tx: Db, corpId: string, id: number): Promise<void> {
  await tx.deleteFrom('member_group').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** From now on nodes hold the members of these groups in memory. Returns which of them there are. */
export async function holdGroups(tx: Db, corpId: string, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    with locked as (
      select id from member_group where corp_id = ${corpId} and id = any(${[...ids]}::bigint[]) order by id for update
    )
    update member_group g set is_held = true from locked where g.corp_id = ${corpId} and g.id = locked.id
    returning g.id`.execute(tx)
  return rows.map(row => row.id)
}

/** Begins to work these rules through again. */
export async function scanAgain(tx: Db, corpId: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update member_group set scan_after = 0, scanned = 0 where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(
    tx,
  )
}

/** `after` is null when the end was reached; `from` keeps a run that was begun anew meanwhile. */
export async function putScanned(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  { from, after, looked }: { from: number; after: number | null; looked: number },
): Promise<void> {
  // Rows that went with their member are not counted out.
  const size =
    after === null
      ? sql`, size = (select count(*)::int from member_group_member m where m.corp_id = ${corpId}
          and m.group_id = member_group.id and m.is_in)`
      : sql``
  await sql`
    update member_group set scan_after = ${after}, scanned = scanned + ${looked}${size}
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[]) and scan_after = ${from}`.execute(tx)
}

export type SeenState = { seq: number; day: string }

export async function seenOf(db: Db, corpId: string): Promise<SeenState | undefined> {
  return db
    .selectFrom('member_group_feed')
    .select(['seq', 'day'])
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
}

export async function putSeen(tx: Db, corpId: string, seen: Partial<SeenState>): Promise<void> {
  await tx
    .insertInto('member_group_feed')
    .values({ corp_id: corpId, seq: 0, ...seen })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(seen))
    .execute()
}

export type SeenTag = { id: number; userKeys: string[]; departments: number[] }

/** All tags that were seen; only those of `changed` with whom they have, since a tag may have the whole corp. */
export async function seenTags(
  db: Db,
  corpId: string,
  changed: readonly number[],
): Promise<Map<number, SeenTag>> {
  const { rows } = await sql<SeenTag>`
    select tag_id as id, case when tag_id = any(${[...changed]}::bigint[]) then user_keys else '{}' end as "userKeys",
      departments
    from member_group_tag where corp_id = ${corpId}`.execute(db)
  return new Map(rows.map(row => [row.id, row]))
}

export async function putSeenTags(tx: Db, corpId: string, tags: readonly SeenTag[]): Promise<void> {
  for (const { id, userKeys, departments } of tags) {
    const values = { user_keys: userKeys, departments }
    await tx
      .insertInto('member_group_tag')
      .values({ corp_id: corpId, tag_id: id, ...values })
      .onConflict(conflict => conflict.columns(['corp_id', 'tag_id']).doUpdateSet(values))
      .execute()
  }
}

export async function dropSeenTags(tx: Db, corpId: string, kept: readonly number[]): Promise<void> {
  await sql`
    delete from member_group_tag where corp_id = ${corpId} and tag_id <> all(${[...kept]}::bigint[])`.execute(
    tx,
  )
}

/** Corps with groups of which another day has come, or that an older node has changed without enqueuing anything. */
export async function corpsToLookAt(
  db: Db,
): Promise<{ corpId: string; day: string; isBehind: boolean; hasDates: boolean }[]> {
  const { rows } = await sql<{ corpId: string; day: string; isBehind: boolean; hasDates: boolean }>`
    select g.corp_id as "corpId", coalesce(max(f.day), '') as day,
      coalesce(max(d.changed_seq), 0) > coalesce(max(f.seq), 0) as "isBehind", bool_or(g.has_dates) as "hasDates"
    from member_group g
      left join member_group_feed f on f.corp_id = g.corp_id
      left join directory_feed d on d.corp_id = g.corp_id
    group by g.corp_id`.execute(db)
  return rows
}

/** Begins the day of a corp: rules with dates are worked through again. Groups are locked first, as by all who write both. */
export async function beginDay(tx: Db, corpId: string, day: string): Promise<void> {
  await sql`
    with locked as (
      select id from member_group where corp_id = ${corpId} and has_dates order by id for update
    )
    update member_group g set scan_after = 0, scanned = 0 from locked
    where g.corp_id = ${corpId} and g.id = locked.id`.execute(tx)
  await putSeen(tx, corpId, { day })
}

/** Whether developers have to be told of a group that is not being worked through. */
export async function hasUntold(db: Db, corpId: string): Promise<boolean> {
  const { rows } = await sql`
    select from member_group where corp_id = ${corpId} and scan_after is null and untold_joined + untold_left > 0
    limit 1`.execute(db)
  return rows.length > 0
}

export type Untold = { id: number; name: string; members: number; joined: number; left: number }

/** What developers were not told yet of groups that are not being worked through; taken once. */
export async function takeUntold(tx: Db, corpId: string): Promise<Untold[]> {
  const { rows } = await sql<Untold>`
    with old as (
      select id, untold_joined, untold_left from member_group
      where corp_id = ${corpId} and scan_after is null and untold_joined + untold_left > 0 order by id for update
    )
    update member_group g set untold_joined = 0, untold_left = 0 from old
    where g.corp_id = ${corpId} and g.id = old.id
    returning g.id, g.name, g.size as members, old.untold_joined as joined, old.untold_left as left`.execute(
    tx,
  )
  return rows
}
