import type { Db } from '../../../platform/storage/db.ts'
import { type Closure, closureOf } from '../suspension/closure.ts'

/** The features that the corp has on, and whether it is served; both stay so until the transaction ends. */
export async function holdFeatures(
  tx: Db,
  corpId: string,
): Promise<{ features: string[]; closure: Closure | undefined }> {
  const row = await tx
    .selectFrom('corp')
    .select([
      'features',
      'suspended_at as suspendedAt',
      'suspended_reason as suspendedReason',
      'removing_at as removingAt',
    ])
    .where('corp_id', '=', corpId)
    .forShare()
    .executeTakeFirst()
  return row ? { features: row.features, closure: closureOf(row) } : { features: [], closure: undefined }
}

/** Locks the row until the end of the transaction; undefined when there is no such corp. */
export async function lockFeatures(tx: Db, corpId: string): Promise<string[] | undefined> {
  const row = await tx
    .selectFrom('corp')
    .select('features')
    .where('corp_id', '=', corpId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row?.features
}

export async function setFeatures(tx: Db, corpId: string, features: readonly string[]): Promise<void> {
  await tx
    .updateTable('corp')
    .set({ features: [...features] })
    .where('corp_id', '=', corpId)
    .execute()
}
