import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { buildAside } from './build-aside.ts'

const root = resolve(import.meta.dirname, '..')
const sdk = join(root, 'sdk')
const dist = join(sdk, 'dist')
const stampName = 'stamp.txt'

/** What `import` and what `require` load, each with its types. */
const builds = [
  { folder: 'esm', type: 'module', options: ['--module', 'nodenext'] },
  { folder: 'cjs', type: 'commonjs', options: ['--module', 'commonjs', '--moduleResolution', 'bundler'] },
]

/** Compiles sdk/server into sdk/dist, unless that was made of exactly these sources. Throws what the compiler says. */
export async function buildSdk(): Promise<void> {
  const stamp = stampNow()
  if (stampOfBuilt() === stamp) return
  await buildAside(
    dist,
    () => stampOfBuilt() === stamp,
    async folder => {
      for (const one of builds) await compile(one, join(folder, one.folder))
      writeFileSync(join(folder, stampName), stamp)
    },
  )
}

async function compile({ type, options }: (typeof builds)[number], out: string): Promise<void> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const given = ['-p', sdk, '--outDir', out, '--noEmit', 'false', ...options]
  await promisify(execFile)(process.execPath, [compiler, ...given]).catch(error => {
    throw new Error(`the SDK does not compile:\n${error.stdout || error.message}`)
  })
  // The compiler leaves the endings of imports in declarations as they are in the sources.
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const file = join(out, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(from '\.[^']*)\.ts'/g, "$1.js'"))
  }
  writeFileSync(join(out, 'package.json'), `{ "type": "${type}" }\n`)
}

function stampOfBuilt(): string | undefined {
  const file = join(dist, stampName)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function stampNow(): string {
  const sources = readdirSync(join(sdk, 'server'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const path of [
    ...sources,
    join(sdk, 'tsconfig.json'),
    join(root, 'package-lock.json'),
    import.meta.filename,
  ])
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

if (import.meta.main) await buildSdk()
