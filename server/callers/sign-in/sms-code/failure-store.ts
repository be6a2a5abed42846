import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'

/** What was said about a code that did not leave, and what to do. */
export type KeptFailure = { said: Words; fix: Words }

/** Keeps when the first of them failed. */
export async function putFailure(db: Db, corpId: string, failure: KeptFailure, at: Date): Promise<void> {
  const kept = JSON.stringify(failure)
  await db
    .insertInto('sms_code_failure')
    .values({ corp_id: corpId, since: at, failure: kept })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet({ failure: kept }))
    .execute()
}

/** Returns whether there was one. */
export async function dropFailure(db: Db, corpId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sms_code_failure')
    .where('corp_id', '=', corpId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Returns the standing failures of the corps that offer codes. */
export async function standingFailures(db: Db): Promise<(KeptFailure & { corpId: string })[]> {
  const rows = await db
    .selectFrom('sms_code_failure as f')
    .innerJoin('sign_in_setting as s', 's.corp_id', 'f.corp_id')
    .select(['f.corp_id as corpId', 'f.failure'])
    .where(sql<boolean>`'sms' = any(s.ways)`)
    .execute()
  return rows.map(({ corpId, failure }) => ({ corpId, ...failure }))
}
