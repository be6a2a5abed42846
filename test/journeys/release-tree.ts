import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '../..')

/** The sources of the last release, run on the packages that are installed now. */
export type ReleaseTree = {
  version: string
  main: string
  cli: string
  /** What Node needs to run it: the release asks for packages that this version has no more. */
  execArgv: string[]
  remove(): void
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** `scripts/release.ts` commits "Release 0.2.0". Undefined in a copy without that history, as a shallow clone is. */
function lastRelease(): { version: string; commit: string } | undefined {
  if (!existsSync(join(root, '.git'))) return undefined
  const line = git(
    'log',
    '--extended-regexp',
    '--grep=^Release [0-9]+\\.[0-9]+\\.[0-9]+$',
    '-1',
    '--format=%H %s',
  )
  const [commit, , version] = line.split(' ')
  return commit && version ? { commit, version } : undefined
}

/** Resolves what is not installed to a plugin of Fastify that does nothing: it drew the pages of the API. */
const gone = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(name, context, next) {
    if (/^@fastify\\/swagger/.test(name)) return { url: 'data:text/javascript,export default async () => {}', shortCircuit: true }
    return next(name, context)
  },
})`

export function lastReleaseTree(): ReleaseTree | undefined {
  const release = lastRelease()
  if (!release) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'wisp-release-'))
  const archive = execFileSync('git', ['archive', release.commit, 'server', 'sdk', 'package.json'], {
    cwd: root,
    maxBuffer: 1 << 28,
  })
  execFileSync('tar', ['-x', '-C', dir], { input: archive })
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  const hooks = join(dir, 'gone.mjs')
  writeFileSync(hooks, gone)
  return {
    version: release.version,
    main: join(dir, 'server/main.ts'),
    cli: join(dir, 'server/cli.ts'),
    execArgv: ['--import', pathToFileURL(hooks).href],
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
