import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { generatedFiles } from './sdk/generate.ts'

const root = resolve(import.meta.dirname, '..')
const sdk = join(root, 'sdk')

/** What `import` and what `require` load, each with its types. */
const builds = [
  { folder: 'esm', type: 'module', options: ['--module', 'nodenext'] },
  { folder: 'cjs', type: 'commonjs', options: ['--module', 'commonjs', '--moduleResolution', 'bundler'] },
]

/** Compiles sdk/server into the folders `esm` and `cjs` below `target`. Throws what the compiler says. */
export async function compileSdk(target: string): Promise<void> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  for (const { folder, type, options } of builds) {
    const out = join(target, folder)
    rmSync(out, { recursive: true, force: true })
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
}

/** Writes what the SDK has from the declarations of the calls. */
export async function generateSdk(target: string): Promise<void> {
  const { endpoints } = await import('../server/app.ts')
  mkdirSync(target, { recursive: true })
  for (const [name, text] of generatedFiles(endpoints)) writeFileSync(join(target, name), text)
}

if (import.meta.main) {
  await generateSdk(join(sdk, 'server', 'generated'))
  await compileSdk(sdk)
}
