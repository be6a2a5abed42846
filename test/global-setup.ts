import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { readConfig } from '../server/config.ts'
import { createLog } from '../server/operation/log.ts'
import { openDatabase } from '../server/storage/database.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Admin URL of the PostgreSQL of this run. */
    postgresUrl: string
    /** A migrated embedded database to copy: making one takes seconds. */
    embeddedTemplate: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = mkdtempSync(join(tmpdir(), 'wisp-template-'))
  const [postgres] = await Promise.all([startPostgres({ durable: false }), makeTemplate(template)])
  project.provide('postgresUrl', await postgres.createDatabase())
  project.provide('embeddedTemplate', template)
  return async () => {
    await postgres.stop()
    rmSync(template, { recursive: true, force: true })
  }
}

async function makeTemplate(dataDir: string): Promise<void> {
  const database = await openDatabase(readConfig({ WISP_DATA_DIR: dataDir }), createLog('silent'))
  await database.close()
}
