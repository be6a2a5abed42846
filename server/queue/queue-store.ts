import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../storage/db.ts'

/**
 * Kinds of work. What a key means is the stream's own: the directory has one, '', for the whole corp; messages have one for
 * each channel.
 */
export type StreamName = 'directory' | 'nightly' | 'messages'

export type Task = { corpId: string; stream: StreamName; key: string }

/** The right to work on a task. `id` fences: who lost it cannot commit any more. */
export type Lease = Task & { id: string }

export type Claimed = { lease: Lease; attempts: number }

/** Another node works on the task. */
export class LeaseLost extends Error {
  constructor({ stream, corpId, key }: Task) {
    super(`another node works on ${stream} ${corpId} ${key}`.trimEnd())
  }
}

/** How long a holder may say nothing before others take over. */
export const leaseSeconds = 6

/**
 * Says that there is something to do, in the transaction that stored what it is; all nodes are told at its commit. Tasks
 * are taken in the order of their priority, 0 first, then of their time.
 */
export async function enqueue(
  db: Db,
  tasks: { corpId: string; stream: StreamName; key?: string }[],
  dueAt: Date,
  priority = 0,
): Promise<void> {
  // In one order everywhere, so that two transactions never wait for each other.
  const rows = tasks
    .map(({ corpId, stream, key = '' }) => ({ corpId, stream, key }))
    .sort((a, b) => (`${a.corpId} ${a.stream} ${a.key}` < `${b.corpId} ${b.stream} ${b.key}` ? -1 : 1))
  await sql`
    with given as (
      select distinct "corpId" as corp_id, stream, key
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("corpId" text, stream text, key text)
    ), put as (
      ${enqueueFrom(sql`select corp_id, stream, key from given order by 1, 2, 3`, dueAt, priority)}
    )
    select pg_notify('wisp_queue', stream || ' ' || corp_id || ' ' || key) from given`.execute(db)
}

/**
 * The same as a part of a statement that knows the tasks: `(corp_id, stream, key)` rows. It tells nobody. A task that is due
 * earlier anyway is not written, only locked until the commit.
 */
export function enqueueFrom(tasks: RawBuilder<unknown>, dueAt: Date, priority: number): RawBuilder<unknown> {
  return sql`
    insert into queue (corp_id, stream, key, due_at, priority)
    select task.corp_id, task.stream, task.key, ${dueAt}::timestamptz, ${priority}::smallint from (${tasks}) as task
    on conflict (corp_id, stream, key) do update
      set due_at = least(queue.due_at, excluded.due_at), priority = least(queue.priority, excluded.priority)
      where queue.due_at > excluded.due_at or queue.priority > excluded.priority`
}

/** Takes tasks that are due and those whose holder is silent; nobody else gets them meanwhile. */
export async function claim(
  db: Db,
  stream: StreamName,
  node: { id: string; newId(): string },
  now: Date,
  limit: number,
): Promise<Claimed[]> {
  const rows = await sql<{ corpId: string; key: string; lease: string; attempts: number }>`
    with due as (
      select corp_id, key from queue
      where stream = ${stream}
        and (lease is null and due_at <= ${now} or lease_until < now() and holder <> ${node.id})
      order by priority, due_at limit ${limit} for update skip locked
    )
    update queue q set lease = ${node.newId()}, holder = ${node.id}, due_at = 'infinity',
      lease_until = now() + make_interval(secs => ${leaseSeconds})
    from due where q.corp_id = due.corp_id and q.stream = ${stream} and q.key = due.key
    returning q.corp_id as "corpId", q.key, q.lease, q.attempts`.execute(db)
  return rows.rows.map(({ corpId, key, lease, attempts }) => ({
    lease: { corpId, stream, key, id: lease },
    attempts,
  }))
}

const leaseRow = sql.raw('row("corpId" text, stream text, key text, id text)')

/** Answers those that are still held. */
export async function renew(db: Db, leases: Lease[]): Promise<Set<string>> {
  const rows = await sql<{ task: string }>`
    update queue q set lease_until = now() + make_interval(secs => ${leaseSeconds})
    from jsonb_to_recordset(${JSON.stringify(leases)}::jsonb) as ${leaseRow}
    where q.corp_id = row."corpId" and q.stream = row.stream and q.key = row.key and q.lease = row.id
    returning ${taskName}`.execute(db)
  return new Set(rows.rows.map(row => row.task))
}

const taskName = sql`q.stream || ' ' || q.corp_id || ' ' || q.key as task`

/** As `renew` and the signals name a task. */
export function nameOf({ stream, corpId, key }: Task): string {
  return `${stream} ${corpId} ${key}`
}

/**
 * Ends the holder's work: the task is due again at `dueAt`, or earlier when something was enqueued meanwhile; when neither,
 * it is gone. Who lost the lease ends nothing.
 */
export async function settle(db: Db, lease: Lease, dueAt: Date | undefined): Promise<void> {
  const ended = dueAt
    ? undefined
    : await sql`
        delete from queue where ${isTask(lease)} and lease = ${lease.id} and due_at = 'infinity'
        returning 1`.execute(db)
  if (ended?.rows.length) return
  await sql`
    update queue set due_at = least(due_at, ${dueAt ?? 'infinity'}::timestamptz), lease = null, holder = null,
      lease_until = null, attempts = 0, priority = case when due_at = 'infinity' then 1 else priority end
    where ${isTask(lease)} and lease = ${lease.id}`.execute(db)
}

/** Gives the task to whoever looks at `dueAt`, because the work failed or this node stops. */
export async function giveBack(db: Db, lease: Lease, dueAt: Date, attempts: number): Promise<void> {
  await sql`
    update queue set due_at = ${dueAt}, lease = null, holder = null, lease_until = null, attempts = ${attempts}
    where ${isTask(lease)} and lease = ${lease.id}`.execute(db)
}

/** How long until something of the stream is to be claimed, in ms; undefined when nothing waits. */
export async function untilDue(
  db: Db,
  streams: readonly StreamName[],
  nodeId: string,
  now: Date,
): Promise<Map<StreamName, number>> {
  const rows = await sql<{ stream: StreamName; ms: number | null }>`
    select name as stream, least(
      (select extract(epoch from min(due_at) - ${now}::timestamptz) * 1000 from queue
        where stream = name and lease is null),
      (select extract(epoch from min(lease_until) - now()) * 1000 from queue
        where stream = name and lease is not null and holder <> ${nodeId}))::float8 as ms
    from unnest(${[...streams]}::text[]) as name`.execute(db)
  return new Map(rows.rows.flatMap(({ stream, ms }) => (ms === null ? [] : [[stream, ms] as const])))
}

function isTask({ corpId, stream, key }: Task): RawBuilder<boolean> {
  return sql<boolean>`(corp_id = ${corpId} and stream = ${stream} and key = ${key})`
}

/** In a transaction that writes what the task is about, at its end. Throws LeaseLost. */
export async function holdLease(tx: Db, lease: Lease): Promise<void> {
  const rows = await sql<{ held: boolean }>`select ${isHeld(lease)} as held`.execute(tx)
  if (!rows.rows[0]?.held) throw new LeaseLost(lease)
}

/** The same as a condition. Until the transaction ends nobody else can take the lease. */
export function isHeld(lease: Lease): RawBuilder<boolean> {
  return sql<boolean>`exists (select from queue where ${isTask(lease)} and lease = ${lease.id} for share)`
}

/** `heldUntil` is null while no node works on it. */
export type TaskState = { dueAt: Date; nodeId: string | null; heldUntil: Date | null }

export async function taskState(db: Db, task: Task): Promise<TaskState | undefined> {
  const rows = await sql<TaskState>`
    select due_at as "dueAt", holder as "nodeId", lease_until as "heldUntil" from queue where ${isTask(task)}`.execute(
    db,
  )
  return rows.rows[0]
}

/** Whether any task of the stream is due or worked on, by whatever node. */
export async function hasDue(db: Db, stream: StreamName, now: Date): Promise<boolean> {
  const rows = await sql<{ found: boolean }>`
    select exists (select from queue where stream = ${stream} and (lease is not null or due_at <= ${now})) as found`.execute(
    db,
  )
  return rows.rows[0]?.found === true
}
