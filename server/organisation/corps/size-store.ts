/**
 * Counts of all corps come from rows. `directory_feed` has the size of each address book, written with it. Lists, metrics and
 * readiness ask for all corps by a fixed number of queries. Calls and messages of a day are added up by corp in the
 * transactions that count them. Signals of `wisp_config` name the corp, and only that corp is read again.
 */

import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** How much an address book holds; `listed` are the members without those who quit. */
export type DirectorySize = { departments: number; members: number; listed: number; tags: number }

/** With the number of the address book's last change. */
export type StoredSize = DirectorySize & { changeSeq: number }

const sizeColumns = ['departments', 'members', 'listed', 'tags', 'seq as changeSeq'] as const
const nothing: StoredSize = { departments: 0, members: 0, listed: 0, tags: 0, changeSeq: 0 }

/** How much the corp's address book holds, without having it in memory. */
export async function directorySize(db: Db, corpId: string): Promise<StoredSize> {
  const row = await db
    .selectFrom('directory_feed')
    .select(sizeColumns)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row ?? nothing
}

/** The same of all corps, or of these; answers a look-up that knows every corp. */
export async function directorySizes(
  db: Db,
  corpIds?: readonly string[],
): Promise<(corpId: string) => StoredSize> {
  const rows = await db
    .selectFrom('directory_feed')
    .select(['corp_id as corpId', ...sizeColumns])
    .$if(corpIds !== undefined, only => only.where(sql<boolean>`corp_id = any(${corpIds ?? []})`))
    .execute()
  const sizes = new Map(rows.map(({ corpId, ...size }) => [corpId, size]))
  return corpId => sizes.get(corpId) ?? nothing
}
