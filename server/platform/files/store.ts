import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import type { FileReference } from '../storage/file-reference.ts'
import type { PruneOrder } from '../storage/retention.ts'
import type { Tables } from '../storage/tables.ts'
import type { FileType } from './recognise.ts'

type FileRow = Tables['stored_file']

export async function putFile(db: Db, row: FileRow): Promise<void> {
  await db
    .insertInto('stored_file')
    .values(row)
    .onConflict(conflict => conflict.columns(['corp_id', 'hash']).doUpdateSet({ wanted_at: row.wanted_at }))
    .execute()
}

/** Locks the row, so that a prune that runs at the same time sees the new time. */
export async function wantFile(
  db: Db,
  corpId: string,
  hash: string,
  at: Date,
): Promise<{ type: FileType; size: number } | undefined> {
  const { rows } = await sql<{ type: FileType; size: number }>`
    update stored_file set wanted_at = ${at} where corp_id = ${corpId} and hash = ${hash}
    returning type, octet_length(bytes) as size`.execute(db)
  return rows[0]
}

export async function findFile(
  db: Db,
  corpId: string,
  hash: string,
): Promise<{ type: FileType; bytes: Buffer } | undefined> {
  const row = await db
    .selectFrom('stored_file')
    .select(['type', 'bytes'])
    .where('corp_id', '=', corpId)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row && { type: row.type as FileType, bytes: row.bytes }
}

/**
 * Deletes files that nothing refers to. If a transaction refers to a file at the same time, it has locked the row, and the
 * file's time is compared again when it has ended.
 */
export async function pruneFiles(
  db: Db,
  references: readonly FileReference[],
  { before, atMost }: PruneOrder,
): Promise<number> {
  const used = references.map(hashesIn)
  const { numAffectedRows } = await sql`
    with used as (${sql.join(used, sql` union `)}), unused as (
      select corp_id, hash from stored_file f
      where wanted_at < ${before} and not exists (select from used u where u.corp_id = f.corp_id and u.hash = f.hash)
      limit ${atMost}
    )
    delete from stored_file f using unused u
    where f.corp_id = u.corp_id and f.hash = u.hash and f.wanted_at < ${before}`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

function hashesIn({ table, column, isWithin }: FileReference): RawBuilder<unknown> {
  const value = sql.ref(column)
  if (!isWithin)
    return sql`select corp_id, ${value} as hash from ${sql.table(table)} where ${value} is not null`
  return sql`
    select corp_id, found[1] as hash
    from ${sql.table(table)}, regexp_matches(${value}::text, '"([0-9a-f]{64})"', 'g') as found`
}
