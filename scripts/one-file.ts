import { writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { buildAside } from './build-aside.ts'

const root = resolve(import.meta.dirname, '..')
const server = join(root, 'server')

export type OneFile = {
  /** The file in `server/` that begins the program. */
  program: 'cli.ts' | 'main.ts'
  /** Where the file is to lie, beside `stamp.txt`, which says of which sources it was made. */
  folder: string
  name: string
  stamp: string
  isBuilt(): boolean
}

/** Puts a program and its packages into one file. */
export async function buildOneFile(one: OneFile): Promise<void> {
  const { program, name, stamp } = one
  const vite = await import('vite')
  await buildAside(one.folder, one.isBuilt, async aside => {
    await vite.build({
      configFile: false,
      root,
      logLevel: 'error',
      plugins: [placesOfSources(one.folder), lazyPackages],
      // pino starts threads of files in its own folder; pg looks for its native half, which is not installed.
      ssr: { noExternal: true, external: ['pino', 'pg-native'] },
      build: {
        ssr: join(server, program),
        outDir: aside,
        target: 'esnext',
        minify: false,
        rolldownOptions: { output: { entryFileNames: name } },
      },
    })
    writeFileSync(join(aside, 'stamp.txt'), stamp)
  })
}

/** Where the sources look for files beside themselves, they look there from the built file too. */
const placesOfSources = (folder: string): Plugin => ({
  name: 'places-of-sources',
  enforce: 'pre',
  transform(code, path) {
    if (!path.startsWith(join(server, '/')) || !code.includes('import.meta.')) return undefined
    const from = (target: string) => JSON.stringify(relative(folder, target).replaceAll('\\', '/'))
    return code
      .replaceAll('import.meta.dirname', `(import.meta.dirname + '/' + ${from(dirname(path))})`)
      .replaceAll('import.meta.url', `new URL(${from(path)}, import.meta.url).href`)
  },
})

/** What is loaded when it is needed stays in its package: a build must not take it away from a command that runs. */
const lazyPackages: Plugin = {
  name: 'lazy-packages',
  resolveDynamicImport: id => (typeof id === 'string' ? { id, external: true } : undefined),
}
