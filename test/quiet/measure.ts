import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createContext } from '../../server/context.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { insertCorps } from './generated-corps.ts'

/** Where nothing listens. */
export const nowhere = 'http://127.0.0.1:9'

/** How many transactions the database has seen; those of the last second may be missing. */
export async function transactionsOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.n)
}

/** Makes something due in every corp: a reconcile, as the night makes it. Wakes all nodes. */
export async function makeAllDue(client: pg.Client): Promise<void> {
  await client.query(
    `insert into sync_run (corp_id, kind, state, requested_by, created_at, updated_at)
      select corp_id, 'reconcile', 'waiting', 'nightly', now(), now() from corp`,
  )
  await client.query(
    `insert into queue (corp_id, stream, key, due_at, priority) select corp_id, 'directory', '', now(), 0 from corp
      on conflict (corp_id, stream, key) do update set due_at = excluded.due_at`,
  )
  await client.query(`select pg_notify('wisp_queue', 'directory ' || min(corp_id) || ' ') from corp`)
}

export type Size = {
  corps: number
  members: number
  nodes: number
  windowMs: number
  restWindows: number
  downWindows: number
}

/** Transactions a second of all nodes together, for windows one after the other; of each node its start and its memory. */
export type QuietFigures = {
  starts: { seconds: number; megabytes: number }[]
  atRest: number[]
  whenDown: number[]
  whenDownMegabytes: number[]
  /** Alerts that are open at the end, all corps together. */
  alerts: number
  load: string
}

/** An installation of generated corps whose upstreams are all away, first with nothing to do, then with something due in every corp. */
export async function measureQuiet(databaseUrl: string, size: Size): Promise<QuietFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-quiet-'))
  const env = {
    WISP_PORT: '0',
    WISP_LOG_LEVEL: 'error',
    WISP_DATABASE_URL: databaseUrl,
    WISP_DATA_DIR: dir,
    WISP_SECRET_KEY: 'a key for tests only, 32 characters',
    WISP_OUTBOUND_ALLOW: '127.0.0.1',
    WISP_WECOM_URL: nowhere,
    WISP_OFFICIAL_URL: nowhere,
    WISP_PAY_URL: nowhere,
  }
  const client = new pg.Client(databaseUrl)
  const nodes: ServerProcess[] = []
  await client.connect()
  try {
    await fill(env, client, size)
    const starts: QuietFigures['starts'] = []
    for (let n = 0; n < size.nodes; n++) {
      const startedAt = performance.now()
      nodes.push(await startedAtLast({ ...env, WISP_NODE_NAME: `node${n}` }))
      const seconds = (performance.now() - startedAt) / 1000
      starts.push({ seconds, megabytes: megabytesOf(nodes[n]!.pid) })
    }
    // What nodes do at their start.
    await delay(15_000)
    const atRest = await windowsOf(client, size.windowMs, size.restWindows)
    await makeAllDue(client)
    const whenDown = await windowsOf(client, size.windowMs, size.downWindows)
    const { rows } = await client.query<{ n: string }>(
      'select count(*) as n from alert where ended_at is null',
    )
    return {
      starts,
      atRest,
      whenDown,
      alerts: Number(rows[0]?.n),
      whenDownMegabytes: nodes.map(node => megabytesOf(node.pid)),
      load: loadavg()
        .map(one => one.toFixed(1))
        .join(' '),
    }
  } finally {
    await Promise.all(nodes.map(node => node.stop()))
    await client.end()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A busy machine may keep a start waiting for so long that it gives up; whoever keeps it running starts it again. */
async function startedAtLast(env: Record<string, string>, triesLeft = 2): Promise<ServerProcess> {
  try {
    return await startProcess(env)
  } catch (error) {
    if (triesLeft === 0) throw error
    return startedAtLast(env, triesLeft - 1)
  }
}

async function fill(env: Record<string, string>, client: pg.Client, { corps, members }: Size): Promise<void> {
  const ctx = await createContext(readConfig(env), { log: createLog('silent') })
  try {
    await insertCorps(ctx, client, { prefix: 'corp', corps, members })
    await client.query('vacuum analyze')
  } finally {
    await ctx.close()
  }
}

async function windowsOf(client: pg.Client, windowMs: number, windows: number): Promise<number[]> {
  const rates: number[] = []
  for (let n = 0; n < windows; n++) {
    const [before, startedAt] = [await transactionsOf(client), performance.now()]
    await delay(windowMs)
    const seconds = (performance.now() - startedAt) / 1000
    rates.push(((await transactionsOf(client)) - before) / seconds)
  }
  return rates
}

function megabytesOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
