import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { RowCounts } from './delete-rows-store.ts'

/** A corp that is being deleted or has been. */
export type Removal = {
  corpId: string
  name: string
  begunAt: Date
  begunBy: string
  suspendedAt: Date
  suspendedReason: string
  exportedAt: Date
  exportSha256: string
  /** How many rows have been deleted, by table. */
  rows: RowCounts
  endedAt: Date | null
}

const columns = [
  'corp_id as corpId',
  'name',
  'begun_at as begunAt',
  'begun_by as begunBy',
  'suspended_at as suspendedAt',
  'suspended_reason as suspendedReason',
  'exported_at as exportedAt',
  'export_sha256 as exportSha256',
  'ended_at as endedAt',
] as const

export async function insertRemoval(tx: Db, removal: Omit<Removal, 'rows' | 'endedAt'>): Promise<void> {
  await tx
    .insertInto('corp_removal')
    .values({
      corp_id: removal.corpId,
      name: removal.name,
      begun_at: removal.begunAt,
      begun_by: removal.begunBy,
      suspended_at: removal.suspendedAt,
      suspended_reason: removal.suspendedReason,
      exported_at: removal.exportedAt,
      export_sha256: removal.exportSha256,
      ended_at: null,
    })
    .execute()
}

/** The latest first: those of one corp, or of all. */
export async function listRemovals(
  db: Db,
  corpId: string | undefined,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<Removal[]> {
  return db
    .selectFrom('corp_removal')
    .select(columns)
    .select(sql<RowCounts>`rows`.as('rows'))
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('begun_at', 'desc')
    .orderBy('corp_id')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function countRemovals(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('corp_removal')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Adds what was deleted in the same transaction, so that no row is counted twice or not at all. */
export async function countDeleted(tx: Db, corpId: string, deleted: RowCounts): Promise<void> {
  await sql`
    update corp_removal set rows = (
      select coalesce(jsonb_object_agg(key, n), '{}') from (
        select key, sum(value::bigint) as n from (
          select * from jsonb_each_text(corp_removal.rows) union all
          select * from jsonb_each_text(${JSON.stringify(deleted)}::jsonb)
        ) as both_of_them group by key
      ) as sums)
    where corp_id = ${corpId} and ended_at is null`.execute(tx)
}

export async function endRemoval(tx: Db, corpId: string, at: Date): Promise<Removal | undefined> {
  await tx
    .updateTable('corp_removal')
    .set({ ended_at: at })
    .where('corp_id', '=', corpId)
    .where('ended_at', 'is', null)
    .execute()
  const [removal] = await listRemovals(tx, corpId, { limit: 1 })
  return removal
}

export async function pruneRemovals(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'corp_removal', sql`ended_at < ${before}`, atMost)
}
