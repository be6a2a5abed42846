import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { MassReason } from './reason.ts'
import { goodStatuses } from './status.ts'
import type { AccountKey, CallResult, PartState } from './store.ts'

export type DuePart = {
  massId: string
  n: number
  state: PartState
  openids: string[] | null
  attempts: number
  triedAt: Date | null
  submittedAt: Date | null
  msgId: string | null
}

const isOpen = (of: AccountKey): RawBuilder<unknown> => sql`
  m.corp_id = ${of.corpId} and m.original_id = ${of.originalId} and m.state in ('waiting', 'going')
  and p.state in ('waiting', 'sending', 'running')`
const joined = sql`official_mass m join official_mass_part p
  on p.corp_id = m.corp_id and p.original_id = m.original_id and p.mass_id = m.id`

/** The next call to make, or to ask about. One that is `sending` was begun by a holder that is gone. */
export async function nextDuePart(db: Db, of: AccountKey, now: Date): Promise<DuePart | undefined> {
  const { rows } = await sql<DuePart>`
    select p.mass_id as "massId", p.n, p.state, p.openids, p.attempts, p.tried_at as "triedAt",
      p.submitted_at as "submittedAt", p.msg_id as "msgId"
    from ${joined} where ${isOpen(of)} and p.due_at <= ${now} order by m.due_at, m.id, p.n limit 1`.execute(
    db,
  )
  return rows[0]
}

export async function nextDueAt(db: Db, of: AccountKey): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(p.due_at) as at from ${joined} where ${isOpen(of)}`.execute(db)
  return rows[0]?.at ?? undefined
}

export type PartChange = {
  state: PartState
  dueAt?: Date
  attempts?: number
  triedAt?: Date
  msgId?: string
  reason?: MassReason | null
  submittedAt?: Date
}

export async function updatePart(
  db: Db,
  { corpId, originalId }: AccountKey,
  { massId, n }: Pick<DuePart, 'massId' | 'n'>,
  change: PartChange,
  at: Date,
): Promise<void> {
  const isEnded = ['done', 'failed', 'unknown', 'stopped'].includes(change.state)
  await db
    .updateTable('official_mass_part')
    .set({
      state: change.state,
      ...(change.dueAt ? { due_at: change.dueAt } : {}),
      ...(change.attempts === undefined ? {} : { attempts: change.attempts }),
      ...(change.triedAt ? { tried_at: change.triedAt } : {}),
      ...(change.msgId ? { msg_id: change.msgId } : {}),
      ...(change.reason === undefined ? {} : { reason: change.reason && JSON.stringify(change.reason) }),
      ...(change.submittedAt ? { submitted_at: change.submittedAt } : {}),
      ended_at: isEnded ? at : null,
    })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('mass_id', '=', massId)
    .where('n', '=', n)
    .execute()
}

/** Calls that were not begun. Returns how many. */
export async function stopParts(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: string,
  at: Date,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('official_mass_part')
    .set({ state: 'stopped', ended_at: at })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('mass_id', '=', id)
    .where('state', '=', 'waiting')
    .where('tried_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function delayParts(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: string,
  dueAt: Date,
): Promise<void> {
  await db
    .updateTable('official_mass_part')
    .set({ due_at: dueAt })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('mass_id', '=', id)
    .execute()
}

/**
 * Each transaction that writes the answer to a call, or its result, takes this lock first: WeChat may tell the result while the answer is written,
 * and neither would see the other.
 */
export async function lockResults(db: Db, { corpId, originalId }: AccountKey): Promise<void> {
  await db
    .selectFrom('official_account')
    .select('original_id')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .forNoKeyUpdate()
    .execute()
}

export type NewResult = CallResult & { msgId: string; at: Date }

/** An event says more than an answer, and is not undone by one. */
export async function putResults(
  db: Db,
  { corpId, originalId }: AccountKey,
  results: readonly NewResult[],
): Promise<void> {
  await sql`
    insert into official_mass_result as r (corp_id, original_id, msg_id, status, total, filtered, sent, errors, urls, at)
    select distinct on ("msgId") ${corpId}, ${originalId}, "msgId", status, total, filtered, sent, errors, urls, at
    from jsonb_to_recordset(${JSON.stringify(results)}::jsonb) as row("msgId" text, status text, total int, filtered int,
      sent int, errors int, urls jsonb, at timestamptz)
    order by "msgId"
    on conflict (corp_id, original_id, msg_id) do update set status = excluded.status, total = excluded.total,
      filtered = excluded.filtered, sent = excluded.sent, errors = excluded.errors, urls = excluded.urls
      where excluded.total is not null or r.total is null`.execute(db)
}

/** Ends the calls of which WeChat said how they ended, and the messages that have no other. Masses are locked first. */
export async function settleTold(db: Db, of: AccountKey, msgIds: readonly string[], at: Date): Promise<void> {
  const { corpId, originalId } = of
  const { rows } = await sql<{ id: string }>`
    select id from official_mass where corp_id = ${corpId} and original_id = ${originalId} and id in (
      select mass_id from official_mass_part
      where corp_id = ${corpId} and original_id = ${originalId} and msg_id = any(${[...msgIds]}) and state = 'running')
    order by id for update`.execute(db)
  await sql`
    update official_mass_part p set state = case when r.status = any(${[...goodStatuses]}) then 'done' else 'failed' end, ended_at = ${at}
    from official_mass_result r
    where p.corp_id = ${corpId} and p.original_id = ${originalId} and p.msg_id = any(${[...msgIds]}) and p.state = 'running'
      and r.corp_id = p.corp_id and r.original_id = p.original_id and r.msg_id = p.msg_id`.execute(db)
  await settleMasses(
    db,
    of,
    rows.map(row => row.id),
    at,
  )
}

/** Ends the messages of which no call is open any more. */
export async function settleMasses(
  db: Db,
  { corpId, originalId }: AccountKey,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update official_mass m set ended_at = ${at}, state = case
        when states = '{done}' then 'done' when states = '{stopped}' then 'stopped'
        when not states && '{done,stopped}' then 'failed' else 'partly' end
    from (
      select mass_id, array_agg(distinct state) as states from official_mass_part
      where corp_id = ${corpId} and original_id = ${originalId} and mass_id = any(${[...ids]}) group by mass_id) as part
    where m.corp_id = ${corpId} and m.original_id = ${originalId} and m.id = part.mass_id
      and m.state in ('waiting', 'going') and not states && '{waiting,sending,running}'`.execute(db)
}

/**
 * How many mass messages were taken by WeChat since, and how many of them went to everybody. Those of WeChat's own site are
 * known by their results; whom they went to is not told, so they count as sent to everybody.
 */
export async function countSince(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: Date,
): Promise<{ all: number; toAll: number }> {
  const { rows } = await sql<{ all: number; toAll: number }>`
    with ours as (
      select m.id, bool_or(m.audience->>'to' = 'all') as "toAll" from ${joined}
      where m.corp_id = ${corpId} and m.original_id = ${originalId} and p.submitted_at >= ${since}
        and p.state in ('running', 'done') group by m.id
    ), others as (
      select r.msg_id from official_mass_result r
      where r.corp_id = ${corpId} and r.original_id = ${originalId} and r.at >= ${since} and r.status = any(${[...goodStatuses]})
        and not exists (select from official_mass_part p where p.corp_id = r.corp_id and p.original_id = r.original_id
          and p.msg_id = r.msg_id)
    )
    select ((select count(*) from ours) + (select count(*) from others))::int as all,
      ((select count(*) from ours where "toAll") + (select count(*) from others))::int as "toAll"`.execute(db)
  return rows[0] ?? { all: 0, toAll: 0 }
}

export async function pruneResults(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_mass_result', sql`old.at < ${before}`, 'at', atMost)
}

/** Whether the call is still in the state in which it was found. */
export async function isPartOpen(
  db: Db,
  { corpId, originalId }: AccountKey,
  { massId, n, state }: DuePart,
): Promise<boolean> {
  const row = await db
    .selectFrom('official_mass_part')
    .select('n')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('mass_id', '=', massId)
    .where('n', '=', n)
    .where('state', '=', state)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Ends the calls that were due when a backup was made: they have most likely been made since. Making them automatically could
 * deliver the message twice, so a person decides. Later ones stay.
 */
export async function settleRestoredMasses(db: Db, at: Date): Promise<void> {
  const reason: MassReason = { code: 'interrupted' }
  // A restore may end at the migrations of an earlier version.
  const table = await sql<{
    name: string | null
  }>`select to_regclass('official_mass_part')::text as name`.execute(db)
  if (table.rows[0]?.name == null) return
  const { rows } = await sql<AccountKey & { id: string }>`
    update official_mass_part p set state = 'unknown', reason = ${JSON.stringify(reason)}, ended_at = ${at}
    from official_mass m
    where m.corp_id = p.corp_id and m.original_id = p.original_id and m.id = p.mass_id
      and m.state in ('waiting', 'going') and p.state in ('waiting', 'sending')
      and (p.tried_at is not null or p.due_at <= ${at})
    returning p.corp_id as "corpId", p.original_id as "originalId", p.mass_id as id`.execute(db)
  for (const { id, ...of } of rows) await settleMasses(db, of, [id], at)
}
