import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * What runs here: a release, such as `0.3.0`, or what comes between two of them, such as `0.4.0-dev+1a2b3c4d` with the commit of a
 * clone. `scripts/release.ts` sets both in package.json.
 */
export const version = versionOf(root)

export function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const commit = version.endsWith('-dev') ? commitOf(folder) : ''
  return commit ? `${version}+${commit}` : version
}

/** '' outside of a clone, as in an image. The folder may belong to another user than the one that runs wisp. */
function commitOf(folder: string): string {
  if (!existsSync(join(folder, '.git'))) return ''
  const asks = ['-c', 'safe.directory=*', '-C', folder, 'rev-parse', '--short=8', 'HEAD']
  try {
    return execFileSync('git', asks, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}
