import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** People in the answers of a day that a developer got from a call. */
export type PeopleReadCount = {
  corpId: string
  devId: string
  day: string
  path: string
  answers: number
  people: number
}

/** All nodes write rows in the same order, so that two of them cannot deadlock. */
export async function addPeopleRead(db: Db, counts: readonly PeopleReadCount[]): Promise<void> {
  await sql`
    insert into people_read (corp_id, dev_id, day, path, answers, people)
    select row."corpId", row."devId", row.day, row.path, row.answers, row.people
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as row("corpId" text, "devId" text, day date, path text,
        answers bigint, people bigint)
      join corp on corp.corp_id = row."corpId"
    order by 1, 3, 2, 4
    on conflict (corp_id, day, dev_id, path) do update set
      answers = people_read.answers + excluded.answers, people = people_read.people + excluded.people`.execute(
    db,
  )
}

export type PeopleFilter = { corpId: string; devId?: string | undefined; from: string; to: string }

/** Days in full, the latest first. */
export async function findPeopleRead(
  db: Db,
  filter: PeopleFilter,
): Promise<Omit<PeopleReadCount, 'corpId'>[]> {
  const { corpId, devId, from, to } = filter
  return db
    .selectFrom('people_read')
    .where('corp_id', '=', corpId)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .$if(devId !== undefined, only => only.where('dev_id', '=', devId!))
    .select(['dev_id as devId', sql<string>`day::text`.as('day'), 'path', 'answers', 'people'])
    .orderBy('day', 'desc')
    .orderBy('people', 'desc')
    .orderBy('dev_id')
    .orderBy('path')
    .execute()
}

export async function prunePeopleRead(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'people_read', sql`old.day < ${before}::date`, 'day', atMost)
}
