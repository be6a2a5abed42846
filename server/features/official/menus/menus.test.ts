import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { storeFile } from '../../../platform/files/files.ts'
import { getMenu, tryMenu } from '../../../upstream/official/calls/menu.ts'
import type { Account } from '../accounts/accounts.ts'
import { publicationsOf, publishDraft, saveDraft } from '../drafts/drafts.ts'
import { mediaIdOf } from '../media/media.ts'
import { buttonTypes, checkMenu, type Menu, menuLimits } from './menu.ts'
import {
  menuOf,
  menuVersionsOf,
  publishMenu,
  pullMenu,
  rollBackMenu,
  saveMenu,
  withdrawMenu,
} from './menus.ts'
import { clicksOf } from './store.ts'

let world: World
let account: Account
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
})
afterAll(() => world.close())

const view = (name: string) => ({ name, type: 'view' as const, url: 'https://example.com/a?b=c' })
const plain: Menu = {
  buttons: [
    { name: '新闻', type: 'click', key: 'news' },
    { name: '服务', sub: [view('预约'), { name: '扫码', type: 'scancode_waitmsg', key: 'scan' }] },
  ],
  personalised: [],
}
const save = async (menu: Menu) =>
  saveMenu(world.ctx, 'test', account, menu, (await menuOf(world.ctx, account)).n)

describe('a menu', () => {
  it('is saved as a version, and shown by WeChat once it is published', async () => {
    await save(plain)
    expect(await menuOf(world.ctx, account)).toMatchObject({ n: 1, publishedN: null, failure: null })
    await publishMenu(world.ctx, 'test', account)
    expect(await menuOf(world.ctx, account)).toMatchObject({ n: 1, menu: plain, publishedN: 1 })
    expect(await pullMenu(world.ctx, 'test', account)).toBe(1)
  })

  it('has its addresses encoded, as those of messages are, also where an earlier version has not', async () => {
    const url = 'https://例子.example/预约?部门=人事 部'
    const encoded =
      'https://xn--fsqu00a.example/%E9%A2%84%E7%BA%A6?%E9%83%A8%E9%97%A8=%E4%BA%BA%E4%BA%8B%20%E9%83%A8'
    const leaf = { name: '预约', type: 'view' as const, url }
    const menu = { buttons: [{ name: '服务', sub: [leaf] }], personalised: [] }
    const n = await save(menu)
    const published = async () => (await getMenu(account.client))?.buttons[0]?.sub_button?.[0]?.url
    await publishMenu(world.ctx, 'test', account)
    expect(await published()).toBe(encoded)
    expect(await pullMenu(world.ctx, 'test', account)).toBe(n)
    const stored = world.ctx.db.updateTable('official_menu_version').where('n', '=', n)
    await stored.set({ menu: JSON.stringify(menu) }).execute()
    await withdrawMenu(world.ctx, 'test', account)
    await publishMenu(world.ctx, 'test', account)
    expect(await published()).toBe(encoded)
    // Three bytes of UTF-8 are nine when they are encoded.
    const long = { name: '长', type: 'view' as const, url: `https://a.cn/${'长'.repeat(120)}` }
    await expect(save({ buttons: [long], personalised: [] })).rejects.toThrow(/最多 1024 字节/)
  })

  it('of every type is published and comes back as it was made', async () => {
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(1, 40))
    const mediaId = await mediaIdOf(world.ctx, account, hash, 'cover')
    const articleId = await publishedArticle(hash)
    const keyed = [
      'click',
      'scancode_push',
      'scancode_waitmsg',
      'pic_sysphoto',
      'pic_photo_or_album',
    ] as const
    const others = ['pic_weixin', 'location_select'] as const
    const leaf = (type: (typeof keyed)[number] | (typeof others)[number]) => ({
      name: type,
      type,
      key: `k ${type}`,
    })
    const every: Menu = {
      buttons: [
        { name: '一', sub: keyed.map(leaf) },
        {
          name: '二',
          sub: [
            ...others.map(leaf),
            view('网页'),
            {
              name: '小程序',
              type: 'miniprogram',
              url: 'https://a.cn',
              appId: 'wx0123456789abcdef',
              pagePath: 'pages/a',
            },
          ],
        },
        {
          name: '三',
          sub: [
            { name: '素材', type: 'media_id', mediaId },
            { name: '素材图文', type: 'view_limited', mediaId },
            { name: '文章', type: 'article_id', articleId },
            { name: '看文章', type: 'article_view_limited', articleId },
          ],
        },
      ],
      personalised: [],
    }
    const used = every.buttons.flatMap(button => button.sub ?? []).map(one => one.type)
    expect(new Set([...used, 'site'])).toEqual(new Set(buttonTypes))
    await save(every)
    const n = await publishMenu(world.ctx, 'test', account)
    expect(await pullMenu(world.ctx, 'test', account)).toBe(n)
  })
  const publishedArticle = async (coverHash: string) => {
    const rest = {
      author: '',
      digest: '',
      sourceUrl: '',
      coverMediaId: '',
      hasComments: false,
      fansOnly: false,
    }
    const article = { ...rest, title: '文章', content: '<p>正文</p>', coverHash }
    await world.control('official/rules', { publishJobMs: 0 })
    const { mediaId } = await saveDraft(world.ctx, 'test', account, [article])
    const publishId = await publishDraft(world.ctx, 'test', account, mediaId)
    const found = async () =>
      (await publicationsOf(world.ctx, account)).find(one => one.publishId === publishId)
    await until('the article', async () => (await found())?.articleId !== '')
    return (await found())?.articleId ?? ''
  }

  it('that was personalised shows followers the first that fits', async () => {
    const followers = await world.control(`official/followers?originalId=${account.originalId}&limit=60`)
    const list = followers['followers'] as { openid: string; platform?: number; index: number }[]
    const apple = list.find(one => one.index % 3 === 0)!.openid
    const android = list.find(one => one.index % 3 === 1)!.openid
    const personalised = [
      { rule: { platform: 'ios' as const }, buttons: [view('苹果')] },
      { rule: { platform: 'ios' as const }, buttons: [view('从不')] },
      { rule: { platform: 'android' as const }, buttons: [view('安卓')] },
    ]
    await save({ ...plain, personalised })
    await publishMenu(world.ctx, 'test', account)
    const names = async (openid: string) => (await tryMenu(account.client, openid)).map(button => button.name)
    expect([await names(apple), await names(android)]).toEqual([['苹果'], ['安卓']])
    await publishMenu(world.ctx, 'test', account)
    expect(await names(apple)).toEqual(['苹果'])
    const { n } = await menuOf(world.ctx, account)
    expect(await pullMenu(world.ctx, 'test', account)).toBe(n)
  })

  it('is shown to the followers of a tag, and to no others', async () => {
    const found = await world.control(`official/followers?originalId=${account.originalId}&limit=200`)
    const list = found['followers'] as { openid: string; tags: number[] }[]
    const tagged = list.find(one => one.tags.length === 1)!
    const other = list.find(one => one.tags.length === 0)!
    await save({ ...plain, personalised: [{ rule: { tagId: tagged.tags[0]! }, buttons: [view('会员')] }] })
    await publishMenu(world.ctx, 'test', account)
    const names = async (openid: string) => (await tryMenu(account.client, openid)).map(button => button.name)
    expect(await names(tagged.openid)).toEqual(['会员'])
    expect(await names(other.openid)).toEqual(['新闻', '服务'])
  })

  it('goes back to an earlier version, and is withdrawn', async () => {
    const n = await rollBackMenu(world.ctx, 'test', account, 1)
    expect(await menuOf(world.ctx, account)).toMatchObject({ n, menu: plain })
    await publishMenu(world.ctx, 'test', account)
    await withdrawMenu(world.ctx, 'test', account)
    expect(await menuOf(world.ctx, account)).toMatchObject({ n, publishedN: null })
    expect(await pullMenu(world.ctx, 'test', account)).toBeUndefined()
    const sources = (await menuVersionsOf(world.ctx, account)).map(version => version.source)
    expect(sources).toEqual(['rollback', ...Array(5).fill('edit')])
  })

  it("that was made on WeChat's own site is pulled, and says what cannot be published", async () => {
    const siteMenu = [{ name: '关于', type: 'text', value: '我们是…' }]
    await world.control('official/settings', { originalId: account.originalId, siteMenu })
    await pullMenu(world.ctx, 'test', account)
    const { menu } = await menuOf(world.ctx, account)
    expect(menu.buttons).toEqual([{ name: '关于', type: 'site', key: '我们是…' }])
    await expect(publishMenu(world.ctx, 'test', account)).rejects.toMatchObject({ code: '1000' })
  })

  it('of two editors is saved by the first alone', async () => {
    const { n } = await menuOf(world.ctx, account)
    await saveMenu(world.ctx, 'test', account, plain, n)
    const late = saveMenu(world.ctx, 'test', account, { ...plain, buttons: [view('晚了')] }, n)
    await expect(late).rejects.toMatchObject({ code: '1000', status: 409 })
  })

  it('whose publishing stopped midway says so, and is whole after the next one', async () => {
    await save({ ...plain, personalised: [{ rule: { platform: 'ios' }, buttons: [view('苹果')] }] })
    await world.control('faults', {
      match: 'official/cgi-bin/menu/addconditional',
      mode: 'code:65305',
      times: 1,
    })
    await expect(publishMenu(world.ctx, 'test', account)).rejects.toMatchObject({ code: '1011' })
    expect((await menuOf(world.ctx, account)).failure).toContain('65305')
    await publishMenu(world.ctx, 'test', account)
    expect((await menuOf(world.ctx, account)).failure).toBeNull()
  })

  it('of an account that may not have one is refused before WeChat is asked', async () => {
    const unverified = await world.bindOfficial('subscription', { verified: false })
    await saveMenu(world.ctx, 'test', unverified, plain, 0)
    await expect(publishMenu(world.ctx, 'test', unverified)).rejects.toMatchObject({ code: '1009' })
  })

  it('counts who pressed what', async () => {
    const found = await world.control(`official/followers?originalId=${account.originalId}&limit=2`)
    const [a, b] = (found['followers'] as { openid: string }[]).map(one => one.openid)
    const { originalId } = account
    const click = { originalId, act: 'click', key: 'news', wait: true }
    for (const [n, openid] of [a, a, b].entries())
      await world.control('official/act', { ...click, openid, createTime: 1_714_112_445 + n })
    await world.control('official/act', {
      originalId,
      openid: a,
      act: 'view',
      url: 'https://a.cn',
      wait: true,
    })
    await world.settleOfficial(account)
    expect(await clicksOf(world.ctx.db, account, new Date(0))).toEqual([
      { key: 'news', kind: 'click', clicks: 3, people: 2 },
      { key: 'https://a.cn', kind: 'view', clicks: 1, people: 1 },
    ])
  })
})

describe('a menu over the limits is refused by the button', () => {
  const button = { name: '一', type: 'click' as const, key: 'k' }
  it.each<[string, Menu['buttons'], RegExp]>([
    ['none', [], /1 到 3 个/],
    ['four buttons', [button, button, button, button], /1 到 3 个/],
    ['six sub-buttons', [{ name: '一', sub: Array(6).fill(button) }], /按钮 1 的二级按钮最多 5 个/],
    ['a name of 18 bytes', [{ ...button, name: '一二三四五六' }], /按钮 1 的名称有 18 字节/],
    [
      'a sub-name of 63 bytes',
      [{ name: '一', sub: [{ ...button, name: '一'.repeat(21) }] }],
      /按钮 1\.1 的名称/,
    ],
    ['no name', [button, { ...button, name: ' ' }], /按钮 2 没有名称/],
    ['a key of 129 bytes', [{ ...button, key: 'k'.repeat(129) }], /key 最多 128 字节/],
    ['no key', [{ name: '一', type: 'click' }], /缺少 key/],
    ['a script', [{ name: '一', type: 'view', url: 'javascript:alert(1)' }], /http/],
    [
      'an endless address',
      [{ name: '一', type: 'view', url: `https://a.cn/${'a'.repeat(1024)}` }],
      /1024 字节/,
    ],
    ['nothing to do', [{ name: '一' }], /没有响应动作/],
  ])('%s', (_what, buttons, why) => {
    expect(() => checkMenu({ buttons, personalised: [] })).toThrow(why)
  })

  it('more personalised menus than WeChat takes', () => {
    const one = { rule: { platform: 'ios' as const }, buttons: [button] }
    const personalised = Array(menuLimits.personalised + 1).fill(one)
    expect(() => checkMenu({ buttons: [button], personalised })).toThrow(/最多 50 个/)
  })

  it('a condition that is empty', () => {
    const menu = { buttons: [button], personalised: [{ rule: {}, buttons: [button] }] }
    expect(() => checkMenu(menu)).toThrow(/个性化菜单 1 的条件为空/)
  })
})
