import { type Kysely, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Tables } from '../../../platform/storage/tables.ts'

/** Whose data a developer got by a call. */
export type DataRead = {
  corpId: string
  at: Date
  devId: string
  path: string
  /** Wire names of what was given of each person. */
  fields: readonly string[]
  memberIds: readonly number[]
  /** How many people more there were, whose ids could not be kept. */
  unlisted: number
}

/** Leaves out corps that have been removed since. */
export async function insertDataReads(db: Db, reads: readonly DataRead[]): Promise<void> {
  await sql`
    insert into data_read (corp_id, at, dev_id, path, fields, member_ids, unlisted)
    select row."corpId", row.at, row."devId", row.path, row.fields, row."memberIds", row.unlisted
    from jsonb_to_recordset(${JSON.stringify(reads)}::jsonb) as row("corpId" text, at timestamptz, "devId" text, path text,
        fields text[], "memberIds" bigint[], unlisted int)
      join corp on corp.corp_id = row."corpId"
    order by row."corpId", row.at`.execute(db)
}

export type DataReadFilter = {
  corpId: string
  memberId?: number | undefined
  devId?: string | undefined
  from: Date
  to: Date
}
export type DataReadRow = Pick<DataRead, 'at' | 'devId' | 'path' | 'fields'> & {
  people: number
  /** Of the first few. */
  memberIds: number[]
}

const namedAtMost = 3

/** The latest first. */
export async function findDataReads(
  db: Kysely<Tables>,
  filter: DataReadFilter,
  page: { limit: number; offset: number },
): Promise<{ list: DataReadRow[]; total: number }> {
  if (filter.memberId === undefined) return found(db, filter, page)
  return db.transaction().execute(async tx => {
    // The planner does not know how long the lists are, and would rather unpack all of them than ask the index.
    await sql`set local enable_seqscan = off`.execute(tx)
    return found(tx, filter, page)
  })
}

async function found(
  db: Db,
  { corpId, memberId, devId, from, to }: DataReadFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: DataReadRow[]; total: number }> {
  // By the index of persons alone: a person is of one corp.
  const own =
    memberId === undefined
      ? sql``
      : sql`with own as materialized (select * from data_read where member_ids @> ${[memberId]}::bigint[])`
  const rows = sql`${sql.table(memberId === undefined ? 'data_read' : 'own')}
    where corp_id = ${corpId} and at >= ${from} and at <= ${to} ${devId === undefined ? sql`` : sql`and dev_id = ${devId}`}`
  // The lists of one page are unpacked, not those of all rows that are sorted.
  const list = await sql<DataReadRow>`${own}
    select at, dev_id as "devId", path, fields, (cardinality(member_ids) + unlisted)::int as people,
      (member_ids[1:${namedAtMost}::int])::float8[] as "memberIds"
    from (select * from ${rows} order by at desc, id desc limit ${limit} offset ${offset}) page
    order by at desc, id desc`.execute(db)
  const counted = await sql<{ total: number }>`${own} select count(*)::int as total from ${rows}`.execute(db)
  return { list: list.rows, total: counted.rows[0]?.total ?? 0 }
}

export async function pruneDataReads(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.at < ${now}::timestamptz - make_interval(days => greatest(corp.request_log_days, corp.data_read_days))`
  return deleteOldestOfCorps(db, 'data_read', isOld, 'at', atMost)
}

export async function eraseDataReads(tx: Db, corpId: string, ids: readonly number[]): Promise<void> {
  await sql`
    update data_read set unlisted = unlisted + cardinality(member_ids), member_ids = '{}'
    where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(tx)
}
