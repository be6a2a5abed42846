import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = resolve(import.meta.dirname, '..')
const web = join(root, 'web')
const dist = join(web, 'dist')
const stampName = 'stamp.txt'
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json'])
const worthwhileBytes = 1000

/**
 * Builds web/dist unless it was built from exactly these sources and packages. Resolves with whether it
 * built. The build runs in a process of its own, so that the bundler's memory is freed and the caller's
 * NODE_ENV does not get into the pages.
 */
export async function buildPages(): Promise<boolean> {
  if (isBuilt(sourceHash())) return false
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [import.meta.filename], { env }).catch(error => {
    throw new Error(`pages not built: ${error.stderr || error.message}`)
  })
  return true
}

/** Several processes may build at the same time: each builds in a folder of its own and moves the result into place. */
async function build(stamp: string): Promise<void> {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const aside = mkdtempSync(join(cache, 'wisp-pages-'))
  try {
    const vite = await import('vite').catch(explainMissing)
    await vite.build({
      configFile: join(web, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: join(aside, 'dist') },
    })
    await compressAll(join(aside, 'dist'))
    writeFileSync(join(aside, 'dist', stampName), stamp)
    if (existsSync(dist)) renameSync(dist, join(aside, 'old'))
    renameSync(join(aside, 'dist'), dist)
  } catch (error) {
    // Another process has moved the same result into place first.
    if (!isBuilt(stamp)) throw error
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

function explainMissing(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  throw new Error(
    '没有构建页面所需的开发依赖，请先运行 npm ci --include=dev（the pages are built with devDependencies）',
    { cause: error },
  )
}

function isBuilt(stamp: string): boolean {
  const file = join(dist, stampName)
  return existsSync(file) && readFileSync(file, 'utf8') === stamp
}

function sourceHash(): string {
  const hash = createHash('sha256')
  const files = readdirSync(web, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !path.startsWith(join(dist, '/')) && !/\.test\.tsx?$/.test(path))
    .sort()
  for (const path of [...files, join(root, 'package-lock.json'), import.meta.filename]) {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

async function compressAll(dir: string): Promise<void> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  await Promise.all(
    names.map(async name => {
      if (!compressible.has(extname(name))) return
      const path = join(dir, name)
      const bytes = readFileSync(path)
      // HTML is generated for each answer, so compressing the file would be useless.
      if (bytes.length < worthwhileBytes || extname(name) === '.html') return
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
      writeFileSync(`${path}.br`, await promisify(brotliCompress)(bytes, { params }))
      writeFileSync(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
    }),
  )
}

if (import.meta.main) {
  process.env['NODE_ENV'] = 'production'
  const startedAt = Date.now()
  const stamp = sourceHash()
  const isFresh = isBuilt(stamp)
  if (!isFresh) await build(stamp)
  console.log(
    isFresh ? '页面已是最新。' : `页面已构建（${((Date.now() - startedAt) / 1000).toFixed(1)} 秒）。`,
  )
}
