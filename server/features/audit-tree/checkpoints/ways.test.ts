import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type S3Sandbox, startS3 } from '../../../../sandbox/s3/s3.ts'
import { managerBy } from '../../../../test/admin-token.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { record } from '../../../platform/audit/audit.ts'
import { applySettings, exportSettings, readSettings } from '../../settings-file/apply-settings.ts'
import { type SiemServer, startSiemServer } from '../../siem/siem-server.fixture.ts'
import { allEntered } from '../entered.fixture.ts'
import { destinationOf } from './destination-store.ts'
import { parseNotes } from './note.ts'

let world: World
let admin: SignedInClient
let s3: S3Sandbox
let siem: SiemServer
let receiver: string
beforeAll(async () => {
  world = await startWorld({ members: 6, departments: 2 })
  admin = await signInAs(world, 'super')
  s3 = await startS3()
  siem = await startSiemServer()
  const added = await runCommand(world.ctx, ['siem', 'add', '审计', siem.address, '--transport', 'tcp'])
  receiver = (added.data as { id: string }).id
})
afterAll(async () => {
  await world?.close()
  await siem?.stop()
  await s3?.close()
})

const set = (given: object) => admin.post('/web/audit/integrity/destination', given)
const act = () =>
  record(world.ctx.db, world.ctx, {
    corpId: world.corpId,
    actor: 'li',
    act: 'app.set',
    target: 'x',
    detail: {},
  })
const hour = async () => {
  world.clock.offsetMs += 3_601_000
  s3.clockMs = world.clock.offsetMs
  await act()
  await allEntered(world.ctx)
  await world.ctx.jobs.run('audit-checkpoints')
}
const destination = async () => (await destinationOf(world.ctx.db, world.corpId))!
const late = async () => (await world.ctx.offered.causes['checkpointUnsent']!.find()).found

it('goes to a receiver of the audit log, in a line that can be verified later', async () => {
  expect((await set({ receiver })).retCode).toBe('0')
  await hour()
  const line = await siem.has(1).then(() => siem.messages.find(one => one.includes('audit.checkpoint')))
  expect(parseNotes(line!).notes).toHaveLength(1)
  expect(await destination()).toMatchObject({ sent: { receiver: { number: 1 } }, problem: null })
  await siem.stop()
  await hour()
  expect((await destination()).problem).not.toBeNull()
  expect(await late()).toEqual([])
  world.clock.offsetMs += 3_601_000
  expect(await late()).toMatchObject([{ corpId: world.corpId }])
  await siem.start()
  await world.ctx.jobs.run('audit-checkpoints')
  expect(await late()).toEqual([])
})

it('goes into a bucket, each checkpoint for itself and never over another', async () => {
  admin = await signInAs(world, 'super')
  const { region, accessKey, secretKey } = s3.keys
  const place = { endpoint: s3.url, region, bucket: s3.keys.bucket, addressing: 'path', prefix: 'wisp/' }
  const bucket = { ...place, accessKey, secretKey }
  const names = () => [...s3.bucket.objects.keys()]
  const refused = await set({ ...bucket, secretKey: '' })
  expect(refused.retMessage).toContain('secretKey')
  expect((await set(bucket)).retCode).toBe('0')
  await hour()
  await hour()
  expect((await destination()).problem).toBeNull()
  expect(names()).toEqual([expect.stringMatching(/^wisp\/.*\/0{7}\d-[0-9a-f]{16}\.txt$/), expect.any(String)])
  const before = [...s3.bucket.objects]
  await sql`update audit_destination set bucket_number = 0`.execute(world.ctx.db)
  await world.ctx.jobs.run('audit-checkpoints')
  expect([...s3.bucket.objects]).toEqual(before)
  const { rows } = await sql<{
    all: string
  }>`select detail::text as all from audit where act = 'audit.destination.set'`.execute(world.ctx.db)
  expect(rows.map(row => row.all).join()).not.toContain(bucket.secretKey)
  expect((await admin.get('/web/audit/integrity')).body.bucket).not.toHaveProperty('secretKey')
  s3.fault = () => ({ kind: 'error', status: 403, code: 'AccessDenied' })
  await hour()
  expect((await destination()).problem).not.toBeNull()
})

it('goes by mail once a day, and is set by the file of settings and the command', async () => {
  const { ctx, corpId } = world
  const shown = await runCommand(ctx, ['audit', 'destination', '--receiver', '', '--bucket', ''])
  expect(shown.data).toMatchObject({ receiver: '', bucket: null })
  const file = JSON.parse(await exportSettings(ctx, corpId))
  expect(file.auditReceivers).toMatchObject([{ id: receiver, address: siem.address }])
  file.auditDestination.mails = ['auditor@example.com']
  await applySettings(ctx, 'test', readSettings(ctx, JSON.stringify(file), corpId))
  await hour()
  const why = expect.stringContaining('邮件没有送达：auditor@example.com')
  expect((await destination()).problem).toMatchObject({ zh: why })
  const { host, port, user, password } = world.sandbox.smtp
  const server = ['--smtp-host', host, '--smtp-port', String(port), '--smtp-security', 'none']
  const from = ['--smtp-user', user, '--smtp-password', password, '--smtp-from', 'noreply@huayu.example']
  await runCommand(ctx, ['message', 'config', ...server, ...from])
  await hour()
  expect(await destination()).toMatchObject({
    problem: null,
    sent: { mails: { number: expect.any(Number) } },
  })
})

it('is not changed by a program that applies a file of settings: the auditor alone says where checkpoints go', async () => {
  const { corpId } = world
  const manager = await managerBy(world)
  const { settings } = (await manager.get('/api/admin/settings', { corpId })).body
  const before = await destination()
  settings.auditDestination.mails = ['attacker@example.com']
  for (const dryRun of [true, false]) {
    const refused = await manager.post('/api/admin/settings/apply', { corpId, settings, dryRun })
    expect([refused.retCode, refused.retMessage]).toEqual(['1009', expect.stringContaining('mails')])
  }
  expect(await destination()).toEqual(before)
})

it.each([
  [{ mails: 'no-mail' }, 'no-mail'],
  [{ receiver: 'siem:none' }, 'siem:none'],
  [
    { endpoint: 'https://s3.example.com/path', bucket: 'b1x', region: 'x', accessKey: 'k', secretKey: 's' },
    'endpoint',
  ],
  [
    { endpoint: 'https://s3.example.com', bucket: 'B', region: 'x', accessKey: 'k', secretKey: 's' },
    'bucket',
  ],
])('refuses the destination %o', async (given, words) => {
  admin = await signInAs(world, 'super')
  const refused = await set(given)
  expect([refused.retCode, refused.retMessage]).toEqual(['1000', expect.stringContaining(words)])
})

it('tells of trees that take no entries for ten minutes', async () => {
  const { ctx, corpId } = world
  const find = async () => (await ctx.offered.causes['auditTreeLate']!.find()).found
  await allEntered(ctx)
  expect(await find()).toEqual([])
  // A tree that somebody spoilt takes no more.
  await sql`update audit_tree set size = size + 1 where tree = ${corpId}`.execute(ctx.db)
  await act()
  await sql`update audit_pending set at = at - interval '1 hour'`.execute(ctx.db)
  expect(await find()).toMatchObject([{ corpId, detail: { waiting: 1 } }])
})
