import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Source, SourceSettings } from './source.ts'

function select(db: Db) {
  return db
    .selectFrom('todo_source')
    .select([
      'corp_id as corpId',
      'id',
      'app_id as appId',
      'kind',
      'name',
      'match',
      'key',
      'enabled',
      'addresses',
      'systems',
      'pc_prefix as pcPrefix',
      'app_prefix as appPrefix',
      'takes_unknown_sender as takesUnknownSender',
      'user_name as userName',
      'password',
      'version',
      'pushed_at as pushedAt',
      'created_at as createdAt',
      'updated_at as updatedAt',
      'updated_by as updatedBy',
    ])
}

/** Returns the sources of one corp, or of all, in the order in which they were made. */
export async function allSources(db: Db, corpId?: string): Promise<Source[]> {
  return select(db)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** Locks the row until the transaction ends. */
export async function lockSource(tx: Db, corpId: string, id: string): Promise<Source | undefined> {
  return select(tx).where('corp_id', '=', corpId).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

export type SourceRow = SourceSettings & { key: string; password: string }

function columnsOf(row: Partial<SourceRow>) {
  const { name, match, enabled, userName, password, key } = row
  return {
    name,
    match,
    enabled,
    key,
    password,
    addresses: row.addresses && [...row.addresses],
    systems: row.systems && [...row.systems],
    pc_prefix: row.pcPrefix,
    app_prefix: row.appPrefix,
    takes_unknown_sender: row.takesUnknownSender,
    user_name: userName,
  }
}

export async function insertSource(
  tx: Db,
  { corpId, id, appId, kind }: Pick<Source, 'corpId' | 'id' | 'appId' | 'kind'>,
  row: SourceRow,
  by: { actor: string; at: Date },
): Promise<void> {
  const times = { created_at: by.at, updated_at: by.at, updated_by: by.actor }
  await tx
    .insertInto('todo_source')
    .values({
      corp_id: corpId,
      id,
      app_id: appId,
      kind,
      name: row.name,
      match: row.match,
      key: row.key,
      enabled: row.enabled,
      addresses: [...row.addresses],
      systems: [...row.systems],
      pc_prefix: row.pcPrefix,
      app_prefix: row.appPrefix,
      takes_unknown_sender: row.takesUnknownSender,
      user_name: row.userName,
      password: row.password,
      ...times,
    })
    .execute()
}

export async function updateSource(
  tx: Db,
  corpId: string,
  id: string,
  change: Partial<SourceRow>,
  by: { actor: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('todo_source')
    .set({
      ...columnsOf(change),
      version: sql<number>`version + 1`,
      updated_at: by.at,
      updated_by: by.actor,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function deleteSource(tx: Db, corpId: string, id: string): Promise<void> {
  await tx.deleteFrom('todo_source').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** To the minute, so that a thousand pushes write one row. */
export async function notePushed(db: Db, corpId: string, id: string, at: Date): Promise<void> {
  await sql`
    update todo_source set pushed_at = ${at} where corp_id = ${corpId} and id = ${id}
      and (pushed_at is null or pushed_at < ${at}::timestamptz - interval '1 minute')`.execute(db)
}

/** What 致远 senders have bound; the later binding counts. */
export async function bindPersons(
  db: Db,
  corpId: string,
  sourceId: string,
  bindings: ReadonlyMap<string, string>,
  at: Date,
): Promise<void> {
  const rows = [...bindings].map(([theirId, value]) => ({ theirId, value }))
  await sql`
    insert into todo_source_person (corp_id, source_id, their_id, value, bound_at)
    select ${corpId}, ${sourceId}, "theirId", value, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("theirId" text, value text)
    order by "theirId"
    on conflict (corp_id, source_id, their_id) do update set value = excluded.value, bound_at = excluded.bound_at`.execute(
    db,
  )
}

/** Returns the persons bound to these ids, by id. */
export async function boundPersons(
  db: Db,
  corpId: string,
  sourceId: string,
  theirIds: readonly string[],
): Promise<Map<string, string>> {
  if (theirIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('todo_source_person')
    .select(['their_id as theirId', 'value'])
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('their_id', 'in', [...theirIds])
    .execute()
  return new Map(rows.map(row => [row.theirId, row.value]))
}

export async function pruneBindings(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'todo_source_person', sql`bound_at < ${before}`, atMost)
}
