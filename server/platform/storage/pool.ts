import pg from 'pg'
import { asDatabaseAway, DatabaseAway } from './availability.ts'
import type { DatabaseWay } from './ways/way.ts'

/** How long to wait for a connection, new or returned by somebody else, before the database counts as away. */
const connectWithinMs = 5000
const keepAliveAfterMs = 10_000

/**
 * pg's pool with a limited wait for connections, each of which leads to the server that takes writes when it is new. It fails with
 * DatabaseAway and can drop all its connections.
 */
export class Pool extends pg.Pool {
  private readonly connected = new Set<pg.PoolClient>()
  private readonly way: DatabaseWay
  private refused: string | undefined

  constructor(way: DatabaseWay, config: Omit<pg.PoolConfig, 'connectionString'>) {
    const Client = (config.Client ?? pg.Client) as typeof pg.Client
    super({
      connectionTimeoutMillis: connectWithinMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
      ...config,
      Client: class extends Client {
        constructor(given?: string | pg.ClientConfig) {
          super({ ...(given as pg.ClientConfig), connectionString: way.address() })
        }
      },
      onConnect: client => this.checkNew(client as unknown as pg.PoolClient),
    } as pg.PoolConfig)
    this.way = way
    this.on('remove', client => this.connected.delete(client))
  }

  /** It must be possible to drop the connection meanwhile: a paused pooler lets in whom it answers nothing. */
  private async checkNew(client: pg.PoolClient): Promise<void> {
    this.connected.add(client)
    try {
      await this.way.check(client)
    } catch (error) {
      this.connected.delete(client)
      throw error
    }
  }

  override connect = (async (...callback: []) => {
    if (callback.length > 0) return super.connect(...callback)
    if (this.refused !== undefined) throw new DatabaseAway(this.refused)
    try {
      await this.way.find()
      return await super.connect()
    } catch (error) {
      this.way.doubt()
      throw asDatabaseAway(error)
    }
  }) as pg.Pool['connect']

  /** Drops all connections. Calls waiting on a silent connection fail at once instead of after a quarter of an hour. */
  cut(): void {
    for (const client of this.connected) client.connection.stream.destroy()
  }

  /** Lends no connection as long as there is a reason. */
  refuse(why: string | undefined): void {
    this.refused = why
    if (why !== undefined) this.cut()
  }
}
