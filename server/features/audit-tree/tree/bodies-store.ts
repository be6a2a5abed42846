import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Body } from './leaf.ts'
import type { Source, TreeName } from './source.ts'

/*
 * The texts that leaves are made of. They never change: a field that a later version adds stands in rows of then alone, by a list of its own.
 * PostgreSQL writes them for entering and for verifying alike; jsonb has one spelling of a value.
 */
const micros = sql`(extract(epoch from at) * 1000000)::bigint`
const texts: Record<
  Source,
  { key: RawBuilder<unknown>; open: RawBuilder<string>; personal: RawBuilder<string> }
> = {
  audit: {
    key: sql`id`,
    open: sql`jsonb_build_array('act', id, ${micros}, corp_id, act)::text`,
    personal: sql`jsonb_build_array(actor, actor_name, target, target_name, address, detail)::text`,
  },
  sign_in_log: {
    key: sql`id`,
    open: sql`jsonb_build_array('sign-in', id, ${micros}, corp_id, app_id, way, reason, acr, amr)::text`,
    personal: sql`jsonb_build_array(number, app_name, member_id, user_id, user_name, detail, released, address, user_agent)::text`,
  },
  refusal: {
    key: sql`number`,
    open: sql`jsonb_build_array('refusal', number, ${micros}, corp_id, place, reason)::text`,
    personal: sql`jsonb_build_array(member_id, detail, address, user_agent)::text`,
  },
  data_read: {
    key: sql`id`,
    open: sql`jsonb_build_array('read', id, ${micros}, corp_id, dev_id, path, fields)::text`,
    personal: sql`jsonb_build_array(member_ids, unlisted)::text`,
  },
}

/** Tables whose key begins with the corp. */
const ofCorp: readonly Source[] = ['sign_in_log', 'data_read']

export async function bodiesOf(
  db: Db,
  tree: TreeName,
  source: Source,
  ids: readonly string[],
): Promise<Body[]> {
  if (ids.length === 0) return []
  const { key, open, personal } = texts[source]
  const among = source === 'refusal' ? sql`number = any(${ids}::text[])` : sql`id = any(${ids}::bigint[])`
  const { rows } = await sql<Body>`
    select ${key}::text as "rowId", ${open} as open, ${personal} as personal from ${sql.table(source)}
    where ${ofCorp.includes(source) ? sql`corp_id = ${tree} and` : sql``} ${among}`.execute(db)
  return rows
}

/** How far the rows of before the tree have entered: the last key, and the last that there was. */
export type Progress = { after: number | string; upTo: number | string }

/** The next keys of rows of before the tree. */
export async function existingIds(
  db: Db,
  tree: TreeName,
  source: Source,
  { after, upTo }: Progress,
  atMost: number,
): Promise<string[]> {
  const { key } = texts[source]
  const owner = tree === '' ? sql`corp_id is null` : sql`corp_id = ${tree}`
  const range = source === 'refusal' ? sql`number > ${after}` : sql`id > ${after} and id <= ${upTo}`
  const { rows } = await sql<{ row_id: string }>`
    select ${key}::text as row_id from ${sql.table(source)} where ${owner} and ${range} order by ${key} limit ${atMost}`.execute(
    db,
  )
  return rows.map(row => row.row_id)
}

/**
 * The first keys of rows that neither stand in a tree nor wait for it. `before`: those that were written in the last seconds may not be
 * visible to whoever enters them.
 */
export async function unenteredIds(
  db: Db,
  tree: TreeName,
  source: Source,
  before: Date,
  atMost: number,
): Promise<string[]> {
  const { key } = texts[source]
  const owner = tree === '' ? sql`corp_id is null` : sql`corp_id = ${tree}`
  const { rows } = await sql<{ row_id: string }>`
    select ${key}::text as row_id from ${sql.table(source)} as entry
    where ${owner} and at < ${before}
      and not exists (select from audit_leaf where audit_leaf.source = ${source} and audit_leaf.row_id = entry.${key}::text)
      and not exists (select from audit_pending where audit_pending.source = ${source} and audit_pending.row_id = entry.${key}::text)
    order by ${key} limit ${atMost}`.execute(db)
  return rows.map(row => row.row_id)
}
