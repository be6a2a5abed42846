import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { record } from '../../platform/audit/audit.ts'
import { makeCheckpoint } from './checkpoints/checkpoint.ts'
import { findKey } from './checkpoints/key.ts'
import { isSignedBy, parseNotes } from './checkpoints/note.ts'
import { isThisMachine } from './checkpoints/send.ts'
import { allEntered } from './entered.fixture.ts'

let world: World
let admin: SignedInClient
let auditor: Server
let url: string
let status = 200
const received: string[] = []
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  admin = await signInAs(world, 'super')
  auditor = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    received.push(Buffer.concat(parts).toString())
    response.writeHead(status).end()
  })
  await new Promise<void>(resolve => auditor.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(auditor.address() as AddressInfo).port}/wisp`
})
afterAll(async () => {
  await new Promise(resolve => auditor.close(resolve))
  await world.close()
})

const integrity = async () => (await admin.get('/web/audit/integrity')).body
const act = (target: string) =>
  record(world.ctx.db, world.ctx, { corpId: world.corpId, actor: 'li', act: 'app.set', target, detail: {} })
const minute = async () => {
  await allEntered(world.ctx)
  await world.ctx.jobs.run('audit-checkpoints')
}

it('sends a checkpoint each hour and after an export, and tries again', async () => {
  const saved = await admin.post('/web/audit/integrity/destination', { url })
  expect(saved.retCode).toBe('0')
  await minute()
  expect(received).toHaveLength(1)
  const { notes } = parseNotes(received[0]!)
  const key = (await findKey(world.ctx))!
  expect(isSignedBy(notes[0]!, key.publicKey)).toBe(true)
  await act('a')
  await minute()
  expect(received).toHaveLength(1)
  status = 500
  const exported = await fetch(`${world.server.url}/web/audit/export`, { headers: { cookie: admin.cookie } })
  expect(exported.status).toBe(200)
  await exported.text()
  await minute()
  expect(received).toHaveLength(2)
  expect(await integrity()).toMatchObject({
    problem: '对方返回 HTTP 500',
    checkpoints: [{ cause: 'export' }, { cause: 'hour' }],
  })
  status = 200
  await minute()
  expect(received).toHaveLength(3)
  expect(await integrity()).toMatchObject({ problem: '', sentAt: expect.any(String) })
  await act('target-b')
  world.clock.offsetMs += 3_601_000
  admin = await signInAs(world, 'super')
  await minute()
  expect(received).toHaveLength(4)
})

it('is not proved while checkpoints stay on the machine, or reach nobody', async () => {
  expect(await integrity()).toMatchObject({ isProved: false, url })
  const isHere = (address: string) => isThisMachine(new URL(address), 'https://wisp.example.com:8443')
  for (const here of [url, 'http://[::ffff:127.0.0.1]/', 'http://localhost./', 'https://wisp.example.com/x'])
    expect([here, isHere(here)]).toEqual([here, true])
  expect(isHere('https://witness.example.com/')).toBe(false)
  await sql`update audit_destination set url = 'https://witness.example.com/'`.execute(world.ctx.db)
  expect(await integrity()).toMatchObject({ isProved: true })
  const changed = await admin.post('/web/audit/integrity/destination', { members: 'zhangsan' })
  expect(changed.retCode).toBe('0')
  await act('c')
  world.clock.offsetMs += 3_601_000
  admin = await signInAs(world, 'super')
  await minute()
  expect(await integrity()).toMatchObject({
    isProved: false,
    members: ['zhangsan'],
    problem: '没有送达：zhangsan',
  })
})

it.each([
  [{ url: 'ftp://x' }, 'url'],
  [{ url: 'https://a:b@x.cn/' }, 'url'],
  [{ members: 'nobody-here' }, 'nobody-here'],
  [{ members: Array.from({ length: 11 }, (_, n) => `u${n}`).join() }, '最多 10 人'],
])('refuses the destination %o', async (given, words) => {
  const refused = await admin.post('/web/audit/integrity/destination', given)
  expect([refused.retCode, refused.retMessage]).toEqual(['1000', expect.stringContaining(words)])
})

it('verifies behind, and says in words what it found', async () => {
  await allEntered(world.ctx)
  await sql`update audit set actor = 'nobody' where target = 'a'`.execute(world.ctx.db)
  await admin.post('/web/audit/integrity/verify', {})
  const { verification } = await until('verified', async () => {
    const state = await integrity()
    return state.verification?.endedAt ? state : undefined
  })
  expect(verification).toMatchObject({
    found: 1,
    findings: [expect.stringMatching(/^第 \d+ 条被改过：操作 \d+ 与写入时不同$/)],
  })
  await sql`update audit set actor = 'li' where target = 'a'`.execute(world.ctx.db)
})

it('shows the proof of an act by the last checkpoint, and not of one of another corp', async () => {
  const { list } = (await admin.get('/web/audit', { target: 'target-b' })).body
  const proof = await admin.get('/web/audit/proof', { id: list[0].id })
  expect(proof.body).toMatchObject({
    tree: world.corpId,
    path: expect.any(Array),
    salt: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(proof.body.checkpoint).toContain(`/audit/${world.corpId}\n${proof.body.size}\n`)
  await act('too young')
  await allEntered(world.ctx)
  const young = (await admin.get('/web/audit', { target: 'too young' })).body.list[0]
  expect((await admin.get('/web/audit/proof', { id: young.id })).retMessage).toContain('检查点每小时一个')
  const forbidden = await admin.get('/web/audit/integrity', { scope: 'installation' })
  expect(forbidden.retCode).toBe('1009')
})

it('goes on when a clock that ran ahead goes back, and counts nothing of that time as proof', async () => {
  const { ctx, corpId, clock } = world
  const before = clock.offsetMs
  const witness = 'https://witness.example.com/'
  await sql`update audit_destination set url = ${url}, members = '{}' where tree = ${corpId}`.execute(ctx.db)
  clock.offsetMs += 400 * 86_400_000
  await act('ahead')
  await minute()
  const ahead = received.length
  clock.offsetMs = before
  admin = await signInAs(world, 'super')
  await act('after')
  await allEntered(ctx)
  await sql`update audit_destination set url = ${witness} where tree = ${corpId}`.execute(ctx.db)
  await makeCheckpoint({ ...ctx, now: () => ctx.now() + 400 * 86_400_000 }, corpId, 'asked')
  expect(await integrity()).toMatchObject({ isProved: false })
  await sql`update audit_destination set url = ${url} where tree = ${corpId}`.execute(ctx.db)
  await act('later')
  await minute()
  expect(received).toHaveLength(ahead + 1)
  expect(parseNotes(received.at(-1)!).notes[0]!.madeAt!.getTime()).toBeLessThanOrEqual(ctx.now())
  await sql`update audit_destination set url = ${witness} where tree = ${corpId}`.execute(ctx.db)
  expect(await integrity()).toMatchObject({ isProved: true })
})

it('is set and signed by commands', async () => {
  const both = runCommand(world.ctx, ['audit', 'checkpoint', '--corp', world.corpId, '--installation'])
  await expect(both).rejects.toThrow('不能同用')
  const shown = await runCommand(world.ctx, ['audit', 'destination', '--corp', world.corpId, '--url', url])
  expect(shown.text).toContain(`地址：${url}`)
  const made = await runCommand(world.ctx, ['audit', 'checkpoint', '--corp', world.corpId])
  expect(parseNotes(made.text).notes).toHaveLength(1)
  await record(world.ctx.db, world.ctx, {
    corpId: null,
    actor: 'root',
    act: 'backup',
    target: 'all',
    detail: {},
  })
  await allEntered(world.ctx)
  const ofInstallation = await runCommand(world.ctx, ['audit', 'checkpoint', '--installation'])
  expect(ofInstallation.text).toContain('/audit/installation\n')
})

it('is asked and begun by programs', async () => {
  const manager = await managerBy(world)
  const { corpId } = world
  expect((await manager.post('/api/admin/audit/verify', { corpId })).retCode).toBe('0')
  const { body } = await manager.get('/api/admin/audit/integrity', { corpId })
  expect(body).toMatchObject({ corpId, isProved: false, verification: { askedBy: 'admin' } })
})
