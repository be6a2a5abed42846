import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AccountCaller, accountCaller } from './official/test/account.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { callerOf } from './test-caller.ts'

let sandbox: Sandbox
let account: AccountCaller
beforeAll(async () => {
  sandbox = await startSandbox({ members: 3 })
  account = await accountCaller(sandbox, 0)
})
afterAll(() => sandbox?.close())

/** One structure for all kinds of messages, as go-workwx has it, written with the fields of the others. */
const otherKinds = {
  text: null,
  image: null,
  voice: null,
  video: null,
  file: null,
  textcard: null,
  news: null,
  mpnews: null,
  markdown: null,
  miniprogram_notice: null,
  template_card: null,
}
const options = {
  toparty: null,
  totag: '',
  safe: null,
  enable_id_trans: null,
  enable_duplicate_check: null,
  duplicate_check_interval: null,
}
const messages: Record<string, object> = {
  text: { content: '会议改到三点' },
  textcard: { title: '报销', description: '已通过', url: 'https://oa.example.com/', btntxt: null },
  news: {
    articles: [
      {
        title: '公告',
        description: null,
        url: 'https://oa.example.com/',
        picurl: null,
        appid: null,
        pagepath: null,
      },
    ],
  },
  markdown: { content: '**通知**' },
  miniprogram_notice: {
    appid: 'wx1',
    page: null,
    title: '会议室预订',
    description: null,
    emphasis_first_item: null,
    content_item: [],
  },
}

test.each(Object.keys(messages))('a message of %s has null for what it does not use', async msgtype => {
  const { agentId, secret } = sandbox.agents[0]!
  const agent = await callerOf(sandbox, secret)
  const body = { ...otherKinds, ...options, touser: 'zhangsan', agentid: agentId, msgtype }
  expect(await agent.post('message/send', { ...body, [msgtype]: messages[msgtype] })).toMatchObject({
    errcode: 0,
  })
  // A field that counts is missing all the same.
  expect((await agent.post('message/send', { ...body, [msgtype]: null })).errcode).not.toBe(0)
})

const bodies = (openid: string): [string, object][] => [
  [
    'message/custom/send',
    {
      touser: openid,
      msgtype: 'text',
      text: { content: '您好' },
      image: null,
      voice: null,
      video: null,
      news: null,
      mpnews: null,
      msgmenu: null,
      miniprogrampage: null,
      customservice: null,
    },
  ],
  [
    'menu/create',
    {
      button: [
        {
          type: 'view',
          name: '官网',
          url: 'https://oa.example.com/',
          key: null,
          media_id: null,
          appid: null,
          pagepath: null,
          sub_button: [],
        },
        {
          type: null,
          name: '更多',
          key: null,
          url: null,
          sub_button: [{ type: 'click', name: '帮助', key: 'HELP', url: null, sub_button: null }],
        },
      ],
      matchrule: null,
    },
  ],
  [
    'message/mass/sendall',
    {
      filter: { is_to_all: true, tag_id: null },
      msgtype: 'text',
      text: { content: '通知' },
      mpnews: null,
      images: null,
      clientmsgid: null,
      send_ignore_reprint: null,
    },
  ],
  [
    'message/mass/preview',
    {
      touser: openid,
      towxname: null,
      msgtype: 'text',
      text: { content: '预览' },
      image: null,
      mpvideo: null,
      wxcard: null,
    },
  ],
  [
    'qrcode/create',
    {
      expire_seconds: 60,
      action_name: 'QR_STR_SCENE',
      action_info: { scene: { scene_str: 'a', scene_id: null } },
    },
  ],
]

test('bodies of an official account have null for what they do not use', async () => {
  const [openid = ''] = await account.openids()
  await account.act({ openid, act: 'text', content: '在吗' })
  for (const [path, body] of bodies(openid))
    expect([path, await account.post(`cgi-bin/${path}`, body)]).toEqual([
      path,
      expect.not.objectContaining({ errcode: expect.toSatisfy((code: number) => code !== 0) }),
    ])
})
