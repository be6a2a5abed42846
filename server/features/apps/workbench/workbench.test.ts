import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { eventually } from '../../../../test/journeys/server-process.ts'
import { callerWith, type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { addGroup } from '../../../organisation/groups/groups.ts'
import { putMoves } from '../../../organisation/groups/membership-store.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { startServer } from '../../../server.ts'
import { addApp, setApp } from '../apps.ts'
import { toEveryone } from '../visibility.ts'
import type { Tile } from './workbench.ts'

const home = 'https://app.example.com/home?from=portal#/start'

describe('the workbench', () => {
  let world: World
  let userIds: string[]
  let me: SignedInClient

  beforeAll(async () => {
    world = await startWorld({ members: 8, departments: 4, tags: 1 })
    const members = [...world.ctx.mirrors.of(world.corpId).members.all()]
    userIds = members.filter(member => member.status === 1).map(member => member.userId)
    me = await signIn(world, { userId: userIds[0]! })
  })
  afterAll(() => world.close())

  const add = (settings: Partial<Parameters<typeof addApp>[3]> = {}) =>
    addApp(world.ctx, 'test', world.corpId, { name: '考勤打卡', homeUrl: home, ...settings })
  const jessionIdOf = (url: string) => new URL(url).searchParams.get('jessionId') ?? ''
  const infoOf = async (caller: World['dev'], jessionId: string) =>
    (await caller.get('/api/user/getInfo', { jessionId })).body
  const memberId = (userId: string) =>
    world.ctx.mirrors.of(world.corpId).members.byKey(userId.toLowerCase())!.id

  it('shows the apps a person may see, with pinyin, and answers 304 to who has them', async () => {
    const all = await add()
    const mine = await add({
      name: '合同管理',
      category: '办公',
      visibility: { ...toEveryone, everyone: false, memberIds: [memberId(userIds[0]!)] },
    })
    const other = await add({
      visibility: { ...toEveryone, everyone: false, memberIds: [memberId(userIds[1]!)] },
    })
    await add({ name: '没有主页', homeUrl: '' })
    const answer = await me.get('/web/portal/workbench')
    const tiles = answer.body.apps as Tile[]
    expect(tiles.map(tile => tile.id)).toEqual([all.id, mine.id])
    expect(tiles[1]).toEqual({
      id: mine.id,
      name: '合同管理',
      category: '办公',
      description: '',
      icon: '',
      pinyin: 'he tong guan li',
    })
    const etag = answer.headers.get('etag') ?? ''
    const again = await fetch(`${world.server.url}/web/portal/workbench`, {
      headers: { cookie: me.cookie, 'if-none-match': etag },
    })
    expect(again.status).toBe(304)
    const admin = await signIn(world, { admin: 'root1' })
    const seen = (await admin.get('/web/portal/workbench', { corpId: world.corpId })).body.apps as Tile[]
    expect(seen.map(tile => tile.id)).toContain(other.id)
    await setApp(world.ctx, 'test', world.corpId, all.id, { enabled: false })
    expect(((await me.get('/web/portal/workbench')).body.apps as Tile[]).map(tile => tile.id)).toEqual([
      mine.id,
    ])
  })

  it('follows a group that only a date brings somebody into: nothing else changes by that', async () => {
    const { ctx, corpId } = world
    const id = await addGroup(ctx, { actor: 'test' }, corpId, {
      name: '值班',
      note: '',
      rule: null,
      userIds: [],
    })
    const app = await add({ visibility: { ...toEveryone, everyone: false, groups: [id] } })
    const sees = async () => JSON.stringify((await me.get('/web/portal/workbench')).body).includes(app.id)
    for (const isIn of [true, false]) {
      expect(await sees()).toBe(!isIn)
      const move = { g: id, m: memberId(userIds[0]!), isIn }
      await ctx.db.transaction().execute(tx => putMoves(tx, corpId, [move], new Date(ctx.now())))
      await until(`the app of the group: ${isIn}`, async () => (await sees()) === isIn)
    }
  })

  it('keeps favourites in order and forgets apps that are gone from sight', async () => {
    const [a, b, c] = [await add(), await add(), await add()]
    const favourites = async () => (await me.get('/web/portal/workbench')).body.favourites
    for (const app of [a, b, c, b]) {
      expect((await me.post('/web/portal/favourites', { appId: app.id, act: 'put' })).retCode).toBe('0')
    }
    expect(await favourites()).toEqual([a.id, b.id, c.id])
    await me.post('/web/portal/favourites/order', { appIds: [c.id, 'strange', a.id] })
    expect(await favourites()).toEqual([c.id, a.id, b.id])
    await me.post('/web/portal/favourites', { appId: a.id, act: 'drop' })
    await setApp(world.ctx, 'test', world.corpId, b.id, { enabled: false })
    expect(await favourites()).toEqual([c.id])
    const refusal = await me.post('/web/portal/favourites', { appId: 'app0', act: 'put' })
    expect([refusal.status, refusal.retCode]).toEqual([403, '1009'])
  })

  it('opens an app with a ticket that its own developer alone can read', async () => {
    const [mine, foreign] = [await world.addDeveloper(), await world.addDeveloper()]
    const app = await add({ devId: mine.devId, agentId: null })
    const opened = (await me.post('/web/portal/open', { appId: app.id })).body
    expect(opened).toMatchObject({
      title: '考勤打卡',
      frame: true,
      origins: ['https://app.example.com'],
      menu: [],
    })
    expect(opened.url).toMatch(/^https:\/\/app\.example\.com\/home\?from=portal&jessionId=[\w-]{32}#\/start$/)
    const jessionId = jessionIdOf(opened.url)
    expect(await infoOf(mine, jessionId)).toMatchObject({ userId: userIds[0], roleLevel: 0 })
    expect(await infoOf(foreign, jessionId)).toBeNull()
    expect((await me.get('/web/portal/workbench')).body.recent[0]).toBe(app.id)
    const fresh = (await me.post('/web/portal/ticket', { appId: app.id })).body
    expect(fresh.jessionId).not.toBe(jessionId)
    expect(await infoOf(mine, fresh.jessionId)).toMatchObject({ userId: userIds[0] })
    await setApp(world.ctx, 'test', world.corpId, app.id, { enabled: false })
    expect(await infoOf(mine, jessionId)).toBeNull()
    const refusal = await me.post('/web/portal/open', { appId: app.id })
    expect([refusal.status, refusal.retMessage]).toEqual([403, expect.stringContaining('已停用')])
  })

  it('ends tickets with the session, at sign-out, and when the member is disabled', async () => {
    const developer = await world.addDeveloper()
    const app = await add({ devId: developer.devId })
    const userId = userIds[2]!
    const open = async (as: SignedInClient) =>
      jessionIdOf((await as.post('/web/portal/open', { appId: app.id })).body.url)
    const [first, second] = [await signIn(world, { userId }), await signIn(world, { userId })]
    const [one, two] = [await open(first), await open(second)]
    await first.post('/web/sign-out')
    expect(await infoOf(developer, one)).toBeNull()
    expect(await infoOf(developer, two)).toMatchObject({ userId })
    await world.connectCallback()
    await world.admin('user/update', { userid: userId, enable: 0 })
    await world.settle()
    expect(await infoOf(developer, two)).toBeNull()
    expect((await second.get('/web/portal/workbench')).status).toBe(401)
  })

  it('gives tickets to pages on registered origins only, and opens no page that is not the app’s', async () => {
    const app = await add({ origins: ['https://report.example.com'] })
    const open = async (menuPath: string) => me.post('/web/portal/open', { appId: app.id, menuPath })
    expect((await open('/todo?x=1')).body.url).toMatch(/^https:\/\/app\.example\.com\/todo\?x=1&jessionId=/)
    expect((await open('https://report.example.com/a')).body.url).toContain('jessionId=')
    for (const path of ['https://evil.example.com/', '//evil.example.com', 'javascript:alert(1)'])
      expect((await open(path)).retCode).toBe('1000')
    const phone = await add({ mobileUrl: 'https://m.example.com/', openIn: 'top' })
    const opened = (await me.post('/web/portal/open', { appId: phone.id, device: 'phone' })).body
    expect([new URL(opened.url).origin, opened.frame]).toEqual(['https://m.example.com', false])
  })

  it('limits popups where an administrator says so', async () => {
    const app = await add()
    const root = await signIn(world, { admin: 'root2' })
    const limited = async () => (await me.post('/web/portal/open', { appId: app.id })).body.popupsLimited
    expect(await limited()).toBe(false)
    await root.post('/web/apps/popups-set', { rule: 'registered' })
    expect(await limited()).toBe(true)
    await root.post('/web/apps/popups-set', { rule: 'any' })
    expect(await limited()).toBe(false)
  })
})

it('is the same on two nodes', async () => {
  const world = await startWorld({ members: 5, departments: 2, tags: 1 })
  const other = await startServer(readConfig(world.env), { log: createLog('silent') })
  try {
    const here = await signIn(world, { userId: 'zhangsan' })
    const there = callerWith(
      other.url,
      here.cookie,
      here.sessionId,
      world.ctx.seal.sign('csrf', here.sessionId),
    )
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '应用', homeUrl: home })
    const seen = async () => (await there.get('/web/portal/workbench')).body
    await eventually('the other node shows the app', async () => (await seen()).apps.length === 1)
    await here.post('/web/portal/favourites', { appId: id, act: 'put' })
    await eventually('the other node shows the favourite', async () => (await seen()).favourites[0] === id)
    await here.post('/web/portal/open', { appId: id })
    await eventually('the other node shows it as recent', async () => (await seen()).recent[0] === id)
  } finally {
    await other.close()
    await world.close()
  }
})
