import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** The causes of the open alerts of each corp; corps without any are left out. */
export async function openCauses(db: Db): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ corpId: string; causes: string[] }>`
    select corp_id as "corpId", array_agg(cause) as causes from alert
    where ended_at is null and corp_id is not null group by corp_id`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.causes]))
}

/** What people uploaded for each of these corps: how many files, of how many bytes. */
export async function storedFiles(
  db: Db,
  corpIds: readonly string[],
): Promise<Map<string, { files: number; bytes: number }>> {
  const { rows } = await sql<{ corpId: string; files: number; bytes: number }>`
    select corp_id as "corpId", count(*)::int as files, sum(octet_length(bytes))::float8 as bytes
    from stored_file where corp_id = any(${corpIds}) group by corp_id`.execute(db)
  return new Map(rows.map(({ corpId, ...held }) => [corpId, held]))
}

/** When each of these corps was connected. */
export async function connectedAt(db: Db, corpIds: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ corpId: string; at: Date }>`
    select corp_id as "corpId", created_at as at from corp where corp_id = any(${corpIds})`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.at]))
}
