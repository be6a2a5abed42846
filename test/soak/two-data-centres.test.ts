import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { type Ledger, prepareLedger } from '../journeys/ledger.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { until } from '../until.ts'
import { answers, bin, env, folderOfPostgres, makeDatabase, owner, query } from './debian-postgres.ts'
import { type Machines, type Relay, relayTo, startMachines } from './machines.ts'

/** The drill of the page run/two-data-centres: its commands are run as they stand there. */
const page = readFileSync(
  resolve(import.meta.dirname, '../../web/docs/content/en/run/two-data-centres.md'),
  'utf8',
)
const places = {
  a: { db1: '10.0.1.1', db2: '10.0.1.2', wisp1: '10.0.1.11' },
  b: { db3: '10.0.1.3', db4: '10.0.1.4', wisp2: '10.0.1.12' },
}
const databases = ['db1', 'db2', 'db3', 'db4'] as const
type Name = (typeof databases)[number]

const dir = folderOfPostgres()
const dataOf = (name: string) => join(dir, name)
/** As Debian has it, beside the data: pg_rewind takes the files of the other server. */
const settingsOf = (name: string) => join(dir, `${name}.conf`)
let machines: Machines
let world: World
let nodes: Record<'wisp1' | 'wisp2', ServerProcess>
let ledger: Ledger
let relay: Relay

const urlOf = (name: string, database = 'wisp') =>
  `postgres://wisp@${machines.get(name).address}:5432/${database}`
const ask = (name: string, text: string) => query(urlOf(name), text)

function boot(name: string): void {
  rmSync(join(dataOf(name), 'postmaster.pid'), { force: true })
  machines
    .get(name)
    .start([join(bin, 'postgres'), '-D', dataOf(name), '-c', `config_file=${settingsOf(name)}`], {
      user: 'postgres',
      env,
      log: join(dir, `${name}.log`),
    })
}

/** Short, as a socket's path must be. */
const socketOf = (name: string) => `/tmp/wisp-${name}-${process.pid}`

function madeFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

/** A block of the page, by the comment with which it begins, on one of the servers. */
function follow(title: string, name: Name, leader: 'db3' | 'db4' = 'db3'): string {
  const block = page
    .split('```text\n')
    .find(one => one.startsWith(`# ${title}`))
    ?.split('```')[0]
  if (!block) throw new Error(`the page has no commands for: ${title}`)
  // As the page says: where db4 has more, the names are exchanged.
  const exchanged =
    leader === 'db3' ? block : block.replaceAll(/db[34]/g, one => (one === 'db3' ? 'db4' : 'db3'))
  const commands = exchanged
    .replaceAll('/var/lib/postgresql/17/wisp', dataOf(name))
    .replaceAll('sudo systemctl stop postgresql@17-wisp', ':')
    .replaceAll('sudo systemctl start postgresql@17-wisp', ':')
    .replaceAll('/etc/postgresql/17/wisp/postgresql.conf', settingsOf(name))
    .replaceAll('/usr/lib/postgresql/17/bin', bin)
  const { within } = machines.get(name)
  const as = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
  const ran = spawnSync('ip', [...within.slice(1), ...as, 'sh', '-euc', commands], {
    encoding: 'utf8' as const,
    cwd: '/',
    env: { ...env, PGUSER: 'wisp', PGDATABASE: 'wisp', PGHOST: socketOf(name) },
  })
  if (ran.status !== 0) throw new Error(`${title} on ${name}: ${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** As systemctl does. */
function stopCleanly(name: string): void {
  const { within } = machines.get(name)
  const as = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
  const stop = [join(bin, 'pg_ctl'), 'stop', '-w', '-m', 'fast', '-D', dataOf(name)]
  const ran = spawnSync('ip', [...within.slice(1), ...as, ...stop], { encoding: 'utf8', env, cwd: '/' })
  if (ran.status !== 0) throw new Error(ran.stdout + ran.stderr)
}

async function startServers(): Promise<void> {
  makeDatabase(dataOf('db1'), { listen_addresses: '*' })
  const access = 'host all all samenet trust\nhost replication all samenet trust\n'
  appendFileSync(join(dataOf('db1'), 'pg_hba.conf'), access)
  for (const name of databases) {
    if (name === 'db2')
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', madeFolder(dataOf(name))])
    if (name !== 'db1') {
      execFileSync('cp', ['-a', `${dataOf('db1')}/.`, madeFolder(dataOf(name))])
      writeFileSync(join(dataOf(name), 'standby.signal'), '')
    }
    const own = {
      cluster_name: name,
      unix_socket_directories: madeFolder(socketOf(name)),
      primary_conninfo: 'host=db1 user=wisp',
      // There is another test of the archive.
      archive_mode: 'off',
      wal_keep_size: '256MB',
      max_wal_size: '256MB',
      data_directory: dataOf(name),
      hba_file: join(dataOf(name), 'pg_hba.conf'),
      ident_file: join(dataOf(name), 'pg_ident.conf'),
    }
    const lines = Object.entries(own).map(([key, value]) => `${key} = '${value}'\n`)
    writeFileSync(
      settingsOf(name),
      readFileSync(join(dataOf('db1'), 'postgresql.conf'), 'utf8') + lines.join(''),
    )
  }
  execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, dir, ...databases.map(socketOf)])
  for (const name of databases) execFileSync('chmod', ['700', dataOf(name)])
  for (const name of databases) {
    boot(name)
    await until(name, () => answers(urlOf(name, 'postgres')), 30_000)
  }
  await query(urlOf('db1', 'postgres'), 'create database wisp')
}

beforeAll(async () => {
  machines = startMachines(places)
  await startServers()
  follow('db1: what is written is in both data centres', 'db1')
  const all = (inside: boolean) =>
    `postgres://wisp@${databases.map(name => `${inside ? name : machines.get(name).address}:5432`).join(',')}/wisp`
  world = await startWorld({ members: 200, env: { WISP_DATABASE_URL: all(false) } })
  relay = await relayTo(machines, world.sandbox.url)
  const started = await Promise.all(
    (['wisp1', 'wisp2'] as const).map(async name => {
      const more = { ...relay.env, WISP_DATABASE_URL: all(true), WISP_HOST: '0.0.0.0', WISP_PORT: '3000' }
      return [
        name,
        await startProcess({ ...world.env, ...more }, { within: machines.get(name).within }),
      ] as const
    }),
  )
  nodes = Object.fromEntries(started) as typeof nodes
  const at = (name: string) => `http://${machines.get(name).address}:3000`
  ledger = await prepareLedger(world, [at('wisp1'), at('wisp2')])
  ledger.begin()
  await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 30, 60_000)
}, 240_000)
afterAll(async () => {
  await ledger?.stop()
  for (const node of Object.values(nodes ?? {})) await node.kill()
  await world?.close()
  relay?.close()
  await machines?.close()
  spawnSync('umount', [dataOf('db2')])
  for (const path of [dir, ...databases.map(socketOf)]) rmSync(path, { recursive: true, force: true })
})

const metrics = async () => (await fetch(`${world.server.url}/metrics`)).text()
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const nextWrites = async (what: string) => {
  const since = performance.now()
  const first = await until(what, () => ledger.firstAfter(since), 120_000)
  return Math.max(...Object.values(first)) - since
}

/** What a write is answered with, asked with a token that is not even looked at while the database is away. */
const refusal = async (name: 'wisp1' | 'wisp2') => {
  const answer = await fetch(`http://${machines.get(name).address}:3000/api/pay/bill/create?devToken=x`, {
    method: 'POST',
  }).catch(() => undefined)
  return answer && { status: answer.status, ...((await answer.json()) as { retCode: string }) }
}

it('the line is cut: both sides stop, the one that is chosen goes on, and the other comes back to it', async () => {
  machines.cut('b')
  await pause(15_000)
  const before = ledger.counts()
  await pause(10_000)
  // Nothing is acknowledged on either side; the side without a primary says so.
  const after = ledger.counts()
  expect([after.message, after.push, after.bill]).toEqual([before.message, before.push, before.bill])
  const far = await until(
    'wisp2 to refuse',
    async () => (await refusal('wisp2'))?.retCode === '1013' && refusal('wisp2'),
    60_000,
  )
  expect(far).toMatchObject({ status: 503 })
  // What the alert WispWritesUnconfirmed looks at.
  await until(
    'the node to notice',
    async () => (await metrics()).includes('\nwisp_database_unconfirmed 1\n'),
    60_000,
  )

  // A goes on alone, as somebody decided who has seen that B was told to wait.
  follow('db1: A goes on alone', 'db1')
  console.log(`A alone: all kinds written after ${Math.round(await nextWrites('writes in A'))} ms`)
  machines.mend('b')
  await until(
    'B to have all',
    async () => {
      const found = await ask(
        'db1',
        "select count(*)::int as n from pg_stat_replication where state = 'streaming'",
      )
      return found[0]?.['n'] === 3
    },
    60_000,
  )
  follow('db1: what is written is in both data centres', 'db1')
  await nextWrites('writes in both')
  expect(follow('any: who is who', 'db1')).toContain('db3')
})

it('the disk of a standby is full: it ends, the others go on, and it catches up when there is room', async () => {
  const filler = join(dataOf('db2'), 'filler')
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M', 'count=900'])
  const streaming = async () =>
    Number(
      (await ask('db1', "select count(*) as n from pg_stat_replication where state = 'streaming'"))[0]?.['n'],
    )
  await until(
    'db2 to end',
    async () => {
      await ask('db1', "select pg_logical_emit_message(false, 'wisp', repeat('x', 4000000))")
      return (await streaming()) === 2
    },
    60_000,
  )
  expect(readFileSync(join(dir, 'db2.log'), 'utf8')).toContain('No space left on device')
  await nextWrites('writes while a standby is away')
  expect(await metrics()).toContain('\nwisp_database_standbys 2\n')
  rmSync(filler)
  await machines.get('db2').kill()
  boot('db2')
  await until('db2 to catch up', async () => (await streaming()) === 3, 60_000)
})

it('A is lost: B is promoted by hand, A comes back by pg_rewind, and nothing that was acknowledged is lost', async () => {
  const lostAt = performance.now()
  for (const name of ['db1', 'db2', 'wisp1']) await machines.get(name).kill()
  machines.cut('a')
  const ends = ['db3', 'db4'].map(
    name => [name, follow('B: which server has more', name as Name).trim()] as const,
  )
  const [chosen = 'db3', other = 'db4'] = ends
    .sort((x, y) => lsn(y[1]) - lsn(x[1]))
    .map(([name]) => name as 'db3' | 'db4')
  follow('B: the one with more', chosen, chosen)
  follow('B: the other', other, chosen)
  const promotedAt = performance.now()
  const first = await until('writes in B', () => ledger.firstAfter(promotedAt), 120_000)
  console.log(
    `B promoted: all kinds written ${Math.round(Math.max(...Object.values(first)) - promotedAt)} ms after the promotion, ${Math.round(Math.max(...Object.values(first)) - lostAt)} ms after A was lost`,
  )
  // Both come back as they were: db1 still thinks that it leads.
  machines.mend('a')
  for (const name of ['db1', 'db2'] as const) {
    boot(name)
    await until(name, () => answers(urlOf(name)), 60_000)
  }
  expect((await ask('db1', 'select pg_is_in_recovery() as standby'))[0]?.['standby']).toBe(false)
  await pause(5000)
  const connected = `select count(*)::int as n from pg_stat_activity where datname = 'wisp' and application_name ~ '^wisp [0-9]'`
  expect((await ask('db1', connected))[0]?.['n']).toBe(0)
  for (const name of ['db1', 'db2'] as const) {
    stopCleanly(name)
    follow('db1 and db2: come back', name, chosen)
    boot(name)
    await until(name, () => answers(urlOf(name)), 60_000)
  }
  await until(
    'four again',
    async () => {
      const found = await ask(
        chosen,
        "select count(*)::int as n from pg_stat_replication where state = 'streaming'",
      )
      return found[0]?.['n'] === 3
    },
    60_000,
  )
  follow('B leads: what is written is in both data centres', chosen, chosen)
  await nextWrites('writes with all four')
  const names = await ask(chosen, 'show synchronous_standby_names')
  expect(names[0]?.['synchronous_standby_names']).toBe('ANY 1 (db1, db2)')

  await ledger.stop()
  console.log(JSON.stringify(ledger.counts()))
  await ledger.settled(text => ask(chosen, text))
  await ledger.check(text => ask(chosen, text))
})

const lsn = (text: string) => {
  const [high = '0', low = '0'] = text.split('/')
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16)
}
