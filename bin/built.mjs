// The command line in one file, which `npm run build` makes of the sources: see docs/decisions/commands-in-one-file.md.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const builtFolder = join(root, 'dist', 'command-line')
const built = join(builtFolder, 'wisp.mjs')
const stampFile = join(builtFolder, 'stamp.txt')

/**
 * The size and time, in seconds since 1970, of each source and of the list of packages. A layer of an image keeps no parts of seconds,
 * and images have no tests.
 */
export function stampNow() {
  const lines = []
  const note = path => {
    const { size, mtimeMs } = statSync(join(root, path))
    lines.push(`${path} ${size} ${Math.floor(mtimeMs / 1000)}`)
  }
  const visit = folder => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else if (/\.ts$/.test(path) && !/\.(test|fixture|vectors)\.ts$/.test(path)) note(path)
    }
  }
  note('package-lock.json')
  visit('server')
  return lines.sort().join('\n')
}

/** Whether that file was made of the sources as they are now; they are run themselves otherwise. */
export function isBuilt(stamp = stampNow()) {
  try {
    return readFileSync(stampFile, 'utf8') === stamp
  } catch {
    return false
  }
}

/** What Node is to run for a command. */
export function commandLine() {
  return isBuilt() ? built : join(root, 'server', 'cli.ts')
}
