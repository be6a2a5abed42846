import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

type Whose = { corpId: string; sourceId: number }
export type PutKind = 'person' | 'department'
export type PutRow = { key: string; cells: Record<string, string> }

export async function putRows(
  tx: Db,
  { corpId, sourceId }: Whose,
  kind: PutKind,
  rows: readonly PutRow[],
  at: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into people_source_put (corp_id, source_id, kind, key, cells, put_at)
    select ${corpId}, ${sourceId}, ${kind}, key, cells, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(key text, cells jsonb)
    on conflict (corp_id, source_id, kind, key) do update set cells = excluded.cells, put_at = excluded.put_at`.execute(
    tx,
  )
}

/** Returns the keys that were there. */
export async function removeRows(
  tx: Db,
  { corpId, sourceId }: Whose,
  kind: PutKind,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx
    .deleteFrom('people_source_put')
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('kind', '=', kind)
    .where('key', 'in', [...keys])
    .returning('key')
    .execute()
  return new Set(rows.map(one => one.key))
}

export async function countPut(db: Db, { corpId, sourceId }: Whose): Promise<number> {
  const { n } = await db
    .selectFrom('people_source_put')
    .select(select => select.fn.countAll<number>().as('n'))
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** By key, so that lines stay the same between two readings. */
export async function allPut(db: Db, { corpId, sourceId }: Whose, kind: PutKind): Promise<PutRow[]> {
  const rows = await db
    .selectFrom('people_source_put')
    .select(['key', 'cells'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('kind', '=', kind)
    .orderBy('key')
    .execute()
  return rows as PutRow[]
}
