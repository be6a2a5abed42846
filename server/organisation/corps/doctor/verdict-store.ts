import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Finding } from './check.ts'

export type FailedFindings = { key: string; at: Date; failed: Finding[] }

/** What failed in the last examinations that are stored under keys with one of these prefixes. */
export async function failedFindings(db: Db, prefixes: readonly string[]): Promise<FailedFindings[]> {
  // The doctor of a corp keeps them as checks, the others as findings.
  const { rows } = await sql<FailedFindings>`
    select key, to_timestamp((value->>'at')::float8 / 1000) as at, jsonb_path_query_array(value, '$.*[*] ? (@.state == "failed")') as failed
    from setting
    where exists (select from unnest(${[...prefixes]}::text[]) as prefix where starts_with(key, prefix))
      and jsonb_path_exists(value, '$.*[*] ? (@.state == "failed")')`.execute(db)
  return rows
}
