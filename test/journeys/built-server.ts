import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { stampNow } from '../../bin/built.mjs'
import { buildOneFile } from '../../scripts/one-file.ts'
import { isSoak } from '../soak.ts'

const root = resolve(import.meta.dirname, '../..')
const sources = join(root, 'server', 'main.ts')
const folder = join(root, 'dist', 'test-server')
const name = 'main.mjs'

/**
 * What Node is to run for a server that a test starts and kills: server/main.ts with its packages in one file, which loads in half the
 * processor time of 3,400 files (docs/decisions/commands-in-one-file.md). `npm run soak` runs the sources, and so does whatever starts
 * by `npm start` each time.
 */
export async function serverProgram(): Promise<string> {
  if (isSoak) return sources
  if (!isBuilt(stampNow())) await promisify(execFile)(process.execPath, [import.meta.filename])
  return join(folder, name)
}

function isBuilt(stamp: string): boolean {
  try {
    return readFileSync(join(folder, 'stamp.txt'), 'utf8') === stamp
  } catch {
    return false
  }
}

if (import.meta.main && !isBuilt(stampNow())) {
  const stamp = stampNow()
  await buildOneFile({ program: 'main.ts', folder, name, stamp, isBuilt: () => isBuilt(stamp) })
}
