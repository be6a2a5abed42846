import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import { leaseSeconds } from './queue-store.ts'

/** `cron` is the line and its time zone, as a text to compare. */
export type Timer = { name: string; cron: string; nextAt: Date }

/**
 * Adds the timers that are missing, and moves the next time of those whose cron line has changed. Those whose line is the same
 * stay as they are, because a node whose clock is slow would set again the time that another node has just taken.
 */
export async function putTimers(db: Db, timers: readonly Timer[]): Promise<void> {
  await sql`
    insert into timer (name, cron, next_at)
    select name, cron, "nextAt" from jsonb_to_recordset(${JSON.stringify(timers)}::jsonb)
      as given(name text, cron text, "nextAt" timestamptz)
    order by name
    on conflict (name) do update set cron = excluded.cron, next_at = excluded.next_at
      where timer.cron <> excluded.cron`.execute(db)
}

/** The timers whose time has passed, and that no node has taken it. */
export async function passedTimers(db: Db, before: Date): Promise<{ name: string; nextAt: Date }[]> {
  return db.selectFrom('timer').select(['name', 'next_at as nextAt']).where('next_at', '<', before).execute()
}

/** One time of one timer, and the node that asks for it. */
export type TimerClaim = Timer & { at: Date; lease: string; nodeId: string }

/**
 * Takes the time `at` for this node and moves the timer on to `nextAt`. Returns false when another node has taken it, or still
 * works on an earlier one. A row that a restore has removed is added again.
 */
export async function claimTimer(
  db: Db,
  { name, cron, at, nextAt, lease, nodeId }: TimerClaim,
): Promise<boolean> {
  const { rows } = await sql`
    insert into timer (name, cron, next_at, lease, holder, lease_until)
    values (${name}, ${cron}, ${nextAt}, ${lease}, ${nodeId}, now() + make_interval(secs => ${leaseSeconds}))
    on conflict (name) do update
      set next_at = excluded.next_at, lease = excluded.lease, holder = excluded.holder, lease_until = excluded.lease_until
      where timer.next_at <= ${at} and (timer.lease is null or timer.lease_until < now())
    returning name`.execute(db)
  return rows.length > 0
}

/** Extends the lease, unless another node has the timer by now. */
export async function renewTimer(db: Db, name: string, lease: string): Promise<void> {
  await sql`
    update timer set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where name = ${name} and lease = ${lease}`.execute(db)
}

/** Ends a run. */
export async function releaseTimer(db: Db, name: string, lease: string): Promise<void> {
  await sql`
    update timer set lease = null, holder = null, lease_until = null
    where name = ${name} and lease = ${lease}`.execute(db)
}
