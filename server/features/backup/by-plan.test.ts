import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { S3Sandbox } from '../../../sandbox/s3/s3.ts'
import { type BackupWorld, quick, startBackupWorld } from '../../../test/backups/backup-world.ts'
import { databaseEnv, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { settles } from '../../features.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { headBytes, newSalt, readHead } from '../../platform/security/sealed-frames.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import { writeBackup } from './backup.ts'
import { setPlan } from './plan/plan.ts'
import { sealingStream } from './proof/sealed-backup.ts'
import { restoreBackup } from './restore.ts'
import { testRestore } from './restore-test/restore-test.ts'
import { lastTrial } from './restore-test/test-store.ts'
import { askTrial, createBackups } from './runs/backups.ts'
import { addRun, goodRuns, latestRuns } from './runs/run-store.ts'
import { fileSource } from './source.ts'
import { backupState } from './state.ts'

const log = createLog('silent')

let all: BackupWorld
let world: World
let s3: S3Sandbox

beforeAll(async () => {
  all = await startBackupWorld()
  world = all.world
  s3 = all.s3
})
afterAll(() => all.close())
beforeEach(() => all.clean())

async function membersIn(env: Record<string, string>): Promise<string[]> {
  const database = await openDatabase(readConfig(env), log, 'look')
  const { rows } = await sql<{ name: string }>`select name from member order by id`.execute(database.db)
  const [kept] = (
    await sql<{ off: boolean }>`select off_by_restore and not enabled as off from backup_plan`.execute(
      database.db,
    )
  ).rows
  await database.close()
  return [...rows.map(one => one.name), `plan off: ${kept?.off}`]
}

describe('a backup to S3 that the console asked for', () => {
  it('is tried, planned, made, listed, tested and restored', async () => {
    const given = { ...all.plan, enabled: '1' }
    expect((await all.system.post('/web/backups/try', given)).body).toEqual({
      address: `s3://backups/school/wisp/ @ ${new URL(s3.url).host}`,
    })
    expect(all.keysThere()).toEqual([])
    const { version } = (await all.system.get('/web/backups')).body
    const saved = await all.system.post('/web/backups/plan', { ...given, version })
    expect(saved.body.plan).toMatchObject({
      hasSecretKey: true,
      prefix: 'school/wisp/',
      accessKey: s3.keys.accessKey,
    })
    expect(JSON.stringify(saved.body)).not.toContain(s3.keys.secretKey)
    expect((await all.system.post('/web/backups/plan', { ...given, version })).status).toBe(409)
    expect((await all.system.post('/web/backups/run')).retCode).toBe('0')
    await until('the backup', async () => (await goodRuns(world.ctx.db)).length === 1)
    const run = (await goodRuns(world.ctx.db))[0]!
    expect(all.keysThere()).toEqual([`school/wisp/${run.name}`])
    const bytes = all.objectOf(run)
    expect(run.bytes).toBe(bytes.length)
    // It is neither readable nor gzip, whose magic number would follow the head and a length.
    expect(readHead(bytes)?.fingerprint).toBe(world.ctx.seal.fingerprint)
    expect(bytes.subarray(headBytes + 4, headBytes + 7)).not.toEqual(Buffer.from([0x1f, 0x8b, 8]))
    const there = (await all.system.get('/web/backups/stored')).body
    expect(there).toMatchObject({
      files: [{ name: run.name, size: bytes.length, runId: run.id }],
      missing: [],
    })
    await all.system.post('/web/backups/test', { id: run.id })
    await until('the restore test', async () => (await lastTrial(world.ctx.db)) !== undefined)
    const shown = (await all.system.get('/web/backups/runs')).body.list[0]
    expect(shown.test).toMatchObject({ state: 'good', scratch: 'embedded', problem: null })
    expect(shown.test.rows).toBe(run.rows)
    expect(shown.test.secrets).toBeGreaterThan(2)
    expect(readdirSync(join(world.ctx.config.dataDir, 'restore-test'))).toEqual([])
    const acts = await sql<{
      act: string
    }>`select act from audit where act like 'backup%' order by id`.execute(world.ctx.db)
    expect(acts.rows.map(one => one.act)).toEqual(['backup.plan.set', 'backup.ask', 'backup', 'backup.test'])

    const env = { ...(await databaseEnv()), WISP_SECRET_KEY: world.env['WISP_SECRET_KEY'] ?? '' }
    const file = join(all.dir, 'downloaded')
    writeFileSync(file, bytes)
    await restoreBackup(readConfig(env), log, file, settles)
    const original = await sql<{ name: string }>`select name from member order by id`.execute(world.ctx.db)
    expect(await membersIn(env)).toEqual([...original.rows.map(one => one.name), 'plan off: true'])
  })

  it('is not restored when it is cut, changed, or sealed with another key', async () => {
    const whole = all.objectOf(await all.backUpOnce())
    const file = join(all.dir, 'hurt')
    const env = { ...(await databaseEnv()), WISP_SECRET_KEY: world.env['WISP_SECRET_KEY'] ?? '' }
    const fails = async (bytes: Buffer, text: RegExp, given = env) => {
      writeFileSync(file, bytes)
      await expect(restoreBackup(readConfig(given), log, file, settles)).rejects.toThrow(text)
    }
    for (const length of [30, 300, whole.length >> 1, whole.length - 1])
      await fails(whole.subarray(0, length), /不完整|已损坏/)
    for (const at of [0, 12, 20, headBytes, headBytes + 4, whole.length >> 1, whole.length - 1]) {
      const hurt = Buffer.from(whole)
      hurt[at]! ^= 1
      await fails(hurt, /已损坏|不完整|不是 wisp|由指纹/)
    }
    await fails(Buffer.concat([whole, whole]), /已损坏|不完整/)
    await fails(whole, /由指纹 [0-9a-f]{16} 的密钥加密/, {
      ...env,
      WISP_SECRET_KEY: 'another key of at least thirty-two characters',
    })
    writeFileSync(file, whole.subarray(0, whole.length >> 1))
    await expect(testRestore(world.ctx, fileSource(file))).rejects.toThrow(/不完整|已损坏/)
    expect(readdirSync(join(world.ctx.config.dataDir, 'restore-test'))).toEqual([])
  })

  it('fails its restore test when somebody put a plain file in its place, and is told apart when tested by name', async () => {
    const run = await all.backUpOnce()
    expect(run.keyFingerprint).toBe(world.ctx.seal.fingerprint)
    const file = join(all.dir, 'plain.gz')
    await writeBackup(world.ctx, file)
    const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
    const { signature: _signature, ...footer } = JSON.parse(lines.pop() ?? '')
    const bytes = gzipSync(`${lines.join('\n')}\n${JSON.stringify(footer)}\n`)
    s3.bucket.objects.get(`school/wisp/${run.name}`)!.body = bytes
    await askTrial(world.ctx, run, 'test')
    await createBackups(world.ctx, quick).look('s3')
    const trial = await lastTrial(world.ctx.db)
    expect(trial?.state).toBe('failed')
    expect(trial?.problem?.zh).toContain('没有签名')
    writeFileSync(file, bytes)
    const signed = await testRestore(world.ctx, fileSource(file), { unsigned: true })
    expect(signed.signed).toBe(false)
    // What is encrypted needs no signature: earlier versions wrote such files by the plan.
    const sealing = sealingStream(world.ctx.seal, newSalt())
    sealing.end(bytes)
    writeFileSync(file, await buffer(sealing))
    expect(await testRestore(world.ctx, fileSource(file))).toMatchObject({ signed: true })
  })

  it('is tested in a database on the same server, where that is allowed', async () => {
    const run = await all.backUpOnce()
    const file = join(all.dir, 'for-server')
    writeFileSync(file, all.objectOf(run))
    const left = async () =>
      (await sql`select 1 from pg_database where datname like 'wisp\\_restore\\_test%'`.execute(world.ctx.db))
        .rows
    const source = fileSource(file)
    const one = new URL(world.ctx.config.databaseUrl)
    const two = one.href.replace(one.host, `${one.host},localhost:${one.port}`)
    for (const databaseUrl of [one.href, two]) {
      const ctx = { ...world.ctx, config: { ...world.ctx.config, databaseUrl } }
      expect(await testRestore(ctx, source, { kinds: ['server'] })).toMatchObject({
        scratch: 'server',
        rows: run.rows,
      })
    }
    expect(await left()).toEqual([])
    const { db } = world.ctx
    await sql`create role no_databases login password 'x'`.execute(db)
    // A pooler knows no such user.
    const url = new URL(world.ctx.config.databaseDirectUrl || world.ctx.config.databaseUrl)
    Object.assign(url, { username: 'no_databases', password: 'x' })
    const config = { ...world.ctx.config, databaseUrl: url.href, databaseDirectUrl: '' }
    const poor = await openDatabase(config, log, 'look')
    await expect(
      testRestore({ ...world.ctx, config, direct: poor.direct }, source, { kinds: ['server'] }),
    ).rejects.toThrow('不允许 wisp 的用户建立数据库')
    await poor.close()
    await sql`drop role no_databases`.execute(db)
  })
})

describe('what fails half way', () => {
  const isPart = ({ query }: { query: URLSearchParams }) => query.has('partNumber')

  it('passes when S3 is well again, and leaves nothing when it is not', async () => {
    let failures = 2
    s3.fault = request => (isPart(request) && failures-- > 0 ? { kind: 'cut' } : undefined)
    expect((await all.backUpOnce()).state).toBe('good')
    s3.bucket.objects.clear()
    for (const fault of [
      { kind: 'silent' },
      { kind: 'cut' },
      { kind: 'error', status: 503, code: 'SlowDown' },
    ] as const) {
      s3.fault = request => (isPart(request) ? fault : undefined)
      const run = await all.backUpOnce()
      expect(run).toMatchObject({ state: 'failed', bytes: null })
      expect(run.problem?.en).toMatch(/did not answer|broke the connection|SlowDown|cannot be reached/)
    }
    expect(all.keysThere()).toEqual([])
    expect(s3.bucket.uploads.size).toBe(0)
    expect((await backupState(world.ctx)).failed?.state).toBe('failed')
  })

  it('is made good after the node was killed: seen as failed, tried again, its upload aborted', async () => {
    const done = await all.backUpOnce()
    const { db } = world.ctx
    const name = done.name.replace(/-\d+\.backup$/, '-999999.backup')
    s3.bucket.begin(`school/wisp/${name}`)
    s3.bucket.begin('school/wisp/of-somebody-else')
    await sql`insert into backup_run (place, address, name, mark, reason, asked_by, state, due_at, started_at, node, lease_until)
      values ('s3', ${done.address}, ${name}, 'm', 'plan', 'wisp', 'running', now(), now(), 'dead', now() - interval '1 second')`.execute(
      db,
    )
    await createBackups(world.ctx, quick).look('s3')
    const [again, dead] = await latestRuns(db, 2)
    expect(dead).toMatchObject({ state: 'failed', node: 'dead' })
    expect(dead?.problem?.zh).toContain('中途停止')
    expect(again).toMatchObject({ state: 'good', attempt: 2 })
    expect([...s3.bucket.uploads.values()].map(one => one.key)).toEqual(['school/wisp/of-somebody-else'])
  })

  it('is done again by another node when one is stopped, which uses up no attempt', async () => {
    await setPlan(world.ctx, 'test', all.plan)
    const stop = new AbortController()
    s3.fault = request => {
      if (isPart(request)) stop.abort()
      return undefined
    }
    const due = { reason: 'asked', askedBy: 'test', attempt: 3, dueAt: new Date(world.ctx.now()) } as const
    await addRun(world.ctx.db, { place: 's3', ...due })
    await createBackups({ ...world.ctx, stopping: stop.signal }, quick)
      .look('s3')
      .catch(() => undefined)
    s3.fault = () => undefined
    await createBackups(world.ctx, quick).look('s3')
    const [again, stopped] = await latestRuns(world.ctx.db, 2)
    expect(stopped).toMatchObject({ state: 'failed', attempt: 3 })
    expect(again).toMatchObject({ state: 'good', attempt: 3 })
    expect(all.keysThere()).toEqual([`school/wisp/${again?.name}`])
  })

  it('is written once when two nodes look at once', async () => {
    await setPlan(world.ctx, 'test', all.plan)
    world.clock.offsetMs += 86_400_000
    s3.clockMs = world.clock.offsetMs
    const nodes = ['a', 'b', 'c'].map(nodeId => createBackups({ ...world.ctx, nodeId }, quick))
    await Promise.all(nodes.map(node => node.look('s3')))
    world.clock.offsetMs = 0
    expect((await latestRuns(world.ctx.db, 9)).map(run => [run.state, run.reason])).toEqual([
      ['good', 'plan'],
    ])
    expect(all.keysThere()).toHaveLength(1)
  })
})

describe('rotation', () => {
  it('deletes what it made and keeps no longer, and nothing else', async () => {
    const first = await all.backUpOnce({ ...all.plan, keepDaily: 1, keepWeekly: 0, keepMonthly: 0 })
    const foreign = 'school/wisp/wisp-20200101T000000Z-1.backup'
    s3.bucket.put(foreign, all.objectOf(first))
    const second = await all.backUpOnce()
    expect(all.keysThere().sort()).toEqual([foreign, `school/wisp/${second.name}`].sort())
    expect((await latestRuns(world.ctx.db, 9)).map(run => run.state)).toEqual(['good', 'removed'])
    // Under the name of the second stands somebody else's file now.
    s3.bucket.put(`school/wisp/${second.name}`, all.objectOf(second).subarray(5))
    const third = await all.backUpOnce()
    expect(all.keysThere()).toContain(`school/wisp/${second.name}`)
    expect(third.state).toBe('good')
    expect(third.rotationProblem?.zh).toContain('不是 wisp 写下的那个文件')
    expect((await backupState(world.ctx)).rotationProblem).not.toBeNull()
  })

  it('deletes nothing when the newest failed, when the restore test failed, or when it may not', async () => {
    const keep = { ...all.plan, keepDaily: 1, keepWeekly: 0, keepMonthly: 0 }
    const first = await all.backUpOnce(keep)
    s3.fault = ({ query }) =>
      query.has('partNumber') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined
    expect((await all.backUpOnce()).state).toBe('failed')
    expect(all.keysThere()).toEqual([`school/wisp/${first.name}`])
    s3.fault = ({ method, query }) =>
      method === 'DELETE' && !query.has('uploadId')
        ? { kind: 'error', status: 403, code: 'AccessDenied' }
        : undefined
    const second = await all.backUpOnce()
    expect(second.rotationProblem?.en).toMatch(/may not delete/)
    s3.fault = () => undefined
    await sql`insert into backup_trial (run_id, file, asked_by, state, asked_at, ended_at, problem)
      values (${second.id}, 'x', 'wisp', 'failed', now(), now(), '{"zh":"x","en":"x"}')`.execute(world.ctx.db)
    await all.backUpOnce()
    expect(all.keysThere()).toHaveLength(3)
    await sql`delete from backup_trial`.execute(world.ctx.db)
    const last = await all.backUpOnce()
    expect(all.keysThere()).toEqual([`school/wisp/${last.name}`])
  })
})

it('tests a backup by itself when the last good test is too old, and tells when backups stop', async () => {
  await all.backUpOnce({ ...all.plan, testDays: 7, alertDays: 2 })
  const test = await lastTrial(world.ctx.db)
  expect(test).toMatchObject({ state: 'good', askedBy: 'wisp' })
  await all.backUpOnce()
  expect((await lastTrial(world.ctx.db))?.id).toBe(test?.id)
  const found = async () => {
    const names = ['backupFailed', 'backupOverdue', 'restoreTestFailed', 'restoreTestOverdue']
    const causes = world.ctx.offered.causes
    const all = await Promise.all(
      names.map(async name => ((await causes[name]!.find()).found.length > 0 ? name : '')),
    )
    return all.filter(Boolean)
  }
  expect(await found()).toEqual([])
  world.clock.offsetMs = 3 * 86_400_000
  expect(await found()).toEqual(['backupOverdue'])
  world.clock.offsetMs = 10 * 86_400_000
  expect(await found()).toEqual(['backupOverdue', 'restoreTestOverdue'])
  world.clock.offsetMs = 0
  expect(existsSync(join(world.ctx.config.dataDir, 'restore-test'))).toBe(true)
})
