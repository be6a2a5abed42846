import { sql } from 'kysely'
import type { Words } from '../../../platform/http/words.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { TreeName } from '../tree/source.ts'

export type CheckpointCause = 'hour' | 'export' | 'asked' | 'break-glass'

export type StoredCheckpoint = {
  tree: TreeName
  number: number
  size: number
  note: string
  cause: string
  madeAt: Date
}

const columns = ['tree', 'number', 'size', 'note', 'cause', 'made_at as madeAt'] as const

/** Trees that grew since their last checkpoint, an hour ago or longer, or since when an export of the audit log was made. */
export async function dueCheckpoints(
  db: Db,
  now: Date,
): Promise<{ tree: TreeName; cause: CheckpointCause }[]> {
  // No index answers `is not distinct from`, and a table of millions of acts would be read each minute for each tree.
  const { rows } = await sql<{ tree: string; cause: CheckpointCause }>`
    select tree, case when made_at is null or made_at <= ${now}::timestamptz - interval '1 hour' then 'hour' else 'export' end as cause
    from (
      select t.tree, t.corp_id, t.size, last.size as last_size, last.made_at
      from audit_tree t left join corp on corp.corp_id = t.corp_id
        left join lateral (select size, made_at from audit_checkpoint c where c.tree = t.tree order by number desc limit 1) last on true
      where corp.removing_at is null) as trees
    where size > 0 and size <> coalesce(last_size, 0) and (made_at is null or made_at <= ${now}::timestamptz - interval '1 hour'
      or exists (select from audit where audit.corp_id = trees.corp_id and audit.at > trees.made_at
        and act = 'export' and target = 'audit')
      or trees.corp_id is null and exists (select from audit where audit.corp_id is null and audit.at > trees.made_at
        and act = 'export' and target = 'audit'))
    order by tree`.execute(db)
  return rows
}

export async function lastCheckpoint(db: Db, tree: TreeName): Promise<StoredCheckpoint | undefined> {
  const [last] = await latestCheckpoints(db, tree, 1)
  return last
}

/** The latest first. */
export async function latestCheckpoints(db: Db, tree: TreeName, limit: number): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('audit_checkpoint')
    .select(columns)
    .where('tree', '=', tree)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
}

/** In order. */
export async function allCheckpoints(db: Db, tree: TreeName): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('audit_checkpoint')
    .select(columns)
    .where('tree', '=', tree)
    .orderBy('number')
    .execute()
}

export async function insertCheckpoint(
  tx: Db,
  { tree, size, note, cause, madeAt }: Omit<StoredCheckpoint, 'number'>,
): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    insert into audit_checkpoint (tree, number, size, note, cause, made_at)
    select ${tree}, coalesce(max(number), 0) + 1, ${size}, ${note}, ${cause}, ${madeAt} from audit_checkpoint where tree = ${tree}
    returning number`.execute(tx)
  return rows[0]!.number
}

export async function pruneCheckpoints(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit_checkpoint', sql`made_at < ${before}`, atMost)
}

export type Destination = {
  tree: TreeName
  url: string
  members: string[]
  urlNumber: number
  urlAt: Date | null
  membersNumber: number
  membersAt: Date | null
  problem: Words | null
}

const destinationColumns = [
  'tree',
  'url',
  'members',
  'url_number as urlNumber',
  'url_at as urlAt',
  'members_number as membersNumber',
  'members_at as membersAt',
  'problem',
] as const

export async function destinationOf(db: Db, tree: TreeName): Promise<Destination | undefined> {
  const row = await db
    .selectFrom('audit_destination')
    .select(destinationColumns)
    .where('tree', '=', tree)
    .executeTakeFirst()
  return row as Destination | undefined
}

/** Destinations that lack the last checkpoint: an address at once, members once a day. */
export async function unsentDestinations(
  db: Db,
  now: Date,
): Promise<(Destination & { last: StoredCheckpoint })[]> {
  const rows = await db
    .selectFrom('audit_destination as d')
    .innerJoin('audit_checkpoint as c', 'c.tree', 'd.tree')
    .select(destinationColumns.map(column => `d.${column}` as const))
    .select(['c.number', 'c.size', 'c.note', 'c.cause', 'c.made_at as madeAt'])
    .where(
      sql<boolean>`c.number = (select max(number) from audit_checkpoint where audit_checkpoint.tree = d.tree)
      and (d.url <> '' and d.url_number < c.number
        or d.members <> '{}' and d.members_number < c.number
          and (d.members_at is null or d.members_at <= ${now}::timestamptz - interval '1 day' or c.cause <> 'hour'))`,
    )
    .orderBy('d.tree')
    .execute()
  return rows.map(({ number, size, note, cause, madeAt, ...row }) => {
    const destination = row as unknown as Destination
    return { ...destination, last: { tree: destination.tree, number, size, note, cause, madeAt } }
  })
}

/** So that something can be said of a tree that has no entry yet. */
export async function putTreeOnce(tx: Db, tree: TreeName): Promise<void> {
  await sql`
    insert into audit_tree (tree, corp_id) values (${tree}, nullif(${tree}, '')) on conflict do nothing`.execute(
    tx,
  )
}

export async function putDestination(
  tx: Db,
  tree: TreeName,
  { url, members }: { url: string; members: readonly string[] },
  by: { at: Date; actor: string },
): Promise<void> {
  await putTreeOnce(tx, tree)
  await sql`
    insert into audit_destination (tree, url, members, set_at, set_by)
    values (${tree}, ${url}, ${[...members]}::text[], ${by.at}, ${by.actor})
    on conflict (tree) do update set url = excluded.url, members = excluded.members, set_at = excluded.set_at, set_by = excluded.set_by,
      problem = null,
      url_number = case when audit_destination.url = excluded.url then audit_destination.url_number else 0 end,
      url_at = case when audit_destination.url = excluded.url then audit_destination.url_at end,
      members_number = case when audit_destination.members = excluded.members then audit_destination.members_number else 0 end,
      members_at = case when audit_destination.members = excluded.members then audit_destination.members_at end`.execute(
    tx,
  )
}

/** What has gone where; the counts stay where they are when a later checkpoint went meanwhile, or the destination was changed. */
export async function noteSent(
  db: Db,
  tree: TreeName,
  sent: Pick<Destination, 'url' | 'members' | 'problem'> & {
    number: number
    at: Date
    byUrl: boolean
    byMembers: boolean
  },
): Promise<void> {
  const { url, members, number, at, byUrl, byMembers, problem } = sent
  await sql`
    update audit_destination set
      url_number = case when ${byUrl} then greatest(url_number, ${number}) else url_number end,
      url_at = case when ${byUrl} then ${at} else url_at end,
      members_number = case when ${byMembers} then greatest(members_number, ${number}) else members_number end,
      members_at = case when ${byMembers} then ${at} else members_at end,
      problem = ${problem === null ? null : JSON.stringify(problem)}::jsonb
    where tree = ${tree} and url = ${url} and members = ${members}::text[]`.execute(db)
}
