import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinaries } from '../server/platform/storage/embedded/binaries.ts'

/** After an installation: whether the embedded PostgreSQL runs on this machine, before anybody waits for more. */
const spare = mkdtempSync(join(tmpdir(), 'wisp-libraries-'))
try {
  findBinaries(spare)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  rmSync(spare, { recursive: true })
}
