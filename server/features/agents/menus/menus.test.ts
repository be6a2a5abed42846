import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { addCorp } from '../../../organisation/corps/corps.ts'
import { addApp } from '../../apps/apps.ts'
import { type AgentOfCorp, agentOf } from '../agent.ts'
import { buttonTypes, type Menu } from './menu.ts'
import {
  menuOf,
  menuVersionsOf,
  publishMenu,
  pullMenu,
  rollBackMenu,
  saveMenu,
  withdrawMenu,
} from './menus.ts'

let world: World
let of: AgentOfCorp
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  const agentId = await world.connectAgent()
  of = agentOf(world.ctx, world.corpId, agentId)
  const app = { name: '审批', homeUrl: 'https://approvals.example.com/home' }
  appId = (await addApp(world.ctx, 'test', world.corpId, app)).id
})
afterAll(() => world.close())

const view = (name: string) => ({ name, type: 'view' as const, url: 'https://example.com/a?b=c' })
const save = async (buttons: Menu['buttons']) =>
  saveMenu(world.ctx, 'test', of, { buttons }, (await menuOf(world.ctx, of)).n)
const shown = () => of.agent.client.menuGet(of.agent.agentId)

describe('the menu of an agent', () => {
  it('is saved as a version, and shown by WeCom once it is published', async () => {
    await save([{ name: '新闻', type: 'click', key: 'news' }, view('官网')])
    expect(await menuOf(world.ctx, of)).toMatchObject({ n: 1, publishedN: null })
    expect(await shown()).toBeUndefined()
    expect(await pullMenu(world.ctx, 'test', of)).toBeUndefined()
    await publishMenu(world.ctx, 'test', of)
    expect(await menuOf(world.ctx, of)).toMatchObject({ n: 1, publishedN: 1 })
    expect(await shown()).toEqual([{ name: '新闻', type: 'click', key: 'news' }, view('官网')])
    expect(await pullMenu(world.ctx, 'test', of)).toBe(1)
  })

  it('of every type is published and comes back as it was made, without what another type needed', async () => {
    const key = (type: (typeof buttonTypes)[number]) => ({ name: type.slice(0, 12), type, key: `k ${type}` })
    const n = await save([
      { name: '一', sub: [key('click'), key('scancode_push'), key('scancode_waitmsg'), key('pic_sysphoto')] },
      { name: '二', sub: [key('pic_photo_or_album'), key('pic_weixin'), key('location_select')] },
      {
        name: '三',
        sub: [
          { ...view('网页'), key: 'left over' },
          { name: '小程序', type: 'view_miniprogram', appId: 'wx0123456789abcdef', pagePath: 'pages/a' },
          { name: '审批', type: 'app', app: appId },
          { name: '新申请', type: 'app', app: appId, path: '/new?kind=请假' },
        ],
      },
    ])
    const { menu } = await menuOf(world.ctx, of)
    expect(menu.buttons[2]?.sub?.[0]).toEqual(view('网页'))
    const used = menu.buttons.flatMap(button => button.sub ?? []).map(one => one.type)
    expect(new Set([...used, 'other'])).toEqual(new Set(buttonTypes))
    await publishMenu(world.ctx, 'test', of)
    expect(await pullMenu(world.ctx, 'test', of)).toBe(n)
  })

  it("opens an app by wisp's own link, which leads to a page that issues the jessionId", async () => {
    const url = (await shown())?.[2]?.sub_button?.[3]?.url ?? ''
    expect(url).toBe(`${world.server.url}/mobile/app/${appId}?path=%2Fnew%3Fkind%3D%E8%AF%B7%E5%81%87`)
    expect(url).not.toContain('jessionId')
    const [member] = [...world.ctx.mirrors.of(world.corpId).members.all()]
    const me = await signIn(world, { userId: member!.userId })
    const path = new URL(url).searchParams.get('path') ?? ''
    const opened = await me.post('/web/portal/open', { appId, menuPath: path, device: 'phone' })
    expect(opened.body.url).toMatch(/^https:\/\/approvals\.example\.com\/new\?.*jessionId=/)
  })

  it('names the corp in the link of an app where corps share a host', async () => {
    await addCorp(world.ctx, 'test', { corpId: 'wwother', name: '另一家', contactSecret: 'other' })
    await publishMenu(world.ctx, 'test', of)
    const url = new URL((await shown())?.[2]?.sub_button?.[2]?.url ?? '')
    expect(url.pathname).toBe('/signin/wecom')
    expect([...url.searchParams]).toEqual([
      ['corpId', world.corpId],
      ['to', `/mobile/app/${appId}`],
    ])
    const { n } = await menuOf(world.ctx, of)
    expect(await pullMenu(world.ctx, 'test', of)).toBe(n)
  })

  it('goes back to an earlier version, and is withdrawn', async () => {
    const n = await rollBackMenu(world.ctx, 'test', of, 1)
    await publishMenu(world.ctx, 'test', of)
    expect((await shown())?.map(one => one.name)).toEqual(['新闻', '官网'])
    await withdrawMenu(world.ctx, 'test', of)
    expect(await shown()).toBeUndefined()
    expect(await menuOf(world.ctx, of)).toMatchObject({ n, publishedN: null })
    expect((await menuVersionsOf(world.ctx, of)).map(one => one.source)).toEqual(['rollback', 'edit', 'edit'])
  })

  it('that was made elsewhere is pulled, and says what cannot be published', async () => {
    await of.agent.client.menuCreate(of.agent.agentId, [view('别处')])
    const n = await pullMenu(world.ctx, 'test', of)
    expect((await menuOf(world.ctx, of)).menu.buttons).toEqual([view('别处')])
    const elsewhere = { buttons: [{ name: '新类型', type: 'other' as const, key: 'x' }] }
    await expect(saveMenu(world.ctx, 'test', of, elsewhere, n ?? 0)).rejects.toThrow(/不认识的类型/)
  })

  it('of two editors is saved by the first alone', async () => {
    const { n } = await menuOf(world.ctx, of)
    await saveMenu(world.ctx, 'test', of, { buttons: [view('先')] }, n)
    const late = saveMenu(world.ctx, 'test', of, { buttons: [view('晚')] }, n)
    await expect(late).rejects.toMatchObject({ code: '1000', status: 409 })
  })

  it("tells WeCom's refusal, after which the menu is what it was", async () => {
    await world.control('faults', { match: 'menu/create', mode: 'code:40019', times: 1 })
    await expect(publishMenu(world.ctx, 'test', of)).rejects.toMatchObject({ code: '1011' })
    expect((await shown())?.map(one => one.name)).toEqual(['别处'])
    expect((await menuOf(world.ctx, of)).publishedN).not.toBe((await menuOf(world.ctx, of)).n)
  })

  it('goes with the agent, and is not that of an agent of the same number in another corp', async () => {
    const rows = await world.ctx.db
      .selectFrom('official_menu_version')
      .select(['owner_id', 'original_id', 'agent_id'])
      .execute()
    const { agentId } = of.agent
    expect(new Set(rows.map(row => JSON.stringify(row)))).toEqual(
      new Set([JSON.stringify({ owner_id: `agent:${agentId}`, original_id: null, agent_id: agentId })]),
    )
    expect(() => agentOf(world.ctx, 'wwother', agentId)).toThrow(/没有自建应用/)
  })
})

describe('a menu over the limits is refused by the button', () => {
  const button = { name: '一', type: 'click' as const, key: 'k' }
  it.each<[string, () => Menu['buttons'], RegExp]>([
    ['four buttons', () => [button, button, button, button], /1 到 3 个/],
    ['six sub-buttons', () => [{ name: '一', sub: Array(6).fill(button) }], /按钮 1 的二级按钮最多 5 个/],
    ['a name of 18 bytes', () => [{ ...button, name: '一二三四五六' }], /按钮 1 的名称有 18 字节/],
    [
      'a sub-name of 42 bytes',
      () => [{ name: '一', sub: [{ ...button, name: '一'.repeat(14) }] }],
      /按钮 1\.1 的名称有 42 字节，最多 40/,
    ],
    ['a key of 129 bytes', () => [{ ...button, key: 'k'.repeat(129) }], /key 最多 128 字节/],
    ['a script', () => [{ name: '一', type: 'view', url: 'javascript:alert(1)' }], /http/],
    ['no mini-program', () => [{ name: '一', type: 'view_miniprogram', pagePath: 'a' }], /缺少 appId/],
    ['no app', () => [button, { name: '二', type: 'app' }], /按钮 2 缺少 app/],
    ['an unknown app', () => [button, { name: '二', type: 'app', app: 'nowhere' }], /按钮 2 的应用不存在/],
    [
      'a page that the app does not have',
      () => [{ name: '一', type: 'app', app: appId, path: 'https://elsewhere.example/' }],
      /没有这个页面/,
    ],
    [
      'a link beyond 1024 bytes',
      () => [{ name: '一', type: 'app', app: appId, path: `/${'长'.repeat(120)}` }],
      /按钮 1 的页面地址太长/,
    ],
  ])('%s', async (_what, buttons, why) => {
    await expect(save(buttons())).rejects.toThrow(why)
  })
})
