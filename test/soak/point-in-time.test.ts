import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  faultSend,
  sendText,
  shownWecom,
  statusOf,
  useAgents,
} from '../../server/features/messages/messages.fixture.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { type ServerProcess, startProcess } from '../journeys/server-process.ts'
import { freePort } from '../postgres.ts'
import { programEnv } from '../program-env.ts'
import { until } from '../until.ts'
import {
  answers,
  deploy,
  env,
  folderOfPostgres,
  makeDatabase,
  owner,
  type Postmaster,
  query,
  startDatabase,
} from './debian-postgres.ts'

const dir = folderOfPostgres()
const archive = join(dir, 'archive')
const data = join(dir, 'data')
let port: number
let url: string
let database: Postmaster
let world: World
let dev: Caller
let node: ServerProcess | undefined

const archiver = (...args: string[]) => archiverWith(env.PG_BIN, args)

function archiverWith(programs: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(deploy, 'wal-archive.sh'), args, {
    ...owner,
    cwd: dir,
    encoding: 'utf8' as const,
    env: { ...env, PG_BIN: programs, WISP_ARCHIVE: archive },
  })
  return { status, said: stdout + stderr }
}

/** PostgreSQL's programs, of which a base backup takes so many seconds longer, as that of a large database does. */
function slowPrograms(seconds: number): string {
  const programs = join(dir, 'slow')
  mkdirSync(programs)
  for (const name of ['pg_verifybackup', 'pg_archivecleanup'])
    symlinkSync(join(env.PG_BIN, name), join(programs, name))
  const script = `#!/bin/sh\n${join(env.PG_BIN, 'pg_basebackup')} "$@" && sleep ${seconds}\n`
  writeFileSync(join(programs, 'pg_basebackup'), script, { mode: 0o755 })
  return programs
}

async function cli(...args: string[]) {
  const main = resolve(import.meta.dirname, '../../server/cli.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8' as const,
    env: { ...programEnv, ...world.env },
  })
  return { status, said: stdout + stderr }
}

beforeAll(async () => {
  port = await freePort()
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: dir }
  makeDatabase(data, settings)
  database = startDatabase(data, { WISP_ARCHIVE: archive })
  await until('PostgreSQL', () => answers(`postgres://wisp@127.0.0.1:${port}/postgres`))
  await query(`postgres://wisp@127.0.0.1:${port}/postgres`, 'create database wisp')
  url = `postgres://wisp@127.0.0.1:${port}/wisp`
  world = await startWorld({ members: 200, env: { WISP_DATABASE_URL: url } })
  await useAgents(world)
  await connectMerchant(world)
  dev = await world.addDeveloper({ scopes: ['message:send', 'pay:write', 'pay:read'] })
})
afterAll(async () => {
  await node?.stop()
  await world?.close()
  await database?.kill()
  rmSync(dir, { recursive: true, force: true })
})

const bill = async (billNo: string) =>
  (
    await dev.post('/api/pay/bill/create', {
      list: [{ billNo, userId: 'zhangsan', title: billNo, amount: 100 }],
    })
  ).retCode
const bills = async () =>
  (await query(url, 'select bill_no as no from pay_bill order by 1')).map(row => row['no'])
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

it('goes back to the moment before an accident, and does nothing twice', async () => {
  expect(await bill('B1-before-base')).toBe('0')
  const made = archiver('base', `host=127.0.0.1 port=${port} user=wisp`)
  expect(made.status, made.said).toBe(0)
  expect(await bill('B2-before-accident')).toBe('0')
  await sendText(world, '早已送达。')
  // Waits at the moment, and is sent after it.
  await faultSend(world, 'busy', { times: 3 })
  const { msgId = '' } = await sendText(world, '那一刻在等待。')
  expect((await statusOf(world, msgId)).status).not.toBe('sent')
  const [{ now: moment }] = (await query(url, 'select clock_timestamp()::text as now')) as [{ now: string }]
  await pause(1500)
  // The accident, and what came after it.
  await query(url, 'delete from pay_bill')
  expect(await bill('B3-after-accident')).toBe('0')
  await until(
    'the message that waited',
    async () => {
      world.clock.offsetMs += 10_000
      world.ctx.queue.kick()
      return (await shownWecom(world)).some(one => one.content['content'] === '那一刻在等待。')
    },
    60_000,
    500,
  )
  await sendText(world, '事后送达。')
  await query(url, 'select pg_switch_wal()')
  await until('the archive', async () => {
    const [row] = await query(
      url,
      'select last_archived_wal as last, failed_count::int as failed from pg_stat_archiver',
    )
    expect(row?.['failed']).toBe(0)
    return readdirSync(join(archive, 'wal')).length > 2 && row?.['last']
  })
  await world.server.close()
  await database.kill()

  const restored = join(dir, 'restored')
  const chosen = archiver('restore', moment, restored)
  expect(chosen.status, chosen.said).toBe(0)
  database = startDatabase(restored, { WISP_ARCHIVE: archive })
  // It waits for whoever looks whether this is the moment.
  await until('the moment', async () => {
    const found = await query(url, 'select pg_get_wal_replay_pause_state() as state').catch(() => [])
    return found[0]?.['state'] === 'paused'
  })
  expect(await bills()).toEqual(['B1-before-base', 'B2-before-accident'])
  await query(url, 'select pg_wal_replay_resume()')
  await until(
    'writes',
    async () => (await query(url, 'select pg_is_in_recovery() as still'))[0]?.['still'] === false,
  )
  const settled = await cli('restore', 'settle')
  expect(settled.said).toContain('可以启动节点')
  expect(settled.status).toBe(0)
  node = await startProcess(world.env)
  expect((await fetch(`${node.url}/readyz`)).status).toBe(200)
  const running = await cli('restore', 'settle')
  expect(running.status).toBe(1)
  expect(running.said).toContain('还有节点在使用这个数据库')
  dev = callerOf(node.url, dev)
  expect(await bill('B4-after-restore')).toBe('0')
  expect(await bills()).toEqual(['B1-before-base', 'B2-before-accident', 'B4-after-restore'])
  // What waited then is for a person to decide, and what came later is forgotten here, though it was sent.
  await pause(5000)
  const status = (await callerOf(node.url, world.dev).get('/api/message/status', { msgId })).body
  expect(JSON.stringify(status)).toContain('unknown')
  const arrived = (await shownWecom(world)).map(one => one.content['content'])
  expect(arrived.filter(text => text === '那一刻在等待。')).toHaveLength(1)
  expect(arrived).toContain('事后送达。')
  const [row] = await query(url, "select count(*)::int as n from message_part where state = 'waiting'")
  expect(row?.['n']).toBe(0)
  // The new timeline goes on in the same archive.
  await query(url, 'select pg_switch_wal()')
  await until('the archive', async () =>
    readdirSync(join(archive, 'wal')).some(name => /^0000000[2-9]/.test(name)),
  )
})

it('refuses what cannot be right, and says what', async () => {
  expect(archiver('restore', 'never', join(dir, 'x')).said).toContain('no time')
  expect(archiver('restore', '2020-01-01 00:00:00+08', join(dir, 'x')).said).toContain(
    'no base backup is that old',
  )
  const full = archiver('restore', new Date().toISOString(), data)
  expect(full.said).toContain('is not empty')
  expect(full.status).toBe(1)
  // The same piece again is no mistake; another one is.
  const [name = ''] = readdirSync(join(archive, 'wal'))
  expect(archiver('store', join(archive, 'wal', name), name).status).toBe(0)
  writeFileSync(join(dir, 'other'), 'something else')
  const other = archiver('store', join(dir, 'other'), name)
  expect(other.said).toContain('is there already, and differs')
  expect(other.status).toBe(1)
  expect(archiver('forget').status).toBe(1)
})

it('begins with a base backup that had ended by the moment', async () => {
  const [before = ''] = readdirSync(join(archive, 'base'))
  const begun = Date.now()
  const made = archiverWith(slowPrograms(3), ['base', `host=127.0.0.1 port=${port} user=wisp`])
  expect(made.status, made.said).toBe(0)
  const during = archiver('restore', new Date(begun + 1500).toISOString(), join(dir, 'during'))
  expect(during.said.trim()).toBe(before)
})

it('keeps two base backups, and the log since the older one', async () => {
  for (let n = 0; n < 2; n++) {
    await pause(1100)
    const made = archiver('base', `host=127.0.0.1 port=${port} user=wisp`)
    expect(made.status, made.said).toBe(0)
  }
  expect(readdirSync(join(archive, 'base'))).toHaveLength(2)
  const oldest = readdirSync(join(archive, 'base')).sort()[0]!
  const late = archiver('restore', new Date().toISOString(), join(dir, 'again'))
  expect(late.status, late.said).toBe(0)
  expect(oldest < late.said.trim()).toBe(true)
})
