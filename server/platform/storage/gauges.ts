import { sql } from 'kysely'
import type { Metrics } from '../operation/metrics.ts'
import type { Availability } from './availability.ts'
import type { Database } from './database.ts'
import { standbysReading, standbysWanted } from './nodes/node-store.ts'

type Needs = { metrics: Metrics; database: Database; db: Database['db']; availability: Availability }

export function addDatabaseGauges(ctx: Needs): void {
  const { metrics, database, db, availability } = ctx
  const { pool, room } = database
  metrics.gauge('wisp_database_connections', 'PostgreSQL connections of this node', ['state'], () => [
    { labels: { state: 'open' }, value: pool.totalCount },
    { labels: { state: 'idle' }, value: pool.idleCount },
    { labels: { state: 'waiting' }, value: pool.waitingCount },
  ])
  metrics.gauge('wisp_database_up', 'whether PostgreSQL answers this node', [], () => [
    { labels: {}, value: availability.awaySince() === undefined ? 1 : 0 },
  ])
  metrics.gauge(
    'wisp_database_unconfirmed',
    'whether commits wait for standbys that do not confirm them, while PostgreSQL answers',
    [],
    () => [{ labels: {}, value: database.presence?.problem() === undefined ? 0 : 1 }],
  )
  metrics.gauge(
    'wisp_clock_ahead_seconds',
    "by how much this machine's clock is ahead of that of PostgreSQL; negative when it is behind",
    [],
    () => [{ labels: {}, value: database.clock.aheadMs() / 1000 }],
  )
  metrics.gauge('wisp_database_standbys', 'standbys that read the log of PostgreSQL', [], async () => [
    { labels: {}, value: await standbysReading(db) },
  ])
  metrics.gauge(
    'wisp_database_standbys_wanted',
    'standbys that PostgreSQL is set up for: names in synchronous_standby_names, or slots',
    [],
    async () => [{ labels: {}, value: await standbysWanted(db) }],
  )
  metrics.gauge('wisp_database_latency_seconds', 'time of the smallest query', [], async () => {
    const started = performance.now()
    await sql`select 1`.execute(db)
    return [{ labels: {}, value: (performance.now() - started) / 1000 }]
  })
  metrics.gauge('wisp_database_bytes', 'size of the database', [], async () => {
    const { rows } = await sql<{ bytes: number }>`
      select pg_database_size(current_database()) as bytes`.execute(db)
    return rows.map(({ bytes }) => ({ labels: {}, value: bytes }))
  })
  metrics.gauge('wisp_database_free_bytes', 'free space on the disk of the embedded database', [], () => {
    const free = room.free()
    return free === undefined ? [] : [{ labels: {}, value: free }]
  })
}
