import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Finding } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'

const ownerIs = (tree: TreeName): RawBuilder<boolean> =>
  tree === '' ? sql<boolean>`a.corp_id is null` : sql<boolean>`a.corp_id = ${tree}`

/** An act about grants. `grants` is null in one that an older version wrote. */
export type GrantAct = {
  id: number
  act: string
  target: string
  grants: string[] | null
  /** Of a list: which, and the last act that it knew. */
  list: string | null
  after: number | null
  isFirst: boolean
}

/** The number of the last act of a tree's corp; 0 before the first. */
export async function lastAct(db: Db, tree: TreeName): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select coalesce(max(a.id), 0) as id from audit a where ${ownerIs(tree)}`.execute(db)
  return Number(rows[0]?.id ?? 0)
}

/** A part of the latest list of grants; undefined where there is none. */
export async function lastList(
  db: Db,
  tree: TreeName,
): Promise<{ id: number; list: string; at: Date; after: number } | undefined> {
  const { rows } = await sql<{ id: number; list: string; at: Date; after: number }>`
    select a.id, a.detail ->> 'list' as list, (a.detail ->> 'fromNumber')::float8 as after, a.at from audit a
    where ${ownerIs(tree)} and a.act = 'audit.grants.list' order by a.id desc limit 1`.execute(db)
  const found = rows[0]
  return found && { ...found, id: Number(found.id) }
}

/** Acts of these kinds after a number that stand in the tree or are about to, in the order in which they happened. */
export async function grantActs(
  db: Db,
  tree: TreeName,
  { after, acts }: { after: number; acts: readonly string[] },
): Promise<GrantAct[]> {
  const { rows } = await sql<GrantAct>`
    select a.id, a.act, a.target, case jsonb_typeof(a.detail -> 'grants') when 'array' then a.detail -> 'grants' end as grants,
      a.detail ->> 'list' as list, (a.detail ->> 'fromNumber')::float8 as after, coalesce((a.detail ->> 'first')::boolean, false) as "isFirst"
    from audit a
    where ${ownerIs(tree)} and a.id > ${after} and a.act = any(${[...acts]}::text[])
      and (exists (select from audit_leaf l where l.source = 'audit' and l.row_id = a.id::text)
        or exists (select from audit_pending p where p.source = 'audit' and p.row_id = a.id::text))
    order by a.id`.execute(db)
  return rows.map(row => ({ ...row, id: Number(row.id) }))
}

export type GrantsRow = {
  checkedAt: Date
  held: number
  findings: Finding[]
  listed: number
  listedAt: Date | null
  confirmedAt: Date | null
  confirmedBy: string
}

export async function grantsRow(db: Db, tree: TreeName): Promise<GrantsRow | undefined> {
  const row = await db
    .selectFrom('audit_grants')
    .select([
      'checked_at as checkedAt',
      'held',
      'findings',
      'listed',
      'listed_at as listedAt',
      'confirmed_at as confirmedAt',
      'confirmed_by as confirmedBy',
    ])
    .where('tree', '=', tree)
    .executeTakeFirst()
  return row as GrantsRow | undefined
}

/** `listed`: what entered the tree just now, which nobody has confirmed. */
export async function putChecked(
  tx: Db,
  tree: TreeName,
  {
    at,
    held,
    findings,
    listed,
  }: { at: Date; held: number; findings: readonly Finding[]; listed?: number | undefined },
): Promise<void> {
  const isNew = listed !== undefined
  await sql`
    insert into audit_grants (tree, checked_at, held, findings, listed, listed_at)
    values (${tree}, ${at}, ${held}, ${JSON.stringify(findings)}::jsonb, ${listed ?? 0}, ${isNew ? at : null})
    on conflict (tree) do update set checked_at = excluded.checked_at, held = excluded.held, findings = excluded.findings,
      listed = case when ${isNew} then excluded.listed else audit_grants.listed end,
      listed_at = case when ${isNew} then excluded.listed_at else audit_grants.listed_at end,
      confirmed_at = case when ${isNew} then null else audit_grants.confirmed_at end,
      confirmed_by = case when ${isNew} then '' else audit_grants.confirmed_by end`.execute(tx)
}

export async function putConfirmed(
  tx: Db,
  tree: TreeName,
  { at, by }: { at: Date; by: string },
): Promise<void> {
  await tx
    .updateTable('audit_grants')
    .set({ confirmed_at: at, confirmed_by: by })
    .where('tree', '=', tree)
    .execute()
}

/** Trees whose last comparison found something. */
export async function treesWithFindings(db: Db): Promise<{ tree: TreeName; findings: Finding[] }[]> {
  const rows = await db
    .selectFrom('audit_grants')
    .select(['tree', 'findings'])
    .where('findings', '<>', sql<string>`'[]'::jsonb`)
    .orderBy('tree')
    .execute()
  return rows as { tree: TreeName; findings: Finding[] }[]
}
