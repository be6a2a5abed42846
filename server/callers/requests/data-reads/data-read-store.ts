import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

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
  db: Db,
  { corpId, memberId, devId, from, to }: DataReadFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: DataReadRow[]; total: number }> {
  const found = db
    .selectFrom('data_read')
    .where('corp_id', '=', corpId)
    .where('at', '>=', from)
    .where('at', '<=', to)
    .$if(devId !== undefined, only => only.where('dev_id', '=', devId!))
    .$if(memberId !== undefined, only => only.where(sql<boolean>`member_ids @> ${[memberId]}::bigint[]`))
  const [list, { total }] = await Promise.all([
    found
      .select(['at', 'dev_id as devId', 'path', 'fields'])
      .select(sql<number>`(cardinality(member_ids) + unlisted)::int`.as('people'))
      .select(sql<number[]>`(member_ids[1:${namedAtMost}::int])::float8[]`.as('memberIds'))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow(),
  ])
  return { list, total }
}

export async function pruneDataReads(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.at < ${now}::timestamptz - make_interval(days => greatest(corp.request_log_days, corp.data_read_days))`
  return deleteOldestOfCorps(db, 'data_read', isOld, 'at', atMost)
}
