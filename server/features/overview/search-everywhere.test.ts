import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import { clockOf } from '../../platform/moments.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { setChannel } from '../channels/settings/settings.ts'
import { connectMerchant } from '../payments/merchants/merchant.fixture.ts'
import type { InstallationInfo } from './about.ts'
import type { SearchResult } from './search-everywhere.ts'

let world: World
let system: SignedInClient
let mobile: string
let cashier: Caller

const kinds = [
  'members',
  'departments',
  'tags',
  'developers',
  'apps',
  'bills',
  'messages',
  'events',
  'requests',
  'channels',
  'audit',
] as const

/** The hits by their kinds. */
const hitsOf = ({ list }: { list: SearchResult[] }) =>
  Object.fromEntries(kinds.map(kind => [kind, list.find(one => one.kind === kind)?.hits ?? []])) as Record<
    (typeof kinds)[number],
    SearchResult['hits']
  >

const search = async (q: string, as = system) => hitsOf((await as.get('/web/console/search', { q })).body)

beforeAll(async () => {
  world = await startWorld()
  await connectMerchant(world)
  const of = world.ctx.db.selectFrom('member').select('mobile').where('user_key', '=', 'zhangsan')
  mobile = (await of.executeTakeFirstOrThrow()).mobile
  system = await signInAs(world, 'system')
  cashier = await world.addDeveloper({ scopes: ['pay:write'] })
})
afterAll(() => world.close())

describe('search everywhere', () => {
  it('finds members by name, pinyin and userid', async () => {
    for (const words of ['张三', 'zhangsan', 'zs']) {
      expect(
        (await search(words)).members.map(one => one.id),
        words,
      ).toContain('zhangsan')
    }
  })

  it('finds apps by a part of the name or the id', async () => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '报销助手', devId: world.dev.devId })
    expect((await search('报销')).apps).toEqual([{ id, title: '报销助手', detail: '' }])
    expect((await search(id)).apps).toHaveLength(1)
    await setApp(world.ctx, 'test', world.corpId, id, { enabled: false })
    expect((await search(id)).apps[0]?.detail).toBe('已停用')
    const headers = { cookie: system.cookie, 'accept-language': 'en' }
    const english = await call(`${world.server.url}/web/console/search?q=${id}`, { headers })
    expect(hitsOf(english.body as { list: SearchResult[] }).apps[0]?.detail).toBe('Disabled')
    await setApp(world.ctx, 'test', world.corpId, id, { enabled: true })
  })

  it('finds a message and an event by id', async () => {
    await setChannel(world.ctx, 'test', world.corpId, 'email', {
      host: '127.0.0.1',
      port: 9,
      security: 'none',
      user: '',
      password: '',
      from: 'a@b.example',
    })
    const sent = await world.dev.post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '2',
      agentName: '提醒',
      title: '标题',
      content: '内容',
    })
    const { msgId } = sent.body
    expect((await search(msgId)).messages.map(one => one.id)).toEqual([msgId])
    await world.connectCallback()
    await world.admin('user/update', { userid: 'lisi', alias: '小李' })
    await world.settle()
    const events = await world.ctx.db.selectFrom('inbox_event').select('id').execute()
    const id = String(events[0]?.id)
    expect((await search(id)).events.map(one => one.id)).toEqual([id])
  })

  it('finds a call of the API by its request id', async () => {
    const url = `${world.server.url}/api/org/tagList?devToken=${await world.dev.token()}`
    const requestId = (await fetch(url)).headers.get('x-request-id') ?? ''
    const [found] = (await search(requestId)).requests
    expect(found).toMatchObject({ id: requestId, title: 'GET /api/org/tagList' })
    expect((await search(requestId.slice(1))).requests).toEqual([])
  })

  it('finds settings of channels by their labels in both languages', async () => {
    const server = { id: 'email', title: '邮件', detail: '服务器 · IMAP 服务器' }
    for (const words of ['邮件 服务器', 'mail server'])
      expect((await search(words)).channels, words).toEqual([server])
    const mail = { ...server, detail: expect.stringContaining('发件人') }
    for (const words of ['邮件', '发件人', 'sender'])
      expect((await search(words)).channels, words).toContainEqual(mail)
  })

  it('finds mobiles, departments, tags and developers', async () => {
    expect((await search(mobile)).members.map(one => one.id)).toEqual(['zhangsan'])
    const { tree, tags } = world.ctx.mirrors.of(world.corpId)
    const last = tree.order.at(-1)?.department
    expect((await search(last?.name ?? '')).departments.map(one => one.id)).toContain(String(last?.id))
    const [tag] = tags.values()
    expect((await search(tag?.name ?? '')).tags.map(one => one.id)).toContain(String(tag?.id))
    const [developer] = (await search(world.dev.devId)).developers
    expect(developer?.id).toBe(world.dev.devId)
    expect((await search(developer?.title ?? '')).developers.map(one => one.id)).toContain(world.dev.devId)
  })

  it('finds bills by number, title and payer', async () => {
    const bill = { billNo: 'CANTEEN-1', userId: 'zhangsan', title: '十一月餐费', amount: 1280 }
    await cashier.post('/api/pay/bill/create', { list: [bill] })
    const found = { id: expect.any(String), title: '十一月餐费 ¥12.80', detail: '张三 CANTEEN-1' }
    for (const words of ['canteen', '月餐', '张三', 'zhangsan'])
      expect((await search(words)).bills, words).toEqual([found])
    expect((await search('十二月餐费')).bills).toEqual([])
  })

  it('finds the latest acts of and on somebody', async () => {
    const { id } = await addApp(world.ctx, 'wangwu', world.corpId, {
      name: '考勤打卡',
      devId: world.dev.devId,
    })
    expect((await search('wangwu')).audit[0]).toMatchObject({
      title: '添加应用',
      detail: expect.stringContaining('考勤打卡'),
    })
    const [act] = (await search(id)).audit
    expect((await search(id)).audit).toHaveLength(1)
    // On the clocks of the corp.
    const hourIn = (zone: string) => clockOf(world.ctx.now(), zone).slice(11, 14)
    expect(act?.detail).toContain(`今天 ${hourIn('Asia/Shanghai')}`)
    await setCorp(world.ctx, 'test', world.corpId, { timeZone: 'Pacific/Kiritimati' })
    expect((await search(id)).audit[0]?.detail).toContain(`今天 ${hourIn('Pacific/Kiritimati')}`)
    await setCorp(world.ctx, 'test', world.corpId, { timeZone: 'Asia/Shanghai' })
  })

  it('shows a graded administrator members of the assigned departments only', async () => {
    const { members, tree } = world.ctx.mirrors.of(world.corpId)
    const zhangsan = members.byKey('zhangsan')
    const other = tree.order.find(
      ({ children, department }) =>
        children.length === 0 &&
        !zhangsan?.departments.includes(department.id) &&
        members.direct(department.id).some(one => one.status === 1),
    )
    const departmentId = other?.department.id ?? 0
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId, manage: true }])
    const none = {
      members: [],
      departments: [],
      tags: [],
      developers: [],
      apps: [],
      bills: [],
      messages: [],
      events: [],
      requests: [],
      channels: [],
    }
    expect(await search('zhangsan', graded)).toEqual({ ...none, audit: [] })
    expect((await search(mobile, graded)).members).toEqual([])
    const root = tree.order[0]?.department.name ?? ''
    expect((await search(root, graded)).departments.map(one => one.title)).not.toContain(root)
    const name = other?.department.name ?? ''
    expect((await search(name, graded)).departments.map(one => one.id)).toContain(String(departmentId))
    expect((await search('报销', graded)).apps).toEqual([])
    const payer = members.direct(departmentId).find(one => one.status === 1)?.userId
    const bill = { billNo: 'CANTEEN-2', userId: payer, title: '十一月餐费', amount: 100 }
    await cashier.post('/api/pay/bill/create', { list: [bill] })
    expect((await search('十一月餐费')).bills).toHaveLength(2)
    expect((await search('十一月餐费', graded)).bills).toMatchObject([
      { detail: expect.stringContaining('CANTEEN-2') },
    ])
  })
})

describe('about', () => {
  it('shows the environment without a secret', async () => {
    const { body } = await system.get('/web/system/about')
    const about = body as InstallationInfo
    expect(about.node).toBe(process.version)
    expect(about.database.kind).toBe('postgres')
    expect(about.environment.find(row => row.name === 'WISP_PORT')).toMatchObject({ isSet: true, value: '0' })
    expect(about.environment.find(row => row.name === 'WISP_HOST')).toMatchObject({ isSet: false })
  })

  it('is for the system super administrator alone', async () => {
    const superAdministrator = await signInAs(world, 'super')
    expect((await superAdministrator.get('/web/system/about')).status).toBe(403)
  })
})
