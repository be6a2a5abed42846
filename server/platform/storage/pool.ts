import pg from 'pg'
import { asDatabaseAway } from './availability.ts'

/** How long to wait for a connection, new or returned by somebody else, before the database counts as away. */
const connectWithinMs = 5000
const keepAliveAfterMs = 10_000

/** pg's pool with a limited wait for connections; it fails with DatabaseAway and can drop all its connections. */
export class Pool extends pg.Pool {
  private readonly connected = new Set<pg.PoolClient>()

  constructor(config: pg.PoolConfig) {
    super({
      connectionTimeoutMillis: connectWithinMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
      ...config,
    })
    this.on('connect', client => this.connected.add(client))
    this.on('remove', client => this.connected.delete(client))
  }

  override connect = ((...callback: []) => {
    const connecting = super.connect(...callback) as Promise<pg.PoolClient> | undefined
    return connecting?.catch(error => {
      throw asDatabaseAway(error)
    })
  }) as pg.Pool['connect']

  /** Drops all connections. Calls waiting on a silent connection fail at once instead of after a quarter of an hour. */
  cut(): void {
    for (const client of this.connected) client.connection.stream.destroy()
  }
}
