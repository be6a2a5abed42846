import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../harness.ts'
import { type Ledger, prepareLedger } from '../journeys/ledger.ts'
import { until } from '../until.ts'
import { type Stack, startStack, tlsFolder } from './compose.ts'
import { type Machines, type Relay, relayTo } from './machines.ts'

/** Of all parts on one machine; test/soak/auto-failover.test.ts holds the promise. */
const withinMs = 60_000
const patiently = 180_000
const secret = () => randomBytes(24).toString('hex')
const variables = {
  POSTGRES_PASSWORD: secret(),
  REPLICATION_PASSWORD: secret(),
  MONITOR_PASSWORD: secret(),
  WISP_SECRET_KEY: secret(),
  WISP_PUBLIC_URL: 'https://wisp.example.com',
}
const databases = ['db1', 'db2', 'db3']

let stack: Stack
let world: World
let relay: Relay
let ledger: Ledger

/** A node of this process beside the two of the stack, and the vendors where these reach them. */
async function connectWorld(machines: Machines): Promise<Record<string, string>> {
  const to = (port: number) =>
    `postgres://wisp:${variables.POSTGRES_PASSWORD}@${databases.map(name => `${machines.get(name).address}:${port}`).join(',')}/wisp`
  world = await startWorld({
    members: 200,
    env: {
      WISP_DATABASE_URL: to(6432),
      WISP_DATABASE_DIRECT_URL: to(5432),
      WISP_SECRET_KEY: variables.WISP_SECRET_KEY,
    },
  })
  relay = await relayTo(machines, world.sandbox.url)
  return relay.env
}

beforeAll(async () => {
  mkdirSync(tlsFolder, { recursive: true })
  const { key, cert } = certificateOf(1, 'wisp.example.com')
  writeFileSync(join(tlsFolder, 'wisp.pem'), cert + key)
  const places = { east: ['db1', 'node1', 'haproxy'], west: ['db2', 'node2'], third: ['db3', 'monitor'] }
  stack = await startStack(places, variables, connectWorld)
  ledger = await prepareLedger(world, [urlOf('node1'), urlOf('node2')], { patienceMs: 5000 })
  ledger.begin()
  await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 30, 60_000)
}, 600_000)
afterAll(async () => {
  await ledger?.stop()
  await world?.close()
  relay?.close()
  await stack?.close()
})

const urlOf = (name: string) => `http://${stack.machines.get(name).address}:3000`

async function ask(name: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: `postgres://wisp:${variables.POSTGRES_PASSWORD}@${stack.machines.get(name).address}:5432/wisp`,
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(text)).rows
  } finally {
    void client.end().catch(() => undefined)
  }
}

async function primaryAmong(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await ask(name, 'select pg_is_in_recovery() as standby').catch(() => [])
    if (found[0]?.['standby'] === false) return name
  }
  return undefined
}

/** By HAProxy, as callers come. */
async function front(path: string): Promise<number> {
  const options = { host: stack.machines.get('haproxy').address, path, rejectUnauthorized: false }
  const answer = request({
    ...options,
    servername: 'wisp.example.com',
    headers: { host: 'wisp.example.com' },
  }).end()
  const [response] = await once(answer, 'response')
  response.resume()
  return response.statusCode
}

const standbys = async (primary: string) =>
  Number((await ask(primary, 'select count(*) as n from pg_stat_replication'))[0]?.['n'])

function atMonitor(text: string): string {
  const { status, said } = stack.run('monitor', [
    ...[
      'env',
      `PGPASSWORD=${variables.MONITOR_PASSWORD}`,
      'psql',
      '-qAt',
      '-h',
      '127.0.0.1',
      '-U',
      'autoctl_node',
    ],
    ...['-d', 'pg_auto_failover', '-c', text],
  ])
  if (status !== 0) throw new Error(said)
  return said.trim()
}

const states = () =>
  atMonitor("select nodename || ' ' || reportedstate || ' ' || goalstate from pgautofailover.node order by 1")
const withStates = (error: Error): never => {
  throw new Error(`${error.message}: ${JSON.stringify(ledger.counts())}\n${states()}`)
}
const areSettled = async () =>
  [...states().matchAll(/^db\d (\w+) \1$/gm)]
    .map(match => match[1])
    .sort()
    .join() === 'primary,secondary,secondary'

it('the parts of deploy/compose.yaml answer together, and lose nothing when the primary and a node die', async () => {
  await until('HAProxy', async () => (await front('/readyz').catch(() => 0)) === 200, 30_000)
  expect(await front('/metrics')).toBe(404)
  await until('two standbys', areSettled, patiently, 500)
  expect(await primaryAmong(databases)).toBe('db1')
  expect(await standbys('db1')).toBe(2)
  const shown = await ask('db1', 'show synchronous_standby_names')
  expect(shown[0]?.['synchronous_standby_names']).toMatch(/^ANY 1 \(/)
  // The witness gives each standby a slot, which would keep all of the log for one that is away.
  for (const name of databases)
    expect(await ask(name, 'show max_slot_wal_keep_size')).toEqual([{ max_slot_wal_keep_size: '4GB' }])

  const killedAt = performance.now()
  await stack.kill('db1')
  await until('a primary', () => primaryAmong(['db2', 'db3']), patiently, 100)
  const promotedAt = performance.now()
  const first = await until('writes of all kinds', () => ledger.firstAfter(promotedAt), 60_000).catch(
    withStates,
  )
  const tookMs = Math.max(...Object.values(first)) - killedAt
  console.log(`written ${Math.round(tookMs)} ms after the primary's machine was killed`)
  expect(tookMs).toBeLessThan(withinMs)
  await stack.start('db1')
  await stack.start('pgbouncer1')
  await until('two standbys again', areSettled, patiently, 500)

  await stack.kill('node1')
  await until(
    'HAProxy to find the other',
    async () => (await front('/readyz').catch(() => 0)) === 200,
    10_000,
    50,
  )
  for (let call = 0; call < 20; call++) expect(await front('/healthz')).toBe(200)
  const since = performance.now()
  await stack.start('node1')
  await until('more after', () => ledger.firstAfter(since), 60_000)
})

it('a place that is cut off from the two others stops writing, and they go on', async () => {
  const before = (await until('a primary', () => primaryAmong(databases), patiently))!
  if (before !== 'db1') {
    // As by pg_autoctl perform promotion --name db1.
    atMonitor("select pgautofailover.perform_promotion('default', 'db1')")
    await until('db1 to lead', async () => (await primaryAmong(['db1'])) && areSettled(), patiently, 500)
  }
  const cutAt = performance.now()
  stack.machines.cut('east')
  const primary = await until('a primary', () => primaryAmong(['db2', 'db3']), patiently, 100).catch(
    withStates,
  )
  const promotedAt = performance.now()
  const first = await until('writes of all kinds', () => ledger.firstAfter(promotedAt), 60_000).catch(
    withStates,
  )
  console.log(`written ${Math.round(Math.max(...Object.values(first)) - cutAt)} ms after a place was cut off`)
  // The side without a majority: what is asked there is refused, and says so.
  const refused = await until(
    'node1 to refuse',
    async () => {
      const answer = await fetch(`${urlOf('node1')}/api/developer/self?devToken=x`).catch(() => undefined)
      return answer?.status === 503 && ((await answer.json()) as { retCode: string }).retCode
    },
    patiently,
    500,
  )
  expect(refused).toBe('1013')
  expect(await primaryAmong(['db1'])).toBeUndefined()
  stack.machines.mend('east')
  await until('two standbys again', areSettled, patiently, 500)
  const since = performance.now()
  await until('more after', () => ledger.firstAfter(since), 60_000)

  await ledger.stop()
  console.log(JSON.stringify(ledger.counts()))
  await ledger.settled(text => ask(primary, text))
  await ledger.check(text => ask(primary, text))
})
