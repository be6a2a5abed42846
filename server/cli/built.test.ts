import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../bin/built.mjs'
import { buildCommands } from '../../scripts/build-commands.ts'
import { databaseEnv } from '../../test/harness.ts'
import { migrationsDir } from '../platform/storage/migrate.ts'
import { version } from '../platform/version.ts'
import { temporaryDir, wisp, wispProcess } from './cli.fixture.ts'

const temporary = temporaryDir()
afterAll(() => temporary.remove())

describe('the command line in one file', () => {
  it('says and does what the sources say and do', { timeout: 120_000 }, async () => {
    await buildCommands()
    expect(commandLine()).toMatch(/dist.command-line.wisp\.mjs$/)
    expect(await wispProcess({}, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    // Both on one database, which the first of them has to migrate by the files beside the sources.
    expect(migrationsDir).toContain('server')
    const env = await databaseEnv()
    const typed = [
      ['corp', 'list'],
      ['config', 'check', '--json'],
      ['corp', 'add', '--corp-id', 'ww1', '--name', '企业', '--contact-secret', 's'],
      ['corp', 'list', '--json'],
      ['developer', 'add', '--name', '开发者', '--corp', 'nobody'],
      ['sync', 'event', '1.5'],
    ]
    for (const argv of typed.slice(0, 3)) expect((await wispProcess(env, argv)).code, argv.join(' ')).toBe(0)
    for (const argv of [typed[0]!, ...typed.slice(3)])
      expect(await wispProcess(env, argv), argv.join(' ')).toEqual(await wisp(env, argv))
  })

  it('is used only as long as no source and no package has changed', async () => {
    const copy = temporary.path
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(copy, path)), { recursive: true })
      writeFileSync(join(copy, path), text)
    }
    cpSync(join(import.meta.dirname, '../../bin'), join(copy, 'bin'), { recursive: true })
    put('package-lock.json', '{}')
    put('server/cli.ts', '')
    put('server/room/rules.ts', 'one')
    const built: typeof import('../../bin/built.mjs') = await import(
      pathToFileURL(join(copy, 'bin/built.mjs')).href
    )
    const runsBuilt = () => built.commandLine() === join(built.builtFolder, 'wisp.mjs')
    const build = () => put('dist/command-line/stamp.txt', built.stampNow())
    expect(runsBuilt()).toBe(false)
    build()
    expect(runsBuilt()).toBe(true)
    put('server/room/rules.test.ts', 'an image has none')
    expect(runsBuilt()).toBe(true)
    const changes = [
      () => put('server/room/rules.ts', 'three'),
      () => put('server/room/more.ts', ''),
      () => rmSync(join(copy, 'server/room/more.ts')),
      () => put('package-lock.json', '{ }'),
    ]
    for (const change of changes) {
      change()
      expect(built.commandLine()).toBe(join(copy, 'server', 'cli.ts'))
      build()
      expect(runsBuilt()).toBe(true)
    }
  })
})
