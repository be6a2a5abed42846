import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { wisp, wispJson } from '../../server/cli/cli.fixture.ts'
import { readConfig } from '../../server/platform/config.ts'
import { StartError } from '../../server/platform/operation/start-error.ts'
import { readPid } from '../../server/platform/storage/embedded/postmaster.ts'
import { startServer } from '../../server/server.ts'
import { databaseEnv } from '../harness.ts'
import { createDatabaseAt, type Postgres, startPostgres } from '../postgres.ts'
import { type Attempt, attemptProcess } from './server-process.ts'

type Env = Record<string, string>

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wisp-mistakes-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A port that is listened on until `free`. */
async function takePort(): Promise<{ port: number; free(): Promise<void> }> {
  const server = createServer(socket => void socket.destroy())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, free: () => new Promise(resolve => server.close(() => resolve())) }
}

/** One sentence in each language, and the exit code of a failure. */
function expectSentence({ code, output }: Awaited<Attempt['ended']>, what: RegExp): void {
  const lines = output.split('\n').filter(line => line !== '' && !line.startsWith('{'))
  expect(lines.filter(line => !line.startsWith('系统超级管理员')).length, output).toBeLessThanOrEqual(2)
  expect(output).toMatch(what)
  expect(output).not.toMatch(/^ +at /m)
  expect(code).toBe(1)
}

const refusal = async (env: Env) => {
  const error = await startServer(readConfig(env)).then(
    async server => {
      await server.close()
      return new Error('it started')
    },
    (reason: unknown) => reason as Error,
  )
  expect(error).toBeInstanceOf(StartError)
  expect(error.message.split('\n')).toHaveLength(2)
  return error.message
}

describe('a start that cannot succeed', { timeout: 120_000 }, () => {
  it('with a weak first password says so, and leaves no PostgreSQL running', async () => {
    const dataDir = join(folder, 'weak')
    const env = { WISP_DATA_DIR: dataDir, WISP_PORT: '0', WISP_ADMIN_PASSWORD: 'eight888' }
    expectSentence(await attemptProcess(env).ended, /WISP_ADMIN_PASSWORD 应为 10 到 200 个字符/)
    expect(readPid(dataDir)).toBeUndefined()
  })

  it('on a port in use says so, and leaves no PostgreSQL running', async () => {
    const dataDir = join(folder, 'weak')
    const taken = await takePort()
    const env = { WISP_DATA_DIR: dataDir, WISP_PORT: String(taken.port) }
    expectSentence(await attemptProcess(env).ended, new RegExp(`端口 ${taken.port}.*已被占用`))
    expect(readPid(dataDir)).toBeUndefined()
    await taken.free()
  })

  it('is stopped by a signal with nothing left running', async () => {
    const dataDir = join(folder, 'stopped')
    const one = attemptProcess({ WISP_DATA_DIR: dataDir, WISP_PORT: '0' })
    await one.until(() => existsSync(join(dataDir, 'postgres-18.part')) || readPid(dataDir) !== undefined)
    one.signal('SIGTERM')
    expect((await one.ended).code).toBe(0)
    expect(readPid(dataDir)).toBeUndefined()
  })

  it('names a data directory that cannot be made', async () => {
    const file = join(folder, 'a file')
    writeFileSync(file, '')
    const dataDir = join(file, 'data')
    expect(await refusal({ WISP_DATA_DIR: dataDir })).toContain(`建不了数据目录 ${dataDir}`)
    const checked = await wisp({ WISP_DATA_DIR: dataDir, WISP_PORT: '0' }, ['config', 'check'])
    expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining('有误  文件夹') })
  })

  it('says that a database or a user does not exist, without the password', async () => {
    const env = await databaseEnv()
    const url = new URL(env['WISP_DATABASE_URL']!)
    url.pathname = '/nowhere'
    url.password = 'hunter2'
    const missing = await refusal({ ...env, WISP_DATABASE_URL: url.href })
    expect(missing).toContain('没有 WISP_DATABASE_URL 所指的数据库')
    url.username = 'nobody'
    const unknown = await refusal({ ...env, WISP_DATABASE_URL: url.href })
    expect(unknown).toContain('不接受 WISP_DATABASE_URL 里的用户名或密码')
    expect(missing + unknown).not.toContain('hunter2')
  })

  it('says that a user may make no tables', async () => {
    const env = await databaseEnv()
    const empty = await createDatabaseAt(inject('postgresUrl'))
    const admin = new pg.Client(empty)
    await admin.connect()
    await admin.query('do $$ begin create role guest login; exception when duplicate_object then end $$')
    const url = new URL(empty)
    url.username = 'guest'
    expect(await refusal({ ...env, WISP_DATABASE_URL: url.href })).toContain('无权在这个数据库里建表')
    await admin.end()
  })

  it('names another key and a newer database, as config check does', async () => {
    const env = await databaseEnv()
    await (await startServer(readConfig({ ...env, WISP_LOG_LEVEL: 'silent' }))).close()
    const other = { ...env, WISP_SECRET_KEY: 'another key for tests, 32 characters' }
    expect(await refusal(other)).toContain('WISP_SECRET_KEY 不是这个数据库的密钥')
    expect((await wisp(other, ['config', 'check'])).stdout).toContain('WISP_SECRET_KEY 不是这个数据库的密钥')
    const client = new pg.Client(env['WISP_DATABASE_URL'])
    await client.connect()
    await client.query("insert into migration (name) values ('9999-from-the-future.sql')")
    await client.end()
    expect(await refusal(env)).toContain('数据库已由更新版本的 wisp 迁移（9999-from-the-future.sql）')
    expect((await wisp(env, ['config', 'check'])).stdout).toContain('9999-from-the-future.sql')
  })

  it('on an address that is not this machine’s says so', async () => {
    const env = { ...(await databaseEnv()), WISP_HOST: '192.0.2.1' }
    expect(await refusal(env)).toContain('WISP_HOST 192.0.2.1 不是这台机器的地址')
  })
})

it('lets nobody in before the first administrator exists', async () => {
  const { port, free } = await takePort()
  await free()
  const config = readConfig({ ...(await databaseEnv()), WISP_PORT: String(port), WISP_LOG_LEVEL: 'silent' })
  const ask = () => fetch(`http://127.0.0.1:${port}/healthz`).then(answer => answer.status)
  let before: unknown
  const server = await startServer(
    config,
    {},
    {
      async prepare() {
        before = await ask().catch(error => error.cause.code)
      },
    },
  )
  expect([before, await ask()]).toEqual(['ECONNREFUSED', 200])
  await server.close()
})

describe('a start whose database is away', { timeout: 120_000 }, () => {
  let postgres: Postgres
  let env: Env
  beforeAll(async () => {
    postgres = await startPostgres({ durable: false, binaries: 'embedded' })
    env = { ...(await databaseEnv()), WISP_DATABASE_URL: await createDatabaseAt(postgres.adminUrl) }
    await postgres.halt()
  })
  afterAll(() => postgres.stop())

  it('ends at a signal', async () => {
    const one = attemptProcess(env)
    await one.until(output => output.includes('waiting for the database'))
    one.signal('SIGTERM')
    expect((await one.ended).code).toBe(143)
  })

  it('waits for it, says so, and tells of a variable that nobody reads', async () => {
    const one = attemptProcess({ ...env, WISP_NIGHTY: '0 3 * * *' })
    await one.until(output => output.includes('waiting for the database'))
    await postgres.resume()
    await one.until(output => output.includes('wisp is ready'))
    one.signal('SIGTERM')
    const { code, output } = await one.ended
    expect(code).toBe(0)
    expect(output).toMatch(/"variable":"WISP_NIGHTY","nearest":"WISP_NIGHTLY".*unknown environment variable/)
  })

  it('does not hold a command up', async () => {
    const url = new URL(env['WISP_DATABASE_URL']!)
    url.port = '1'
    const away = { ...env, WISP_DATABASE_URL: url.href }
    expect(await wisp(away, ['corp', 'list'])).toMatchObject({
      code: 1,
      stderr: 'wisp: 连不上数据库，请检查 WISP_DATABASE_URL\n',
    })
  })
})

describe('wisp config check', () => {
  it('passes a good configuration, beside a running node too, and changes nothing', async () => {
    const env = await databaseEnv()
    expect(await wispJson(env, ['config', 'check'])).toEqual([
      { name: 'environment', ok: true, detail: expect.any(String) },
      { name: 'publicUrl', ok: true, detail: expect.any(String) },
      { name: 'folders', ok: true, detail: expect.any(String) },
      { name: 'port', ok: true, detail: expect.stringContaining('可以监听') },
      { name: 'database', ok: true, detail: '可用，结构是这个版本的' },
    ])
    const server = await startServer(readConfig({ ...env, WISP_LOG_LEVEL: 'silent' }))
    const { port } = new URL(server.url)
    const beside = await wispJson({ ...env, WISP_PORT: port }, ['config', 'check'])
    expect(beside[3]).toMatchObject({ ok: true, detail: expect.stringContaining('wisp 正在运行') })
    await server.close()
    const dataDir = join(folder, 'not made')
    expect((await wisp({ WISP_DATA_DIR: dataDir, WISP_PORT: '0' }, ['config', 'check'])).code).toBe(0)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('asks the nodes that are alive, as a start does, but not the one that is restarted', async () => {
    const env = await databaseEnv()
    const server = await startServer(readConfig({ ...env, WISP_LOG_LEVEL: 'silent' }))
    const { port } = new URL(server.url)
    const own = { ...env, WISP_PORT: port }
    const check = (at: Env) => wisp(at, ['config', 'check'])
    const client = new pg.Client(env['WISP_DATABASE_URL'])
    await client.connect()
    const older = "migrations = array['0001-address-book.sql'], version = '0.3.0'"
    await client.query(`update node set ${older}, place = $1`, [`${hostname()}:${port}`])
    expect(await check(own)).toMatchObject({ code: 0 })
    const beside = await check(env)
    expect(beside).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/有误 {2}数据库：节点 .*（wisp 0\.3\.0，.*较旧，不认识数据库的迁移/),
    })
    expect(await refusal(env)).toContain('不能与这个版本同时运行')
    // A node of another place that is alive holds the restart of this one up too.
    await client.query(
      `insert into node (id, name, place, version, migrations, seen_at, at_work)
       select 'other', 'other', 'elsewhere:3000', version, migrations, now() + interval '1 minute', true from node`,
    )
    expect(await check(own)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('节点 elsewhere:3000'),
    })
    await client.query('update node set migrations = (select array_agg(name) from migration)')
    expect(await check(own)).toMatchObject({ code: 0 })
    await client.end()
    await server.close()
  })

  it('looks at the public address and at the folders', async () => {
    const file = join(folder, 'no folder')
    writeFileSync(file, '')
    const env = await databaseEnv()
    const found = async (more: Env, name: string) => {
      const { stdout } = await wisp({ ...env, ...more }, ['config', 'check', '--json'])
      return JSON.parse(stdout).find((one: { name: string }) => one.name === name)
    }
    const address = (url: string) => found({ WISP_PUBLIC_URL: url }, 'publicUrl')
    expect(await address('https://wisp.example.com/')).toMatchObject({ ok: true })
    const path = await address('https://wisp.example.com/wisp')
    expect(path).toMatchObject({
      ok: false,
      detail: expect.stringContaining('请设为 https://wisp.example.com'),
    })
    expect(path.detail).toContain('不带路径')
    const gone = join(folder, 'not there')
    const wrong = await found({ WISP_BACKUP_DIR: gone, WISP_SNAPSHOT_DIR: join(file, 'deep') }, 'folders')
    expect(wrong).toMatchObject({ ok: false })
    expect(wrong.detail).toContain(`WISP_BACKUP_DIR ${gone} 不存在`)
    expect(wrong.detail).toContain(`WISP_SNAPSHOT_DIR ${join(file, 'deep')}：${file} 不是文件夹`)
    expect(await found({ WISP_BACKUP_DIR: folder }, 'folders')).toMatchObject({ ok: true })
    expect(existsSync(gone)).toBe(false)
  })

  it('names what is wrong: a variable, a port, a cron line, a weak password', async () => {
    const dataDir = join(folder, 'not made either')
    mkdirSync(dataDir)
    const taken = await takePort()
    const env = { WISP_DATA_DIR: dataDir, WISP_PORT: String(taken.port), WISP_LOGLEVEL: 'debug' }
    const { code, stdout } = await wisp({ ...env, WISP_ADMIN_PASSWORD: 'password12' }, ['config', 'check'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/有误 {2}环境变量：没有变量 WISP_LOGLEVEL，是不是 WISP_LOG_LEVEL？/)
    expect(stdout).toMatch(new RegExp(`有误 {2}端口：端口 ${taken.port}`))
    expect(stdout).toMatch(/有误 {2}初始密码/)
    await taken.free()
    expect(await wisp({ WISP_NIGHTLY: 'at night' }, ['config', 'check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('WISP_NIGHTLY 应有五段'),
    })
  })
})
