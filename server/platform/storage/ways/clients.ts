import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const connectWithinMs = 3000
/** For a single question; a heartbeat counts its own turns. */
export const askWithinMs = 3000
const letGoMs = 1000

/** A connection beside the pool, not connected yet; without `withinMs` its questions may take as long as they like. */
export function newClient(way: { address(): string }, name: string, withinMs = 0): pg.Client {
  return new pg.Client({
    connectionString: way.address(),
    keepAlive: true,
    connectionTimeoutMillis: connectWithinMs,
    application_name: name,
    ...(withinMs > 0 && { query_timeout: withinMs }),
  })
}

/** Closes the connection politely, but waits only a limited time for the other side. */
export async function letGo(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), delay(letGoMs, undefined, { ref: false })])
  cut(client)
}

/** Closes this end of the connection, whatever state the other end is in. */
export function cut(client: pg.Client): void {
  client.connection.stream.destroy()
}
