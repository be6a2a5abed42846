import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { builtFolder, isBuilt, stampNow } from '../bin/built.mjs'
import { buildOneFile } from './one-file.ts'

/**
 * Puts the command line and its packages into one file, unless that was made of exactly these sources. Node takes three quarters of a
 * command's time to find and link 3,400 files: see docs/decisions/commands-in-one-file.md. It runs in a process of its own, so that the
 * bundler's memory is freed.
 */
export async function buildCommands(): Promise<void> {
  if (isBuilt()) return
  await promisify(execFile)(process.execPath, [import.meta.filename]).catch(error => {
    throw new Error(`command line not built: ${error.stderr || error.message}`)
  })
}

if (import.meta.main && !isBuilt()) {
  const stamp = stampNow()
  await buildOneFile({
    program: 'cli.ts',
    folder: builtFolder,
    name: 'wisp.mjs',
    stamp,
    isBuilt: () => isBuilt(stamp),
  })
}
