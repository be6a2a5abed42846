import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wisp } from '../../server/cli/cli.fixture.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { openDatabase } from '../../server/platform/storage/database.ts'
import { type Moto, startMoto } from '../backups/moto.ts'
import { databaseEnv, startWorld, type World } from '../harness.ts'
import { startProcess } from '../journeys/server-process.ts'
import { until } from '../until.ts'

let moto: Moto
let world: World
beforeAll(async () => {
  moto = await startMoto()
  world = await startWorld({ env: { WISP_OUTBOUND_ALLOW: '127.0.0.1' } })
  // Several parts: what cannot be compressed takes most of the file.
  await sql`insert into audit (actor, act, target, detail, at)
    select 'soak', 'export', string_agg(md5(random()::text), ''), '{}', now()
    from generate_series(1, 1500000) as n group by n % 1500`.execute(world.ctx.db)
})
afterAll(async () => {
  await world.close()
  await moto.stop()
})

/** Without a prefix: moto computes the signature of a query with its slashes decoded, and refuses boto3's own then too. */
const planOf = (keys: { secretKey?: string; bucket?: string } = {}) => [
  ...['--to', 's3', '--endpoint', moto.url, '--region', 'us-east-1', '--addressing', 'path'],
  ...['--prefix', ''],
  ...['--bucket', keys.bucket ?? moto.bucket, '--access-key', moto.accessKey],
  ...['--secret-key', keys.secretKey ?? moto.secretKey],
]
const run = (env: Record<string, string>, ...args: string[]) => wisp(env, args)
const uploads = () =>
  moto.ask<unknown[]>(`s3.list_multipart_uploads(Bucket='${moto.bucket}').get('Uploads', [])`)
const objects = () =>
  moto.ask<{ Key: string; Size: number }[]>(`s3.list_objects_v2(Bucket='${moto.bucket}').get('Contents', [])`)
const rowsOf = async (env: Record<string, string>) => {
  const database = await openDatabase(readConfig(env), createLog('silent'), 'look')
  const { rows } = await sql<{ sum: string }>`
    select md5(string_agg(md5(target), '' order by id)) as sum from audit where actor = 'soak'`.execute(
    database.db,
  )
  await database.close()
  return rows[0]?.sum
}

describe('S3 as python3-moto and boto3 know it', { timeout: 600_000 }, () => {
  it('refuses wrong keys and buckets, in words', async () => {
    const wrong = await run(world.env, 'backup', 'plan', 'test', ...planOf({ secretKey: 'wrong' }))
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/Secret Key 不对/)])
    const nowhere = await run(world.env, 'backup', 'plan', 'test', ...planOf({ bucket: 'nowhere' }))
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/没有存储桶 nowhere/)])
    expect((await run(world.env, 'backup', 'plan', 'test', ...planOf())).stdout).toContain(
      '能写、能列、能读、能删',
    )
    expect(await objects()).toEqual([])
  })

  it('has a whole backup after a node was killed in the middle of an upload', async () => {
    expect(
      (await run(world.env, 'backup', 'plan', 'set', '--enabled', 'on', '--test-days', '0', ...planOf()))
        .code,
    ).toBe(0)
    const dataDirs = world.env
    await world.server.close()
    const first = await startProcess(dataDirs)
    const asked = await run(world.env, 'backup', 'run', '--no-wait')
    expect(asked.code).toBe(0)
    await until('an upload under way', async () => (await uploads()).length > 0, 120_000)
    await first.kill()
    expect(await objects()).toEqual([])
    expect(await uploads()).toHaveLength(1)
    const second = await startProcess(dataDirs)
    await until('the backup', async () => (await objects()).length === 1, 300_000)
    await until('no upload', async () => (await uploads()).length === 0, 60_000)
    const list = JSON.parse((await run(world.env, 'backup', 'list', '--json')).stdout)
    expect(list.map((one: { state: string }) => one.state)).toEqual(['good', 'failed'])
    const [object] = await objects()
    expect(object?.Size).toBe(list[0].bytes)
    expect(object?.Size).toBeGreaterThan(20 << 20)
    const tested = await run(world.env, 'backup', 'verify')
    expect([tested.code, tested.stdout]).toEqual([0, expect.stringContaining('可以恢复')])
    await second.stop()
  })

  it('gives it back, row for row, to a database that knows nothing', async () => {
    const [object] = await objects()
    const address = `s3://${moto.bucket}/${object?.Key}`
    const env = {
      ...(await databaseEnv()),
      WISP_SECRET_KEY: world.env['WISP_SECRET_KEY'] ?? '',
      WISP_OUTBOUND_ALLOW: '127.0.0.1',
    }
    const keys = [
      ...['--endpoint', moto.url, '--region', 'us-east-1', '--addressing', 'path'],
      ...['--access-key', moto.accessKey, '--secret-key', moto.secretKey],
    ]
    const checked = await run(env, 'backup', 'check', address, ...keys)
    expect([checked.code, checked.stderr]).toEqual([0, ''])
    const restored = await run(env, 'restore', address, ...keys)
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining('内容核对无误')])
    expect(await rowsOf(env)).toBe(await rowsOf(world.env))
    const missing = await run(env, 'restore', `${address}x`, ...keys)
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('没有这个文件')])
  })
})
