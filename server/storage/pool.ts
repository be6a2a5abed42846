import pg from 'pg'
import { asDatabaseAway } from './availability.ts'

/** For a connection, new or given back by somebody else: who waits longer is told that the database is away. */
const connectWithinMs = 5000
const keepAliveAfterMs = 10_000

/** pg's pool: waits for a connection for a limited time, fails with DatabaseAway, and can be cut off from the database. */
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

  /** Whoever waits for an answer on a connection that went silent would wait for a quarter of an hour: now it fails. */
  cut(): void {
    for (const client of this.connected) client.connection.stream.destroy()
  }
}
