import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { userOf } from './engines.ts'

export const owner = userOf('postgres')
/** The latest that Debian has, which is that of deploy/. */
const version = Math.max(...readdirSync('/usr/lib/postgresql').map(Number).filter(Number.isFinite))
export const bin = `/usr/lib/postgresql/${version}/bin`
export const deploy = resolve(import.meta.dirname, '../../deploy')
/** Without anything of this process. */
export const env = { PATH: `${bin}:/usr/sbin:/usr/bin:/bin`, LC_ALL: 'C.UTF-8', PG_BIN: bin }

/** A folder of the user that PostgreSQL runs as. */
export function folderOfPostgres(): string {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-postgres-'))
  chownSync(dir, owner.uid, owner.gid)
  return dir
}

/** A new cluster with the settings of deploy/, and these after them. */
export function makeDatabase(data: string, settings: Readonly<Record<string, string | number>>): void {
  const how = ['-U', 'wisp', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8']
  execFileSync(join(bin, 'initdb'), ['-D', data, ...how], { ...owner, env, cwd: '/', stdio: 'pipe' })
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  const given = readFileSync(join(deploy, 'postgresql.conf'), 'utf8').replace('/usr/local/lib/wisp', deploy)
  appendFileSync(join(data, 'postgresql.conf'), [given, ...lines, 'fsync = off\n'].join('\n'))
}

export type Postmaster = { stop(): Promise<void>; kill(): Promise<void> }

/** The settings are those of its data. */
export function startDatabase(data: string, more: Record<string, string> = {}): Postmaster {
  if (existsSync(join(data, 'postmaster.pid'))) rmSync(join(data, 'postmaster.pid'))
  const child = spawn(join(bin, 'postgres'), ['-D', data], {
    ...owner,
    cwd: '/',
    stdio: 'ignore' as const,
    env: { ...env, ...more },
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  process.once('exit', () => child.kill('SIGKILL'))
  return { stop: () => end('SIGINT'), kill: () => end('SIGKILL') }
}

export async function query<Row extends pg.QueryResultRow = Record<string, unknown>>(
  url: string,
  text: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(text)).rows
  } finally {
    void client.end().catch(() => undefined)
  }
}

export const answers = (url: string) =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  )
