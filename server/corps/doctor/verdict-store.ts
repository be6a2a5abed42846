import { sql } from 'kysely'
import { checkAlerts } from '../../alerts/check-soon.ts'
import type { Core } from '../../core.ts'
import type { Db } from '../../storage/db.ts'
import { putSetting } from '../../storage/settings.ts'
import type { Finding } from './check.ts'

/** Keeps what the doctor of a corp, or of one of its accounts or merchants, found, and has alerts looked for. */
export async function putVerdict(
  ctx: Pick<Core, 'db' | 'now'>,
  corpId: string,
  key: string,
  kept: object,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId)
    await putSetting(tx, key, kept)
  })
}

/** What failed in the last examinations, of those settings alone whose keys start with one of the prefixes. */
export async function failedFindings(
  db: Db,
  prefixes: readonly string[],
): Promise<{ key: string; failed: Pick<Finding, 'id' | 'title'>[] }[]> {
  // The doctor of a corp keeps them as checks, the others as findings.
  const { rows } = await sql<{ key: string; failed: Pick<Finding, 'id' | 'title'>[] }>`
    select key, jsonb_path_query_array(value, '$.*[*] ? (@.state == "failed")') as failed
    from setting
    where exists (select from unnest(${[...prefixes]}::text[]) as prefix where starts_with(key, prefix))
      and jsonb_path_exists(value, '$.*[*] ? (@.state == "failed")')`.execute(db)
  return rows
}
