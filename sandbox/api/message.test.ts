import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, callerOf, control, dump, messagesOf } from '../test-caller.ts'

let sandbox: Sandbox
let everyone: Caller
let branch: Caller
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 120, now: () => now })
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  now += 2 * 24 * 3_600_000
  await sandbox.reset({ members: 120 })
  const limits = { perMemberMinute: 30, perMemberHour: 1000, perAgentDay: 'wecom' }
  await control(sandbox, 'POST', 'limits', limits)
  everyone = await callerOf(sandbox, sandbox.agents[0]!.secret)
  branch = await callerOf(sandbox, sandbox.agents[1]!.secret)
})

const text = (change: object = {}) => ({
  touser: 'lisi',
  msgtype: 'text',
  agentid: sandbox.agents[0]!.agentId,
  text: { content: '你好' },
  ...change,
})
const send = (change: object = {}) => everyone.post('message/send', text(change))
const codeOf = async (change: object) => (await send(change)).errcode

describe('who may send', () => {
  test('the application named by agentid, with its own secret', async () => {
    expect(await send()).toMatchObject({ errcode: 0, errmsg: 'ok', msgid: expect.stringMatching(/^.{44}$/) })
    const { agentid: _, ...without } = text()
    expect((await everyone.post('message/send', without)).errcode).toBe(41011)
    expect(await codeOf({ agentid: 'x' })).toBe(40056)
    expect(await codeOf({ agentid: 999 })).toBe(40056)
    expect(await codeOf({ agentid: sandbox.agents[1]!.agentId })).toBe(301002)
    expect(await codeOf({ agentid: String(sandbox.agents[0]!.agentId) })).toBe(0)
    const contact = await callerOf(sandbox)
    expect((await contact.post('message/send', text())).errcode).toBe(48002)
  })
})

describe('receivers', () => {
  test('unknown, disabled and gone members are named in lower case, the others get it', async () => {
    await admin(sandbox, 'user/update', { userid: 'wangwu', status: 2 })
    await admin(sandbox, 'user/update', { userid: 'lisi', status: 4 })
    const answer = await send({ touser: 'LiSi|NoBody|wangwu|lisi', toparty: '1999|x', totag: '77' })
    expect(answer).toMatchObject({
      errcode: 0,
      invaliduser: 'nobody|wangwu',
      invalidparty: '1999|x',
      invalidtag: '77',
    })
    const [message] = await messagesOf(sandbox, {})
    expect(message).toMatchObject({ n: 1, channel: 'wecom', to: ['lisi'], dropped: [], all: false })
    expect(Object.keys(await send())).toEqual(['errcode', 'errmsg', 'msgid'])
  })

  test('departments and tags are expanded, each person once, @all is everybody in sight', async () => {
    const corp = await dump(sandbox)
    const active = corp.members.filter(item => item['status'] === 1 || item['status'] === 4)
    const inTwo = active.filter(item => item.department.includes(2)).map(item => item.userid)
    await send({ touser: inTwo[0], toparty: '2' })
    const below = new Set([2])
    for (let size = 0; size < below.size; ) {
      size = below.size
      for (const item of corp.departments) if (below.has(item.parentid)) below.add(item.id)
    }
    const expected = active.filter(item => item.department.some(id => below.has(id))).map(item => item.userid)
    expect(((await messagesOf(sandbox, {}))[0]!['to'] as string[]).sort()).toEqual(expected.sort())
    const tagged = corp.tags[0]!
    await send({ touser: '', totag: String(tagged.tagid) })
    const [, byTag] = await messagesOf(sandbox, {})
    expect(byTag!['to']).toEqual(expect.arrayContaining(inStatus(active, tagged.userlist)))
    await send({ touser: '@all', toparty: '1999' })
    const [, , toAll] = await messagesOf(sandbox, {})
    expect(toAll!['all']).toBe(true)
    expect((toAll!['to'] as string[]).sort()).toEqual(active.map(item => item.userid).sort())
    const someone = active.find(item => item.userid !== 'lisi')!.userid
    expect((await messagesOf(sandbox, { to: someone })).map(item => item.n)).toContain(3)
  })

  const inStatus = (active: { userid: string }[], list: { userid: string }[]) =>
    list.map(item => item.userid).filter(userid => active.some(item => item.userid === userid))

  test('outside the visible range is invalid, and nobody valid is 81013', async () => {
    const corp = await dump(sandbox)
    const agentid = sandbox.agents[1]!.agentId
    const outside = corp.members.find(item => item.department.join() === '1')!.userid
    expect(await branch.post('message/send', text({ agentid, touser: outside, toparty: '1' }))).toMatchObject(
      {
        errcode: 81013,
      },
    )
    expect(await codeOf({ touser: 'nobody' })).toBe(81013)
    expect(await codeOf({ touser: '' })).toBe(82001)
    expect(await codeOf({ touser: 'lisi|@all' })).toBe(0)
  })

  test.each([
    [{ touser: new Array(1001).fill('lisi').join('|') }, 40032],
    [{ toparty: new Array(101).fill('1').join('|') }, 82002],
    [{ totag: new Array(101).fill('1').join('|') }, 82003],
  ])('too many', async (change, errcode) => {
    expect(await codeOf(change)).toBe(errcode)
    expect(await messagesOf(sandbox, {})).toEqual([])
  })
})

describe('content', () => {
  const card = { title: '标题', description: '说明', url: 'https://a.example/x' }
  const article = { title: '标题', url: 'https://a.example/x', picurl: 'https://a.example/p.png' }
  test.each([
    [{ msgtype: '04' }, 40008],
    [{ msgtype: 'constructor', constructor: {} }, 40008],
    [{ text: { content: '' } }, 44004],
    [{ text: undefined }, 44004],
    [{ text: { content: 5 } }, 40058],
    [{ msgtype: 'textcard', textcard: { ...card, title: '' } }, 41016],
    [{ msgtype: 'textcard', textcard: { ...card, description: undefined } }, 41033],
    [{ msgtype: 'textcard', textcard: { ...card, url: undefined } }, 41010],
    [{ msgtype: 'textcard', textcard: { ...card, url: '/relative' } }, 40054],
    [{ msgtype: 'textcard', textcard: { ...card, url: 'javascript:alert(1)' } }, 40054],
    [{ msgtype: 'textcard', textcard: { ...card, url: `https://a.example/${'x'.repeat(2048)}` } }, 45002],
    [{ msgtype: 'news', news: { articles: [] } }, 44004],
    [{ msgtype: 'news', news: { articles: new Array(9).fill(article) } }, 45008],
    [{ msgtype: 'news', news: { articles: [{ ...article, title: '' }] } }, 41016],
    [{ msgtype: 'news', news: { articles: [{ title: '小程序', appid: 'wx1', pagepath: 'a' }] } }, 0],
    [{ msgtype: 'markdown', markdown: { content: '# a' } }, 0],
    [{ msgtype: 'image', image: {} }, 40007],
    ...['image', 'voice', 'video', 'file'].map((msgtype): [object, number] => [
      { msgtype, [msgtype]: { media_id: 'unknown' } },
      40007,
    ]),
    [
      {
        msgtype: 'mpnews',
        mpnews: { articles: [{ title: '标题', content: '文', thumb_media_id: 'unknown' }] },
      },
      40007,
    ],
    [{ msgtype: 'template_card', template_card: { card_type: 'x' } }, 40058],
    [{ enable_duplicate_check: 1, duplicate_check_interval: 14401 }, 40058],
    [{ safe: 3 }, 40058],
  ])('%j', async (change, errcode) => {
    expect(await codeOf(change)).toBe(errcode)
    expect(await messagesOf(sandbox, {})).toHaveLength(errcode === 0 ? 1 : 0)
  })

  test('takes media that were uploaded, for three days', async () => {
    const upload = async (type: string, content: string) => {
      const body = new FormData()
      body.set('media', new Blob([content]), '年报.pdf')
      const url = `${sandbox.url}/cgi-bin/media/upload?access_token=${everyone.token}&type=${type}`
      return (await (await fetch(url, { method: 'POST', body })).json()) as Record<string, string>
    }
    expect(await upload('image', 'no picture')).toMatchObject({ errcode: 40005 })
    expect(await upload('film', 'x')).toMatchObject({ errcode: 40004 })
    expect(await upload('file', 'tiny')).toMatchObject({ errcode: 40006 })
    const { media_id, created_at } = await upload('file', '%PDF-1.7 年报')
    expect(created_at).toBe(String(Math.floor(now / 1000)))
    const file = await fetch(
      `${sandbox.url}/cgi-bin/media/get?access_token=${everyone.token}&media_id=${media_id}`,
    )
    expect(await file.text()).toBe('%PDF-1.7 年报')
    expect(await codeOf({ msgtype: 'file', file: { media_id } })).toBe(0)
    now += 3 * 86_400_000 + 1
    // By now the token of the other calls has run out.
    const { agentId: agentid, secret } = sandbox.agents[0]!
    const late = { touser: 'lisi', agentid, msgtype: 'file', file: { media_id } }
    expect((await (await callerOf(sandbox, secret)).post('message/send', late)).errcode).toBe(40007)
  })

  test('is cut on characters where WeCom cuts, without a word', async () => {
    const long = '字'.repeat(700)
    await send({ text: { content: `a${'😀'.repeat(600)}` } })
    await send({
      msgtype: 'textcard',
      textcard: { ...card, title: long, description: long, btntxt: '立即查看详情' },
    })
    await send({ msgtype: 'news', news: { articles: [{ ...article, title: long, description: long }] } })
    const [first, second, third] = (await messagesOf(sandbox, {})).map(item => item['content'])
    expect(first).toEqual({ content: `a${'😀'.repeat(511)}` })
    const [title, description] = ['字'.repeat(42), '字'.repeat(170)]
    expect(second).toEqual({ title, description, url: card.url, btntxt: '立即查看' })
    expect(third).toEqual({ articles: [{ title, description, url: article.url, picurl: article.picurl }] })
    await send({ msgtype: 'textcard', textcard: card })
    expect((await messagesOf(sandbox, {}))[3]!['content']).toEqual({ ...card, btntxt: '详情' })
  })
})

describe('duplicate check', () => {
  const checked = { enable_duplicate_check: 1 }
  test('an identical request inside the interval is answered but not delivered', async () => {
    const first = await send(checked)
    now += 1_799_000
    expect(await send(checked)).toMatchObject({ errcode: 0, msgid: first['msgid'] })
    await send({ ...checked, text: { content: '别的' } })
    now += 1_001
    expect((await send(checked))['msgid']).not.toBe(first['msgid'])
    expect((await messagesOf(sandbox, {})).map(item => [item['to'], item['deduplicated']])).toEqual([
      [['lisi'], undefined],
      [[], true],
      [['lisi'], undefined],
      [['lisi'], undefined],
    ])
    expect(await messagesOf(sandbox, { to: 'lisi' })).toHaveLength(3)
  })

  test('has its own interval, and nothing is checked without being asked', async () => {
    const short = { ...checked, duplicate_check_interval: 10 }
    await send(short)
    now += 10_001
    await send(short)
    await send()
    await send()
    expect(await messagesOf(sandbox, { to: 'lisi' })).toHaveLength(4)
  })

  test('saves the sender whose answer was lost', async () => {
    await control(sandbox, 'POST', 'faults', { match: 'message/send', mode: 'acceptedThenTimeout', times: 1 })
    const lost = fetch(`${sandbox.url}/cgi-bin/message/send?access_token=${everyone.token}`, {
      method: 'POST',
      body: JSON.stringify(text(checked)),
      signal: AbortSignal.timeout(200),
    })
    await expect(lost).rejects.toThrow()
    expect((await send(checked)).errcode).toBe(0)
    expect(await messagesOf(sandbox, { to: 'lisi' })).toHaveLength(1)
  })
})

test('members without a licence are named and get nothing', async () => {
  await control(sandbox, 'POST', 'licences', { without: ['lisi'] })
  expect(await send({ touser: 'lisi|wangwu' })).toMatchObject({ errcode: 0, unlicenseduser: 'lisi' })
  expect(await messagesOf(sandbox, {})).toMatchObject([{ to: ['wangwu'] }])
  expect(await send({ touser: '@all' })).toMatchObject({ errcode: 0, unlicenseduser: 'lisi' })
  expect((await control(sandbox, 'POST', 'licences', { without: ['nobody'] })).status).toBe(400)
  await control(sandbox, 'POST', 'licences', {})
  expect(await send({ touser: 'lisi' })).not.toHaveProperty('unlicenseduser')
})

describe('frequency', () => {
  test('more than thirty a minute for a member are dropped silently', async () => {
    const { touser } = text({ touser: 'lisi|wangwu' })
    for (let index = 0; index < 31; index++) expect(await codeOf({ touser: 'lisi' })).toBe(0)
    await send({ touser })
    const all = await messagesOf(sandbox, {})
    expect(all[30]).toMatchObject({ to: [], dropped: [{ userid: 'lisi', reason: 'perMemberMinute' }] })
    expect(all[31]).toMatchObject({ to: ['wangwu'], dropped: [{ userid: 'lisi' }] })
    expect(await messagesOf(sandbox, { to: 'lisi' })).toHaveLength(30)
    // Each application is counted separately, and after a minute the limit is free again.
    now += 60_001
    await send()
    expect(await messagesOf(sandbox, { to: 'lisi' })).toHaveLength(31)
  })

  test('the hour and the day', async () => {
    await control(sandbox, 'POST', 'limits', { perMemberMinute: null, perMemberHour: 2, perAgentDay: 4 })
    for (let index = 0; index < 3; index++) await send()
    expect((await messagesOf(sandbox, {}))[2]).toMatchObject({ dropped: [{ reason: 'perMemberHour' }] })
    expect(await codeOf({ touser: 'wangwu|lisi' })).toBe(0)
    expect(await codeOf({ touser: 'wangwu|lisi' })).toBe(45009)
    expect(await codeOf({ touser: 'wangwu' })).toBe(0)
    expect(await everyone.post('message/get_statistics', {})).toMatchObject({
      statistics: [{ agentid: sandbox.agents[0]!.agentId, app_name: '工作台', count: 4 }],
    })
    now += 24 * 3_600_000
    everyone = await callerOf(sandbox, sandbox.agents[0]!.secret)
    expect((await everyone.post('message/get_statistics', { time_type: 1 }))['statistics']).toHaveLength(1)
    expect((await everyone.post('message/get_statistics', { time_type: 0 }))['statistics']).toEqual([])
    expect(await codeOf({ touser: 'wangwu' })).toBe(0)
  })

  test('by default 200 times the accounts a day', async () => {
    await sandbox.reset({ members: 1 })
    await control(sandbox, 'POST', 'limits', { perMemberMinute: null, perMemberHour: null })
    const [only] = (await dump(sandbox)).members
    await admin(sandbox, 'user/update', { userid: only!.userid, status: 1 })
    const codes = []
    for (let index = 0; index < 201; index++) codes.push(await codeOf({ touser: only!.userid }))
    expect(codes.indexOf(45009)).toBe(200)
  })
})

describe('recall', () => {
  test('by the same application, within a day', async () => {
    const { msgid } = await send()
    const agentid = sandbox.agents[1]!.agentId
    expect((await branch.post('message/recall', { msgid })).errcode).toBe(40058)
    expect((await everyone.post('message/recall', { msgid: 'unknown' })).errcode).toBe(40058)
    expect((await messagesOf(sandbox, {}))[0]).not.toHaveProperty('recalledAt')
    expect((await everyone.post('message/recall', { msgid })).errcode).toBe(0)
    expect((await everyone.post('message/recall', { msgid })).errcode).toBe(0)
    const [message] = await messagesOf(sandbox, { to: 'lisi' })
    expect(message).toMatchObject({ recalledAt: new Date(now).toISOString(), content: { content: '你好' } })
    expect(agentid).not.toBe(message!['agentId'])
    const old = (await send())['msgid']
    now += 24 * 3_600_000
    everyone = await callerOf(sandbox, sandbox.agents[0]!.secret)
    expect((await everyone.post('message/recall', { msgid: old })).errcode).toBe(40058)
  })
})
