import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type PersonHold = {
  id: number
  memberId: number
  userId: string
  name: string
  reason: string
  heldBy: string
  heldAt: Date
  until: Date
  keptAt: Date | null
  endedAt: Date | null
  endedBy: string | null
}

const columns = [
  'id',
  'member_id as memberId',
  'user_id as userId',
  'name',
  'reason',
  'held_by as heldBy',
  'held_at as heldAt',
  'until',
  'kept_at as keptAt',
  'ended_at as endedAt',
  'ended_by as endedBy',
] as const

export async function insertHold(
  tx: Db,
  corpId: string,
  hold: Omit<PersonHold, 'id' | 'keptAt' | 'endedAt' | 'endedBy'>,
): Promise<number> {
  const { memberId, userId, name, reason, heldBy, heldAt, until } = hold
  const row = await tx
    .insertInto('person_hold')
    .values({
      corp_id: corpId,
      member_id: memberId,
      user_id: userId,
      name,
      reason,
      held_by: heldBy,
      held_at: heldAt,
      until,
      kept_at: null,
      ended_at: null,
      ended_by: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return Number(row.id)
}

export async function findHold(db: Db, corpId: string, id: number): Promise<PersonHold | undefined> {
  return db
    .selectFrom('person_hold')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The open ones first, the latest first. */
export async function findHolds(
  db: Db,
  { corpId, isOpen }: { corpId: string; isOpen?: boolean | undefined },
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: PersonHold[]; total: number }> {
  const found = db
    .selectFrom('person_hold')
    .where('corp_id', '=', corpId)
    .$if(isOpen === true, only => only.where('ended_at', 'is', null))
    .$if(isOpen === false, only => only.where('ended_at', 'is not', null))
  const [list, counted] = await Promise.all([
    found
      .select(columns)
      .orderBy(sql`ended_at is not null`)
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    found.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(counted.n) }
}

/** The open hold of a person that ends last. */
export async function holdOf(db: Db, corpId: string, memberId: number): Promise<PersonHold | undefined> {
  return db
    .selectFrom('person_hold')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('ended_at', 'is', null)
    .orderBy('until', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Open ones whose rows are to be put by before tonight's prune, without those that are left for later. */
export async function dueHolds(
  db: Db,
  corpId: string,
  keptBefore: Date,
  left: readonly number[],
): Promise<PersonHold[]> {
  return db
    .selectFrom('person_hold')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('ended_at', 'is', null)
    .where(either => either.or([either('kept_at', 'is', null), either('kept_at', '<', keptBefore)]))
    .where(sql<boolean>`id <> all(${[...left]}::bigint[])`)
    .orderBy('id')
    .limit(100)
    .execute()
}

export async function corpsWithHolds(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('person_hold')
    .select('corp_id')
    .distinct()
    .where('ended_at', 'is', null)
    .orderBy('corp_id')
    .execute()
  return rows.map(row => row.corp_id)
}

/** Returns the holds whose time is over. */
export async function overdueHolds(db: Db, corpId: string, now: Date): Promise<PersonHold[]> {
  return db
    .selectFrom('person_hold')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('ended_at', 'is', null)
    .where('until', '<=', now)
    .limit(100)
    .execute()
}

export type KeptRow = { hash: string; table: string; content: string }

/** Adds what is new or has changed. Returns how many rows that is. */
export async function keepRows(
  tx: Db,
  corpId: string,
  holdId: number,
  rows: readonly KeptRow[],
  at: Date,
): Promise<number> {
  if (rows.length === 0) return 0
  const done = await tx
    .insertInto('person_hold_row')
    .values(
      rows.map(({ hash, table, content }) => ({
        corp_id: corpId,
        hold_id: holdId,
        hash,
        table_name: table,
        content,
        kept_at: at,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows ?? 0)
}

/** Returns which of `hashes` are kept already. */
export async function keptAmong(
  db: Db,
  corpId: string,
  holdId: number,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('person_hold_row')
    .select('hash')
    .where('corp_id', '=', corpId)
    .where('hold_id', '=', holdId)
    .where('hash', 'in', hashes.length > 0 ? [...hashes] : [''])
    .execute()
  return new Set(rows.map(row => row.hash))
}

export async function noteKept(tx: Db, corpId: string, id: number, at: Date): Promise<void> {
  await tx
    .updateTable('person_hold')
    .set({ kept_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export type KeptContent = { table: string; content: string; keptAt: Date }

export async function* readKept(db: Db, corpId: string, holdId: number): AsyncGenerator<KeptContent[]> {
  for (let after = { table: '', hash: '' }; ; ) {
    const { rows } = await sql<KeptContent & { hash: string }>`
      select table_name as "table", hash, content, kept_at as "keptAt" from person_hold_row
      where corp_id = ${corpId} and hold_id = ${holdId} and (table_name, hash) > (${after.table}, ${after.hash})
      order by table_name, hash limit 500`.execute(db)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < 500) return
    after = last
  }
}

export async function endHold(
  tx: Db,
  corpId: string,
  id: number,
  { at, by }: { at: Date; by: string },
): Promise<boolean> {
  const row = await tx
    .updateTable('person_hold')
    .set({ ended_at: at, ended_by: by })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function forgetHeld(tx: Db, corpId: string, memberId: number): Promise<void> {
  await tx
    .updateTable('person_hold')
    .set({ user_id: '', name: '' })
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .execute()
  await sql`
    delete from person_hold_row where corp_id = ${corpId} and hold_id in (
      select id from person_hold where corp_id = ${corpId} and member_id = ${memberId})`.execute(tx)
}

/** What was put by for a hold that is over. */
export async function pruneKeptRows(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(
    db,
    'person_hold_row',
    sql`(corp_id, hold_id) in (
    select corp_id, id from person_hold where ended_at < ${before})`,
    atMost,
  )
}

export async function pruneHolds(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'person_hold', sql`ended_at < ${before}`, atMost)
}
