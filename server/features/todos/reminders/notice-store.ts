import { sql } from 'kysely'
import { isHeld, type Lease } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type NoticeKind = 'remind' | 'escalate'

/** A to-do whose moment has come, locked. */
export type DueNotice = {
  id: number
  appId: string
  holderId: number
  state: 'open' | 'done' | 'withdrawn'
  dueAt: Date | null
  careAt: Date
}

/** Locks the due notices, oldest first. Rows that another transaction writes come in the next look. */
export async function lockDue(tx: Db, corpId: string, now: Date, limit: number): Promise<DueNotice[]> {
  const { rows } = await sql<DueNotice>`
    select id, app_id as "appId", holder_id as "holderId", state, due_at as "dueAt", care_at as "careAt" from todo
    where corp_id = ${corpId} and care_at <= ${now} order by care_at, id limit ${limit} for update skip locked`.execute(
    tx,
  )
  return rows
}

export async function putNextCare(
  tx: Db,
  corpId: string,
  next: readonly { id: number; careAt: Date | null }[],
): Promise<void> {
  await sql`
    update todo t set care_at = row."careAt"
    from jsonb_to_recordset(${JSON.stringify(next)}::jsonb) as row(id bigint, "careAt" timestamptz)
    where t.corp_id = ${corpId} and t.id = row.id`.execute(tx)
}

/** Plans a part of an app's open to-dos anew, by id; returns the last one that was looked at. */
export async function planPart(
  db: Db,
  corpId: string,
  appId: string,
  moments: readonly number[],
  { afterId, now, limit, lease }: { afterId: number; now: Date; limit: number; lease: Lease },
): Promise<number | undefined> {
  const { rows } = await sql<{ last: number | null }>`
    with part as (
      select corp_id, id, due_at, care_at from todo
      where corp_id = ${corpId} and app_id = ${appId} and state = 'open' and due_at is not null and id > ${afterId}
        and ${isHeld(lease)}
      order by id limit ${limit}
    ), planned as (
      update todo t set care_at = next.at
      from part cross join lateral (
        select min(part.due_at + make_interval(mins => m)) as at from unnest(${[...moments]}::int[]) m
        where part.due_at + make_interval(mins => m) > ${now}) next
      where t.corp_id = part.corp_id and t.id = part.id and t.state = 'open' and t.due_at = part.due_at
        and (t.care_at is null or t.care_at > ${now}) and t.care_at is distinct from next.at)
    select max(id) as last from part`.execute(db)
  return rows[0]?.last ?? undefined
}

export type NewNotice = { todoId: number; toId: number; kind: NoticeKind; at: Date }

/** Once for each to-do, person, kind and moment. */
export async function insertNotices(
  tx: Db,
  corpId: string,
  notices: readonly NewNotice[],
  at: Date,
): Promise<void> {
  if (notices.length === 0) return
  await sql`
    insert into todo_notice (corp_id, todo_id, to_id, kind, at, created_at)
    select ${corpId}, "todoId", "toId", kind, at, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(notices)}::jsonb)
      as row("todoId" bigint, "toId" bigint, kind text, at timestamptz)
    on conflict (corp_id, todo_id, kind, at, to_id) do nothing`.execute(tx)
}

/** Returns who was asked about each of these to-dos before. */
export async function askedBefore(
  db: Db,
  corpId: string,
  todoIds: readonly number[],
): Promise<{ todoId: number; toId: number }[]> {
  if (todoIds.length === 0) return []
  return db
    .selectFrom('todo_notice')
    .select(['todo_id as todoId', 'to_id as toId'])
    .where('corp_id', '=', corpId)
    .where('todo_id', 'in', [...todoIds])
    .where('kind', '=', 'escalate')
    .execute()
}

/** Whom something is to be told, and until when they were told before. */
export async function peopleToTell(
  db: Db,
  corpId: string,
  { limit, afterId, onlyBegun }: { limit: number; afterId: number; onlyBegun: boolean },
): Promise<{ toId: number; lastAt: Date | null; batch: string | null }[]> {
  const { rows } = await sql<{ toId: number; lastAt: Date | null; batch: string | null }>`
    select open.to_id as "toId", open.batch, (
        select max(ended_at) from todo_notice told
        where told.corp_id = ${corpId} and told.to_id = open.to_id and told.outcome = 'told') as "lastAt"
    from (
      select to_id, max(batch) as batch from todo_notice
      where corp_id = ${corpId} and ended_at is null and to_id > ${afterId}
        ${onlyBegun ? sql`and batch is not null` : sql``} group by to_id order by to_id limit ${limit}) open
    order by 1`.execute(db)
  return rows
}

export type OpenNotice = {
  id: number
  kind: NoticeKind
  todoId: number
  appId: string
  holderId: number
  title: string
  dueAt: Date | null
  /** It is open, and for a reminder its reader still has it. */
  isDue: boolean
}

/** What is to be told to one person; of a message that was begun what is in it, else what is in none. */
export async function noticesFor(
  db: Db,
  corpId: string,
  toId: number,
  batch: string | null,
): Promise<OpenNotice[]> {
  const { rows } = await sql<OpenNotice>`
    select n.id, n.kind, n.todo_id as "todoId", coalesce(t.app_id, '') as "appId", coalesce(t.holder_id, 0) as "holderId",
      coalesce(t.title, '') as title, t.due_at as "dueAt",
      (t.state = 'open' and t.due_at is not null and (n.kind = 'escalate' or t.holder_id = n.to_id)) is true as "isDue"
    from todo_notice n left join todo t on t.corp_id = n.corp_id and t.id = n.todo_id
    where n.corp_id = ${corpId} and n.to_id = ${toId} and n.ended_at is null
      and ${batch === null ? sql`n.batch is null` : sql`n.batch = ${batch}`}
    order by n.kind desc, t.due_at, n.id`.execute(db)
  return rows
}

export async function putInBatch(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  batch: string,
): Promise<void> {
  await sql`
    update todo_notice set batch = ${batch} where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(
    tx,
  )
}

export async function endNotices(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  outcome: 'told' | 'moot' | 'unreached',
  at: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update todo_notice set ended_at = ${at}, outcome = ${outcome}
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(tx)
}

/** The corps in which a moment has come, or somebody is to be told something. */
export async function corpsWithDue(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select c.corp_id as "corpId" from corp c
    where exists (select from todo t where t.corp_id = c.corp_id and t.care_at <= ${now})
      or exists (select from todo_notice n where n.corp_id = c.corp_id and n.ended_at is null)
    order by 1`.execute(db)
  return rows.map(row => row.corpId)
}

export async function pruneNotices(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'todo_notice', sql`old.created_at < ${before}`, 'created_at', atMost)
}
