import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type S3Sandbox, startS3 } from '../../../sandbox/s3/s3.ts'
import { databaseEnv, startWorld, type World } from '../../../test/harness.ts'
import { type SignedIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { settles } from '../../features.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import { type PlanChange, setPlan, tryPlan } from './plan/plan.ts'
import { readPlan } from './plan/plan-store.ts'
import { restoreBackup } from './restore.ts'
import { testRestore } from './restore-test/restore-test.ts'
import { lastTrial } from './restore-test/test-store.ts'
import { createBackups } from './runs/backups.ts'
import { addRun, goodRuns, latestRuns, type Run } from './runs/run-store.ts'
import { fileSource } from './source.ts'
import { backupState } from './state.ts'

const log = createLog('silent')
const dir = mkdtempSync(join(tmpdir(), 'wisp-by-plan-'))
const [folder, small] = [join(dir, 'backups'), join(dir, 'small')]
mkdirSync(folder)
mkdirSync(small)
const hasSmallDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', small]).status === 0
const quick = { pausesMs: [5, 5], shortMs: 500, longMs: 500, kinds: ['embedded'] as const }
let world: World
let s3: S3Sandbox
let system: SignedIn
let plan: PlanChange

beforeAll(async () => {
  s3 = await startS3()
  world = await startWorld({ env: { WISP_BACKUP_DIR: folder, WISP_OUTBOUND_ALLOW: '127.0.0.1' } })
  system = await signInAs(world, 'system')
  plan = {
    ...{ enabled: true, cron: '30 3 * * *', place: 's3', endpoint: s3.url, addressing: 'path', testDays: 0 },
    ...{ region: s3.keys.region, bucket: s3.keys.bucket, prefix: 'school/wisp' },
    ...{ accessKey: s3.keys.accessKey, secretKey: s3.keys.secretKey },
  }
})
afterAll(async () => {
  await world.close()
  await s3.close()
  if (hasSmallDisk) spawnSync('umount', [small])
  rmSync(dir, { recursive: true })
})
beforeEach(async () => {
  s3.fault = () => undefined
  s3.clockMs = 0
  s3.requests.length = 0
  const { db } = world.ctx
  for (const table of ['backup_trial', 'backup_run', 'backup_plan'])
    await sql`delete from ${sql.table(table)}`.execute(db)
  s3.bucket.objects.clear()
  s3.bucket.uploads.clear()
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
})

const keysThere = () => [...s3.bucket.objects.keys()]
const objectOf = (run: Run | undefined) =>
  s3.bucket.objects.get(`school/wisp/${run?.name}`)?.body ?? Buffer.alloc(0)

/** Backs up once on a node of its own, as the plan says, and returns the row. */
async function backUpOnce(change: PlanChange = plan, ctx = world.ctx): Promise<Run> {
  if (!(await readPlan(ctx.db))) await setPlan(ctx, 'test', change)
  const place = change.place ?? 's3'
  const dueAt = new Date(ctx.now())
  const id = await addRun(ctx.db, { place, reason: 'asked', askedBy: 'test', attempt: 3, dueAt })
  await createBackups(ctx, quick).look(place)
  return (await latestRuns(ctx.db, 50)).find(run => run.id === id)!
}

/** What the page and the command tell of a place that cannot be used. */
const refusal = (change: PlanChange) =>
  tryPlan(world.ctx, { ...plan, ...change }, quick).then(
    () => 'usable',
    error => (error.words?.zh ?? error.message) as string,
  )

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
    const given = { ...plan, enabled: '1' }
    expect((await system.post('/web/backups/try', given)).body).toEqual({
      address: `s3://backups/school/wisp/ @ ${new URL(s3.url).host}`,
    })
    expect(keysThere()).toEqual([])
    const { version } = (await system.get('/web/backups')).body
    const saved = await system.post('/web/backups/plan', { ...given, version })
    expect(saved.body.plan).toMatchObject({
      hasSecretKey: true,
      prefix: 'school/wisp/',
      accessKey: s3.keys.accessKey,
    })
    expect(JSON.stringify(saved.body)).not.toContain(s3.keys.secretKey)
    expect((await system.post('/web/backups/plan', { ...given, version })).status).toBe(409)
    expect((await system.post('/web/backups/run')).retCode).toBe('0')
    await until('the backup', async () => (await goodRuns(world.ctx.db)).length === 1)
    const run = (await goodRuns(world.ctx.db))[0]!
    expect(keysThere()).toEqual([`school/wisp/${run.name}`])
    const bytes = objectOf(run)
    expect(run.bytes).toBe(bytes.length)
    expect(bytes.toString('utf8', 0, 60)).toContain('{"wisp":"sealed-backup"')
    // It is neither readable nor gzip, whose magic number would follow the first line.
    expect(bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]))).toBe(-1)
    const there = (await system.get('/web/backups/stored')).body
    expect(there).toMatchObject({
      files: [{ name: run.name, size: bytes.length, runId: run.id }],
      missing: [],
    })
    await system.post('/web/backups/test', { id: run.id })
    await until('the restore test', async () => (await lastTrial(world.ctx.db)) !== undefined)
    const shown = (await system.get('/web/backups')).body
    expect(shown.runs[0].test).toMatchObject({ state: 'good', scratch: 'embedded', problem: null })
    expect(shown.runs[0].test.rows).toBe(run.rows)
    expect(shown.runs[0].test.secrets).toBeGreaterThan(2)
    expect(readdirSync(join(world.ctx.config.dataDir, 'restore-test'))).toEqual([])
    const acts = await sql<{
      act: string
    }>`select act from audit where act like 'backup%' order by id`.execute(world.ctx.db)
    expect(acts.rows.map(one => one.act)).toEqual(['backup.plan.set', 'backup.ask', 'backup', 'backup.test'])

    const env = { ...(await databaseEnv()), WISP_SECRET_KEY: world.env['WISP_SECRET_KEY'] ?? '' }
    const file = join(dir, 'downloaded')
    writeFileSync(file, bytes)
    await restoreBackup(readConfig(env), log, file, settles)
    const original = await sql<{ name: string }>`select name from member order by id`.execute(world.ctx.db)
    expect(await membersIn(env)).toEqual([...original.rows.map(one => one.name), 'plan off: true'])
  })

  it('is not restored when it is cut, changed, or sealed with another key', async () => {
    const whole = objectOf(await backUpOnce())
    const file = join(dir, 'hurt')
    const env = { ...(await databaseEnv()), WISP_SECRET_KEY: world.env['WISP_SECRET_KEY'] ?? '' }
    const fails = async (bytes: Buffer, text: RegExp, given = env) => {
      writeFileSync(file, bytes)
      await expect(restoreBackup(readConfig(given), log, file, settles)).rejects.toThrow(text)
    }
    for (const length of [30, 300, whole.length >> 1, whole.length - 1])
      await fails(whole.subarray(0, length), /不完整|已损坏/)
    for (const at of [40, whole.indexOf('\n') + 1, whole.length >> 1, whole.length - 1]) {
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

  it('is tested in a database on the same server, where that is allowed', async () => {
    const run = await backUpOnce()
    const file = join(dir, 'for-server')
    writeFileSync(file, objectOf(run))
    const left = async () =>
      (await sql`select 1 from pg_database where datname like 'wisp\\_restore\\_test%'`.execute(world.ctx.db))
        .rows
    const source = fileSource(file)
    expect(await testRestore(world.ctx, source, { kinds: ['server'] })).toMatchObject({
      scratch: 'server',
      rows: run.rows,
    })
    expect(await left()).toEqual([])
    const { db } = world.ctx
    await sql`create role no_databases login password 'x'`.execute(db)
    const url = new URL(world.ctx.config.databaseUrl)
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

describe('an S3 address that cannot be used says what and why', () => {
  it.each<[string, PlanChange, RegExp]>([
    ['wrong secret', { secretKey: 'wrong' }, /Secret Key 不对/],
    ['wrong key', { accessKey: 'AKIAWRONG' }, /不认识这个 Access Key/],
    ['no bucket', { bucket: 'nowhere' }, /没有存储桶 nowhere/],
    ['another region', { region: 'cn-elsewhere' }, /在地域 cn-sandbox-1，而不是 cn-elsewhere/],
    ['nobody there', { endpoint: 'http://127.0.0.1:9' }, /拒绝了连接|连不上/],
    ['no address', { endpoint: 'ftp://x' }, /endpoint 应为 https/],
    ['a path in the address', { endpoint: 'https://s3.example.com/backups' }, /endpoint 应为 https/],
    ['metadata of a cloud', { endpoint: 'http://169.254.169.254' }, /不允许访问的地址/],
    ['bucket before an IP address', { addressing: 'virtual-host' }, /IP 地址/],
    ['odd prefix', { prefix: '../etc' }, /prefix 只能用/],
    ['no proxy', { throughProxy: true }, /没有设置 WISP_OUTBOUND_PROXY/],
    ['a time that never comes', { cron: '0 0 31 2 *' }, /cron/],
  ])('%s', async (_name, change, text) => {
    expect(await refusal(change)).toMatch(text)
  })

  it.each<[string, () => void, RegExp]>([
    [
      'clocks 20 minutes apart',
      () => {
        s3.clockMs = 20 * 60_000
      },
      /时钟比 S3 的慢 20 分钟/,
    ],
    [
      'clocks the other way',
      () => {
        s3.clockMs = -20 * 60_000
      },
      /时钟比 S3 的快 20 分钟/,
    ],
    [
      'no right to delete',
      () => {
        s3.fault = ({ method, query }) =>
          method === 'DELETE' && !query.has('uploadId')
            ? { kind: 'error', status: 403, code: 'AccessDenied' }
            : undefined
      },
      /没有删除的权限/,
    ],
    [
      'no right to write',
      () => {
        s3.fault = ({ method }) =>
          method === 'PUT' ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined
      },
      /没有写入的权限/,
    ],
    [
      'a redirect',
      () => {
        s3.fault = () => ({
          kind: 'error',
          status: 301,
          code: 'PermanentRedirect',
          headers: { 'x-amz-bucket-region': 'eu-west-1' },
        })
      },
      /在地域 eu-west-1/,
    ],
    [
      'a full bucket',
      () => {
        s3.fault = ({ method }) =>
          method === 'PUT' ? { kind: 'error', status: 403, code: 'QuotaExceeded' } : undefined
      },
      /空间已满/,
    ],
    [
      'path style refused',
      () => {
        s3.fault = () => ({ kind: 'error', status: 403, code: 'SecondLevelDomainForbidden' })
      },
      /不接受路径方式/,
    ],
    [
      'silence',
      () => {
        s3.fault = () => ({ kind: 'silent' })
      },
      /没有在时限内应答/,
    ],
    [
      'a cut connection',
      () => {
        s3.fault = () => ({ kind: 'cut' })
      },
      /中断了连接|连不上/,
    ],
  ])('%s', async (_name, prepare, text) => {
    prepare()
    expect(await refusal({})).toMatch(text)
  })

  it('in both languages, to the page, which waits no longer than it must', async () => {
    const { body, retCode } = await system.post('/web/backups/try', {
      ...plan,
      enabled: '1',
      secretKey: 'wrong',
    })
    expect([retCode, body]).toEqual(['1011', undefined])
    const english = await system.post(
      '/web/backups/try',
      { ...plan, enabled: '1', bucket: 'nowhere' },
      { 'accept-language': 'en' },
    )
    expect(english.retMessage).toContain('there is no bucket nowhere')
  }, 90_000)
})

describe('what fails half way', () => {
  const isPart = ({ query }: { query: URLSearchParams }) => query.has('partNumber')

  it('passes when S3 is well again, and leaves nothing when it is not', async () => {
    let failures = 2
    s3.fault = request => (isPart(request) && failures-- > 0 ? { kind: 'cut' } : undefined)
    expect((await backUpOnce()).state).toBe('good')
    s3.bucket.objects.clear()
    for (const fault of [
      { kind: 'silent' },
      { kind: 'cut' },
      { kind: 'error', status: 503, code: 'SlowDown' },
    ] as const) {
      s3.fault = request => (isPart(request) ? fault : undefined)
      const run = await backUpOnce()
      expect(run).toMatchObject({ state: 'failed', bytes: null })
      expect(run.problem?.en).toMatch(/did not answer|broke the connection|SlowDown|cannot be reached/)
    }
    expect(keysThere()).toEqual([])
    expect(s3.bucket.uploads.size).toBe(0)
    expect((await backupState(world.ctx)).failed?.state).toBe('failed')
  })

  it('is made good after the node was killed: seen as failed, tried again, its upload aborted', async () => {
    const done = await backUpOnce()
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

  it('is written once when two nodes look at once', async () => {
    await setPlan(world.ctx, 'test', plan)
    world.clock.offsetMs += 86_400_000
    s3.clockMs = world.clock.offsetMs
    const nodes = ['a', 'b', 'c'].map(nodeId => createBackups({ ...world.ctx, nodeId }, quick))
    await Promise.all(nodes.map(node => node.look('s3')))
    world.clock.offsetMs = 0
    expect((await latestRuns(world.ctx.db, 9)).map(run => [run.state, run.reason])).toEqual([
      ['good', 'plan'],
    ])
    expect(keysThere()).toHaveLength(1)
  })
})

describe('a folder', () => {
  const toFolder: PlanChange = { enabled: true, place: 'folder', testDays: 0 }
  const at = (backupDir: string) => ({ ...world.ctx, config: { ...world.ctx.config, backupDir } })
  const tried = (backupDir: string) =>
    tryPlan(at(backupDir), toFolder).then(
      () => 'usable',
      error => error.message,
    )

  it('has whole backups only, for their owner, and never follows a link', async () => {
    const run = await backUpOnce(toFolder)
    expect(run).toMatchObject({ state: 'good', place: 'folder', address: folder })
    expect(readdirSync(folder)).toEqual([run.name])
    expect(readFileSync(join(folder, run.name)).length).toBe(run.bytes)
    const bad = join(dir, 'link')
    symlinkSync(folder, bad)
    writeFileSync(join(dir, 'file'), '')
    expect(await tried(folder)).toBe('usable')
    expect(await tried(bad)).toMatch(/符号链接/)
    expect(await tried(join(dir, 'nowhere'))).toMatch(/不存在/)
    expect(await tried(join(dir, 'file'))).toMatch(/不是目录/)
    expect(await tried('')).toMatch(/WISP_BACKUP_DIR/)
    mkdirSync(join(world.ctx.config.dataDir, 'backups'), { recursive: true })
    expect(await tried(join(world.ctx.config.dataDir, 'backups'))).toMatch(/在数据目录/)
    expect(await tried('/proc')).toMatch(/备份目录 \/proc/)
  })

  it.runIf(hasSmallDisk)('that is full fails with the reason and leaves nothing', async () => {
    const run = await backUpOnce(toFolder, at(small))
    expect(run.problem?.zh).toMatch(/磁盘已满/)
    expect(readdirSync(small)).toEqual([])
  })
})

describe('rotation', () => {
  it('deletes what it made and keeps no longer, and nothing else', async () => {
    const first = await backUpOnce({ ...plan, keepDaily: 1, keepWeekly: 0, keepMonthly: 0 })
    const foreign = 'school/wisp/wisp-20200101T000000Z-1.backup'
    s3.bucket.put(foreign, objectOf(first))
    const second = await backUpOnce()
    expect(keysThere().sort()).toEqual([foreign, `school/wisp/${second.name}`].sort())
    expect((await latestRuns(world.ctx.db, 9)).map(run => run.state)).toEqual(['good', 'removed'])
    // Under the name of the second stands somebody else's file now.
    s3.bucket.put(`school/wisp/${second.name}`, objectOf(second).subarray(5))
    const third = await backUpOnce()
    expect(keysThere()).toContain(`school/wisp/${second.name}`)
    expect(third.state).toBe('good')
    expect(third.rotationProblem?.zh).toContain('不是 wisp 写下的那个文件')
    expect((await backupState(world.ctx)).rotationProblem).not.toBeNull()
  })

  it('deletes nothing when the newest failed, when the restore test failed, or when it may not', async () => {
    const keep = { ...plan, keepDaily: 1, keepWeekly: 0, keepMonthly: 0 }
    const first = await backUpOnce(keep)
    s3.fault = ({ query }) =>
      query.has('partNumber') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined
    expect((await backUpOnce()).state).toBe('failed')
    expect(keysThere()).toEqual([`school/wisp/${first.name}`])
    s3.fault = ({ method, query }) =>
      method === 'DELETE' && !query.has('uploadId')
        ? { kind: 'error', status: 403, code: 'AccessDenied' }
        : undefined
    const second = await backUpOnce()
    expect(second.rotationProblem?.en).toMatch(/may not delete/)
    s3.fault = () => undefined
    await sql`insert into backup_trial (run_id, file, asked_by, state, asked_at, ended_at, problem)
      values (${second.id}, 'x', 'wisp', 'failed', now(), now(), '{"zh":"x","en":"x"}')`.execute(world.ctx.db)
    await backUpOnce()
    expect(keysThere()).toHaveLength(3)
    await sql`delete from backup_trial`.execute(world.ctx.db)
    const last = await backUpOnce()
    expect(keysThere()).toEqual([`school/wisp/${last.name}`])
  })
})

it('tests a backup by itself when the last good test is too old, and tells when backups stop', async () => {
  await backUpOnce({ ...plan, testDays: 7, alertDays: 2 })
  const test = await lastTrial(world.ctx.db)
  expect(test).toMatchObject({ state: 'good', askedBy: 'wisp' })
  await backUpOnce()
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
