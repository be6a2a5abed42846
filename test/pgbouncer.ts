import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { findUser } from '../server/platform/storage/embedded/owner.ts'
import { freePort } from './postgres.ts'
import { until } from './until.ts'

/** Debian's PgBouncer with the settings of deploy/, in front of a server of the tests. */
export type PgBouncer = {
  readonly port: number
  /** The same database through it. */
  through(url: string): string
  /** PAUSE, RESUME, RECONNECT and so on. */
  admin(command: string): Promise<void>
  /** Leads to another server from now on. */
  lead(port: number): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const sample = resolve(import.meta.dirname, '../deploy/pgbouncer.ini')

/** In mode `session` it does without what only transactions need. */
export async function startPgBouncer(
  serverPort: number,
  mode: 'transaction' | 'session' = 'transaction',
): Promise<PgBouncer> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-pgbouncer-'))
  const owner = process.getuid?.() === 0 ? findUser('postgres') : undefined
  if (owner) chownSync(dir, owner.uid, owner.gid)
  const port = await freePort()
  const file = join(dir, 'pgbouncer.ini')
  let child: ChildProcess | undefined

  function write(target: number) {
    const changes: [string, string][] = [
      ['wisp = host=127.0.0.1 port=5432', `* = host=127.0.0.1 port=${target}`],
      ['listen_addr = *', `listen_addr = 127.0.0.1\nunix_socket_dir =`],
      ['listen_port = 6432', `listen_port = ${port}`],
      ['auth_type = scram-sha-256', 'auth_type = trust'],
      ['/etc/pgbouncer/userlist.txt', join(dir, 'users.txt')],
      ['admin_users = pgbouncer', 'admin_users = wisp'],
      ['/var/log/postgresql', dir],
      ['/var/run/postgresql', dir],
      ['pool_mode = transaction', `pool_mode = ${mode}`],
      // Tests make many databases, each of which has connections of its own.
      ['server_fast_close = 1', 'server_fast_close = 1\nserver_idle_timeout = 5'],
    ]
    let text = readFileSync(sample, 'utf8')
    for (const [from, to] of changes) {
      if (!text.includes(from)) throw new Error(`${sample} has no ${from}`)
      text = text.replace(from, to)
    }
    writeFileSync(file, text)
  }

  async function admin(command: string) {
    const client = new pg.Client(`postgres://wisp@127.0.0.1:${port}/pgbouncer`)
    await client.connect()
    try {
      await client.query(command)
    } finally {
      await client.end()
    }
  }

  async function start() {
    child = spawn('pgbouncer', [file], {
      ...owner,
      stdio: 'ignore',
      cwd: dir,
      env: { PATH: '/usr/sbin:/usr/bin' },
    })
    await until('PgBouncer', () =>
      admin('SHOW VERSION').then(
        () => true,
        () => false,
      ),
    )
  }

  async function end(signal: NodeJS.Signals) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  // Also when a test fails before it stops it.
  const reap = () => void child?.kill('SIGKILL')
  process.once('exit', reap)
  writeFileSync(join(dir, 'users.txt'), '"wisp" ""\n')
  write(serverPort)
  await start()
  return {
    port,
    admin,
    start,
    through(url) {
      const through = new URL(url)
      through.port = String(port)
      return through.href
    },
    async lead(target) {
      write(target)
      await admin('RELOAD')
    },
    async kill() {
      await end('SIGKILL')
      rmSync(join(dir, 'pgbouncer.pid'), { force: true })
    },
    async stop() {
      process.off('exit', reap)
      await end('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
