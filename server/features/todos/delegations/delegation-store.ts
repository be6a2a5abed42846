import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Delegation } from './chain.ts'

export type StoredDelegation = Delegation & {
  id: number
  createdAt: Date
  createdBy: string
  endedBy: string | null
}

const columns = [
  'id',
  'from_id as fromId',
  'to_id as toId',
  'starts_at as startsAt',
  'ends_at as endsAt',
  'created_at as createdAt',
  'created_by as createdBy',
  'ended_by as endedBy',
] as const

/** Locks the delegations of a corp, so that two transactions make no circle together. */
export async function lockDelegations(tx: Db, corpId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`todo_delegation ${corpId}`}, 0))`.execute(tx)
}

/** Returns the delegations that have not ended, in the order in which they begin. */
export async function openDelegations(db: Db, corpId: string, now: Date): Promise<StoredDelegation[]> {
  return db
    .selectFrom('todo_delegation')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('ends_at', '>', now)
    .whereRef('starts_at', '<', 'ends_at')
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
}

/** From and to whom at this moment. */
export async function activeDelegations(db: Db, corpId: string, now: Date): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('todo_delegation')
    .select(['from_id as fromId', 'to_id as toId'])
    .where('corp_id', '=', corpId)
    .where('ends_at', '>', now)
    .where('starts_at', '<=', now)
    .execute()
  return new Map(rows.map(one => [one.fromId, one.toId]))
}

export async function insertDelegation(
  tx: Db,
  corpId: string,
  given: Delegation,
  by: { at: Date; actor: string },
): Promise<number> {
  const row = await tx
    .insertInto('todo_delegation')
    .values({
      corp_id: corpId,
      from_id: given.fromId,
      to_id: given.toId,
      starts_at: given.startsAt,
      ends_at: given.endsAt,
      created_at: by.at,
      created_by: by.actor,
      ended_by: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function findDelegation(
  db: Db,
  corpId: string,
  id: number,
): Promise<StoredDelegation | undefined> {
  return db
    .selectFrom('todo_delegation')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One that has not begun becomes one of no time. */
export async function endDelegation(
  tx: Db,
  corpId: string,
  id: number,
  by: { at: Date; actor: string },
): Promise<void> {
  await sql`
    update todo_delegation set ends_at = greatest(starts_at, ${by.at}::timestamptz), ended_by = ${by.actor}
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

export async function listDelegations(
  db: Db,
  corpId: string,
  filter: { personId: number | undefined; now: Date | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: StoredDelegation[]; total: number }> {
  const { personId, now } = filter
  const base = db
    .selectFrom('todo_delegation')
    .where('corp_id', '=', corpId)
    .$if(personId !== undefined, query =>
      query.where(one => one.or([one('from_id', '=', personId!), one('to_id', '=', personId!)])),
    )
    .$if(now !== undefined, query => query.where('ends_at', '>', now!).whereRef('starts_at', '<', 'ends_at'))
  const [rows, count] = await Promise.all([
    base
      .select(columns)
      .orderBy('starts_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    base.select(one => one.fn.countAll<number>().as('n')).executeTakeFirst(),
  ])
  return { rows, total: Number(count?.n ?? 0) }
}

/** The corps in which somebody's to-dos may have to change hands: where a delegation runs, or something is still delegated. */
export async function corpsToSettle(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select c.corp_id as "corpId" from corp c
    where exists (select from todo_delegation d
        where d.corp_id = c.corp_id and d.ends_at > ${now} and d.starts_at <= ${now})
      or exists (select from todo t where t.corp_id = c.corp_id and t.held_by is not null and t.state = 'open')
    order by 1`.execute(db)
  return rows.map(row => row.corpId)
}

export async function pruneDelegations(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'todo_delegation', sql`old.ends_at < ${before}`, 'ends_at', atMost)
}
