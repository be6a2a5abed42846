import { sql } from 'kysely'
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

/** What is later than this was dated by a clock that ran ahead; those of nodes differ by less. */
export const aheadOf = (now: Date) => new Date(now.getTime() + 5 * 60_000)

const columns = ['tree', 'number', 'size', 'note', 'cause', 'made_at as madeAt'] as const

/**
 * Trees that grew since their last checkpoint, an hour ago or longer, or since when an export of the audit log was made. A checkpoint of a time to
 * come was made by a clock that ran ahead, and must not put off the next.
 */
export async function dueCheckpoints(
  db: Db,
  now: Date,
): Promise<{ tree: TreeName; cause: CheckpointCause }[]> {
  // No index answers `is not distinct from`, and a table of millions of acts would be read each minute for each tree.
  const isHourOver = sql`(made_at is null or made_at <= ${now}::timestamptz - interval '1 hour' or made_at > ${aheadOf(now)}::timestamptz)`
  const { rows } = await sql<{ tree: string; cause: CheckpointCause }>`
    select tree, case when ${isHourOver} then 'hour' else 'export' end as cause
    from (
      select t.tree, t.corp_id, t.size, last.size as last_size, last.made_at
      from audit_tree t left join corp on corp.corp_id = t.corp_id
        left join lateral (select size, made_at from audit_checkpoint c where c.tree = t.tree order by number desc limit 1) last on true
      where corp.removing_at is null) as trees
    where size > 0 and size <> coalesce(last_size, 0) and (${isHourOver}
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

/** One that is older stays: that none was taken away before it can be told by it. */
export async function pruneCheckpoints(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isFollowed = sql`exists (select from audit_checkpoint next where next.tree = audit_checkpoint.tree
    and next.number > audit_checkpoint.number and next.made_at < ${before})`
  return deleteSome(db, 'audit_checkpoint', sql`made_at < ${before} and ${isFollowed}`, atMost)
}

/** So that something can be said of a tree that has no entry yet. */
export async function putTreeOnce(tx: Db, tree: TreeName): Promise<void> {
  await sql`
    insert into audit_tree (tree, corp_id) values (${tree}, nullif(${tree}, '')) on conflict do nothing`.execute(
    tx,
  )
}
