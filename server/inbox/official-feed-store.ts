import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'

/** Pushes of these accounts with larger numbers, as far as they were received before `before`, in order. */
export async function officialEventsAfter(
  db: Db,
  corpId: string,
  accounts: readonly string[],
  since: number,
  before: Date,
  limit: number,
): Promise<{ id: number; account: string; plain: string }[]> {
  const { rows } = await sql<{ id: number; account: string; plain: string }>`
    select id, account, plain from inbox_event
    where corp_id = ${corpId} and account = any(${[...accounts]}::text[]) and account <> '' and id > ${since}
      and received_at <= ${before} and plain is not null
    order by id limit ${limit}`.execute(db)
  return rows
}
