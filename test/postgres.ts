import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** A real PostgreSQL for tests and benchmarks: its own cluster, on loopback, gone afterwards. */
export type Postgres = {
  /** A new, empty database. */
  createDatabase(): Promise<string>
  dropDatabase(url: string): Promise<void>
  /** Shuts the server down; its data and port stay for `resume`. */
  halt(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

/** `durable` flushes to disk at each commit, as in production; tests do without. */
export async function startPostgres(options: { durable: boolean }): Promise<Postgres> {
  const bin = findBinaries()
  const dir = mkdtempSync(join(tmpdir(), 'wisp-pg-'))
  // PostgreSQL refuses to run as root; Debian's package brings the user.
  const isRoot = process.getuid?.() === 0
  const owner = isRoot ? userIds('postgres') : undefined
  if (owner) chownSync(dir, owner.uid, owner.gid)
  const data = join(dir, 'data')
  const as = owner ?? {}
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'wisp', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...as,
      stdio: 'pipe',
      cwd: dir,
    },
  )
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: dir,
    fsync: options.durable ? 'on' : 'off',
    synchronous_commit: options.durable ? 'on' : 'off',
    max_connections: 100,
    shared_buffers: '256MB',
    // As every guide sets it for a server that writes: with 1 GB, a run of minutes has checkpoints all the time.
    max_wal_size: '4GB',
    min_wal_size: '1GB',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const launch = () =>
    spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...as, stdio: 'ignore', cwd: dir })
  let server = launch()
  const halt = async () => {
    const exited = once(server, 'exit')
    // SIGINT is PostgreSQL's fast shutdown.
    server.kill('SIGINT')
    await exited
  }
  const url = (database: string) => `postgres://wisp@127.0.0.1:${port}/${database}`
  await waitUntilReady(url('postgres'))
  if (options.durable) await makeLogFiles(url('postgres'))
  let databases = 0
  return {
    async createDatabase() {
      const name = `wisp_${process.pid}_${Date.now()}_${++databases}`
      const client = new pg.Client(url('postgres'))
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      return url(name)
    },
    async dropDatabase(dropped: string) {
      const client = new pg.Client(url('postgres'))
      await client.connect()
      await client.query(`drop database ${new URL(dropped).pathname.slice(1)} with (force)`)
      await client.end()
    },
    halt,
    async resume() {
      server = launch()
      await waitUntilReady(url('postgres'))
    },
    async stop() {
      await halt()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Log files to write over, as a server has that ran for a while. A new one makes them as it goes: at every 16 MB all commits
 * stand still for 50 ms while it fills the next with zeros.
 */
async function makeLogFiles(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  for (let file = 0; file < 60; file++) {
    await client.query("select pg_logical_emit_message(false, 'wisp', '')")
    await client.query('select pg_switch_wal()')
  }
  await client.query('checkpoint')
  await client.end()
}

/** A new database of a cluster that somebody else runs. */
export async function createDatabaseAt(adminUrl: string): Promise<string> {
  const name = `wisp_${process.pid}_${Math.random().toString(36).slice(2)}`
  const client = new pg.Client(adminUrl)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map(version => join(root, version, 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')))
  if (!found) throw new Error('PostgreSQL is not installed; on Debian: apt-get install postgresql')
  return found
}

function userIds(name: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client(url)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (attempt > 200) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
