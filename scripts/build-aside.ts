import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const cache = join(resolve(import.meta.dirname, '..'), 'node_modules', '.cache')

/**
 * Has `make` fill a folder, which then becomes `dist`. Several processes may build at the same time: each does so in a folder of its own
 * and moves the result into place. Throws what `make` throws, unless another process was first, which `isBuilt` tells.
 */
export async function buildAside(
  dist: string,
  isBuilt: () => boolean,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const aside = mkdtempSync(join(cache, 'wisp-build-'))
  const made = join(aside, 'dist')
  try {
    await make(made)
    // What another process has put there meanwhile may be in use.
    if (isBuilt()) return
    mkdirSync(resolve(dist, '..'), { recursive: true })
    if (existsSync(dist)) renameSync(dist, join(aside, 'old'))
    renameSync(made, dist)
  } catch (error) {
    if (!isBuilt()) throw error
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
