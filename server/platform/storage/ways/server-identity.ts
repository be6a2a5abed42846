import { sql } from 'kysely'
import type pg from 'pg'
import { DatabaseAway } from '../availability.ts'
import type { Db } from '../db.ts'

/** Which server a connection leads to. */
export type ServerIdentity = {
  /** The same for a cluster and all that were copied from it. */
  system: string
  database: string
  /** When it was started, to the microsecond: two servers of one cluster differ by it, and by nothing else for sure. */
  startedAt: string
  /** Undefined on a standby. It grows by one with each promotion. */
  timeline: number | undefined
  /** What its clock said when it answered, in ms since the epoch. */
  clockMs: number
}

const question = `
  select (select system_identifier::text from pg_control_system()) as system,
    (select oid::text from pg_database where datname = current_database()) as database,
    extract(epoch from pg_postmaster_start_time())::text as "startedAt",
    case when pg_is_in_recovery() then null else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end
      as timeline,
    extract(epoch from clock_timestamp())::float8 * 1000 as "clockMs"`

export async function identityOf(client: Pick<pg.Client, 'query'>): Promise<ServerIdentity> {
  const { rows } = await client.query<Omit<ServerIdentity, 'timeline'> & { timeline: number | null }>(
    question,
  )
  const { timeline, ...rest } = rows[0]!
  return { ...rest, timeline: timeline ?? undefined }
}

/** Names a database in words that no other has, but for copies of its whole cluster. */
export async function nameOfDatabase(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select (select system_identifier from pg_control_system()) || ' ' || oid as name
    from pg_database where datname = current_database()`.execute(db)
  return rows[0]!.name
}

/** The same database, at whichever server. */
export function isSameCluster(a: ServerIdentity, b: ServerIdentity): boolean {
  return a.system === b.system && a.database === b.database
}

export function isSameServer(a: ServerIdentity, b: ServerIdentity): boolean {
  return isSameCluster(a, b) && a.startedAt === b.startedAt
}

/** Remembers the last promotion that this process has seen, for all ways to the database. */
export type PrimaryTracker = {
  /** Throws DatabaseAway for a server that must not be written to. */
  accept(server: ServerIdentity): ServerIdentity
  /** Whether it is the server that was accepted last. */
  isCurrent(server: ServerIdentity): boolean
  /** Why it must not be written to; undefined where it may. */
  refusal(server: ServerIdentity): string | undefined
}

export function createPrimary(): PrimaryTracker {
  let newest: ServerIdentity | undefined

  function refusal({ system, timeline }: ServerIdentity): string | undefined {
    if (timeline === undefined) return 'it is a standby'
    const known = newest?.system === system ? (newest.timeline ?? 0) : 0
    if (timeline >= known) return undefined
    return `it is a primary of before the last promotion (timeline ${timeline}, not ${known}), and must not be written to`
  }

  return {
    refusal,
    isCurrent: server => newest !== undefined && isSameServer(newest, server),
    accept(server) {
      const why = refusal(server)
      if (why !== undefined) throw new DatabaseAway(why)
      newest = server
      return server
    },
  }
}
