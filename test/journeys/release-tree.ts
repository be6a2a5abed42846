import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { additiveMigrations } from '../../server/platform/storage/migrate.ts'

const root = resolve(import.meta.dirname, '../..')

/** The sources of a release, run on the packages that are installed now. */
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

/** The names of the migrations that a commit has, which may keep them in another folder. */
function migrationsAt(commit: string): string[] {
  const files = git('ls-tree', '-r', '--name-only', commit, 'server').split('\n')
  return files.filter(path => /\/migrations\/\d+-.*\.sql$/.test(path)).map(path => basename(path))
}

/**
 * The last release that lacks migrations of this version which are not additive: any other runs beside it. `scripts/release.ts` commits
 * "Release 0.2.0". Undefined in a copy without that history, as a shallow clone is.
 */
function lastOlderRelease(): { version: string; commit: string } | undefined {
  if (!existsSync(join(root, '.git'))) return undefined
  const subject = '--grep=^Release [0-9]+\\.[0-9]+\\.[0-9]+$'
  const lines = git('log', '--extended-regexp', subject, '--format=%H %s').split('\n')
  const additive = additiveMigrations()
  const here = migrationsAt('HEAD').filter(name => !additive.includes(name))
  for (const line of lines) {
    const [commit, , version] = line.split(' ')
    if (!commit || !version) continue
    const there = migrationsAt(commit)
    if (here.some(name => !there.includes(name))) return { commit, version }
  }
  return undefined
}

/**
 * Resolves what is not installed any more to what does nothing: a plugin of Fastify that drew the pages of the API, and the clock of
 * the nightly jobs.
 */
const gone = `
import { registerHooks } from 'node:module'
const instead = {
  '@fastify/swagger': 'export default async () => {}',
  '@fastify/swagger-ui': 'export default async () => {}',
  'pg-boss': \`export class PgBoss {
    on() {}
    async start() {}
    async stop() {}
    async createQueue() {}
    async updateQueue() {}
    async schedule() {}
    async unschedule() {}
    async work() {}
    async getSchedules() { return [] }
  }\`,
}
registerHooks({
  resolve(name, context, next) {
    const text = instead[name]
    if (text) return { url: 'data:text/javascript,' + encodeURIComponent(text), shortCircuit: true }
    return next(name, context)
  },
})`

export function olderReleaseTree(): ReleaseTree | undefined {
  const release = lastOlderRelease()
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

/** This tree with one more migration, as the next version has one. */
export function nextTree(migration: string, name = '9999-next.sql'): ReleaseTree {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-next-'))
  for (const path of ['server', 'package.json'])
    cpSync(join(root, path), join(dir, path), { recursive: true })
  for (const path of ['node_modules', 'sdk', 'web']) symlinkSync(join(root, path), join(dir, path))
  writeFileSync(join(dir, 'server/platform/storage/migrations', name), migration)
  return {
    version: 'the next',
    main: join(dir, 'server/main.ts'),
    cli: join(dir, 'server/cli.ts'),
    execArgv: [],
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
