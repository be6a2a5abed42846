import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import { approveType, setTypeState } from '../../message-types/change-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { arrived, shownMail, statusOf, useAgents, useSmtp } from '../messages.fixture.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  await useSmtp(world)
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type'] })
  await put('one', { text: '{{ n }} 元已到账' })
  await put('own', { text: '{{ member.name }}，{{ n }} 元已到账{% if note %}：{{ note }}{% endif %}' })
  await put('subject', {
    channels: ['email'],
    templates: { email: { zh: { title: '{{ n }}', content: '正文' } } },
  })
  await put('long', {
    channels: ['email'],
    templates: {
      email: { zh: { title: '{{ member.name }}', content: `{{ member.name }}${'{{ n }}'.repeat(40)}` } },
    },
  })
  await put('ways', {
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: '企业微信 {{ n }}' } },
      email: { zh: { title: '邮件 {{ n }}', content: '邮件 {{ n }}' } },
    },
  })
})
afterAll(() => world.close())

const put = async (key: string, body: object, by = dev) => {
  const answer = await by.post('/api/message/type/put', { key, name: '报销', ...body })
  expect(answer.retCode, answer.retMessage).toBe('0')
}
const notify = (body: object, by = dev) =>
  by.post('/api/message/notify', { type: 'one', toUser: 'zhangsan', data: { n: 1 }, ...body })
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(world.ctx.db))
    .rows[0]!.n
const stored = async () => [await count('message'), await count('message_part')]

describe('a message of a type', () => {
  it('with one text is a message like any other, sent at once', async () => {
    const before = await stored()
    const { body, retCode } = await notify({ toUser: 'zhangsan|lisi|nobody', data: { n: 300 } })
    expect([retCode, body]).toMatchObject(['0', { accepted: 2, invaliduser: 'nobody', state: 'accepted' }])
    expect(await stored()).toEqual([before[0]! + 1, before[1]! + 1])
    expect(await arrived(world, '300 元已到账')).toMatchObject([{ to: ['zhangsan', 'lisi'] }])
    expect(await statusOf(world, body.msgId, dev)).toMatchObject({
      status: 'sent',
      type: 'one',
      typeVersion: 1,
      receivers: { total: 2, sent: 2 },
    })
  })

  it('to everybody is one call', async () => {
    await setSendApproval(world.ctx, 'test', world.corpId, { all: false })
    const { body } = await notify({ toUser: '@all', data: { n: 301 } })
    expect(body.accepted).toBe(world.ctx.mirrors.of(world.corpId).members.listed)
    expect(await arrived(world, '301 元已到账')).toHaveLength(1)
  })

  it('puts the link in the place of the template’s', async () => {
    await notify({ data: { n: 302 }, link: 'https://example.com/302' })
    const [message] = await arrived(world, '302')
    expect(message?.content['content']).toBe('302 元已到账\n<a href="https://example.com/302">详情</a>')
  })

  it('keeps values from becoming markup', async () => {
    await notify({ data: { n: '<a href="https://evil.example">303</a><script>' } })
    const [message] = await arrived(world, '303')
    expect(message?.content['content']).toBe('＜a href="https://evil.example">303＜/a>＜script> 元已到账')
    await put('pair', { text: '305 {{ a }}{{ b }}' })
    await notify({ type: 'pair', data: { a: '<', b: 'a href="https://evil.example">甲' } })
    const [pair] = await arrived(world, '305')
    expect(pair?.content['content']).toBe('305 ＜a href="https://evil.example">甲')
  })
})

describe('texts that differ', () => {
  it('are one message: one id, one status, one row of the list, one of the quota', async () => {
    const days = async () =>
      (await sql<{ n: number }>`select sum(messages)::int as n from corp_message_day`.execute(world.ctx.db))
        .rows[0]!.n
    const before = await days()
    const { body } = await notify({
      type: 'own',
      toUser: '',
      data: undefined,
      rows: [
        { userId: 'zhangsan', data: { n: 41, note: '差旅' } },
        { userId: 'LiSi', data: { n: 42 } },
        { userId: 'nobody', data: { n: 43 } },
      ],
    })
    expect(body).toMatchObject({ accepted: 2, invaliduser: 'nobody' })
    await world.ctx.dispatcher.drain()
    const status = await statusOf(world, body.msgId, dev)
    expect(status).toMatchObject({ status: 'sent', type: 'own', receivers: { total: 2, sent: 2 } })
    expect(status.attempts).toHaveLength(2)
    expect((await arrived(world, '张三，41 元已到账：差旅')).map(one => one.to)).toEqual([['zhangsan']])
    expect((await arrived(world, '42 元已到账')).map(one => one.to)).toEqual([['lisi']])
    expect(await days()).toBe(before + 1)
    const as = await signInAs(world, 'super', 'zhangsan')
    const { list } = (await as.get('/web/messages/list', { developer: dev.devId })).body
    expect(list[0]).toMatchObject({ msgId: body.msgId, state: 'sent', receivers: 2, counts: { sent: 2 } })
    const page = async (path: string) => (await as.get(`/web/messages/${path}`, { msgId: body.msgId })).body
    expect((await page('receivers')).list.map((one: { userId: string }) => one.userId).sort()).toEqual([
      'lisi',
      'zhangsan',
    ])
    expect((await page('attempts')).total).toBe(2)
    expect(await page('one')).toMatchObject({ state: 'sent', receivers: 2, recall: { sent: 2 } })
    const mine = (await as.get('/web/portal/messages', {})).body
    expect(JSON.stringify(mine)).toContain('41 元已到账')
    const recalled = await dev.post('/api/message/recall', { msgId: body.msgId })
    expect(recalled.body).toEqual({ recalled: 2, unrecalled: 0 })
    expect((await page('one')).state).toBe('recalled')
  })

  it('reach each person by the first channel that does', async () => {
    const { members } = world.ctx.mirrors.of(world.corpId)
    const asleep = [...members.all()].find(one => one.status === memberStatus.notActivated)!
    const toUser = `zhangsan|${asleep.userId}`
    const { body } = await notify({ type: 'ways', toUser, data: { n: 51 } })
    expect(body.accepted).toBe(2)
    await world.ctx.dispatcher.drain()
    expect((await arrived(world, '企业微信 51')).map(one => one.to)).toEqual([['zhangsan']])
    const mails = (await shownMail(world)).filter(one => one.subject === '【报销】邮件 51')
    expect(mails.map(one => one.userids)).toEqual([[asleep.userId]])
    const status = await statusOf(world, body.msgId, dev)
    expect(status).toMatchObject({ status: 'sent', receivers: { total: 2, sent: 2 } })
    const twoLines = await notify({ type: 'ways', toUser: asleep.userId, data: { n: '1\n2' } })
    expect(twoLines.retMessage).toContain('templates.email.zh.title 含有控制字符，请去掉')
  })

  it('are refused while an older node lives, and nothing is stored', async () => {
    await sql`insert into node (id, name, place, version, migrations, seen_at)
      values ('old', 'old', 'old:1', '0.3.0', '{}', clock_timestamp())`.execute(world.ctx.db)
    const before = await stored()
    const rows = [{ userId: 'zhangsan' }, { userId: 'lisi' }]
    const own = { type: 'own', toUser: '', rows, data: { n: 1 } }
    const refused = await notify(own)
    expect(refused).toMatchObject({ retCode: '1013', retMessage: expect.stringContaining('old:1') })
    expect(await stored()).toEqual(before)
    expect((await notify({})).retCode).toBe('0')
    await sql`delete from node where id = 'old'`.execute(world.ctx.db)
    expect((await notify(own)).body.accepted).toBe(2)
  })
})

describe('what is wrong is said before anything is stored', () => {
  const rows = (list: object[]) => ({ toUser: '', data: undefined, rows: list })
  it.each([
    ['missing and unknown variables', { data: { m: 1, k: 2 } }, '1000', '缺少变量 n；有类型没有的变量 m、k'],
    [
      'those of a row',
      { type: 'own', ...rows([{ userId: 'zhangsan', data: {} }]) },
      '1000',
      'rows[0].data 缺少变量 n',
    ],
    [
      'prototypes',
      { data: JSON.parse('{"n": 1, "__proto__": 2, "constructor": 3}') },
      '1000',
      '__proto__、constructor',
    ],
    ['a megabyte', { data: { n: 'x'.repeat(1_000_000) } }, '1000', 'data.n'],
    [
      'a line break in the subject of a mail',
      { type: 'subject', data: { n: 'a\r\nBcc: b@example.com' } },
      '1000',
      'title',
    ],
    ['a list for a value', { data: { n: [1] } }, '1000', 'data.n'],
    ['data that is none', { data: 5 }, '1000', 'data'],
    ['receivers and rows', { rows: [{ userId: 'lisi', data: { n: 1 } }] }, '1000', '三者只能选一'],
    ['neither', { toUser: '' }, '1001', 'rows 或 toList'],
    [
      'the same person twice',
      {
        ...rows([
          { userId: 'lisi', data: { n: 1 } },
          { userId: 'LISI', data: { n: 2 } },
        ]),
      },
      '1000',
      'rows[1] 与 rows[0]',
    ],
    [
      '1001 rows',
      rows(Array.from({ length: 1001 }, (_, n) => ({ userId: `u${n}`, data: { n } }))),
      '1000',
      '1000',
    ],
    ['rows of nobody', rows([{ userId: 'nobody', data: { n: 1 } }]), '1007', 'nobody'],
    ['nobody', { toUser: 'nobody' }, '1007', 'nobody'],
    ['a type that is not there', { type: 'none' }, '1000', '没有消息类型 none'],
    [
      'a megabyte of text for each of many people',
      {
        type: 'long',
        toUser: '@all',
        data: { n: '长'.repeat(20_000) },
      },
      '1000',
      '合计超过',
    ],
    ['a link that is none', { link: 'javascript:alert(1)' }, '1000', 'link'],
  ])('%s', async (_what, body, code, why) => {
    const before = await stored()
    const answer = await notify(body)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringContaining(why)])
    if (code !== '0') expect(await stored()).toEqual(before)
  })

  it('but a type that this node has not heard of yet is there', async () => {
    await sql`insert into message_type (corp_id, key, dev_id, version, created_at)
      select corp_id, 'elsewhere', dev_id, version, created_at from message_type where key = 'one'`.execute(
      world.ctx.db,
    )
    await sql`insert into message_type_version (corp_id, key, version, content, made_by, made_at)
      select corp_id, 'elsewhere', version, content, made_by, made_at from message_type_version where key = 'one'`.execute(
      world.ctx.db,
    )
    expect((await notify({ type: 'elsewhere', data: { n: 9 } })).retCode).toBe('0')
  })

  it('a type that waits for approval is not in force, and SMS takes the scope of its own call', async () => {
    const sms = {
      channels: ['sms'],
      templates: { sms: { zh: { templateId: 'code', params: ['{{ n }}', '5'] } } },
    }
    await put('sms', sms)
    const before = await stored()
    expect(await notify({ type: 'sms' })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('等待超级管理员批准'),
    })
    await approveType(world.ctx, 'test', world.corpId, 'sms', 1)
    expect(await notify({ type: 'sms' })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('sms:send'),
    })
    expect(await stored()).toEqual(before)
  })

  it('other developers’ types are not there, and those of the corp are', async () => {
    const other = await world.addDeveloper({ name: '门禁', scopes: ['message:send'] })
    expect((await notify({}, other)).retMessage).toContain('没有消息类型 one')
    const as = await signInAs(world, 'super')
    const definition = {
      name: '公司',
      level: 'normal',
      channels: ['wecom'],
      templates: { wecom: { zh: { content: '公司 {{ n }}' } } },
    }
    await as.post('/web/message-types/save', { key: 'corp', definition })
    expect((await notify({ type: 'corp' }, other)).retCode).toBe('0')
  })
})

describe('a repetition', () => {
  it('is answered as the first, also when the type is revoked or changed since', async () => {
    const ask = (more: object = {}) => notify({ data: { n: 61 }, requestId: 'r-61', ...more })
    const first = await ask()
    expect((await ask()).body).toEqual(first.body)
    await put('one', { text: '改为 {{ n }}' })
    expect((await ask()).body).toEqual(first.body)
    await setTypeState(world.ctx, 'test', world.corpId, 'one', 'revoked')
    expect((await notify({ data: { n: 62 } })).retCode).toBe('1009')
    expect((await ask()).body).toEqual(first.body)
    await setTypeState(world.ctx, 'test', world.corpId, 'one', 'live')
    expect((await ask({ data: { n: 62 } })).retMessage).toContain('已用于另一条消息')
    const sent = {
      toUser: 'zhangsan',
      sendType: '0',
      msgType: '03',
      agentName: '报销',
      content: '甲',
      requestId: 'r-61',
    }
    expect((await dev.post('/api/message/send', sent)).retMessage).toContain('已用于另一条消息')
    expect(await arrived(world, '61 元已到账')).toHaveLength(1)
  })

  it('of many texts sends nothing twice, however often it is asked at once', async () => {
    const rows = ['zhangsan', 'lisi', 'wangwu'].map((userId, at) => ({ userId, data: { n: 70 + at } }))
    const ask = () => notify({ type: 'own', toUser: '', data: undefined, rows, requestId: 'r-70' })
    const answers = await Promise.all(Array.from({ length: 5 }, ask))
    expect(new Set(answers.map(one => one.body.msgId)).size).toBe(1)
    expect(answers.every(one => one.body.accepted === answers[0]!.body.accepted)).toBe(true)
    await until(
      'all sent',
      async () => (await statusOf(world, answers[0]!.body.msgId, dev)).status === 'sent',
    )
    expect(await arrived(world, '70 元已到账')).toHaveLength(1)
  })
})

it('counts against the corp’s quota once, and stores nothing beyond it', async () => {
  await sql`update corp set quotas = '{"messagesPerDay": 1}'::jsonb`.execute(world.ctx.db)
  await sql`update corp_message_day set messages = 1`.execute(world.ctx.db)
  await world.ctx.reloadConfig(world.corpId)
  const before = await stored()
  const rows = [{ userId: 'zhangsan' }, { userId: 'lisi' }]
  expect((await notify({ type: 'own', toUser: '', rows })).retCode).toBe('1010')
  expect((await notify({})).retCode).toBe('1010')
  expect(await stored()).toEqual(before)
})
