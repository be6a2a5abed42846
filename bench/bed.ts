import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabaseAt, dropDatabaseAt, type Postgres, startPostgres } from '../test/postgres.ts'
import type { LoadJob, LoadResult } from './load.ts'
import { type Child, cores, startChild, stopChildren } from './processes.ts'
import type { Population } from './requests.ts'
import type { BenchAccess } from './serve.ts'
import type { UpstreamInfo } from './upstream.ts'

export type Options = {
  only: string | undefined
  quick: boolean
  /** Folder for CPU profiles of the server; undefined takes none. */
  profileDir: string | undefined
  members: number
  millionMembers: number
}

/** Shared by all cases of a run. */
export type Tools = {
  options: Options
  dir: string
  postgres: Postgres
  load(job: LoadJob): Promise<LoadResult>
  bare: Child
  close(): Promise<void>
}

export async function openTools(options: Options, postgres: Postgres): Promise<Tools> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-bench-'))
  const loader = await startChild('bench/load.ts', { core: cores.measuring })
  const bare = await startChild('bench/bare.ts', { core: cores.measured })
  return {
    options,
    dir,
    postgres,
    bare,
    load: job => loader.ask<LoadResult>('run', { job }),
    async close() {
      await stopChildren()
      await postgres.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export function startDurablePostgres(): Promise<Postgres> {
  return startPostgres({ durable: true, binaries: 'embedded' })
}

/** One wisp with its database, beside a sandbox with a corp. */
export type Bed = {
  upstream: Child
  upstreamReady: UpstreamInfo
  databaseUrl: string
  dataDir: string
  env: Record<string, string>
  /** Returns a new bed with the same upstream and an empty database. */
  again(): Promise<Bed>
  /** Starts the measured server as `npm run serve` does, or the program that stands in for the command line. */
  serve(
    script: 'server/main.ts' | 'bench/serve.ts',
    label: string,
    nodeArgs?: readonly string[],
  ): Promise<Child>
  /** Removes the database, so that its background work does not disturb later cases; the upstream stays. */
  remove(): Promise<void>
  close(): Promise<void>
}

export async function openBed(tools: Tools, members: number): Promise<Bed> {
  const upstream = await startChild('bench/upstream.ts', {
    core: cores.measuring,
    env: { BENCH_MEMBERS: String(members) },
  })
  return bedOn(tools, upstream)
}

async function bedOn(tools: Tools, upstream: Child): Promise<Bed> {
  const upstreamReady = upstream.ready as UpstreamInfo
  const dataDir = mkdtempSync(join(tools.dir, 'data-'))
  const databaseUrl = await createDatabaseAt(tools.postgres.adminUrl)
  const env = {
    WISP_PORT: '0',
    WISP_LOG_LEVEL: 'error',
    WISP_DATA_DIR: dataDir,
    WISP_DATABASE_URL: databaseUrl,
    WISP_SECRET_KEY: 'a key for benchmarks only, 32 characters',
    WISP_WECOM_URL: upstreamReady.url,
    WISP_OFFICIAL_URL: upstreamReady.official.url,
    WISP_OUTBOUND_ALLOW: '127.0.0.1',
  }
  const { profileDir } = tools.options
  return {
    upstream,
    upstreamReady,
    databaseUrl,
    dataDir,
    env,
    serve(script, label, nodeArgs = []) {
      const profile = ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${label}.cpuprofile`]
      return startChild(script, {
        core: cores.measured,
        env,
        nodeArgs: [...nodeArgs, ...(profileDir ? profile : [])],
      })
    },
    again: () => bedOn(tools, upstream),
    async remove() {
      await dropDatabaseAt(tools.postgres.adminUrl, databaseUrl)
      rmSync(dataDir, { recursive: true, force: true })
    },
    close: () => upstream.stop(),
  }
}

export function portOf(server: Child): number {
  return Number(new URL(String(server.ready['ready'])).port)
}

const developerCount = 20

export function connectCorp(server: Child, { upstreamReady }: Bed): Promise<BenchAccess> {
  const { corpId, contactSecret } = upstreamReady
  return server.ask<BenchAccess>('connect', { corpId, contactSecret, developers: developerCount })
}

export async function getTokens(server: Child, developers: BenchAccess['developers']): Promise<string[]> {
  const url = String(server.ready['ready'])
  return Promise.all(
    developers.map(async developer => {
      const answer = await fetch(`${url}/api/token/getDevToken?${new URLSearchParams(developer)}`)
      const { body } = (await answer.json()) as { body: { devToken: string } }
      return body.devToken
    }),
  )
}

/** A value of /metrics, summed over all lines whose labels match. */
export async function metric(server: Child, name: string, labels: string): Promise<number> {
  const text = await (await fetch(`${String(server.ready['ready'])}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith(name) && line.includes(labels))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Waits until every received event has been processed. */
export async function settle(server: Child): Promise<void> {
  const until = Date.now() + 120_000
  while ((await metric(server, 'wisp_inbox_events', 'state="pending"')) > 0) {
    if (Date.now() > until) throw new Error('the inbox is not worked off within 2 minutes')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

export type BenchServer = {
  tools: Tools
  bed: Bed
  server: Child
  population: Population
  connected: BenchAccess
}
