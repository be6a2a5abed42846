import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { findCalls } from '../../callers/requests/store.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { shownWecom, statusOf } from '../messages/messages.fixture.ts'
import { type OldSender, oldSender, tokenOf } from './compat.fixture.ts'
import { revokeCompatSecret, rotateCompatSecret } from './secrets/change-secrets.ts'

let world: World
let old: OldSender
beforeAll(async () => {
  world = await startWorld()
  old = await oldSender(world)
})
afterAll(() => world.close())

const last = async () => (await shownWecom(world)).at(-1)!
const count = async () => (await shownWecom(world)).length
const text = (content: string, more: object = {}) => ({
  touser: 'zhangsan',
  msgtype: 'text',
  agentid: old.agentid,
  text: { content },
  ...more,
})

describe('the access_token', () => {
  it('is the same on every call until shortly before its end, lives 7200 s, and says so afterwards', async () => {
    const first = await tokenOf(old)
    expect(first).toEqual({ errcode: 0, errmsg: 'ok', access_token: expect.any(String), expires_in: 7200 })
    world.clock.offsetMs += 3_000_000
    const again = await tokenOf(old)
    expect(again['access_token']).toBe(first['access_token'])
    expect(again['expires_in']).toBeGreaterThan(4190)
    expect(again['expires_in']).toBeLessThanOrEqual(4201)
    world.clock.offsetMs += 4_000_000
    const renewed = await tokenOf(old)
    expect(renewed['access_token']).not.toBe(first['access_token'])
    expect((await old.post('message/send', text('旧令牌仍有效'), first['access_token']))['errcode']).toBe(0)
    world.clock.offsetMs += 300_000
    const ended = await old.post('message/send', text('晚了'), first['access_token'])
    expect(ended['errcode']).toBe(42001)
    expect((await old.post('message/send', text('新令牌'), renewed['access_token']))['errcode']).toBe(0)
  })

  it('is refused with WeCom’s codes for a wrong secret, another corp, nothing, and a devToken', async () => {
    expect(await tokenOf({ ...old, corpsecret: 'wrong' })).toMatchObject({
      errcode: 40001,
      errmsg: expect.stringMatching(/^invalid credential, hint: \[.+\], from ip: 127\.0\.0\.1, more info: /),
    })
    expect((await tokenOf({ ...old, corpid: 'ww0000000000000000' }))['errcode']).toBe(40013)
    expect((await tokenOf({ ...old, corpid: '' }))['errcode']).toBe(41002)
    expect((await tokenOf({ ...old, corpsecret: '' }))['errcode']).toBe(41004)
    expect((await tokenOf({ ...old, corpsecret: world.dev.devSecret }))['errcode']).toBe(40001)
    expect((await old.post('message/send', text('x'), ''))['errcode']).toBe(41001)
    expect((await old.post('message/send', text('x'), 'nonsense'))['errcode']).toBe(40014)
    expect((await old.post('message/send', text('x'), await world.dev.token()))['errcode']).toBe(40014)
    const asDevToken = await fetch(`${world.server.url}/api/message/status?devToken=${await old.token()}`)
    expect(await asDevToken.json()).toMatchObject({ retCode: '1004' })
    for (let n = 0; n < 10; n++) await tokenOf({ ...old, corpsecret: `guess${n}` })
    expect((await tokenOf({ ...old, corpsecret: 'guess' }))['errcode']).toBe(45009)
    expect((await tokenOf(old))['errcode']).toBe(0)
  })

  it('ends with its secret, and the older of two secrets can be taken away', async () => {
    const { ctx, dev } = world
    // The wrong secrets of before are forgotten.
    world.clock.offsetMs += 61_000
    const second = await rotateCompatSecret(ctx, 'test', dev.devId, false)
    await expect(rotateCompatSecret(ctx, 'test', dev.devId, false)).rejects.toThrow('2 个有效的兼容密钥')
    const before = await old.token()
    await revokeCompatSecret(ctx, 'test', dev.devId)
    expect((await tokenOf(old))['errcode']).toBe(40001)
    expect((await old.post('message/send', text('密钥已吊销'), before))['errcode']).toBe(40014)
    await expect(revokeCompatSecret(ctx, 'test', dev.devId)).rejects.toThrow('只有一个')
    old.corpsecret = second.corpsecret
    const run = (...words: string[]) => runCommand(ctx, ['developer', 'compat', ...words])
    const { data } = await run('rotate', dev.devId)
    expect(data).toMatchObject({ base: `${world.server.url}/compat/wecom`, corpid: old.corpid, revoked: 0 })
    const third = (data as { corpsecret: string }).corpsecret
    expect((await tokenOf({ ...old, corpsecret: third }))['errcode']).toBe(0)
    const shown = await run('show', dev.devId)
    expect(shown.text).toContain(`${old.agentid}（旧报修）`)
    expect(shown.text).not.toContain(third)
    const { secrets } = shown.data as { secrets: { id: string }[] }
    await run('revoke', dev.devId, '--secret', secrets[1]!.id)
    expect((await tokenOf({ ...old, corpsecret: third }))['errcode']).toBe(40001)
    const manager = await managerBy(world)
    const { devId } = dev
    const made = await manager.post('/api/admin/developer/compat/rotate', { devId, revoke: true })
    expect(made.body).toMatchObject({ revoked: 1 })
    expect((await tokenOf(old))['errcode']).toBe(40001)
    old.corpsecret = made.body.corpsecret
    expect((await manager.get('/api/admin/developer/compat', { devId })).body.secrets).toHaveLength(1)
    expect((await manager.post('/api/admin/developer/compat/revoke', { devId })).retCode).toBe('1000')
    expect((await tokenOf(old))['errcode']).toBe(0)
    expect((await tokenOf(old))['errcode']).toBe(0)
  })
})

describe('a message', () => {
  it('leaves as it was given, is one of wisp’s, and is found in the request log', async () => {
    const content = `${'很长的一行'.repeat(120)}<a href="https://x.example/?a=1&b=2">看</a>`
    const answer = await old.post('message/send', text(content, { safe: '1', enable_id_trans: 0 }))
    expect(answer).toEqual({ errcode: 0, errmsg: 'ok', msgid: expect.any(String) })
    expect(await last()).toMatchObject({ to: ['zhangsan'], msgtype: 'text', content: { content } })
    expect(await statusOf(world, answer['msgid'])).toMatchObject({ status: 'sent', receivers: { sent: 1 } })
    await world.ctx.requests.flush()
    const path = '/compat/wecom/cgi-bin/message/send'
    const of = { corpId: world.corpId, path, from: new Date(0) }
    const { list: calls } = await findCalls(world.ctx.db, of, { limit: 1, offset: 0 })
    expect(calls[0]).toMatchObject({ code: '0', params: { msgtype: 'text', errcode: '0' } })
    expect(calls[0]!.params['msgid']).toBe(answer['msgid'])
    expect(JSON.stringify(calls[0])).not.toContain('很长')
  })

  it.each([
    [
      'textcard',
      {
        title: '领奖通知',
        description: '<div class="gray">2026年12月1日</div><div class="normal">恭喜</div>',
        url: 'https://example.com/a?b=1&c=%20',
        btntxt: '更多',
      },
    ],
    [
      'news',
      {
        articles: [
          {
            title: '中秋',
            description: '今年',
            url: 'https://example.com/1',
            picurl: 'https://example.com/1.png',
          },
          { title: '第二条', description: '', url: 'https://example.com/2', picurl: '' },
        ],
      },
    ],
    ['markdown', { content: '您的会议室已经预定\n>**事项详情**\n>事　项：<font color="info">开会</font>' }],
    [
      'template_card',
      {
        card_type: 'text_notice',
        main_title: { title: '欢迎', desc: '您的好友' },
        card_action: { type: 1, url: 'https://example.com/' },
      },
    ],
  ])('of type %s is given to WeCom to the letter', async (msgtype, body) => {
    const answer = await old.post('message/send', {
      touser: 'zhangsan|lisi',
      msgtype,
      agentid: String(old.agentid),
      [msgtype]: body,
    })
    expect(answer).toMatchObject({ errcode: 0 })
    const shown = await last()
    expect(shown.to).toEqual(['zhangsan', 'lisi'])
    expect(shown.msgtype).toBe(msgtype)
    expect(shown.content).toEqual(body)
  })

  it('that is a card to press keeps its task_id, and its response_code is answered', async () => {
    const card = {
      card_type: 'button_interaction',
      main_title: { title: '同意吗' },
      button_list: [{ text: '同意', style: 1, key: 'yes' }],
      task_id: 'old-system-1',
    }
    const send = () =>
      old.post('message/send', {
        touser: 'zhangsan',
        msgtype: 'template_card',
        agentid: old.agentid,
        template_card: card,
      })
    expect(await send()).toMatchObject({ errcode: 0, response_code: expect.any(String) })
    expect((await last()).content).toEqual(card)
    const { task_id: _none, ...without } = card
    expect(
      await old.post('message/send', {
        touser: 'zhangsan',
        msgtype: 'template_card',
        agentid: old.agentid,
        template_card: without,
      }),
    ).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('task_id') })
  })

  it('names wrong receivers in lower case, and is refused when all are wrong', async () => {
    const some = await old.post('message/send', text('部分', { touser: 'zhangsan|NoBody', toparty: 999_999 }))
    expect(some).toMatchObject({ errcode: 0, invaliduser: 'nobody', invalidparty: '999999' })
    expect(some).not.toHaveProperty('invalidtag')
    const none = await old.post('message/send', text('无人', { touser: 'NoBody', totag: '4711' }))
    expect(none).toMatchObject({ errcode: 81013, invaliduser: 'nobody', invalidtag: '4711' })
    expect(none).not.toHaveProperty('msgid')
  })

  it('takes old forms: a department as a number, agentid as a text, everybody', async () => {
    const department = await old.post('message/send', {
      ...text('部门', { agentid: `${old.agentid}`, toparty: 2 }),
      touser: '',
    })
    expect(department).toMatchObject({ errcode: 0 })
    const all = await old.post('message/send', text('全体', { touser: '@all', toparty: 'ignored' }))
    expect(all).toMatchObject({ errcode: 0 })
    expect((await last()).content).toEqual({ content: '全体' })
  })

  it('with empty fields, as client libraries send them, does not keep its receiver from reading their messages', async () => {
    const receiver = await signIn(world, { userId: 'wangwu' })
    const article = { title: '空字段', description: null, url: 'https://example.com/1', picurl: null }
    const card = {
      card_type: 'news_notice',
      main_title: { title: '空列表', desc: null },
      card_image: { url: 'https://example.com/1.png' },
      vertical_content_list: null,
      card_action: { type: 1, url: 'https://example.com/' },
    }
    for (const [msgtype, body] of [
      ['news', { articles: [article] }],
      ['news', { articles: [{ ...article, title: '小程序', url: null, appid: 'wx1', pagepath: 'p' }] }],
      ['news', { articles: [{ ...article, title: '数字', picurl: 5, url: 'javascript:alert(1)' }] }],
      ['textcard', { title: '脚本', description: '点', url: 'javascript:alert(1)' }],
      ['template_card', card],
    ] as const) {
      const message = { touser: 'wangwu', msgtype, agentid: old.agentid, [msgtype]: body }
      expect((await old.post('message/send', message))['errcode']).not.toBe(-1)
    }
    const { list } = (await receiver.get('/web/portal/messages')).body
    expect(list.slice(0, 5).map((one: { title: string; url: string }) => [one.title, one.url])).toEqual([
      ['空列表', 'https://example.com/'],
      ['脚本', ''],
      ['数字', ''],
      ['小程序', ''],
      ['空字段', 'https://example.com/1'],
    ])
  })

  it('of the same content leaves once within the interval, and again afterwards', async () => {
    const same = text('只发一次', { enable_duplicate_check: 1, duplicate_check_interval: 600 })
    const first = await old.post('message/send', same)
    const before = await count()
    world.clock.offsetMs += 599_000
    expect(await old.post('message/send', same)).toEqual(first)
    expect(await count()).toBe(before)
    world.clock.offsetMs += 2000
    const later = await old.post('message/send', same)
    expect(later['msgid']).not.toBe(first['msgid'])
    expect(await old.post('message/send', { ...same, enable_duplicate_check: 0 })).not.toEqual(later)
  })

  it('that nobody got is tried once more within the interval', async () => {
    const refused = {
      ...text('', { enable_duplicate_check: 1 }),
      msgtype: 'textcard',
      textcard: { title: '标题', description: '说明', url: 'no address' },
    }
    const tries = () =>
      sql`select from message_attempt where outcome = 'refused'`
        .execute(world.ctx.db)
        .then(({ rows }) => rows.length)
    const before = await tries()
    for (let n = 0; n < 2; n++) expect((await old.post('message/send', refused))['errcode']).toBe(40054)
    expect(await tries()).toBe(before + 2)
  })

  it('is recalled', async () => {
    const { msgid } = await old.post('message/send', text('请忽略'))
    expect(await old.post('message/recall', { msgid })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect((await last()).recalledAt).toBeTruthy()
    expect((await old.post('message/recall', { msgid }))['errcode']).toBe(40058)
    expect((await old.post('message/recall', { msgid: 'unknown' }))['errcode']).toBe(40058)
    expect((await old.post('message/recall', {}))['errcode']).toBe(40058)
  })

  it('is seen as its developer’s data scope allows', async () => {
    const dev = await world.addDeveloper({ dataScope: { departments: [3], tags: [] } })
    const narrow = await oldSender(world, dev, 0)
    const hidden = await narrow.post('message/send', { ...text('范围外'), touser: 'zhangsan' })
    const { members } = world.ctx.mirrors.of(world.corpId)
    const sees = [...members.all()].find(one => one.userId === 'zhangsan')!.departments.includes(3)
    expect(hidden['errcode']).toBe(sees ? 0 : 81013)
  })
})

describe('what is refused', () => {
  const send = (change: object) => old.post('message/send', { ...text('x'), ...change })

  it.each<[string, object, number]>([
    ['no receivers', { touser: '' }, 82001],
    ['1001 members', { touser: Array.from({ length: 1001 }, (_, n) => `u${n}`).join('|') }, 40032],
    ['10,001 members', { touser: Array.from({ length: 10_001 }, (_, n) => `u${n}`).join('|') }, 40032],
    ['101 departments', { toparty: Array.from({ length: 101 }, (_, n) => n + 1).join('|') }, 82002],
    ['101 tags', { totag: Array.from({ length: 101 }, (_, n) => n + 1).join('|') }, 82003],
    ['a list in the place of a text', { touser: ['zhangsan'] }, 40058],
    ['a NUL in a name', { touser: 'zhang\u0000san' }, 40058],
    ['no agentid', { agentid: undefined }, 41011],
    ['an agentid in words', { agentid: 'abc' }, 40056],
    ['an unknown agentid', { agentid: 999 }, 40056],
    ['no msgtype', { msgtype: undefined }, 40008],
    ['mpnews', { msgtype: 'mpnews', mpnews: { articles: [] } }, 40008],
    ['a type of the prototype', { msgtype: 'constructor' }, 40008],
    ['an empty text', { text: { content: '' } }, 44004],
    ['a text without content', { text: 'x' }, 44004],
    ['a long text', { text: { content: '长'.repeat(7000) } }, 45002],
    ['a card without a title', { msgtype: 'textcard', textcard: { description: 'd', url: 'u' } }, 41016],
    ['one without a description', { msgtype: 'textcard', textcard: { title: 't', url: 'u' } }, 41033],
    ['one without an address', { msgtype: 'textcard', textcard: { title: 't', description: 'd' } }, 41010],
    [
      'nine articles',
      { msgtype: 'news', news: { articles: Array(9).fill({ title: 't', url: 'u' }) } },
      45008,
    ],
    ['2049 bytes of markdown', { msgtype: 'markdown', markdown: { content: 'a'.repeat(2049) } }, 45002],
    ['an unknown card', { msgtype: 'template_card', template_card: { card_type: 'x' } }, 40058],
    ['an interval of a day', { enable_duplicate_check: 1, duplicate_check_interval: 86_400 }, 40058],
  ])('%s', async (_what, change, errcode) => {
    const before = await count()
    expect(await send(change)).toMatchObject({ errcode, errmsg: expect.stringContaining('more info: ') })
    expect(await count()).toBe(before)
  })

  it('a body that is no JSON, GBK, a list, empty, or of 1 MB', async () => {
    const codeOf = async (body: unknown) => (await old.post('message/send', body))['errcode']
    expect(await codeOf('{"touser":')).toBe(47001)
    expect(
      await codeOf(Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xc4, 0xe3]), Buffer.from('"}')])),
    ).toBe(47001)
    expect(await codeOf('[]')).toBe(47001)
    expect(await codeOf('')).toBe(44002)
    expect(await codeOf('x'.repeat(1_000_000))).toBe(45002)
  })

  it('rubbish in any field, with a code and without harm', async () => {
    const access_token = await old.token()
    const types = ['text', 'textcard', 'news', 'markdown', 'template_card', 'image', 'video']
    const flags = ['safe', 'enable_id_trans', 'enable_duplicate_check', 'duplicate_check_interval']
    const fields = ['touser', 'toparty', 'totag', 'agentid', 'msgtype', ...types, ...flags]
    const rubbish = [
      null,
      {},
      [[]],
      true,
      -1,
      1e300,
      '\u0000',
      '\ud800',
      '<'.repeat(5000),
      { content: { a: 1 } },
    ]
    for (const name of fields)
      for (const value of rubbish) {
        const msgtype = types.includes(name) ? { msgtype: name } : {}
        const answer = await old.post(
          'message/send',
          { ...text('x', { touser: 'lisi' }), ...msgtype, [name]: value },
          access_token,
        )
        expect(answer['errcode'], `${name} ${JSON.stringify(value)}`).not.toBe(-1)
      }
  })

  it('other paths and other methods', async () => {
    expect((await old.post('user/get', {}))['errcode']).toBe(48002)
    expect((await old.post('message/update_template_card', {}))['errcode']).toBe(48002)
    const get = await fetch(`${old.base}/message/send?access_token=${await old.token()}`)
    expect(await get.json()).toMatchObject({ errcode: 43002 })
    expect((await old.post('gettoken', {}))['errcode']).toBe(43001)
  })

  it('the agent of another developer’s app', async () => {
    const other = await oldSender(world, await world.addDeveloper(), 1)
    expect((await send({ agentid: other.agentid }))['errcode']).toBe(301002)
    expect(await other.post('message/send', { ...text('我的'), agentid: other.agentid })).toMatchObject({
      errcode: 0,
    })
    const { msgid } = await old.post('message/send', text('别人的'))
    expect((await other.post('message/recall', { msgid }))['errcode']).toBe(40058)
  })

  it('a developer who is disabled, at another address, without the scope, must encrypt, or is beyond the limit', async () => {
    const { ctx, dev } = world
    const access_token = await old.token()
    const codeAfter = async (change: Parameters<typeof setDeveloper>[3]) => {
      await setDeveloper(ctx, 'test', dev.devId, change)
      return [
        (await old.post('message/send', text('y'), access_token))['errcode'],
        (await tokenOf(old))['errcode'],
      ]
    }
    expect(await codeAfter({ enabled: false })).toEqual([50003, 50003])
    expect(await codeAfter({ enabled: true, allowedIps: ['10.1.2.3'] })).toEqual([60020, 60020])
    expect(await codeAfter({ allowedIps: [], packets: 'required' })).toEqual([48002, 48002])
    const scopes = [...ctx.developers.get(dev.devId)!.scopes]
    expect(await codeAfter({ packets: 'off', scopes: ['directory:read'] })).toEqual([60011, 60011])
    const callLimits = { message: { perMinute: 1, perDay: 1 } }
    expect(await codeAfter({ scopes, callLimits })).toEqual([45009, 0])
    expect(await codeAfter({ callLimits: {} })).toEqual([0, 0])
    await ctx.requests.flush()
    const of = { corpId: world.corpId, devId: dev.devId, from: new Date(0) }
    const { list } = await findCalls(ctx.db, of, { limit: 1000, offset: 0 })
    const errcodes = list.map(one => one.params['errcode'])
    expect(errcodes).toEqual(expect.arrayContaining(['50003', '60020', '48002', '60011', '45009']))
  })

  it('everything, while the corp has it switched off', async () => {
    const access_token = await old.token()
    const off = (on: boolean) => switchFeatures(world.ctx, 'test', world.corpId, { 'compat-wecom': on })
    await off(false)
    expect((await old.post('message/send', text('y'), access_token))['errcode']).toBe(48002)
    expect((await tokenOf(old))['errcode']).toBe(48002)
    await off(true)
    expect((await tokenOf(old))['errcode']).toBe(0)
  })
})
