import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { freePort, makeCluster, type PostgresOptions, prepareFolder, waitUntilReady } from './postgres.ts'
import { until } from './until.ts'

/** One of the servers of a cluster, which can be killed, promoted, and come back as it was. */
export type Server = {
  readonly port: number
  readonly adminUrl: string
  /** SIGKILL, to all its processes at once as when its machine dies. */
  kill(): Promise<void>
  /** Starts it with the data that it has, as the operating system would after a crash. */
  start(): Promise<void>
  /** All its processes stand still, as those of a machine that hangs; its connections stay. */
  freeze(): void
  thaw(): void
  promote(): Promise<void>
  /** Sends it there for what is new. */
  follow(primary: Server): Promise<void>
  query<Row extends pg.QueryResultRow>(text: string, database?: string): Promise<Row[]>
}

/** A primary and its standbys, of which any one confirms a commit before it is acknowledged. */
export type Standbys = {
  readonly servers: readonly Server[]
  /** The first primary. */
  readonly first: Server
  /** All servers in one address; with `database` instead of the one for administrators. */
  url(database?: string): string
  /** Promotes the standby that has the most, lets the others follow it, and returns it. */
  failOver(): Promise<Server>
  stop(): Promise<void>
}

/** One that is frozen does not. */
const answersWithinMs = 1000

const names = (count: number) => Array.from({ length: count }, (_, n) => `server${n}`)

export async function startStandbys(which: PostgresOptions['binaries'], count = 3): Promise<Standbys> {
  const { dir, owner, binaries } = prepareFolder(which)
  const ports = [await freePort()]
  while (ports.length < count) {
    const port = await freePort()
    if (!ports.includes(port)) ports.push(port)
  }
  const data = (n: number) => join(dir, `data${n}`)
  makeCluster(data(0), binaries, { binaries: which }, owner)
  // A copy of a cluster that never ran is a standby of it.
  for (const n of names(count).keys()) if (n > 0) execFileSync('cp', ['-a', data(0), data(n)])
  const common = {
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: `'${dir}'`,
    fsync: 'off',
    max_connections: 200,
    shared_buffers: "'64MB'",
    wal_keep_size: "'512MB'",
    wal_retrieve_retry_interval: "'200ms'",
    jit: 'off',
    synchronous_standby_names: `'ANY 1 (${names(count).join(', ')})'`,
  }
  const servers: Server[] = []
  for (const [n, name] of names(count).entries()) {
    const file = join(data(n), 'postgresql.conf')
    const lines = Object.entries({ ...common, port: ports[n] }).map(([key, value]) => `${key} = ${value}\n`)
    appendFileSync(file, lines.join(''))
    if (n > 0) {
      appendFileSync(file, `primary_conninfo = '${connectionTo(ports[0]!, name)}'\n`)
      writeFileSync(join(data(n), 'standby.signal'), '')
    }
    servers.push(serverAt({ data: data(n), name, port: ports[n]!, dir, owner, binaries }))
    await servers[n]!.start()
  }
  await until('two standbys', async () => {
    const found = await servers[0]!.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_replication where state = 'streaming'",
    )
    return found[0]?.n === count - 1
  })
  // Also when a test fails before it stops them.
  const reap = () => {
    for (const server of servers) void server.kill()
  }
  process.once('exit', reap)
  return {
    servers,
    first: servers[0]!,
    url: (database = 'postgres') =>
      `postgres://wisp@${ports.map(port => `127.0.0.1:${port}`).join(',')}/${database}`,
    failOver: () => failOver(servers),
    async stop() {
      process.off('exit', reap)
      await Promise.all(servers.map(server => server.kill()))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const connectionTo = (port: number, name: string) =>
  `host=127.0.0.1 port=${port} user=wisp application_name=${name}`

/** A commit is at one standby at least, which need not be the same for all commits: the one that has the most has them all. */
async function failOver(servers: readonly Server[]): Promise<Server> {
  const standbys: { server: Server; at: string }[] = []
  for (const server of servers) {
    const found = await server
      .query<{ at: string; isStandby: boolean }>(
        `select pg_is_in_recovery() as "isStandby", lpad(coalesce(pg_last_wal_receive_lsn(), '0/0') - '0/0'::pg_lsn || '', 30, '0') as at`,
      )
      .catch(() => [])
    if (found[0]?.isStandby) standbys.push({ server, at: found[0].at })
  }
  standbys.sort((a, b) => b.at.localeCompare(a.at))
  const [chosen, ...others] = standbys.map(one => one.server)
  if (!chosen) throw new Error('there is no standby')
  await chosen.promote()
  for (const other of others) await other.follow(chosen)
  return chosen
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

function signal({ pid = 0 }: ChildProcess, name: NodeJS.Signals): void {
  for (const one of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(one, name)
    } catch {
      // It has just ended.
    }
  }
}

type Place = ReturnType<typeof prepareFolder> & { data: string; name: string; port: number }

function serverAt({ data, name, port, dir, owner, binaries }: Place): Server {
  const adminUrl = `postgres://wisp@127.0.0.1:${port}/postgres`
  let child: ChildProcess | undefined
  const query = async <Row extends pg.QueryResultRow>(text: string, database = 'postgres') => {
    const connectionString = `postgres://wisp@127.0.0.1:${port}/${database}`
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: answersWithinMs })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }
  return {
    port,
    adminUrl,
    query,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      signal(child, 'SIGKILL')
      await ended
    },
    freeze: () => signal(child!, 'SIGSTOP'),
    thaw: () => signal(child!, 'SIGCONT'),
    async start() {
      rmSync(join(data, 'postmaster.pid'), { force: true })
      child = spawn(binaries.postgres, ['-D', data], {
        ...owner,
        env: binaries.env,
        stdio: 'ignore',
        cwd: dir,
      })
      await waitUntilReady(adminUrl)
    },
    async promote() {
      await query('select pg_promote()')
    },
    async follow(primary) {
      const to = connectionTo(primary.port, name)
      await query(`alter system set primary_conninfo = '${to}'`)
      await query('select pg_reload_conf()')
    },
  }
}
