import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { type AccountCaller, accountCaller } from '../test/account.ts'

let sandbox: Sandbox
let account: AccountCaller
let openids: string[]
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1 })
  account = await accountCaller(sandbox, 0)
  openids = await account.openids()
})
afterAll(async () => sandbox.close())

const click = (name: string, key = 'K') => ({ type: 'click', name, key })
const create = async (...button: object[]) => (await account.post('cgi-bin/menu/create', { button })).errcode

test('what is wrong with a menu', async () => {
  expect(await account.get('cgi-bin/menu/get')).toMatchObject({ errcode: 46003 })
  expect(await create()).toBe(40016)
  expect(await create(click('a'), click('b'), click('c'), click('d'))).toBe(40016)
  expect(await create(click('六个汉字太长'))).toBe(40018)
  expect(await create(click('a', 'k'.repeat(129)))).toBe(40019)
  expect(await create({ name: 'a', key: 'k' })).toBe(65308)
  expect(await create({ type: 'fly', name: 'a', key: 'k' })).toBe(40017)
  expect(await create({ type: 'view', name: 'a', url: 'ftp://a.example' })).toBe(40055)
  expect(await create({ name: 'a', sub_button: Array.from({ length: 6 }, () => click('b')) })).toBe(40023)
  expect(await create({ name: 'a', sub_button: [click('x'.repeat(61))] })).toBe(40025)
  expect(await create({ name: 'a', sub_button: [{ name: 'b', sub_button: [click('c')] }] })).toBe(40022)
})

test('characters that are escaped are refused, as WeChat does there alone', async () => {
  const escaped = JSON.stringify({ button: [click('首页')] }).replace('首', '\\u9996')
  const send = async (path: string) => {
    const url = `${sandbox.official.url}/${path}?access_token=${account.token}`
    return (await (await fetch(url, { method: 'POST', body: escaped })).json()) as { errcode: number }
  }
  expect(await send('cgi-bin/menu/create')).toMatchObject({ errcode: 40033 })
  expect(await send('cgi-bin/menu/addconditional')).toMatchObject({ errcode: 65303 })
})

test('the default menu, personalised ones and who sees which', async () => {
  expect(
    await account.post('cgi-bin/menu/addconditional', { button: [click('a')], matchrule: { tag_id: '100' } }),
  ).toMatchObject({ errcode: 65303 })
  expect(
    await create(click('首页'), {
      name: '更多',
      sub_button: [{ type: 'view', name: '官网', url: 'https://a.example/' }],
    }),
  ).toBe(0)
  const conditional = (name: string, matchrule: object) =>
    account.post('cgi-bin/menu/addconditional', { button: [click(name)], matchrule })
  const { menuid } = await conditional('老客户', { tag_id: '100' })
  expect(menuid).toEqual(expect.any(String))
  await conditional('苹果', { client_platform_type: '1' })
  expect(await conditional('x', {})).toMatchObject({ errcode: 65304 })
  expect(await conditional('x', { sex: '1' })).toMatchObject({ errcode: 65320 })
  const seen = async (index: number) =>
    (
      (await account.post('cgi-bin/menu/trymatch', { user_id: openids[index] }))['button'] as {
        name: string
      }[]
    )[0]!.name
  // Follower 4 has tag 100 only and an Android telephone; 0 an iPhone; 1 nothing of both.
  expect([await seen(4), await seen(0), await seen(1)]).toEqual(['老客户', '苹果', '首页'])
  expect(await account.get('cgi-bin/menu/get')).toMatchObject({
    menu: {
      menuid: expect.any(Number),
      button: [{ name: '首页', sub_button: [] }, { sub_button: [{ name: '官网' }] }],
    },
    conditionalmenu: [{ matchrule: { client_platform_type: '1' } }, { menuid: Number(menuid) }],
  })
  expect(await account.post('cgi-bin/menu/delconditional', { menuid })).toMatchObject({ errcode: 0 })
  expect(await account.post('cgi-bin/menu/delconditional', { menuid })).toMatchObject({ errcode: 65301 })
  expect(await seen(4)).toBe('首页')
  expect(await account.get('cgi-bin/get_current_selfmenu_info')).toMatchObject({
    is_menu_open: 1,
    selfmenu_info: { button: [{ key: 'K' }, { sub_button: { list: [{ url: 'https://a.example/' }] } }] },
  })
  await account.get('cgi-bin/menu/delete')
  expect(await account.get('cgi-bin/menu/get')).toMatchObject({ errcode: 46003 })
})

test('what was made on the site', async () => {
  await account.control('settings', {
    siteMenu: [{ name: '关于', type: 'text', value: '我们是…' }],
    autoReply: {
      is_autoreply_open: 1,
      message_default_autoreply_info: { type: 'text', content: '稍后回复' },
    },
  })
  expect(await account.get('cgi-bin/get_current_selfmenu_info')).toMatchObject({
    selfmenu_info: { button: [{ type: 'text', value: '我们是…' }] },
  })
  expect(await account.get('cgi-bin/get_current_autoreply_info')).toMatchObject({
    is_autoreply_open: 1,
    is_add_friend_reply_open: 0,
  })
  const small = await accountCaller(sandbox, 1)
  expect(await small.get('cgi-bin/get_current_selfmenu_info')).toEqual({
    is_menu_open: 0,
    selfmenu_info: { button: [] },
  })
  expect(await small.post('cgi-bin/menu/create', { button: [click('a')] })).toMatchObject({ errcode: 48001 })
})
