import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
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

test('user/get goes page by page, even when followers leave between the pages', async () => {
  await control(sandbox, 'POST', 'official/rules', { followersPerPage: 500 })
  const seen: string[] = []
  let next = ''
  for (let page = 0; page < 3; page++) {
    const answer = (await account.get('cgi-bin/user/get', next ? { next_openid: next } : {})) as never as {
      total: number
      count: number
      data: { openid: string[] }
      next_openid: string
    }
    expect(answer.count).toBe(page === 2 ? 200 : 500)
    seen.push(...answer.data.openid)
    next = answer.next_openid
    if (page === 1) await account.act({ openid: next, act: 'unsubscribe' })
  }
  expect(seen).toEqual(openids)
  expect(await account.get('cgi-bin/user/get', { next_openid: next })).toEqual({
    total: 1199,
    count: 0,
    next_openid: '',
  })
  await account.act({ openid: openids[999], act: 'subscribe' })
})

test('a hundred thousand followers are there at once', async () => {
  const big = await accountCaller(sandbox, 2)
  expect(await big.control('followers', { count: 100_000 })).toEqual({ followers: 100_060 })
  await control(sandbox, 'POST', 'official/rules', { followersPerPage: 10_000 })
  expect(await big.get('cgi-bin/user/get')).toMatchObject({ total: 100_060, count: 10_000 })
})

test('user/info has no names, and nothing of those who left', async () => {
  const [first, second] = openids as [string, string]
  const info = await account.get('cgi-bin/user/info', { openid: first })
  expect(info).toMatchObject({ subscribe: 1, openid: first, tagid_list: [100, 101, 102] })
  expect(info).not.toHaveProperty('nickname')
  await account.act({ openid: second, act: 'unsubscribe' })
  const user_list = [{ openid: first, lang: 'zh_CN' }, { openid: second }]
  const { user_info_list } = await account.post('cgi-bin/user/info/batchget', { user_list })
  expect(user_info_list).toEqual([info, { subscribe: 0, openid: second }])
  await account.act({ openid: second, act: 'subscribe' })
  expect(await account.get('cgi-bin/user/info', { openid: 'o1' })).toMatchObject({ errcode: 40003 })
  expect(
    await account.post('cgi-bin/user/info/updateremark', { openid: first, remark: '老王' }),
  ).toMatchObject({ errcode: 0 })
  expect(await account.get('cgi-bin/user/info', { openid: first })).toMatchObject({ remark: '老王' })
})

test('tags: names, counts, limits', async () => {
  const { tag } = (await account.post('cgi-bin/tags/create', { tag: { name: '杭州' } })) as never as {
    tag: { id: number }
  }
  expect(tag.id).toBe(103)
  expect(await account.post('cgi-bin/tags/create', { tag: { name: '杭州' } })).toMatchObject({
    errcode: 45157,
  })
  expect(
    await account.post('cgi-bin/tags/create', { tag: { name: '一二三四五六七八九十一' } }),
  ).toMatchObject({ errcode: 45158 })
  expect(await account.post('cgi-bin/tags/update', { tag: { id: 2, name: 'x' } })).toMatchObject({
    errcode: 45058,
  })
  const put = (list: string[], tagid = tag.id) =>
    account.post('cgi-bin/tags/members/batchtagging', { openid_list: list, tagid })
  expect(await put(openids.slice(10, 13))).toMatchObject({ errcode: 0 })
  expect(await put(openids.slice(0, 51))).toMatchObject({ errcode: 40032 })
  expect(await put([(await (await accountCaller(sandbox, 1)).openids())[0]!])).toMatchObject({
    errcode: 49003,
  })
  expect(await put([openids[0]!], 999)).toMatchObject({ errcode: 45159 })
  expect(await account.post('cgi-bin/user/tag/get', { tagid: tag.id })).toEqual({
    count: 3,
    data: { openid: openids.slice(10, 13) },
    next_openid: openids[12],
  })
  expect(await account.post('cgi-bin/tags/delete', { tag: { id: tag.id } })).toMatchObject({ errcode: 0 })
  expect(await account.post('cgi-bin/tags/getidlist', { openid: openids[11] })).toEqual({ tagid_list: [] })
})

test('the black list stops messages', async () => {
  const openid = openids[20]!
  const block = (path: string) => account.post(`cgi-bin/tags/members/${path}`, { openid_list: [openid] })
  await block('batchblacklist')
  expect(await account.post('cgi-bin/tags/members/getblacklist')).toMatchObject({
    total: 1,
    data: { openid: [openid] },
  })
  expect(await account.act({ openid, act: 'text', content: 'x', wait: true })).toMatchObject({
    pushed: 'blocked',
  })
  await block('batchunblacklist')
  expect(await account.act({ openid, act: 'text', content: 'x', wait: true })).toMatchObject({
    pushed: 'none',
  })
})

test('a QR code has a picture, and brings a follower with its scene', async () => {
  const create = (body: object) => account.post('cgi-bin/qrcode/create', body)
  const made = await create({
    expire_seconds: 600,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: '门店' } },
  })
  expect(made).toEqual({
    ticket: expect.any(String),
    expire_seconds: 600,
    url: expect.stringMatching(/^http:/),
  })
  const picture = await fetch(
    `${sandbox.official.url}/cgi-bin/showqrcode?ticket=${encodeURIComponent(String(made['ticket']))}`,
  )
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect((await fetch(`${sandbox.official.url}/cgi-bin/showqrcode?ticket=x`)).status).toBe(404)
  const { openid } = await account.act({ act: 'scan', ticket: made['ticket'], wait: true })
  expect(await account.get('cgi-bin/user/info', { openid: String(openid) })).toMatchObject({
    qr_scene_str: '门店',
    subscribe_scene: 'ADD_SCENE_QR_CODE',
  })
  expect(await create({ action_name: 'QR_SCENE', action_info: { scene: { scene_id: 0 } } })).toMatchObject({
    errcode: 40053,
  })
})

test('an account that is not verified is refused', async () => {
  const small = await accountCaller(sandbox, 1)
  expect(await small.get('cgi-bin/user/get')).toMatchObject({ errcode: 48001 })
  expect(await (await accountCaller(sandbox, 2)).post('cgi-bin/qrcode/create')).toMatchObject({
    errcode: 48001,
  })
  await control(sandbox, 'POST', 'official/rules', { dayLimits: { '/cgi-bin/tags/get': 2 } })
  const errcodes: unknown[] = []
  for (let n = 0; n < 3; n++) errcodes.push((await account.get('cgi-bin/tags/get')).errcode)
  expect(errcodes).toEqual([undefined, undefined, 45009])
})
