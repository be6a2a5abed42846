import pg from 'pg'

/** The clock of a world's database, by which all nodes go, as an administrator of its machine steps it. */
export type SteppedClock = {
  /** How far it is ahead of the real one from now on, in ms. Nodes notice within seconds. */
  set(offsetMs: number): Promise<void>
  close(): Promise<void>
}

/**
 * Puts functions before PostgreSQL's own, so that SQL reads the same clock as the nodes that ask the database for the time. Ends all
 * connections, because those that are open would go on with the old ones.
 */
export async function stepDatabase(url: string): Promise<SteppedClock> {
  const client = new pg.Client(url)
  await client.connect()
  const ahead = '(select ms from stepped_clock) * interval $$1 millisecond$$'
  await client.query(`create table stepped_clock (ms bigint not null)`)
  await client.query('insert into stepped_clock values (0)')
  for (const name of ['clock_timestamp', 'now'])
    await client.query(`create function public.${name}() returns timestamptz language sql as
      $body$ select pg_catalog.${name}() + ${ahead} $body$`)
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name')
  await client.query(`alter database ${rows[0]!.name} set search_path = public, pg_catalog`)
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  return {
    set: async offsetMs => void (await client.query('update stepped_clock set ms = $1', [offsetMs])),
    close: () => client.end(),
  }
}
