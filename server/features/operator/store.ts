import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** The causes of the open alerts of each corp; corps without any are left out. */
export async function openCauses(db: Db): Promise<Map<string, { cause: string; detail: object }[]>> {
  const { rows } = await sql<{ corpId: string; cause: string; detail: object }>`
    select corp_id as "corpId", cause, detail from alert where ended_at is null and corp_id is not null`.execute(
    db,
  )
  return Map.groupBy(rows, row => row.corpId)
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
