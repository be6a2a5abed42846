import { spawnSync } from 'node:child_process'
import {
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
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { S3Sandbox } from '../../../../sandbox/s3/s3.ts'
import { type BackupWorld, startBackupWorld } from '../../../../test/backups/backup-world.ts'
import type { World } from '../../../../test/harness.ts'
import { type PlanChange, tryPlan } from '../plan/plan.ts'

/** A disk of two pages. Requires root. */
const small = mkdtempSync(join(tmpdir(), 'wisp-small-'))
const hasSmallDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', small]).status === 0
afterAll(() => {
  if (hasSmallDisk) spawnSync('umount', [small])
  rmSync(small, { recursive: true })
})

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
    expect(await all.refusal(change)).toMatch(text)
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
    expect(await all.refusal({})).toMatch(text)
  })

  it('in both languages, to the page, which waits no longer than it must', async () => {
    const { body, retCode } = await all.system.post('/web/backups/try', {
      ...all.plan,
      enabled: '1',
      secretKey: 'wrong',
    })
    expect([retCode, body]).toEqual(['1011', undefined])
    const english = await all.system.post(
      '/web/backups/try',
      { ...all.plan, enabled: '1', bucket: 'nowhere' },
      { 'accept-language': 'en' },
    )
    expect(english.retMessage).toContain('there is no bucket nowhere')
  }, 90_000)
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
    const run = await all.backUpOnce(toFolder)
    expect(run).toMatchObject({ state: 'good', place: 'folder', address: all.folder })
    expect(readdirSync(all.folder)).toEqual([run.name])
    expect(readFileSync(join(all.folder, run.name)).length).toBe(run.bytes)
    const bad = join(all.dir, 'link')
    symlinkSync(all.folder, bad)
    writeFileSync(join(all.dir, 'file'), '')
    expect(await tried(all.folder)).toBe('usable')
    expect(await tried(bad)).toMatch(/符号链接/)
    expect(await tried(join(all.dir, 'nowhere'))).toMatch(/不存在/)
    expect(await tried(join(all.dir, 'file'))).toMatch(/不是目录/)
    expect(await tried('')).toMatch(/WISP_BACKUP_DIR/)
    mkdirSync(join(world.ctx.config.dataDir, 'backups'), { recursive: true })
    expect(await tried(join(world.ctx.config.dataDir, 'backups'))).toMatch(/在数据目录/)
    expect(await tried('/proc')).toMatch(/备份目录 \/proc/)
  })

  it.runIf(hasSmallDisk)('that is full fails with the reason and leaves nothing', async () => {
    const run = await all.backUpOnce(toFolder, at(small))
    expect(run.problem?.zh).toMatch(/磁盘已满/)
    expect(readdirSync(small)).toEqual([])
  })
})
