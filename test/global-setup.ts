import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildSdk } from '../scripts/build-sdk.ts'
import { readConfig } from '../server/platform/config.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { openDatabase } from '../server/platform/storage/database.ts'
import { startPgBouncer } from './pgbouncer.ts'
import { createDatabaseAt, databaseOf, startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Admin URL of this run's PostgreSQL. */
    postgresUrl: string
    /** Name of a migrated database to copy, because making one takes seconds. */
    template: string
    /** Port of the PgBouncer before it; 0: none. */
    poolerPort: number
  }
}

/** scripts/soak.ts runs the storage tests a second time, on the system's PostgreSQL. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const leave = useMemory()
  await buildSdk()
  const binaries = process.env['WISP_TEST_POSTGRES'] === 'system' ? 'system' : 'embedded'
  const postgres = await startPostgres({ durable: false, binaries })
  note(postgres.version)
  const template = await createDatabaseAt(postgres.adminUrl)
  await fill(template)
  project.provide('postgresUrl', postgres.adminUrl)
  project.provide('template', databaseOf(template))
  // scripts/soak.ts runs storage, queue, messages and payments once through it.
  const pooler =
    process.env['WISP_TEST_POOLER'] === '1' ? await startPgBouncer(Number(new URL(template).port)) : undefined
  project.provide('poolerPort', pooler?.port ?? 0)
  return async () => {
    await pooler?.stop()
    await postgres.stop()
    leave()
  }
}

/**
 * Makes the temporary folder of all tests one in memory where there is plenty, because each world writes a new database
 * of 10 MB, which takes a file system longer than what most tests do with it. Returns what removes it.
 */
function useMemory(): () => void {
  const memory = '/dev/shm'
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : ''
  // Programs are run from it too.
  if (!/^\S+ \/dev\/shm tmpfs (?!\S*noexec)/m.test(mounts)) return () => {}
  const { bavail, bsize } = statfsSync(memory)
  if (Math.min(bavail * bsize, process.availableMemory()) < 6 * 2 ** 30) return () => {}
  const folder = mkdtempSync(join(memory, 'wisp-'))
  // PostgreSQL's user has folders in it too.
  chmodSync(folder, 0o1777)
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

/** Notes the version for the closing lines of `npm test`. */
function note(version: string): void {
  console.log(`on ${version}`)
  const file = process.env['WISP_TEST_VERSIONS']
  if (file) appendFileSync(file, `${version}\n`)
}

async function fill(template: string): Promise<void> {
  const env = { WISP_DATABASE_URL: template, WISP_SECRET_KEY: 'not used by the migrations, 32 characters' }
  const database = await openDatabase(readConfig(env), createLog('silent'))
  await database.close()
}
