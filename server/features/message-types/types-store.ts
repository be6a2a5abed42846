import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Definition } from './definition.ts'

/** Whether a type is used; `live` ones may still have no version in force. */
export type TypeState = 'live' | 'trial' | 'paused' | 'revoked'

export type TypeRow = {
  corpId: string
  key: string
  /** null: the corp's own. */
  devId: string | null
  state: TypeState
  /** In force; null before the first is. */
  version: number | null
  createdAt: Date
}

export type VersionRow = {
  version: number
  definition: Definition
  madeBy: string
  madeAt: Date
  approvedBy: string | null
  approvedAt: Date | null
  supersededAt: Date | null
}

const typeColumns = sql`t.corp_id as "corpId", t.key, t.dev_id as "devId", t.state, t.version, t.created_at as "createdAt"`
const versionColumns = sql`v.version, v.content as definition, v.made_by as "madeBy", v.made_at as "madeAt",
  v.approved_by as "approvedBy", v.approved_at as "approvedAt", v.superseded_at as "supersededAt"`

/** The versions in force, of one corp or of all, or of one type. */
export async function versionsInForce(
  db: Db,
  corpId: string | undefined,
  key?: string,
): Promise<(TypeRow & { version: number; definition: Definition })[]> {
  const { rows } = await sql<TypeRow & { version: number; definition: Definition }>`
    select ${typeColumns}, v.content as definition
    from message_type t join message_type_version v on v.corp_id = t.corp_id and v.key = t.key and v.version = t.version
    where ${corpId === undefined ? sql`true` : sql`t.corp_id = ${corpId}`}
      and ${key === undefined ? sql`true` : sql`t.key = ${key}`}`.execute(db)
  return rows
}

export type ListedType = TypeRow & { newest: VersionRow }

/** The types of a corp, or of one of its developers, each with its newest version, by key. */
export async function listTypes(db: Db, corpId: string, devId?: string): Promise<ListedType[]> {
  const { rows } = await sql<TypeRow & { newest: Omit<VersionRow, 'madeAt'> }>`
    select ${typeColumns}, (select to_jsonb(newest) from (
        select ${versionColumns} from message_type_version v
        where v.corp_id = t.corp_id and v.key = t.key order by v.version desc limit 1) as newest) as newest
    from message_type t
    where t.corp_id = ${corpId} and ${devId === undefined ? sql`true` : sql`t.dev_id = ${devId}`}
    order by t.key`.execute(db)
  return rows.map(row => ({ ...row, newest: withDates(row.newest) }))
}

/** PostgreSQL writes times inside of JSON as texts. */
function withDates(row: Omit<VersionRow, 'madeAt'>): VersionRow {
  const at = (name: 'madeAt' | 'approvedAt' | 'supersededAt') => {
    const said = (row as Record<string, unknown>)[name]
    return said === null ? null : new Date(String(said))
  }
  return { ...row, madeAt: at('madeAt')!, approvedAt: at('approvedAt'), supersededAt: at('supersededAt') }
}

export async function findType(db: Db, corpId: string, key: string): Promise<TypeRow | undefined> {
  const { rows } = await sql<TypeRow>`
    select ${typeColumns} from message_type t where t.corp_id = ${corpId} and t.key = ${key}`.execute(db)
  return rows[0]
}

const versionsAtMost = 200

/** The versions of a type, the newest first. */
export async function versionsOf(db: Db, corpId: string, key: string): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns} from message_type_version v
    where v.corp_id = ${corpId} and v.key = ${key} order by v.version desc limit ${versionsAtMost}`.execute(
    db,
  )
  return rows
}

export async function definitionOf(
  db: Db,
  { corpId, key, version }: { corpId: string; key: string; version: number },
): Promise<Definition | undefined> {
  const { rows } = await sql<{ definition: Definition }>`
    select content as definition from message_type_version
    where corp_id = ${corpId} and key = ${key} and version = ${version}`.execute(db)
  return rows[0]?.definition
}

/** Makes the type if there is none of this key, and locks it. `isNew`: it was made. */
export async function lockType(
  tx: Db,
  { corpId, key, devId, at }: { corpId: string; key: string; devId: string | null; at: Date },
): Promise<TypeRow & { isNew: boolean }> {
  const made = await sql`
    insert into message_type (corp_id, key, dev_id, created_at) values (${corpId}, ${key}, ${devId}, ${at})
    on conflict do nothing returning 1`.execute(tx)
  const locked = await lockExisting(tx, corpId, key)
  return { ...locked!, isNew: made.rows.length > 0 }
}

export async function lockExisting(tx: Db, corpId: string, key: string): Promise<TypeRow | undefined> {
  const { rows } = await sql<TypeRow>`
    select ${typeColumns} from message_type t where t.corp_id = ${corpId} and t.key = ${key} for update`.execute(
    tx,
  )
  return rows[0]
}

export async function countTypes(tx: Db, corpId: string, devId: string | null): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from message_type
    where corp_id = ${corpId} and dev_id is not distinct from ${devId}`.execute(tx)
  return rows[0]?.count ?? 0
}

export async function insertVersion(
  tx: Db,
  { corpId, key }: Pick<TypeRow, 'corpId' | 'key'>,
  { version, definition, madeBy, madeAt, approvedBy, approvedAt }: Omit<VersionRow, 'supersededAt'>,
): Promise<void> {
  await sql`
    insert into message_type_version (corp_id, key, version, content, made_by, made_at, approved_by, approved_at)
    values (${corpId}, ${key}, ${version}, ${JSON.stringify(definition)}::jsonb, ${madeBy}, ${madeAt}, ${approvedBy},
      ${approvedAt})`.execute(tx)
}

/** Marks all earlier versions but the one in force as no longer needed. */
export async function supersede(
  tx: Db,
  { corpId, key }: Pick<TypeRow, 'corpId' | 'key'>,
  { before, except, at }: { before: number; except: number | null; at: Date },
): Promise<void> {
  await sql`
    update message_type_version set superseded_at = ${at}
    where corp_id = ${corpId} and key = ${key} and version < ${before} and version is distinct from ${except}::int
      and superseded_at is null`.execute(tx)
}

export async function putInForce(
  tx: Db,
  { corpId, key }: Pick<TypeRow, 'corpId' | 'key'>,
  version: number,
): Promise<void> {
  await tx
    .updateTable('message_type')
    .set({ version })
    .where('corp_id', '=', corpId)
    .where('key', '=', key)
    .execute()
}

export async function approveVersion(
  tx: Db,
  { corpId, key }: Pick<TypeRow, 'corpId' | 'key'>,
  { version, by, at }: { version: number; by: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('message_type_version')
    .set({ approved_by: by, approved_at: at })
    .where('corp_id', '=', corpId)
    .where('key', '=', key)
    .where('version', '=', version)
    .execute()
}

export async function setState(
  tx: Db,
  { corpId, key }: Pick<TypeRow, 'corpId' | 'key'>,
  state: TypeState,
): Promise<void> {
  await tx
    .updateTable('message_type')
    .set({ state })
    .where('corp_id', '=', corpId)
    .where('key', '=', key)
    .execute()
}

export async function pruneVersions(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_type_version', sql`superseded_at < ${before}`, atMost)
}
