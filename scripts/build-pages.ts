import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'
import type { Language } from '../web/docs/build/content.ts'
import type { OpenApi } from '../web/docs/build/reference/calls.ts'
import { readChangelog, readExamples, type Sources } from '../web/docs/build/sources.ts'
import { buildAside } from './build-aside.ts'

const root = resolve(import.meta.dirname, '..')
const web = join(root, 'web')
const dist = join(web, 'dist')
const stampName = 'stamp.txt'
const compressible = new Set(['.html', '.md', '.txt', '.js', '.css', '.svg', '.json'])
const worthwhileBytes = 1000

/**
 * Builds web/dist unless it was built from exactly these sources and packages. Resolves with whether it
 * built. The build runs in a process of its own, so that the bundler's memory is freed and the caller's
 * NODE_ENV does not get into the pages.
 */
export async function buildPages(): Promise<boolean> {
  if (isBuilt(stampNow())) return false
  const env = { ...process.env, NODE_ENV: 'production' }
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename], { env }).catch(
    error => {
      throw new Error(`pages not built: ${error.stderr || error.message}`)
    },
  )
  return !stdout.includes(upToDate)
}

const upToDate = '页面已是最新'

/**
 * What the pages were built of: their own sources; the server's, which are cheap to compare; and what the site for developers shows of
 * the server, for which it has to be loaded. Only the first and the last make another build necessary.
 */
type Stamp = { pages: string; server: string; documents?: string }

async function build(stamp: Stamp, documents: Record<Language, OpenApi>): Promise<void> {
  const vite = await import('vite').catch(explainMissing)
  // Not by its name: a library of the plugin has the browser's types, which are none of the server's.
  const { docsSite } = (await import(join(web, 'docs/build/plugin.ts'))) as {
    docsSite(sources: Sources): Plugin
  }
  await buildAside(
    dist,
    () => isBuilt(stamp),
    async folder => {
      await vite.build({
        configFile: join(web, 'vite.config.ts'),
        logLevel: 'warn',
        plugins: [docsSite({ documents, examples: readExamples(), changelog: readChangelog() })],
        build: { outDir: folder },
      })
      await compressAll(folder)
      writeFileSync(join(folder, stampName), JSON.stringify(stamp))
    },
  )
}

function explainMissing(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw new Error(
    '没有构建页面所需的开发依赖，请先运行 npm ci --include=dev（the pages are built with devDependencies）',
    { cause: error },
  )
}

function isBuilt({ pages, server }: Stamp): boolean {
  const built = stampOfBuilt()
  return built?.pages === pages && built.server === server
}

function stampOfBuilt(): Stamp | undefined {
  const file = join(dist, stampName)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return text.startsWith('{') ? (JSON.parse(text) as Stamp) : undefined
}

function stampNow(): Stamp {
  const own = [...filesBelow(web), ...filesBelow(join(root, 'examples')), join(root, 'CHANGELOG.md')]
  const pages = [...own, join(root, 'package-lock.json'), import.meta.filename]
  return { pages: hashOf(pages), server: hashOf(filesBelow(join(root, 'server'))) }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !path.startsWith(join(dist, '/')) && !/\.test\.tsx?$/.test(path))
    .sort()
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths)
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** What the server says of its API, in both languages. */
async function readDocuments(): Promise<Record<Language, OpenApi>> {
  const { documentedCalls, documentedEvents } = await import('../server/features.ts')
  const { plainDocument } = await import('../server/platform/http/openapi.ts')
  const of = (language: Language) =>
    plainDocument(documentedCalls, '', language, documentedEvents) as unknown as OpenApi
  return { zh: of('zh'), en: of('en') }
}

async function compressAll(dir: string): Promise<void> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  await Promise.all(
    names.map(async name => {
      if (!compressible.has(extname(name))) return
      const path = join(dir, name)
      const bytes = readFileSync(path)
      // HTML gets a nonce for each answer, so compressing the file would be useless; the site for developers needs none.
      const isMade = extname(name) === '.html' && name.split(sep)[0] !== 'docs'
      if (bytes.length < worthwhileBytes || isMade) return
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
      writeFileSync(`${path}.br`, await promisify(brotliCompress)(bytes, { params }))
      writeFileSync(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
    }),
  )
}

/** Builds what has changed. Resolves with whether anything had. */
async function buildChanged(): Promise<boolean> {
  const stamp = stampNow()
  if (isBuilt(stamp)) return false
  const documents = await readDocuments()
  const now = { ...stamp, documents: createHash('sha256').update(JSON.stringify(documents)).digest('hex') }
  const built = stampOfBuilt()
  if (built?.pages === now.pages && built.documents === now.documents) {
    writeFileSync(join(dist, stampName), JSON.stringify(now))
    return false
  }
  await build(now, documents)
  return true
}

if (import.meta.main) {
  process.env['NODE_ENV'] = 'production'
  const startedAt = Date.now()
  const seconds = () => ((Date.now() - startedAt) / 1000).toFixed(1)
  console.log((await buildChanged()) ? `页面已构建（${seconds()} 秒）。` : `${upToDate}。`)
  // What the server's modules keep open is none of the build's business.
  process.exit()
}
