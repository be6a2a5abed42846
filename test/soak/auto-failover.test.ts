import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { type Ledger, prepareLedger } from '../journeys/ledger.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { freePort } from '../postgres.ts'
import { until } from '../until.ts'
import { userOf } from './engines.ts'

/** What issue and guide promise, on a machine that has other things to do. */
const withinMs = 30_000

const dir = mkdtempSync(join(tmpdir(), 'wisp-auto-failover-'))
const owner = userOf('postgres')
const version = readdirSync('/usr/lib/postgresql').find(one =>
  existsSync(`/usr/share/postgresql/${one}/extension/pgautofailover.control`),
)
const bin = `/usr/lib/postgresql/${version}/bin`
const env = {
  PATH: `${bin}:/usr/bin:/bin`,
  LC_ALL: 'C.UTF-8',
  HOME: dir,
  XDG_CONFIG_HOME: join(dir, 'config'),
  XDG_DATA_HOME: join(dir, 'share'),
  XDG_RUNTIME_DIR: join(dir, 'run'),
}
const running = new Map<string, ChildProcess>()
const local = ['--hostname', '127.0.0.1', '--auth', 'trust', '--no-ssl', '--pgctl', `${bin}/pg_ctl`]

function autoctl(name: string, args: string[]): ChildProcess {
  const child = spawn('pg_autoctl', args, { ...owner, env, cwd: dir, stdio: 'ignore' })
  running.set(name, child)
  return child
}

async function query(port: number, text: string, { user = 'wisp', database = 'wisp' } = {}) {
  const client = new pg.Client({
    connectionString: `postgres://${user}@127.0.0.1:${port}/${database}`,
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(text)).rows as Record<string, unknown>[]
  } finally {
    void client.end().catch(() => undefined)
  }
}

/** As when the machine dies: the keeper would start PostgreSQL again. */
function killAll(pid: number): void {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) return
  const children = readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number)
  process.kill(pid, 'SIGKILL')
  for (const child of children) killAll(child)
}

const ports: number[] = []
const atMonitor = { user: 'autoctl_node', database: 'pg_auto_failover' }
const states = async () =>
  (
    await query(
      ports[0]!,
      'select nodename as name, reportedstate as state from pgautofailover.node',
      atMonitor,
    )
  ).map(row => row['state'])

async function startCluster(): Promise<void> {
  chownSync(dir, owner.uid, owner.gid)
  mkdirSync(join(dir, 'run'), { mode: 0o700 })
  chownSync(join(dir, 'run'), owner.uid, owner.gid)
  while (ports.length < 4) ports.push(await freePort())
  const monitor = join(dir, 'monitor')
  const made = autoctl('create', [
    'create',
    'monitor',
    '--pgdata',
    monitor,
    '--pgport',
    String(ports[0]),
    ...local,
  ])
  expect(await once(made, 'exit')).toEqual([0, null])
  appendFileSync(
    join(monitor, 'postgresql.conf'),
    readFileSync(resolve(import.meta.dirname, '../../deploy/pg_auto_failover-monitor.conf')),
  )
  autoctl('monitor', ['run', '--pgdata', monitor])
  await until(
    'the monitor',
    () =>
      states().then(
        () => true,
        () => false,
      ),
    60_000,
    200,
  )
  const url = `postgres://autoctl_node@127.0.0.1:${ports[0]}/pg_auto_failover`
  for (const [n, port] of ports.slice(1).entries()) {
    const where = ['--pgdata', join(dir, `node${n}`), '--pgport', String(port), '--listen', '127.0.0.1']
    const what = ['--name', `db${n}`, '--dbname', 'wisp', '--username', 'wisp', '--monitor', url]
    autoctl(`node${n}`, ['create', 'postgres', ...where, ...what, ...local, '--run'])
    const asStandby =
      n > 0 && (() => query(ports[1]!, 'checkpoint', { user: 'postgres' }).catch(() => undefined))
    await until(
      `server ${n}`,
      async () => {
        // A base backup waits for the next one.
        if (asStandby) await asStandby()
        return (
          (await states()).length === n + 1 &&
          query(port, 'select 1').then(
            () => true,
            () => false,
          )
        )
      },
      120_000,
      500,
    )
  }
  await until(
    'two secondaries',
    async () => (await states()).sort().join() === 'primary,secondary,secondary',
    120_000,
    500,
  )
}

let world: World
let other: ServerProcess
let ledger: Ledger
beforeAll(async () => {
  await startCluster()
  const url = `postgres://wisp@${ports
    .slice(1)
    .map(port => `127.0.0.1:${port}`)
    .join(',')}/wisp`
  world = await startWorld({ members: 400, env: { WISP_DATABASE_URL: url } })
  other = await startProcess(world.env)
  ledger = await prepareLedger(world, [world.server.url, other.url])
}, 400_000)
afterAll(async () => {
  await ledger?.stop()
  await other?.stop()
  await world?.close()
  for (const child of running.values()) if (child.pid && child.exitCode === null) killAll(child.pid)
  rmSync(dir, { recursive: true, force: true })
})

it('pg_auto_failover with the settings of deploy/ has writes again within 30 s, and nothing is lost', async () => {
  expect(spawnSync('pg_autoctl', ['--version'], { encoding: 'utf8' }).stdout).toContain('version 2.')
  expect(await query(ports[1]!, 'show synchronous_standby_names')).toEqual([
    { synchronous_standby_names: expect.stringMatching(/^ANY 1 \(/) },
  ])
  ledger.begin()
  await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 50, 60_000)
  const killedAt = performance.now()
  killAll(running.get('node0')!.pid!)
  const promoted = await until(
    'a primary',
    async () => {
      for (const port of ports.slice(2)) {
        const found = await query(port, 'select pg_is_in_recovery() as standby').catch(() => [])
        if (found[0]?.['standby'] === false) return { port, at: performance.now() }
      }
      return undefined
    },
    120_000,
    50,
  )
  const first = await until('writes of all kinds', () => ledger.firstAfter(promoted.at), 60_000)
  const last = Math.max(...Object.values(first))
  console.log(
    `promoted ${Math.round(promoted.at - killedAt)} ms after the kill, all kinds written ${Math.round(last - promoted.at)} ms later; ${JSON.stringify(ledger.counts())}`,
  )
  expect(last - killedAt).toBeLessThan(withinMs)
  await until('more after', () => ledger.firstAfter(last + 3000), 60_000)
  // The machine comes back: its keeper makes a standby of it.
  autoctl('node0', ['run', '--pgdata', join(dir, 'node0')])
  await until(
    'three again',
    async () => (await states()).sort().join() === 'primary,secondary,secondary',
    120_000,
    500,
  )
  await ledger.stop()
  const read = (text: string) => query(promoted.port, text)
  await ledger.settled(read)
  await ledger.check(read)
})
