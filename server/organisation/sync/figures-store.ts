import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { storedWords, type Words } from '../../platform/words.ts'
import { afterOutage } from './checks/after-outage.ts'
import type { RunState } from './runs/run-store.ts'

export type LastRun = { corpId: string; id: number; state: string; error: Words | string | null }

/** The last run of each corp that was not a dry one. */
export async function lastRuns(db: Db): Promise<Map<string, LastRun>> {
  const found = await sql<Omit<LastRun, 'error'> & { error: string | null }>`
    select distinct on (corp_id) corp_id as "corpId", id, state, error
    from sync_run where kind <> 'dry-run' order by corp_id, id desc`.execute(db)
  return new Map(found.rows.map(run => [run.corpId, { ...run, error: run.error && storedWords(run.error) }]))
}

/**
 * The last run of one corp, or of each, that came to an end or waits for approval; one that is under way proves nothing yet.
 */
export async function lastSettledRuns(
  db: Db,
  corpIds?: readonly string[],
): Promise<(LastRun & { at: Date })[]> {
  const corps =
    corpIds === undefined
      ? sql`(select corp_id from corp)`
      : sql`(select unnest(${corpIds}::text[]) as corp_id)`
  // Of each corp one row is read, and not all runs of a month.
  const found = await sql<Omit<LastRun, 'error'> & { error: string | null; at: Date }>`
    select of.corp_id as "corpId", run.* from ${corps} as of cross join lateral (
      select id, state, error, coalesce(finished_at, updated_at) as at from sync_run r
      where r.corp_id = of.corp_id and kind <> 'dry-run' and state not in ('waiting', 'running')
      order by id desc limit 1) run`.execute(db)
  return found.rows.map(run => ({ ...run, error: run.error && storedWords(run.error) }))
}

/** Returns which of these corps have had no run yet that writes, and await none. */
export async function withoutRuns(db: Db, corpIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select of.corp_id as "corpId" from unnest(${corpIds}::text[]) as of(corp_id)
    where not exists (select from sync_run r where r.corp_id = of.corp_id and r.kind <> 'dry-run')`.execute(
    db,
  )
  return rows.map(row => row.corpId)
}

/** How the last run of each of these corps ended, or that it waits for approval; those that have none are left out. */
export async function lastEnds(
  db: Db,
  corpIds: readonly string[],
): Promise<Map<string, { id: number; state: RunState; at: Date }>> {
  const { rows } = await sql<{ corpId: string; id: number; state: RunState; at: Date }>`
    select of.corp_id as "corpId", run.id, run.state, run.at
    from unnest(${corpIds}::text[]) as of(corp_id) cross join lateral (
      select id, state, coalesce(finished_at, updated_at) as at from sync_run r
      where r.corp_id = of.corp_id and kind <> 'dry-run' and state not in ('waiting', 'running')
      order by id desc limit 1) run`.execute(db)
  return new Map(rows.map(({ corpId, ...run }) => [corpId, run]))
}

/** When each corp's address book was last read in full; of one that never was, when the corp was connected. */
export async function lastSynced(db: Db): Promise<{ corpId: string; at: Date }[]> {
  const found = await sql<{ corpId: string; at: Date }>`
    select corp_id as "corpId", coalesce(
      (select max(finished_at) from sync_run r
        where r.corp_id = corp.corp_id and kind <> 'dry-run' and state = 'done'), created_at) as at
    from corp`.execute(db)
  return found.rows
}

/**
 * When each corp's last callback came, and how many changes the checks found since then that should have been called back, apart from
 * those that were made while wisp took none. Under the restrictions of 2022 WeCom calls back no changed name, so only what is gone counts.
 */
export async function unpushedChanges(
  db: Db,
  corpId?: string,
): Promise<{ corpId: string; lastEventAt: Date | null; changes: number }[]> {
  const which = corpId === undefined ? sql`true` : sql`corp.corp_id = ${corpId}`
  const found = await sql<{ corpId: string; lastEventAt: Date | null; changes: number }>`
    select corp.corp_id as "corpId", heard.at as "lastEventAt", coalesce(missed.changes, 0)::int as changes
    from corp left join lateral (
      select received_at as at from inbox_event e
      where e.corp_id = corp.corp_id and stream = 'directory' and source = 'callback'
      order by received_at desc limit 1) heard on true
    left join lateral (
      select sum((value->>'drop')::int
        + case when corp.regime = 'restricted' then 0 else (value->>'put')::int end) as changes
      from sync_run r cross join lateral jsonb_each(r.counts)
      where r.corp_id = corp.corp_id and kind = 'reconcile' and state = 'done' and not first and requested_by <> ${afterOutage}
        and (heard.at is null or started_at > heard.at)) missed on true
    where ${which}`.execute(db)
  return found.rows
}

/**
 * How long events waited until they were applied, per day of Beijing; days without events are left out. A replayed event
 * counts from its replay.
 */
export async function delayPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; events: number; seconds: number }[]> {
  const rows = await sql<{ day: string; events: number; seconds: number }>`
    select to_char(received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as events,
      avg(extract(epoch from done_at - coalesce(replayed_at, received_at)))::float8 as seconds
    from inbox_event where corp_id = ${corpId} and state = 'done' and received_at >= ${since}
    group by 1 order by 1`.execute(db)
  return rows.rows
}
