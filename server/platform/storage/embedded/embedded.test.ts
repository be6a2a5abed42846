import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createContext } from '../../../context.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../operation/log.ts'
import { openDatabase } from '../database.ts'
import { type EmbeddedOptions, type EmbeddedUse, openEmbedded } from './embedded.ts'
import { rotateLog } from './log-file.ts'
import { ownerOf } from './owner.ts'
import { readPid } from './postmaster.ts'

const log = createLog('silent')
const isRoot = process.getuid?.() === 0
let template: string
let base: string
let dataDir: string
const opened: EmbeddedUse[] = []
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'wisp-template-'))
  const one = await openEmbedded({ dataDir: template, log, makesKey: true })
  await one.close()
})
afterAll(() => rmSync(template, { recursive: true, force: true }))
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'wisp-embedded-'))
  dataDir = join(base, 'data')
})
/** The data directory as a finished start leaves it, including the owners of files. */
const makeData = () => execFileSync('cp', ['-a', template, dataDir])
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  // No test may leave a PostgreSQL running.
  expect(existsSync(dataDir) ? readPid(dataDir) : undefined).toBeUndefined()
  rmSync(base, { recursive: true, force: true })
})

async function open(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedUse> {
  const one = await openEmbedded({ dataDir, log, makesKey: true, ...options })
  opened.push(one)
  return one
}

async function query<T = Record<string, unknown>>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows as T[]
  } finally {
    await client.end()
  }
}

const refusal = async (options: Partial<EmbeddedOptions> = {}) =>
  open(options).then(
    () => 'opened',
    error => String(error.message),
  )

const keyPath = () => join(dataDir, 'secret.key')
const clusterPath = () => join(dataDir, 'postgres-18')

describe('an embedded PostgreSQL', () => {
  it('is made where nothing was, listens on no network, and keeps what is committed', async () => {
    const { url } = await open()
    const names = [
      ...['listen_addresses', 'fsync', 'synchronous_commit', 'TimeZone', 'jit', 'shared_buffers'],
      ...['max_parallel_workers_per_gather', 'max_connections', 'password_encryption', 'autovacuum'],
    ]
    const rows = await query<{ name: string; setting: string }>(
      url,
      `select name, current_setting(name) as setting from unnest(array['${names.join("','")}']) as name`,
    )
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '',
      fsync: 'on',
      synchronous_commit: 'on',
      TimeZone: 'UTC',
      jit: 'off',
      shared_buffers: '64MB',
      max_parallel_workers_per_gather: '0',
      max_connections: '100',
      password_encryption: 'scram-sha-256',
      autovacuum: 'on',
    })
    const [locale] = await query(
      url,
      'select datlocprovider as provider, datlocale as locale, datcollate as collate from pg_database where datname = current_database()',
    )
    expect(locale).toEqual({ provider: 'b', locale: 'C.UTF-8', collate: 'C' })
    for (const [path, mode] of [
      [clusterPath(), 0o700],
      [join(clusterPath(), 'wisp.password'), 0o600],
      [keyPath(), 0o600],
      [join(dataDir, 'postgres.log'), 0o600],
    ] as const)
      expect([path, statSync(path).mode & 0o777]).toEqual([path, mode])
  })

  it('lets nobody in without the password', async () => {
    makeData()
    const { url } = await open()
    const wrong = new URL(url)
    wrong.password = 'guessed'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('is shared by everybody, and stopped by the last one', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => open()))
    const pid = readPid(dataDir)
    expect(new Set(all.map(one => one.url)).size).toBe(1)
    const [last, ...others] = all
    await Promise.all(others.map(one => one.close()))
    expect(await query(last!.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readPid(dataDir)).toBe(pid)
    await last!.close()
    expect(readPid(dataDir)).toBeUndefined()
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/)
  })

  it('stays for who comes while the last one leaves', async () => {
    makeData()
    let present = await open()
    for (let turn = 0; turn < 15; turn++) {
      const leaving = present.close()
      const [next] = await Promise.all([open(), leaving])
      expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }])
      present = next
    }
  })

  it('is started again when it was killed, by a process that is still there', async () => {
    makeData()
    const [starter, other] = [await open(), await open()]
    await query(starter.url, 'create table kept as select 1 as n')
    for (const gone of [false, true]) {
      if (gone) await starter.close()
      const pid = readPid(dataDir) as number
      process.kill(pid, 'SIGKILL')
      await expect
        .poll(() => query(other.url, 'select n from kept').catch(() => []), { timeout: 20_000 })
        .toEqual([{ n: 1 }])
      expect(readPid(dataDir)).not.toBe(pid)
    }
  })

  it('starts although its pid belongs to another process by now, or was lost in a power cut', async () => {
    makeData()
    for (const pid of [String(process.pid), '']) {
      writeFileSync(join(clusterPath(), 'postmaster.pid'), pid && `${pid}\n${dataDir}\n1\n5432\n.\n\n`)
      writeFileSync(join(clusterPath(), '.s.PGSQL.5432.lock'), pid && `${pid}\n${dataDir}\n1\n5432\n.\n`)
      const { url, close } = await open()
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
      await close()
    }
  })

  it('works below folders that its user may not enter, and under a path that is too long for a socket', async () => {
    chmodSync(base, 0o700)
    dataDir = join(base, 'd'.repeat(90), '数据')
    const one = await open()
    const socket = new URL(one.url).searchParams.get('host') as string
    expect(Buffer.byteLength(socket)).toBeLessThan(80)
    expect(statSync(socket).mode & 0o777).toBe(0o700)
    expect(await query(one.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await one.close()
    chmodSync(socket, 0o755)
    expect(await refusal()).toContain(`${socket} 不是内嵌数据库的用户独有的目录`)
    rmSync(socket, { recursive: true })
    expect(await query((await open()).url, 'select 1 as one')).toEqual([{ one: 1 }])
    rmSync(socket, { recursive: true })
  })

  it('writes a log that does not grow for ever', async () => {
    makeData()
    const { url } = await open()
    rotateLog(dataDir, 1)
    const path = join(dataDir, 'postgres.log')
    expect(readFileSync(`${path}.1`, 'utf8')).toContain('ready to accept connections')
    expect(statSync(path).size).toBe(0)
    await expect(query(url, "select 'a secret value'::int")).rejects.toThrow()
    await expect.poll(() => readFileSync(path, 'utf8')).toContain('ERROR')
    const text = readFileSync(path, 'utf8')
    expect(text).not.toContain('\0')
    expect(text).not.toContain('STATEMENT')
  })

  it('has room for the pools of its nodes, and says so when it has not', async () => {
    makeData()
    const config = (pool: number) => readConfig({ WISP_DATA_DIR: dataDir, WISP_DATABASE_POOL: String(pool) })
    await expect(openDatabase(config(90), log)).rejects.toThrow(
      'WISP_DATABASE_POOL is 90, but the embedded database has 100 connections, of which 77 are left',
    )
    const first = await openDatabase(config(60), log)
    await expect(openDatabase(config(20), log)).rejects.toThrow('of which 14 are left for this node')
    const second = await openDatabase(config(14), log)
    await second.close()
    await first.close()
  })
})

describe('the data directory of an embedded PostgreSQL', () => {
  it('is refused with the steps where another engine left its database', async () => {
    mkdirSync(join(dataDir, 'database'), { recursive: true })
    writeFileSync(join(dataDir, 'database/PG_VERSION'), '17\n')
    writeFileSync(keyPath(), 'k'.repeat(43))
    for (const isRestore of [false, true]) {
      const text = await refusal({ isRestore })
      expect(text).toContain(`${join(dataDir, 'database')} 是旧版 wisp 的内嵌数据库（PGlite）`)
      expect(text).toMatch(/wisp backup[\s\S]*移到别处[\s\S]*wisp restore/)
    }
    renameSync(join(dataDir, 'database'), join(dataDir, 'postgres-17'))
    expect(await refusal()).toContain('（PostgreSQL 17）')
    expect(readdirSync(dataDir).sort()).toEqual(['postgres-17', 'secret.key'])
  })

  it('begins no empty database beside a key, except to restore', async () => {
    makeData()
    const key = readFileSync(keyPath(), 'utf8')
    rmSync(clusterPath(), { recursive: true })
    const text = await refusal()
    expect(text).toContain(`密钥 ${keyPath()} 还在，它的内嵌数据库 ${clusterPath()} 却不见了`)
    expect(text).toMatch(/wisp restore/)
    expect(existsSync(clusterPath())).toBe(false)
    await open({ isRestore: true })
    expect(readFileSync(keyPath(), 'utf8')).toBe(key)
  })

  it('gets no new key beside a database, and a key that was being made is kept', async () => {
    makeData()
    const config = readConfig({ WISP_DATA_DIR: dataDir })
    const start = async () => (await createContext(config, { log })).close()
    await start()
    const key = readFileSync(keyPath(), 'utf8')
    renameSync(keyPath(), `${keyPath()}.new`)
    await start()
    expect(readFileSync(keyPath(), 'utf8')).toBe(key)
    rmSync(keyPath())
    await expect(start()).rejects.toThrow(`内嵌数据库的密钥 ${keyPath()} 不见了`)
    expect(existsSync(keyPath())).toBe(false)
    writeFileSync(keyPath(), '')
    await expect(start()).rejects.toThrow(`密钥文件 ${keyPath()} 是空的或不完整`)
    writeFileSync(keyPath(), 'a key of another wisp, of 32 characters')
    await expect(start()).rejects.toThrow(keyPath())
    writeFileSync(keyPath(), key)
    await start()
  })

  it('is told to be broken, with path and cause', async () => {
    makeData()
    const password = join(clusterPath(), 'wisp.password')
    const kept = readFileSync(password)
    rmSync(password)
    expect(await refusal()).toContain(`${clusterPath()} 已损坏或不能读取（${password}: ENOENT）`)
    writeFileSync(password, 'another', { mode: 0o600 })
    expect(await refusal()).toMatch(/已损坏或不能读取（password authentication failed/)
    writeFileSync(password, kept)
    const control = join(clusterPath(), 'global/pg_control')
    const bytes = readFileSync(control)
    rmSync(control)
    expect(await refusal()).toMatch(/启动失败，日志在 \S+postgres\.log[\s\S]*pg_control/)
    writeFileSync(control, bytes)
    writeFileSync(join(clusterPath(), 'PG_VERSION'), '17\n')
    expect(await refusal()).toContain('（PG_VERSION: "17"）')
    rmSync(join(clusterPath(), 'PG_VERSION'))
    expect(await refusal()).toContain('PG_VERSION: ENOENT')
  })

  it.runIf(isRoot)('belongs to a user that root names, or says how to name one', async () => {
    mkdirSync(dataDir)
    const path = process.env['PATH']
    // Without the program `id`, no user can be found.
    process.env['PATH'] = base
    try {
      expect(() => ownerOf(clusterPath(), dataDir)).toThrow(
        /不能以 root 运行[\s\S]*useradd --system postgres/,
      )
    } finally {
      process.env['PATH'] = path
    }
    expect(ownerOf(clusterPath(), dataDir, 'nobody')?.uid).toBeGreaterThan(0)
    mkdirSync(clusterPath())
    expect(() => ownerOf(clusterPath(), dataDir)).toThrow(`${clusterPath()} 属于 root`)
    rmSync(clusterPath(), { recursive: true })
  })
})
