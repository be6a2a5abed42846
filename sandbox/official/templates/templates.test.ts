import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
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
let now = Date.UTC(2026, 10, 26, 4)
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1, now: () => now })
  await control(sandbox, 'POST', 'official/rules', { templateJobMs: 0 })
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
})

/** The push about what this follower got: that of an earlier message may come when the next test has begun. */
const finished = async (event: string, openid: string | undefined): Promise<string> => {
  for (;;) {
    const found = server.received.find(({ clear }) =>
      [event, openid].every(one => clear.includes(`[${one}]`)),
    )
    if (found) return found.clear
    await new Promise(setImmediate)
  }
}
const values = (data: Record<string, string>) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value, color: '#ff0000' }]))
const meeting = { thing1: '季度例会', time2: '2026年11月26日 15:01', thing3: '三楼会议室' }
const [oldId, newId] = [
  'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
  'pJzKl2v3m9cQ0h4XxWd7sRtYb8nUe5fGiAoS1qLkPZw',
]
const send = (touser: string, template_id: string, data: Record<string, string>, more: object = {}) =>
  account.post('cgi-bin/message/template/send', {
    touser,
    template_id,
    data: values(data),
    url: 'https://a.example/',
    ...more,
  })
const form = async (path: string, fields: [string, string][]): Promise<Answer> =>
  (
    await fetch(`${sandbox.official.url}/${path}?access_token=${account.token}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    })
  ).json() as never

test('a template of the old library is cut as since 2023', async () => {
  const url = `${sandbox.official.url}/cgi-bin/message/template/send?access_token=${account.token}`
  const body = {
    touser: openids[0],
    template_id: oldId,
    data: values({
      first: '您好',
      keyword1: '1234567890123456789012',
      keyword2: '已\n发货🎉',
      remark: '谢谢',
    }),
  }
  const raw = await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).text()
  const msgid = /"msgid":(\d{17,})\}/.exec(raw)![1]!
  expect(await finished('TEMPLATESENDJOBFINISH', openids[0])).toContain(
    `<MsgID>${msgid}</MsgID><Status><![CDATA[success]]></Status>`,
  )
  expect((await account.messages(openids[0]!)).at(-1)).toMatchObject({
    how: 'template',
    content: {
      title: '订单状态更新',
      rows: [
        { label: '订单号', value: '12345678901234567890' },
        { label: '状态', value: '已发货' },
      ],
    },
  })
})

test('typed fields, ids and repeats', async () => {
  const openid = openids[1]!
  expect(await send(openid, newId, { ...meeting, time2: '明天' })).toMatchObject({
    errcode: 47003,
    errmsg: expect.stringContaining('argument invalid! data.time2.value invalid rid: '),
  })
  expect(await send(openid, newId, { thing1: 'a' })).toMatchObject({ errcode: 47003 })
  expect(await send(openid, 'no', meeting)).toMatchObject({ errcode: 40037 })
  const first = await send(openid, newId, meeting, { client_msg_id: 'a' })
  expect(await send(openid, newId, meeting, { client_msg_id: 'a' })).toEqual(first)
  now += 601_000
  expect((await send(openid, newId, meeting, { client_msg_id: 'a' }))['msgid']).not.toEqual(first['msgid'])
  await finished('TEMPLATESENDJOBFINISH', openid)
  await account.act({ openid, act: 'unsubscribe' })
  expect(await send(openid, newId, meeting)).toMatchObject({ errcode: 43004 })
})

test('who refuses, and what is blocked', async () => {
  await account.control('follower', { openid: openids[2], refusesTemplates: true })
  await send(openids[2]!, newId, meeting)
  expect(await finished('TEMPLATESENDJOBFINISH', openids[2])).toContain('[failed:user block]')
  await control(sandbox, 'POST', 'official/rules', { templateBlockedWords: ['促销'] })
  await send(openids[3]!, newId, { ...meeting, thing1: '促销' })
  expect(await finished('TEMPLATESENDJOBFINISH', openids[3])).toContain('[failed: system failed]')
  const blocked = { tmpl_msg_id: newId, largest_id: 0, limit: 10 }
  expect(await account.post('wxa/sec/queryblocktmplmsg', blocked)).toMatchObject({
    msginfo: [{ openid: openids[3] }],
  })
})

test('templates are picked from the library', async () => {
  const add = (template_id_short: string, keyword_name_list: string[]) =>
    account.post('cgi-bin/template/api_add_template', { template_id_short, keyword_name_list })
  expect(await add('OPENTM207', [])).toMatchObject({ errcode: 40247 })
  expect(await add('47123', ['天气'])).toMatchObject({ errcode: 40246 })
  const { template_id } = await add('47123', ['会议时间', '会议主题'])
  const { template_list } = await account.get('cgi-bin/template/get_all_private_template')
  expect((template_list as unknown[]).at(-1)).toMatchObject({
    template_id,
    content: '会议时间：{{time2.DATA}}\n会议主题：{{thing1.DATA}}',
  })
  expect(await account.post('cgi-bin/template/del_private_template', { template_id })).toMatchObject({
    errcode: 0,
  })
  const news = await accountCaller(sandbox, 2)
  expect(await news.post('cgi-bin/message/template/send')).toMatchObject({ errcode: 48001 })
})

test('订阅通知: one message for each tick', async () => {
  expect(
    await account.get('wxaapi/newtmpl/getpubtemplatetitles', { ids: '2,8', start: 0, limit: 30 }),
  ).toMatchObject({ count: 4 })
  expect(
    await account.post('wxaapi/newtmpl/addtemplate', { tid: 43216, kidList: [1, 2], sceneDesc: '审批' }),
  ).toMatchObject({ errcode: 200014 })
  const made = await form('wxaapi/newtmpl/addtemplate', [
    ['tid', '43216'],
    ['kidList', '1'],
    ['kidList', '2'],
    ['sceneDesc', '审批'],
  ])
  const templateId = String(made['priTmplId'])
  const touser = openids[4]!
  const write = (id = templateId) =>
    account.post('cgi-bin/message/subscribe/bizsend', {
      touser,
      template_id: id,
      data: values({ thing1: '请假', phrase2: '通过' }),
    })
  expect(await write()).toMatchObject({ errcode: 43101 })
  expect(await write(newId)).toMatchObject({ errcode: 40037 })
  await account.act({ openid: touser, act: 'subscribe_msg', templateId })
  expect(await finished('subscribe_msg_popup_event', touser)).toContain(
    `<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[${templateId}]]></TemplateId><SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene><![CDATA[1]]></PopupScene></List></SubscribeMsgPopupEvent>`,
  )
  expect([(await write()).errcode, (await write()).errcode]).toEqual([0, 43101])
  expect(await finished('subscribe_msg_sent_event', touser)).toContain(
    '<ErrorStatus><![CDATA[success]]></ErrorStatus>',
  )
  expect((await account.messages(touser)).findLast(one => one.how === 'subscribe')).toMatchObject({
    content: { rows: [{}, { label: '审批结果', value: '通过' }] },
  })
  await control(sandbox, 'POST', 'official/rules', {
    subscribeChangeWrapper: 'SubscribeMsgPopupEvent',
    jsonListOfOneIsObject: true,
  })
  await account.control('configure', { url: server.url, ...keys, format: 'json' })
  await account.act({ openid: touser, act: 'subscribe_msg_change', templateId, wait: true })
  expect(JSON.parse(server.received.at(-1)!.clear)).toMatchObject({
    SubscribeMsgPopupEvent: { List: { SubscribeStatusString: 'reject' } },
  })
})

test('industries are set by any of their codes', async () => {
  const set = (industry_id2: string) =>
    account.post('cgi-bin/template/api_set_industry', { industry_id1: '7', industry_id2 })
  expect(await set('42')).toMatchObject({ errcode: 40097 })
  expect(await set('41')).toMatchObject({ errcode: 0 })
  expect(await account.get('cgi-bin/template/get_industry')).toEqual({
    primary_industry: { first_class: '金融业', second_class: '银行' },
    secondary_industry: { first_class: '其它', second_class: '其它' },
  })
  await set('17')
})
