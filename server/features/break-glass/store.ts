import { type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type BreakGlass = {
  id: number
  /** Null for the installation. */
  corpId: string | null
  reason: string
  openedAt: Date
  /** From then on commands ask for codes again. */
  endsAt: Date
  endedAt: Date | null
  /** Whose second factor it reset; '' for nobody's. */
  resetOf: string
  closedAt: Date | null
  closedBy: string
}

const columns = [
  'id',
  'corp_id as corpId',
  'reason',
  'opened_at as openedAt',
  'ends_at as endsAt',
  'ended_at as endedAt',
  'reset_of as resetOf',
  'closed_at as closedAt',
  'closed_by as closedBy',
] as const

/** Makes those who open one take turns, until the transaction ends. */
export async function lockBreakGlass(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('break_glass'))`.execute(tx)
}

/** The one that commands use at this time. */
export async function openOne(db: Db, corpId: string | null, now: Date): Promise<BreakGlass | undefined> {
  return db
    .selectFrom('break_glass')
    .select(columns)
    .where('corp_id', 'is not distinct from', corpId)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst()
}

export async function insertBreakGlass(
  tx: Db,
  { corpId, reason, openedAt, endsAt }: Pick<BreakGlass, 'corpId' | 'reason' | 'openedAt' | 'endsAt'>,
): Promise<BreakGlass> {
  return tx
    .insertInto('break_glass')
    .values({ corp_id: corpId, reason, opened_at: openedAt, ends_at: endsAt })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Returns the uses of break-glass that no auditor has closed, of all corps and the installation. */
export async function openBreakGlasses(db: Db): Promise<BreakGlass[]> {
  return db.selectFrom('break_glass').select(columns).where('closed_at', 'is', null).orderBy('id').execute()
}

/** Ends those whose time is over, or these; returns them. */
export async function endBreakGlasses(
  tx: Db,
  which: { dueAt: Date } | { id: number },
  at: Date,
): Promise<BreakGlass[]> {
  return tx
    .updateTable('break_glass')
    .set({ ended_at: at })
    .where('ended_at', 'is', null)
    .where(sql<SqlBool>`${'id' in which ? sql`id = ${which.id}` : sql`ends_at <= ${which.dueAt}`}`)
    .returning(columns)
    .execute()
}

/**
 * Takes the one reset of a second factor that it allows. False when it was taken, or another one of the same people since `since`, which
 * no auditor has closed, was for somebody else.
 */
export async function takeReset(
  tx: Db,
  { id, corpId }: Pick<BreakGlass, 'id' | 'corpId'>,
  of: string,
  since: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('break_glass')
    .set({ reset_of: of })
    .where('id', '=', id)
    .where('reset_of', '=', '')
    .where(
      sql<SqlBool>`not exists (select from break_glass other
        where other.closed_at is null and other.opened_at > ${since} and other.reset_of not in ('', ${of})
          and (other.corp_id is null or ${corpId}::text is null or other.corp_id = ${corpId}))`,
    )
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function dropReset(db: Db, id: number, of: string): Promise<void> {
  await db
    .updateTable('break_glass')
    .set({ reset_of: '' })
    .where('id', '=', id)
    .where('reset_of', '=', of)
    .execute()
}

/** Takes it off the screen. False when it was, or there is none in this corp. */
export async function closeBreakGlass(
  tx: Db,
  { id, corpId }: Pick<BreakGlass, 'id' | 'corpId'>,
  by: { actor: string; at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('break_glass')
    .set({ closed_at: by.at, closed_by: by.actor })
    .where('id', '=', id)
    .where('corp_id', 'is not distinct from', corpId)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Returns the uses of break-glass that no auditor has closed, of the installation and of these corps, latest first. */
export async function shownBreakGlasses(db: Db, corpIds: readonly (string | null)[]): Promise<BreakGlass[]> {
  const named = corpIds.filter(one => one !== null)
  return db
    .selectFrom('break_glass')
    .select(columns)
    .where('closed_at', 'is', null)
    .where(either =>
      either.or([
        ...(corpIds.includes(null) ? [either('corp_id', 'is', null)] : []),
        ...(named.length > 0 ? [either('corp_id', 'in', named)] : []),
        sql<SqlBool>`false`,
      ]),
    )
    .orderBy('opened_at', 'desc')
    .execute()
}

/** Deletes uses of break-glass that an auditor closed long ago. An open one stays on the screen. */
export async function pruneBreakGlasses(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'break_glass', sql`closed_at < ${before}`, atMost)
}
