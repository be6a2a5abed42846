import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Binaries, findBinaries } from '../server/platform/storage/embedded/binaries.ts'
import { findUser, type Owner } from '../server/platform/storage/embedded/owner.ts'
import { until } from './until.ts'

/** A PostgreSQL for tests and benchmarks: its own cluster on loopback, deleted afterwards. */
export type Postgres = {
  /** URL of the server's admin database, to which no test writes. */
  adminUrl: string
  version: string
  /** Shuts the server down but keeps its data and port for `resume`. */
  halt(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

export type PostgresOptions = {
  /** Flushes to disk at each commit, as in production; tests do without. */
  durable: boolean
  /** wisp's own binaries, or the oldest version from the system's packages, with a Chinese collation. */
  binaries: 'embedded' | 'system'
}

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dir, owner, binaries } = prepareFolder(options.binaries)
  const data = join(dir, 'data')
  makeCluster(data, binaries, options, owner)
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: dir,
    fsync: options.durable ? 'on' : 'off',
    synchronous_commit: options.durable ? 'on' : 'off',
    // Six test files run at once, each with the nodes of several worlds.
    max_connections: 600,
    shared_buffers: '256MB',
    jit: 'off',
    // Guides recommend 4 GB for servers that write much: with 1 GB, a run of minutes would be checkpointing all the
    // time. For tests a checkpoint is nothing, and their log is in memory.
    max_wal_size: options.durable ? '4GB' : '512MB',
    min_wal_size: options.durable ? '1GB' : '80MB',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const launch = () =>
    spawn(binaries.postgres, ['-D', data, ...args], {
      ...owner,
      env: binaries.env,
      stdio: 'ignore',
      cwd: dir,
    })
  let server = launch()
  const halt = async () => {
    const exited = once(server, 'exit')
    // SIGINT requests PostgreSQL's fast shutdown.
    server.kill('SIGINT')
    await exited
  }
  const adminUrl = `postgres://wisp@127.0.0.1:${port}/postgres`
  await waitUntilReady(adminUrl)
  if (options.durable) await makeLogFiles(adminUrl)
  return {
    adminUrl,
    version: await versionOf(adminUrl),
    halt,
    async resume() {
      server = launch()
      await waitUntilReady(adminUrl)
    },
    async stop() {
      await halt()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A folder of the user that PostgreSQL runs as, since it refuses to run as root, and its programs. */
export function prepareFolder(which: PostgresOptions['binaries']) {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-pg-'))
  const isRoot = process.getuid?.() === 0
  const owner = isRoot ? (findUser('postgres') ?? findUser('nobody')) : undefined
  if (owner) chownSync(dir, owner.uid, owner.gid)
  const binaries = which === 'embedded' ? findBinaries(join(dir, 'libraries'), owner) : systemBinaries()
  return { dir, owner, binaries }
}

export function makeCluster(
  data: string,
  binaries: Binaries,
  options: Pick<PostgresOptions, 'binaries'>,
  owner?: Owner,
): void {
  const locale =
    options.binaries === 'embedded'
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale-provider=icu', '--icu-locale=zh-x-icu', '--locale=C.UTF-8']
  const args = ['-D', data, '-U', 'wisp', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...locale]
  execFileSync(binaries.initdb, args, { ...owner, env: binaries.env, stdio: 'pipe', cwd: '/' })
}

async function versionOf(url: string): Promise<string> {
  const { rows } = await query(
    url,
    `select current_setting('server_version') as version, datlocprovider as provider from pg_database
     where datname = current_database()`,
  )
  const { version, provider } = rows[0] as { version: string; provider: string }
  return `PostgreSQL ${version.split(' ')[0]}${provider === 'i' ? ', ICU Chinese' : ''}`
}

/**
 * Creates WAL files that can be reused, as a server has that ran for a while. A new server creates them as it goes,
 * and at every 16 MB all commits wait 50 ms while it fills the next file with zeros.
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

/**
 * Creates a database in a cluster that is already running: empty, or a copy of the template, to which nobody may be
 * connected.
 */
export async function createDatabaseAt(adminUrl: string, template?: string): Promise<string> {
  const name = `wisp_${process.pid}_${Math.random().toString(36).slice(2)}`
  // Copying the files takes a tenth of the processor time of copying each page through the log, which is the default.
  const copying = template ? ` template ${template} strategy file_copy` : ''
  await query(adminUrl, `create database ${name}${copying}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export async function dropDatabaseAt(adminUrl: string, url: string): Promise<void> {
  await query(adminUrl, `drop database if exists ${databaseOf(url)} with (force)`)
}

export function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

/** The binaries in Debian's folders, of the oldest version that wisp supports. */
function systemBinaries(): Binaries {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .filter(version => version >= 15)
    : []
  const found = versions
    .sort((a, b) => a - b)
    .map(version => join(root, String(version), 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')))
  if (!found) throw new Error('PostgreSQL is not installed; on Debian: apt-get install postgresql')
  return { initdb: join(found, 'initdb'), postgres: join(found, 'postgres'), env: { LC_ALL: 'C.UTF-8' } }
}

export async function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

export async function waitUntilReady(url: string): Promise<void> {
  await until(`PostgreSQL at ${url}`, async () => {
    const client = new pg.Client(url)
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    )
  })
}
