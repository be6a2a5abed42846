import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { avatarPng } from '../../avatar.ts'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { type Answer, control } from '../../test-caller.ts'
import {
  type AccountCaller,
  type AccountServer,
  accountCaller,
  keys,
  startAccountServer,
} from '../test/account.ts'

let sandbox: Sandbox
let account: AccountCaller
let server: AccountServer
let openids: string[]
let now = Date.UTC(2026, 7, 1, 4)
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1, now: () => now })
  await control(sandbox, 'POST', 'official/rules', {
    tokenSeconds: 100_000_000,
    massJobMs: 0,
    publishJobMs: 0,
  })
  account = await accountCaller(sandbox, 0)
  server = await startAccountServer(account.appId)
  openids = await account.openids()
  await account.control('configure', { url: server.url, ...keys })
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})
beforeEach(() => {
  server.received.length = 0
  now += 32 * 86_400_000
})

const upload = async (
  path: string,
  bytes: Buffer,
  name: string,
  more: Record<string, string> = {},
): Promise<Answer> => {
  const body = new FormData()
  for (const [key, value] of Object.entries(more)) body.append(key, value)
  body.append('media', new Blob([new Uint8Array(bytes)]), name)
  const join = path.includes('?') ? '&' : '?'
  return (
    await fetch(`${sandbox.official.url}/${path}${join}access_token=${account.token}`, {
      method: 'POST',
      body,
    })
  ).json() as never
}
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])
const article = async (title: string) => ({
  title,
  content: '<p>正文<script>alert(1)</script><img src="https://other.example/a.png"></p>',
  thumb_media_id: String(
    (await upload('cgi-bin/material/add_material?type=thumb', jpeg, 'a.jpg'))['media_id'],
  ),
})
/** Resolves with the fields of the next push of this event. */
const finished = async (event: string): Promise<string> => {
  for (;;) {
    const found = server.received.find(({ clear }) => clear.includes(`[${event}]`))
    if (found) return found.clear
    await new Promise(setImmediate)
  }
}
const text = (content: string) => ({ msgtype: 'text', text: { content } })
const toAll = (content: string, more: object = {}) =>
  account.post('cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, ...text(content), ...more })

test('media is what its bytes are', async () => {
  const image = await upload('cgi-bin/media/upload?type=image', avatarPng(1, 40), 'a.png')
  expect(image).toEqual({ type: 'image', media_id: expect.any(String), created_at: Math.floor(now / 1000) })
  const file = await fetch(
    `${sandbox.official.url}/cgi-bin/media/get?access_token=${account.token}&media_id=${image['media_id']}`,
  )
  expect(file.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await file.arrayBuffer())).toEqual(avatarPng(1, 40))
  expect(await upload('cgi-bin/media/upload?type=image', Buffer.from('<svg/>'), 'a.png')).toMatchObject({
    errcode: 40005,
  })
  expect(await upload('cgi-bin/media/upload?type=film', jpeg, 'a.jpg')).toMatchObject({ errcode: 40004 })
  now += 4 * 86_400_000
  expect(await account.get('cgi-bin/media/get', { media_id: String(image['media_id']) })).toMatchObject({
    errcode: 40007,
  })
})

test('material is listed and deleted', async () => {
  const video = Buffer.from('\0\0\0\x18ftypmp42', 'latin1')
  const description = JSON.stringify({ title: '开业', introduction: '当天' })
  const { media_id } = await upload('cgi-bin/material/add_material?type=video', video, 'a.mp4', {
    description,
  })
  expect(await account.get('cgi-bin/material/get_materialcount')).toMatchObject({ video_count: 1 })
  expect(
    await account.post('cgi-bin/material/batchget_material', { type: 'video', offset: 0, count: 20 }),
  ).toMatchObject({
    total_count: 1,
    item: [{ media_id, name: '开业' }],
  })
  expect(await account.post('cgi-bin/material/get_material', { media_id })).toMatchObject({
    title: '开业',
    description: '当天',
  })
  const { down_url } = await account.post('cgi-bin/material/get_material', { media_id })
  expect(Buffer.from(await (await fetch(String(down_url))).arrayBuffer())).toEqual(video)
  expect(await account.post('cgi-bin/material/del_material', { media_id })).toMatchObject({ errcode: 0 })
  expect(await account.post('cgi-bin/material/get_material', { media_id })).toMatchObject({ errcode: 40007 })
})

test('articles are no material any more', async () => {
  for (const path of ['material/add_news', 'media/uploadnews'])
    expect(await account.post(`cgi-bin/${path}`, { articles: [] })).toMatchObject({ errcode: 45106 })
})

test('a draft is cleaned, changed and published', async () => {
  const { media_id } = await account.post('cgi-bin/draft/add', { articles: [await article('春天')] })
  const read = await account.post('cgi-bin/draft/get', { media_id })
  expect(read['news_item']).toMatchObject([{ title: '春天', content: '<p>正文</p>', digest: '正文' }])
  expect(
    await account.post('cgi-bin/draft/update', { media_id, index: 1, articles: await article('x') }),
  ).toMatchObject({ errcode: 40114 })
  await account.post('cgi-bin/draft/update', { media_id, index: 0, articles: await article('夏天') })
  const short = await account.post('cgi-bin/draft/batchget', { offset: 0, count: 1, no_content: true })
  expect((short['item'] as object[])[0]).not.toHaveProperty('content.news_item.0.content')
  const { publish_id } = await account.post('cgi-bin/freepublish/submit', { media_id })
  expect(publish_id).toBeTypeOf('number')
  const event = await finished('PUBLISHJOBFINISH')
  expect(event).toContain('<publish_status>0</publish_status>')
  const { article_id, publish_status } = await account.post('cgi-bin/freepublish/get', { publish_id })
  expect(publish_status).toBe(0)
  const { news_item } = await account.post('cgi-bin/freepublish/getarticle', { article_id })
  const [item] = news_item as { title: string; url: string }[]
  const page = await fetch(item!.url)
  expect(await page.text()).toContain('<h1>夏天</h1>')
  expect(page.headers.get('content-security-policy')).toMatch(/^sandbox;/)
  expect(await account.get('cgi-bin/draft/count')).toEqual({ total_count: 0 })
  await account.post('cgi-bin/freepublish/delete', { article_id })
  expect(await account.post('cgi-bin/freepublish/getarticle', { article_id })).toMatchObject({
    errcode: 53600,
  })
})

test('a message to all reaches everybody and ends with its counts', async () => {
  const { media_id } = await account.post('cgi-bin/draft/add', {
    articles: [await article('秋天'), await article('冬天')],
  })
  const sent = await account.post('cgi-bin/message/mass/sendall', {
    filter: { is_to_all: true },
    msgtype: 'mpnews',
    mpnews: { media_id },
  })
  expect(sent).toMatchObject({ errcode: 0, msg_id: expect.any(Number), msg_data_id: expect.any(Number) })
  const event = await finished('MASSSENDJOBFINISH')
  expect(event).toContain(
    `<MsgID>${sent['msg_id']}</MsgID><Status><![CDATA[send success]]></Status><TotalCount>1200</TotalCount><FilterCount>1200</FilterCount><SentCount>1200</SentCount>`,
  )
  expect(await account.post('cgi-bin/message/mass/get', { msg_id: String(sent['msg_id']) })).toEqual({
    msg_id: sent['msg_id'],
    msg_status: 'SEND_SUCCESS',
  })
  for (const openid of [openids[0]!, openids[1199]!])
    expect((await account.messages(openid)).at(-1)).toMatchObject({
      how: 'mass',
      content: { articles: [{ title: '秋天' }, { title: '冬天' }] },
    })
  await account.post('cgi-bin/message/mass/delete', { msg_id: sent['msg_id'], article_idx: 2 })
  expect((await account.messages(openids[0]!)).at(-1)!.content['articles']).toMatchObject([
    {},
    { deleted: true },
  ])
})

test('the quota of a service account: once a day, four a month, four to each follower', async () => {
  const errcodes: number[] = []
  for (let n = 0; n < 5; n++) {
    errcodes.push((await toAll(`第${n}次`)).errcode, (await toAll(`又${n}次`)).errcode)
    now += 86_400_000
  }
  expect(errcodes).toEqual([0, 45028, 0, 45028, 0, 45028, 0, 45028, 45028, 45028])
  await finished('MASSSENDJOBFINISH')
  server.received.length = 0
  const list = await account.post('cgi-bin/message/mass/send', {
    touser: openids.slice(0, 3),
    ...text('第五次'),
  })
  expect(list.errcode).toBe(0)
  for (;;) {
    if ((await finished('MASSSENDJOBFINISH')).includes(`<MsgID>${list['msg_id']}<`)) break
    server.received.length = 0
  }
  expect(server.received.at(-1)!.clear).toContain('<TotalCount>3</TotalCount><FilterCount>0</FilterCount>')
})

test('a 公众号 sends once a day', async () => {
  const news = await accountCaller(sandbox, 2)
  const send = (content: string) =>
    news.post('cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, ...text(content) })
  expect([(await send('a')).errcode, (await send('b')).errcode]).toEqual([0, 45028])
  const small = await accountCaller(sandbox, 1)
  expect((await small.post('cgi-bin/message/mass/sendall')).errcode).toBe(48001)
})

test('clientmsgid makes a repeat safe', async () => {
  const first = await toAll('一次', { clientmsgid: 'c1' })
  expect(await toAll('一次', { clientmsgid: 'c1' })).toMatchObject({ errcode: 45066 })
  now += 61_000
  expect(await toAll('一次', { clientmsgid: 'c1' })).toMatchObject({
    errcode: 45065,
    msg_id: first['msg_id'],
  })
  expect(await toAll('x', { clientmsgid: 'c'.repeat(65) })).toMatchObject({ errcode: 45067 })
  const touser = openids.slice(0, 2)
  expect(
    await account.post('cgi-bin/message/mass/send', { touser: touser.slice(1), ...text('x') }),
  ).toMatchObject({ errcode: 40130 })
})

test('under API protection a message to all waits for the administrator', async () => {
  await account.control('settings', { apiProtection: true })
  const first = await toAll('等待')
  expect(await account.post('cgi-bin/message/mass/get', { msg_id: first['msg_id'] })).toMatchObject({
    msg_status: 'SENDING',
  })
  await account.control('mass', { msgId: first['msg_id'], confirm: false })
  expect(await finished('MASSSENDJOBFINISH')).toContain('<Status><![CDATA[send fail]]></Status>')
  server.received.length = 0
  const second = await toAll('再等')
  await account.control('mass', { msgId: second['msg_id'], confirm: true })
  expect(await finished('MASSSENDJOBFINISH')).toContain('[send success]')
  await account.control('settings', { apiProtection: false })
})

test('preview and speed', async () => {
  const preview = await account.post('cgi-bin/message/mass/preview', { touser: openids[5], ...text('预览') })
  expect(preview).toMatchObject({ errcode: 0, errmsg: 'preview success' })
  expect((await account.messages(openids[5]!)).at(-1)).toMatchObject({ how: 'preview' })
  await account.post('cgi-bin/message/mass/speed/set', { speed: 3 })
  expect(await account.post('cgi-bin/message/mass/speed/get')).toEqual({ speed: 3, realspeed: 30 })
  expect(await account.post('cgi-bin/message/mass/speed/set', { speed: 5 })).toMatchObject({ errcode: 45083 })
})
