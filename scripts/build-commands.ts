import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Plugin } from 'vite'
import { builtFolder, isBuilt, stampNow } from '../bin/built.mjs'
import { buildAside } from './build-aside.ts'

const root = resolve(import.meta.dirname, '..')
const server = join(root, 'server')

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

/** Where the sources look for files beside themselves, they look there from the built file too. */
const placesOfSources: Plugin = {
  name: 'places-of-sources',
  enforce: 'pre',
  transform(code, path) {
    if (!path.startsWith(join(server, '/')) || !code.includes('import.meta.')) return undefined
    const from = (target: string) => JSON.stringify(relative(builtFolder, target).replaceAll('\\', '/'))
    return code
      .replaceAll('import.meta.dirname', `(import.meta.dirname + '/' + ${from(dirname(path))})`)
      .replaceAll('import.meta.url', `new URL(${from(path)}, import.meta.url).href`)
  },
}

/** What is loaded when it is needed stays in its package: a build must not take it away from a command that runs. */
const lazyPackages: Plugin = {
  name: 'lazy-packages',
  resolveDynamicImport: id => (typeof id === 'string' ? { id, external: true } : undefined),
}

async function build(folder: string, stamp: string): Promise<void> {
  const vite = await import('vite')
  await vite.build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [placesOfSources, lazyPackages],
    // pino starts threads of files in its own folder; pg looks for its native half, which is not installed.
    ssr: { noExternal: true, external: ['pino', 'pg-native'] },
    build: {
      ssr: join(server, 'cli.ts'),
      outDir: folder,
      target: 'esnext',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'wisp.mjs' } },
    },
  })
  writeFileSync(join(folder, 'stamp.txt'), stamp)
}

if (import.meta.main && !isBuilt()) {
  const stamp = stampNow()
  await buildAside(
    builtFolder,
    () => isBuilt(stamp),
    folder => build(folder, stamp),
  )
}
