import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import { isAtHomeOn } from '../storage/nodes/home.ts'
import type { Homes } from '../storage/nodes/homes.ts'

/** The kinds of work by name. Each room adds those that it handles, so that only what somebody handles can be enqueued. */
export interface Streams {
  'alert-check': true
}

/**
 * A kind of work. Each stream decides what its keys mean: the directory has a single key, '', for the whole corp; messages
 * have one key per channel, official accounts are keys by their original id, merchants and webhooks by
 * theirs.
 */
export type StreamName = keyof Streams

export type Task = { corpId: string; stream: StreamName; key: string }

/** Tasks that wait: those of these corps, but for the streams that go on. */
export type HeldTasks = readonly { corpIds: readonly string[]; goesOn: readonly StreamName[] }[]

/** The tasks of one stream or of one corp; without either, all tasks. */
export type QueuePart = { stream?: StreamName; corpId?: string }

/** The right to work on a task. `id` is a fencing token: a holder that lost the lease can no longer commit. */
export type Lease = Task & { id: string }

export type TaskClaim = { lease: Lease; attempts: number }

/** The lease is gone: it expired and another node took over the task. */
export class LeaseLost extends Error {
  constructor({ stream, corpId, key }: Task) {
    super(`another node works on ${stream} ${corpId} ${key}`.trimEnd())
  }
}

/** A holder that has not renewed its lease for this long loses it to other nodes. */
export const leaseSeconds = 6

export const renewEveryMs = (leaseSeconds * 1000) / 3

/** Adds tasks that are due at one time, as `enqueueEach` does. */
export async function enqueue(
  db: Db,
  tasks: { corpId: string; stream: StreamName; key?: string }[],
  dueAt: Date,
  priority = 0,
): Promise<void> {
  const due = tasks.map(({ corpId, stream, key = '' }) => ({ corpId, stream, key, dueAt }))
  await enqueueEach(db, due, priority)
}

/**
 * Adds tasks. Call it in the transaction that stores the work itself; all nodes are notified when that commits. Tasks are
 * claimed by priority, 0 first, and within a priority by due time. A transaction that adds several tasks adds them in one
 * call: all transactions lock the rows in the same order, so that two of them cannot deadlock.
 */
export async function enqueueEach(db: Db, tasks: (Task & { dueAt: Date })[], priority = 0): Promise<void> {
  await sql`
    with given as (
      select "corpId" as corp_id, stream, key, min("dueAt") as due_at
      from jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb)
        as row("corpId" text, stream text, key text, "dueAt" timestamptz)
      group by 1, 2, 3
    ), put as (
      ${enqueueFrom(sql`select * from given order by corp_id, stream, key`, sql`task.due_at`, priority)}
    )
    select pg_notify('wisp_queue', stream || ' ' || corp_id || ' ' || key) from given`.execute(db)
}

/**
 * `enqueue` as part of a larger statement; `tasks` selects `(corp_id, stream, key)` rows. It does not notify. A task that
 * is already due as early and with the same priority is only locked, not written, so that it stays until the commit.
 */
export function enqueueFrom(
  tasks: RawBuilder<unknown>,
  dueAt: Date | RawBuilder<unknown>,
  priority: number,
): RawBuilder<unknown> {
  return sql`
    insert into queue (corp_id, stream, key, due_at, priority)
    select task.corp_id, task.stream, task.key, ${dueAt}::timestamptz, ${priority}::smallint from (${tasks}) as task
    on conflict (corp_id, stream, key) do update
      set due_at = least(queue.due_at, excluded.due_at), priority = least(queue.priority, excluded.priority)
      where queue.due_at > excluded.due_at or queue.priority > excluded.priority`
}

/**
 * The node that asks. `held` are the ids of the leases it is working under: its other leases are left over from work that
 * it could not give back, and expire like anybody else's.
 */
export type Claimant = { id: string; held: readonly string[] }

/**
 * A task that has just become due is left to its corp's home, which has the address book in memory. Whoever finds it still there takes
 * it, so that nothing waits longer for a home that is busy, or dead and not missed yet.
 */
export const homeFirstMs = 1000

function mayTake(homes: Pick<Homes, 'name' | 'names'>, now: Date): RawBuilder<unknown> {
  const names = homes.names()
  if (names.length < 2) return sql``
  const anybodyUntil = new Date(now.getTime() - homeFirstMs)
  // Only what is new is hashed, however much waits.
  return sql`and case when q.due_at <= ${anybodyUntil} then true else ${isAtHomeOn(homes.name, names, sql`q.corp_id`)} end`
}

/** SQL on a row of `queue` called q: whether a task of the stream is slow, and who owns it. */
export type Slowness = { isSlow: RawBuilder<boolean>; whose: RawBuilder<string> }

/** Which of a stream's tasks are meant. The owner with the fewest tasks under way, on all nodes, comes first. */
export type Lane = { which: RawBuilder<boolean>; whose: RawBuilder<string> }

export function lanesOf({ isSlow, whose }: Slowness): { quick: Lane; slow: Lane } {
  return { quick: { which: sql`not ${isSlow}`, whose }, slow: { which: isSlow, whose } }
}

type Claims = { lane?: Lane | undefined; corpId?: string | undefined; heldBack?: HeldTasks }

/**
 * Takes tasks whose holder let the lease expire, and due tasks. The former were due before the others when they were
 * claimed, and go first: there may always be others. No other node can get them until the lease ends. `newId` makes the
 * leases unique.
 */
export async function claim(
  db: Db,
  stream: StreamName,
  node: Claimant & { newId(): string; homes: Pick<Homes, 'name' | 'names'> },
  now: Date,
  limit: number,
  { lane, corpId, heldBack = [] }: Claims = {},
): Promise<TaskClaim[]> {
  const isDue = sql`q.stream = ${stream} ${ofCorp(corpId)} ${notHeldBack(heldBack)}
    and (q.lease is null and q.due_at <= ${now} ${mayTake(node.homes, now)} or q.lease_until < now() and q.lease <> all(${[...node.held]}::text[]))`
  const due = lane ? dueInTurns(stream, lane, isDue, limit) : dueInOrder(isDue, limit)
  const rows = await sql<{ corpId: string; key: string; lease: string; attempts: number }>`
    with due as (${due})
    update queue q set lease = concat_ws(' ', ${node.newId()}::text, q.corp_id, q.key), holder = ${node.id},
      due_at = 'infinity',
      lease_until = now() + make_interval(secs => ${leaseSeconds})
    from due where q.corp_id = due.corp_id and q.stream = ${stream} and q.key = due.key
    returning q.corp_id as "corpId", q.key, q.lease, q.attempts`.execute(db)
  return rows.rows.map(({ corpId, key, lease, attempts }) => ({
    lease: { corpId, stream, key, id: lease },
    attempts,
  }))
}

function dueInOrder(isDue: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  return sql`
    select q.corp_id, q.key from queue q where ${isDue}
    order by q.priority, q.lease is null, q.due_at limit ${limit} for update skip locked`
}

/** Rows cannot be locked in the query that numbers them, so the lock checks again whether they are due. */
function dueInTurns(
  stream: StreamName,
  { which, whose }: Lane,
  isDue: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  return sql`
    select q.corp_id, q.key from queue q join (
      select due.corp_id, due.key, row_number() over (
          partition by due.whose order by due.priority, due.is_new, due.due_at) + coalesce(busy.tasks, 0) as turn
      from (select q.*, q.lease is null as is_new, ${whose} as whose from queue q where ${isDue} and ${which}) as due
      left join (
        select ${whose} as whose, count(*) as tasks from queue q
        where q.stream = ${stream} and q.lease is not null and q.lease_until >= now() group by 1
      ) as busy on busy.whose = due.whose
    ) as turns on turns.corp_id = q.corp_id and turns.key = q.key
    where ${isDue} order by turns.turn, q.priority, q.lease is null, q.due_at limit ${limit} for update of q skip locked`
}

const leaseRow = sql.raw('row("corpId" text, stream text, key text, id text)')

/**
 * Extends the leases and returns the ids of those that are still held. Transactions lock tasks of several streams one after the other, so this waits
 * for a row that somebody else has locked only while it holds no other one, and by one connection.
 */
export async function renew(db: Db, leases: readonly Lease[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update queue q set lease_until = now() + make_interval(secs => ${leaseSeconds})
    from (select q.corp_id, q.stream, q.key from jsonb_to_recordset(${JSON.stringify(leases)}::jsonb) as ${leaseRow}
        join queue q on q.corp_id = row."corpId" and q.stream = row.stream and q.key = row.key and q.lease = row.id
      for update of q skip locked) as own
    where q.corp_id = own.corp_id and q.stream = own.stream and q.key = own.key
    returning q.lease as id`.execute(db)
  const held = new Set(rows.map(row => row.id))
  const others = leases.filter(lease => !held.has(lease.id))
  for (const lease of others) {
    const renewed = await sql`
      update queue set lease_until = now() + make_interval(secs => ${leaseSeconds})
      where ${isTask(lease)} and lease = ${lease.id} returning 1`.execute(db)
    if (renewed.rows.length > 0) held.add(lease.id)
  }
  return held
}

/** Names a task as the notifications do. */
export function nameOf({ stream, corpId, key }: Task): string {
  return `${stream} ${corpId} ${key}`
}

/**
 * Ends the holder's work. The task becomes due again at `dueAt`, or earlier if something was enqueued in the meantime; with
 * neither, it is deleted. Does nothing when the lease is lost.
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

/** Returns a task that failed, or that a stopping node leaves unfinished. Any node may claim it from `dueAt` on. */
export async function giveBack(db: Db, lease: Lease, dueAt: Date, attempts: number): Promise<void> {
  await sql`
    update queue set due_at = ${dueAt}, lease = null, holder = null, lease_until = null, attempts = ${attempts}
    where ${isTask(lease)} and lease = ${lease.id}`.execute(db)
}

/** For each stream, the ms until a task can be claimed (0 or less: now). Streams with nothing waiting are left out. */
export async function untilDue(
  db: Db,
  streams: readonly StreamName[],
  held: readonly string[],
  now: Date,
  { corpId, heldBack = [] }: { corpId?: string | undefined; heldBack?: HeldTasks } = {},
): Promise<Map<StreamName, number>> {
  const rows = await sql<{ stream: StreamName; ms: number | null }>`
    select name as stream, least(
      (select extract(epoch from min(due_at) - ${now}::timestamptz) * 1000 from queue q
        where stream = name and lease is null ${ofCorp(corpId)} ${notHeldBack(heldBack)}),
      (select extract(epoch from min(lease_until) - now()) * 1000 from queue q
        where stream = name and lease is not null ${ofCorp(corpId)} ${notHeldBack(heldBack)} and lease <> all(${[...held]}::text[])))::float8 as ms
    from unnest(${[...streams]}::text[]) as name`.execute(db)
  return new Map(rows.rows.flatMap(({ stream, ms }) => (ms === null ? [] : [[stream, ms] as const])))
}

function ofCorp(corpId: string | undefined): RawBuilder<unknown> {
  return corpId === undefined ? sql`` : sql`and q.corp_id = ${corpId}`
}

function notHeldBack(heldBack: HeldTasks): RawBuilder<unknown> {
  const each = heldBack.filter(one => one.corpIds.length > 0)
  return sql.join(
    each.map(
      ({ corpIds, goesOn }) =>
        sql`and (q.corp_id <> all(${[...corpIds]}::text[]) or q.stream = any(${[...goesOn]}::text[]))`,
    ),
    sql` `,
  )
}

function isTask({ corpId, stream, key }: Task): RawBuilder<boolean> {
  return sql<boolean>`(corp_id = ${corpId} and stream = ${stream} and key = ${key})`
}

/** Call it at the end of a transaction that writes a task's results. Throws LeaseLost when the lease is no longer held. */
export async function holdLease(tx: Db, lease: Lease): Promise<void> {
  const rows = await sql<{ held: boolean }>`select ${isHeld(lease)} as held`.execute(tx)
  if (!rows.rows[0]?.held) throw new LeaseLost(lease)
}

/** The check of `holdLease` as an SQL condition. It locks the row, so nobody can take the lease before the commit. */
export function isHeld(lease: Lease): RawBuilder<boolean> {
  return sql<boolean>`exists (select from queue where ${isTask(lease)} and lease = ${lease.id} for share)`
}

/** `nodeId` and `heldUntil` are null while no node works on the task. */
export type TaskState = { dueAt: Date; nodeId: string | null; heldUntil: Date | null }

export async function taskState(db: Db, task: Task): Promise<TaskState | undefined> {
  const rows = await sql<TaskState>`
    select due_at as "dueAt", holder as "nodeId", lease_until as "heldUntil" from queue where ${isTask(task)}`.execute(
    db,
  )
  return rows.rows[0]
}

/** Whether any task of the stream is due or being worked on, on any node. */
export async function hasDue(db: Db, stream: StreamName, now: Date): Promise<boolean> {
  const rows = await sql<{ found: boolean }>`
    select exists (select from queue where stream = ${stream} and (lease is not null or due_at <= ${now})) as found`.execute(
    db,
  )
  return rows.rows[0]?.found === true
}

/** Whether something has become due since, and no node has taken it yet. */
export async function hasWaiting(db: Db, since: Date, now: Date): Promise<boolean> {
  const rows = await sql<{ found: boolean }>`
    select exists (select from queue where lease is null and due_at between ${since} and ${now}) as found`.execute(
    db,
  )
  return rows.rows[0]?.found === true
}

/** Removes the tasks of a stream that were due by then and that nobody has taken, to be put elsewhere; returns their corps. */
export async function takeOverdue(tx: Db, stream: StreamName, dueBefore: Date): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    delete from queue q using (
      select corp_id, stream, key from queue where stream = ${stream} and lease is null and due_at < ${dueBefore}
      order by corp_id, stream, key for update skip locked
    ) as late
    where q.corp_id = late.corp_id and q.stream = late.stream and q.key = late.key
    returning q.corp_id as "corpId"`.execute(tx)
  return rows.map(row => row.corpId)
}

/** Removes every task of a corp, whoever works on it: what its holder would still write is refused. */
export async function dropTasksOf(tx: Db, corpId: string): Promise<void> {
  await sql`delete from queue where corp_id = ${corpId}`.execute(tx)
}

/** Removes tasks that are due and that nobody has taken, because the caller is about to do all of them at once. */
export async function dropDue(db: Db, stream: StreamName, now: Date): Promise<void> {
  await sql`delete from queue where stream = ${stream} and lease is null and due_at <= ${now}`.execute(db)
}
