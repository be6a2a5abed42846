import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { addApp } from '../../features/apps/apps.ts'
import { startTarget, type Target } from '../../features/webhooks/target.fixture.ts'
import { createOutgoingClicks } from './outgoing-clicks.ts'

let world: World
let dev: Caller
let admin: SignedInClient
let target: Target
let webhookId: string
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  dev = await world.addDeveloper({ scopes: ['webhook:manage'] })
  target = await startTarget()
  webhookId = (await dev.post('/api/webhook/create', { url: target.url })).body.webhook.webhookId
  admin = await signInAs(world, 'super')
})
beforeEach(() => {
  world.clock.offsetMs += 61_000
})
afterAll(async () => {
  await world.close()
  await target.close()
})

const test = () => dev.post('/api/webhook/test', { webhookId })
const others = (count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      world.ctx.outgoingClicks.count(`developer:${n % 5}`, world.corpId),
    ),
  )

it('thirty a minute go out for a developer, by the API, the console and every node together', async () => {
  const before = target.got.length
  // This is what another node does.
  const node = createOutgoingClicks(world.ctx)
  for (let n = 0; n < 10; n++) await node.count(`developer:${dev.devId}`, world.corpId)
  for (let n = 0; n < 10; n++) expect((await test()).retCode).toBe('0')
  const path = '/web/developers/webhooks/test'
  for (let n = 0; n < 10; n++)
    expect((await admin.post(path, { devId: dev.devId, webhookId })).retCode).toBe('0')
  const refused = [await test(), await admin.post(path, { devId: dev.devId, webhookId })]
  for (const { status, retCode, retMessage, headers } of refused) {
    expect([status, retCode]).toEqual([429, '1010'])
    expect(retMessage).toMatch(/测试、体检、预览等对外调用每分钟最多 30 次，请 \d+ 秒后再试/)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(target.got).toHaveLength(before + 20)
  await expect(node.count(`developer:${dev.devId}`, world.corpId)).rejects.toThrow('30')
  // Somebody who has used up the count for one developer may still do the same for another.
  await others(1)
  world.clock.offsetMs += 61_000
  expect((await test()).retCode).toBe('0')
})

it('120 a minute go out for a corp', async () => {
  await others(120)
  expect(await test()).toMatchObject({
    status: 429,
    retCode: '1010',
    retMessage: expect.stringContaining('本企业的测试'),
  })
  await world.ctx.outgoingClicks.count('developer:x', 'another-corp')
})

it('opening an application counts when it is looked at, and saving one when its menu is synced', async () => {
  const page = world.server.url
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '应用', homeUrl: page })
  const open = async () => (await admin.post('/web/portal/reach', { appId: id })).retCode
  expect(await open()).toBe('0')
  await others(119)
  // It was looked at just now.
  expect(await open()).toBe('0')
  const settings = { name: '另一个', devId: world.dev.devId, homeUrl: page, icon: null }
  const saved = await admin.post('/web/apps/add', { settings })
  expect(saved.retCode).toBe('0')
  const synced = { ...settings, name: '同步', syncMenu: true, syncUrl: page }
  expect((await admin.post('/web/apps/add', { settings: synced })).retCode).toBe('1010')
  expect(world.ctx.apps.ofCorp(world.corpId).map(one => one.name)).not.toContain('同步')
  const { version } = saved.body
  const change = { id: saved.body.id, version, settings: { syncMenu: true, syncUrl: page } }
  expect((await admin.post('/web/apps/save', change)).retCode).toBe('1010')
})
