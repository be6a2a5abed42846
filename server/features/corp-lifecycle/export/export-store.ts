import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** The last export of a corp that reached its end. */
export type CorpExport = {
  exportedAt: Date
  exportedBy: string
  sha256: string
  bytes: number
  rows: Record<string, number>
}

export async function readExport(db: Db, corpId: string): Promise<CorpExport | undefined> {
  return db
    .selectFrom('corp_export')
    .select(['exported_at as exportedAt', 'exported_by as exportedBy', 'sha256', 'bytes'])
    .select(sql<Record<string, number>>`rows`.as('rows'))
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
}

export async function putExport(tx: Db, corpId: string, done: CorpExport): Promise<void> {
  const row = {
    exported_at: done.exportedAt,
    exported_by: done.exportedBy,
    sha256: done.sha256,
    bytes: done.bytes,
    rows: JSON.stringify(done.rows),
  }
  await tx
    .insertInto('corp_export')
    .values({ corp_id: corpId, ...row })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(row))
    .execute()
}
