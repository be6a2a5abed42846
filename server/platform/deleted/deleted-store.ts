import { sql } from 'kysely'
import type { SealedColumn } from '../security/sealed-columns.ts'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'
import type { PruneOrder } from '../storage/retention.ts'
import type { Tables } from '../storage/tables.ts'
import type { DeletedKind, KeptRows } from './kept-rows.ts'

export type DeletedObject = {
  kind: DeletedKind
  id: string
  name: string
  deletedAt: Date
  deletedBy: string
}

const columns = ['kind', 'id', 'name', 'deleted_at as deletedAt', 'deleted_by as deletedBy'] as const

export async function insertDeleted(
  tx: Db,
  one: DeletedObject & { corpId: string; rows: string },
): Promise<void> {
  const { corpId, kind, id, name, deletedAt, deletedBy, rows } = one
  await tx
    .insertInto('deleted_object')
    .values({ corp_id: corpId, kind, id, name, deleted_at: deletedAt, deleted_by: deletedBy, rows })
    .execute()
}

/** The latest first. */
export async function deletedSince(db: Db, corpId: string, since: Date): Promise<DeletedObject[]> {
  return db
    .selectFrom('deleted_object')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('deleted_at', '>', since)
    .orderBy('deleted_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Takes the row away, so that nobody else brings the same back. */
export async function takeDeleted(
  tx: Db,
  { corpId, kind, id, since }: { corpId: string; kind: DeletedKind; id: string; since: Date },
): Promise<(DeletedObject & { rows: string }) | undefined> {
  return tx
    .deleteFrom('deleted_object')
    .where('corp_id', '=', corpId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where('deleted_at', '>', since)
    .returning([...columns, 'rows'])
    .executeTakeFirst()
}

export async function pruneDeleted(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'deleted_object', sql`deleted_at < ${before}`, atMost)
}

/** A row as JSON without its sealed columns, those by name, and its key by the sealed column. */
export type StoredRow = { row: string; sealed: Record<string, string | null>; keys: Record<string, string[]> }

/** JSON is made by the database, so that no number loses digits. */
export async function readRows(
  tx: Db,
  { table, column, through }: KeptRows,
  id: string,
  sealed: readonly SealedColumn[],
): Promise<StoredRow[]> {
  const names = sealed.map(one => one.column)
  const pairs = (value: (one: SealedColumn) => ReturnType<typeof sql>) =>
    sealed.length === 0
      ? sql`'{}'::jsonb`
      : sql`jsonb_build_object(${sql.join(sealed.flatMap(one => [sql`${one.column}::text`, value(one)]))})`
  const keyOf = (one: SealedColumn) =>
    sql`jsonb_build_array(${sql.join(one.key.map(name => sql`${sql.ref(`t.${name}`)}::text`))})`
  const isOfIt = through
    ? sql`(t.corp_id, ${sql.ref(`t.${column}`)}) in (
        select corp_id, ${sql.ref(through.key)} from ${sql.table(through.table)} where ${sql.ref(through.owner)} = ${id})`
    : sql`${sql.ref(`t.${column}`)} = ${id}`
  const { rows } = await sql<StoredRow>`
    select (to_jsonb(t) - ${names}::text[])::text as row, ${pairs(one => sql`${sql.ref(`t.${one.column}`)}`)} as sealed,
      ${pairs(keyOf)} as keys
    from ${sql.table(table)} as t where ${isOfIt}`.execute(tx)
  return rows
}

/** Names of the columns that can be written. */
export async function writableColumns(tx: Db, table: keyof Tables): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname::text as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`.execute(tx)
  return rows.map(one => one.name)
}

/** Whether a row of the corp is there, which then stays until the transaction ends. */
export async function holdsRow(
  tx: Db,
  table: keyof Tables,
  { corpId, key, value }: { corpId: string; key: string; value: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from ${sql.table(table)} where corp_id = ${corpId} and ${sql.ref(key)} = ${value} limit 1 for key share`.execute(
    tx,
  )
  return rows.length > 0
}

/** Columns that are not named get their default. */
export async function putRow(
  tx: Db,
  table: keyof Tables,
  names: readonly string[],
  json: { row: string; sealed: Record<string, string | null> },
): Promise<void> {
  const list = sql.join(names.map(name => sql.id(name)))
  await sql`
    insert into ${sql.table(table)} (${list}) overriding system value
    select ${list} from jsonb_populate_record(null::${sql.table(table)}, ${json.row}::jsonb || ${JSON.stringify(json.sealed)}::jsonb)`.execute(
    tx,
  )
}

/**
 * The same for rows with the same columns and nothing sealed; a source may have bound 100,000 people. Rows that refer to what is gone
 * are left out.
 */
export async function putRows(
  tx: Db,
  { table, refers }: KeptRows,
  names: readonly string[],
  rows: readonly string[],
): Promise<void> {
  const list = sql.join(names.map(name => sql.id(name)))
  const isThere = refers
    ? sql`where exists (
        select from ${sql.table(refers.table)} as r
        where r.corp_id = t.corp_id and ${sql.ref(`r.${refers.key}`)} = ${sql.ref(`t.${refers.column}`)} for key share)`
    : sql``
  await sql`
    insert into ${sql.table(table)} (${list}) overriding system value
    select ${list} from jsonb_populate_recordset(null::${sql.table(table)}, ${`[${rows.join()}]`}::jsonb) as t ${isThere}`.execute(
    tx,
  )
}

export async function referringKeys(tx: Db, kept: KeptRows, id: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select ${sql.ref(kept.onlyReference ?? '')}::text as key from ${sql.table(kept.table)}
    where ${sql.ref(kept.column)} = ${id}`.execute(tx)
  return rows.map(one => one.key)
}

export async function putReference(
  tx: Db,
  kept: KeptRows,
  id: string,
  keys: readonly string[],
): Promise<void> {
  await sql`
    update ${sql.table(kept.table)} set ${sql.ref(kept.column)} = ${id}
    where ${sql.ref(kept.onlyReference ?? '')}::text = any(${[...keys]}::text[]) and ${sql.ref(kept.column)} is null`.execute(
    tx,
  )
}
