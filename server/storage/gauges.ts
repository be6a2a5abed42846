import type { Core } from '../core.ts'
import type { Database } from './database.ts'

export function addDatabaseGauges(ctx: Core & { database: Database }): void {
  ctx.metrics.gauge('wisp_database_connections', 'PostgreSQL connections of this node', ['state'], () => {
    const { pool } = ctx.database
    if (!pool) return []
    return [
      { labels: { state: 'open' }, value: pool.totalCount },
      { labels: { state: 'idle' }, value: pool.idleCount },
      { labels: { state: 'waiting' }, value: pool.waitingCount },
    ]
  })
}
