import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { memberOf, removeRole, setRole } from '../../organisation/people/administrators.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { toEveryone } from '../apps/visibility.ts'
import { fresh, sendText, useSms } from '../messages/messages.fixture.ts'
import { startHelpDeskWorld } from './help-desk.fixture.ts'
import { lookUpsAtMost } from './look-up.ts'
import type { Person } from './person.ts'

let world: World
let helper: SignedInClient
let member: SignedInClient
beforeAll(async () => {
  world = await startHelpDeskWorld()
  helper = await signInAs(world, 'helpDesk', 'lisi')
  member = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())

const find = async (q: string, as = helper) => (await as.get('/web/help-desk/find', { q })).body
const namesFor = async (q: string, as = helper) =>
  (await find(q, as)).people.map((one: { userId: string }) => one.userId)
const personPage = (userId: string, as = helper) => as.get('/web/help-desk/person', { userId })
const person = async (userId: string, as = helper) => (await personPage(userId, as)).body as Person
const acts = (act: string) =>
  world.ctx.db.selectFrom('audit').selectAll().where('act', '=', act).orderBy('id').execute()
/** Sessions last half a day, and members may be refused much of what counts for a day. */
async function nextDay() {
  world.clock.offsetMs += 86_400_000
  helper = await signIn(world, { userId: 'lisi' })
  member = await signIn(world, { userId: 'zhangsan' })
}
/** Counters belong to an hour, and none of these tests is about what another one counted. */
const nextHour = () => {
  world.clock.offsetMs += 3_600_000
}

describe('who asks for help is found', () => {
  it('by the number of a page that refused a sign-in to an app, and what came of sign-ins is shown', async () => {
    const { id } = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    const request = { id: 'node1-refused7', ip: '192.0.2.7', headers: {} }
    const app = { id: 'lib', name: '图书馆' }
    const shared = { request, corpId: world.corpId, app, way: 'cas' as const }
    const signIn = { ...shared, member: { id, userId: 'zhangsan', name: '张三' } }
    world.ctx.signInLog.note({ ...signIn, reason: 'username-doubled' })
    await world.ctx.signInLog.settled()
    expect(await find('node1-refused7')).toMatchObject({
      by: 'refusal',
      people: [{ userId: 'zhangsan' }],
      refusal: { place: '图书馆 · CAS', what: '用作用户名的字段与另一人相同', advice: expect.any(String) },
    })
    const { appSignIns } = await person('zhangsan')
    expect(appSignIns).toMatchObject([{ appName: '图书馆', why: '用作用户名的字段与另一人相同' }])
  })

  it('by name, pinyin, userid and whole mobile, and seen with masked ones', async () => {
    expect(await namesFor('张三')).toEqual(['zhangsan'])
    expect(await namesFor('zhang san')).toContain('zhangsan')
    expect(await namesFor('ZhangSan')).toContain('zhangsan')
    for (const mobile of ['13800138001', '138 0013 8001', '+86 138-0013-8001']) {
      const found = await find(mobile)
      expect(found).toMatchObject({ by: 'mobile', people: [{ userId: 'zhangsan', mobile: '138****8001' }] })
    }
    expect(JSON.stringify([await find('张三'), await person('zhangsan')])).not.toMatch(
      /13800138001|zhangsan@/,
    )
    expect(await person('zhangsan')).toMatchObject({
      mobile: '138****8001',
      email: 'z***@huayu.example',
      messageChoices: { isAllOff: false, hasQuietHours: false, types: [] },
    })
  })

  it.each(['1380013800', '138', '8001', '3800138001', '138001380011', '+138'])(
    'but nobody by %s, a part of a mobile',
    async part => {
      expect(await namesFor(part)).toEqual([])
    },
  )

  it.each([
    '<script>alert(1)</script>',
    '\u202Eيم',
    '😀',
    '好'.repeat(64),
    `x'--`,
    '%',
    'no-such-number',
    '\\',
  ])('and nobody by %s', async words => {
    expect(await find(words)).toMatchObject({ people: [], refusal: null, call: null })
  })

  it.each(['a\0b', '\ud800', 'x'.repeat(101)])(
    'and %j is refused or finds nobody, without an error of ours',
    async words => {
      for (const path of ['find', 'person']) {
        const answer = await helper.get(`/web/help-desk/${path}`, { q: words, userId: words })
        expect(['0', '1000', '1007']).toContain(answer.retCode)
      }
    },
  )

  it('with the audit log saying who looked at whom, once for each look', async () => {
    nextHour()
    const looked = (await acts('help-desk.look')).length
    await person('zhangsan')
    await person('ZHANGSAN')
    await find('13800138001')
    const looks = await acts('help-desk.look')
    expect(looks).toHaveLength(looked + 1)
    expect(looks.at(-1)).toMatchObject({
      corp_id: world.corpId,
      actor: 'lisi',
      actor_name: '李四',
      target: 'zhangsan',
      target_name: '张三',
    })
    expect((await acts('help-desk.search')).at(-1)).toMatchObject({ actor: 'lisi', target: '138****8001' })
    world.clock.offsetMs += 11 * 60_000
    await person('zhangsan')
    expect(await acts('help-desk.look')).toHaveLength(looked + 2)
  })

  it('after they left, by their whole userid', async () => {
    await world.admin('user/create', { userid: 'gone', name: '走了', mobile: '13900139009', department: [2] })
    await world.sync()
    await world.admin('user/delete', { userid: 'gone' })
    await world.sync()
    expect((await find('gone')).people).toMatchObject([{ userId: 'gone', userName: '走了', status: 5 }])
    expect(await namesFor('gon')).toEqual([])
    expect((await personPage('gone')).retCode).toBe('1007')
    const graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId: 2, manage: true }])
    expect(await namesFor('gone', graded)).toEqual([])
    await removeRole(world.ctx, 'test', world.corpId, 'wangwu')
  })

  it('no more than 120 times an hour, by each who looks', async () => {
    nextHour()
    const { corpId, ctx } = world
    await setRole(ctx, 'test', corpId, 'wangwu', { level: 4 })
    const curious = await signIn(world, { userId: 'wangwu' })
    for (let n = 0; n < lookUpsAtMost; n++)
      expect((await personPage(`nobody${n}`, curious)).retCode).toBe('1007')
    const over = await personPage('zhangsan', curious)
    expect([over.status, over.retMessage]).toEqual([429, expect.stringContaining('一小时最多查 120 次')])
    // Trying again neither helps nor leaves a trace as if somebody had been seen.
    expect((await personPage('zhangsan', curious)).status).toBe(429)
    expect((await personPage('zhangsan')).retCode).toBe('0')
    nextHour()
    expect((await personPage('zhangsan', await signIn(world, { userId: 'wangwu' }))).retCode).toBe('0')
    await removeRole(ctx, 'test', corpId, 'wangwu')
    await nextDay()
  })
})

describe('the number on an error page', () => {
  const numberOf = (answer: { headers: Headers }) => answer.headers.get('x-request-id') ?? ''
  const kept = () => world.ctx.strangers.settled()

  it('leads to what was refused, to whom, and what to do', async () => {
    const refused = await member.post('/web/portal/open', { appId: 'none', device: 'desktop' })
    expect(refused.retCode).not.toBe('0')
    await kept()
    const found = await find(numberOf(refused).toUpperCase())
    expect(found).toMatchObject({
      by: 'refusal',
      people: [{ userId: 'zhangsan' }],
      refusal: { number: numberOf(refused), place: '打开应用', advice: expect.stringMatching(/。$/) },
    })
    expect((await person('zhangsan')).refusals[0]).toEqual(found.refusal)
  })

  it('of a refused sign-in leads to the member, if it is known who it was', async () => {
    await world.admin('user/update', { userid: 'zhangsan', enable: 0 })
    await world.sync()
    const back = await signInByWecom({ userId: 'zhangsan' })
    await kept()
    expect(await find(back.searchParams.get('refused') ?? '')).toMatchObject({
      people: [{ userId: 'zhangsan', status: 2 }],
      refusal: { place: '企业微信登录', what: '账号未激活或已禁用' },
    })
    await world.admin('user/update', { userid: 'zhangsan', enable: 1 })
    await world.sync()
    member = await signIn(world, { userId: 'zhangsan' })

    const outside = await signInByWecom({ openId: 'oOutsider' })
    await kept()
    expect(await find(outside.searchParams.get('refused') ?? '')).toMatchObject({
      people: [],
      refusal: { what: '这个微信不是企业成员' },
    })
  })

  it('of a call of the API leads to the people whom it names', async () => {
    const answer = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
    await world.ctx.requests.flush()
    expect(await find(numberOf(answer))).toMatchObject({
      by: 'call',
      people: [{ userId: 'zhangsan' }],
      call: { path: '/api/user/get', developer: '测试', code: answer.retCode },
    })
  })

  it('of an administrator tells nothing but that they have a role', async () => {
    await nextDay()
    const graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId: 2, manage: true }])
    const refused = await graded.get('/web/console/sessions')
    await kept()
    expect(await find(numberOf(refused))).toMatchObject({
      people: [{ userId: 'wangwu', hasRole: true }],
      refusal: null,
    })
    await removeRole(world.ctx, 'test', world.corpId, 'wangwu')
  })

  it('is kept for fifty refusals of a member a day, and without a member for two hundred of a network', async () => {
    await nextDay()
    const rows = async () =>
      Number(
        (
          await world.ctx.db
            .selectFrom('refusal')
            .select(({ fn }) => fn.countAll<string>().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    const before = await rows()
    for (let n = 0; n < 55; n++) await member.get('/web/console/sessions')
    await kept()
    expect(await rows()).toBe(before + 50)
    for (let n = 0; n < 205; n++)
      await fetch(`${world.server.url}/signin/callback?state=x`, { redirect: 'manual' })
    await kept()
    expect(await rows()).toBe(before + 250)
  })
})

async function signInByWecom(who: { userId: string } | { openId: string }): Promise<URL> {
  const inWecom = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile wxwork/4.1 MicroMessenger/7.0'
  const visit = async (path: string, cookie = '') => {
    const headers = { cookie, 'user-agent': inWecom }
    const response = await fetch(`${world.server.url}${path}`, { redirect: 'manual', headers })
    const cookies = response.headers.getSetCookie().map(line => line.split(';', 1)[0] ?? '')
    return {
      to: new URL(response.headers.get('location') ?? '/', world.server.url),
      cookie: cookies.join('; '),
    }
  }
  const begun = await visit('/signin/wecom')
  const { code } = await world.control('code', { ...who, scope: 'snsapi_base' })
  const state = begun.to.searchParams.get('state')
  return (await visit(`/signin/callback?code=${code}&state=${state}`, begun.cookie)).to
}

describe('the page of a member', () => {
  beforeAll(nextDay)

  it('tells of messages what became of them, and of what they say no more than the title', async () => {
    const url = 'https://app.example.com/a'
    await sendText(world, '工资 12345 元', { title: '工资单', url })
    await sendText(world, '请在周五前完成', { msgType: '01', title: '填报', url })
    await sendText(world, '【审批】密码 445566\n请勿转告')
    await sendText(world, '验证码 998877')
    const others = await sendText(world, '给别人', {
      toUser: 'lisi',
      title: '别人的',
      url: 'https://app.example.com/a',
    })
    const { messages } = await person('zhangsan')
    expect(messages.map(one => [one.title, one.state, one.via])).toEqual([
      ['', 'sent', '企业微信'],
      ['', 'sent', '企业微信'],
      ['填报', 'sent', '企业微信'],
      ['工资单', 'sent', '企业微信'],
    ])
    expect(JSON.stringify(messages)).not.toMatch(/12345|998877|445566/)
    const why = (id: string) => helper.get('/web/help-desk/message-why', { userId: 'zhangsan', msgId: id })
    const { steps } = (await why(messages[0]!.id)).body
    expect(steps.map((one: { said: string }) => one.said)).toEqual(['已接受', '渠道已接受'])
    expect((await why(others.msgId)).retMessage).toContain('不是消息')
    const { msgId } = await sendText(world, '作废', { title: '填错的通知', url })
    await useSms(world, 'tencent')
    await world.ctx.db.updateTable('sms_template').set({ text: '验证码 {1}，{2} 分钟内有效' }).execute()
    await world.ctx.messageSettings.reload(world.corpId)
    const params = ['332211', '5']
    await fresh(world).post('/api/message/sms', {
      toUser: 'zhangsan',
      agentName: '行政',
      templateId: 'code',
      params,
    })
    await fresh(world).post('/api/message/recall', { msgId })
    const latest = (await person('zhangsan')).messages.slice(0, 2)
    expect(latest.map(one => [one.title, one.state])).toEqual([
      ['验证码 …，… 分钟内有效', expect.any(String)],
      ['填错的通知', 'recalled'],
    ])
    expect(JSON.stringify(latest)).not.toContain('332211')
    world.clock.offsetMs += 31 * 86_400_000
    await nextDay()
    expect((await person('zhangsan')).messages).toEqual([])
  })

  it('tells which apps they may open, and why not the others', async () => {
    const { ctx, corpId } = world
    const only = { ...toEveryone, everyone: false }
    const homeUrl = 'https://app.example.com/'
    await addApp(ctx, 'test', corpId, { name: '大家的', homeUrl })
    const { id } = await addApp(ctx, 'test', corpId, { name: '停用的', homeUrl })
    await setApp(ctx, 'test', corpId, id, { enabled: false })
    await addApp(ctx, 'test', corpId, { name: '没有主页', homeUrl: '' })
    const lisi = memberOf(ctx, corpId, 'lisi').id
    await addApp(ctx, 'test', corpId, {
      name: '别人的',
      homeUrl,
      visibility: { ...only, departments: [4], memberIds: [lisi] },
    })
    const { apps } = await person('zhangsan')
    const of = (name: string) => apps.find(one => one.name === name)
    expect(of('大家的')).toMatchObject({ why: 'open', seenBy: [] })
    expect(of('停用的')).toMatchObject({ why: 'off' })
    expect(of('没有主页')).toMatchObject({ why: 'addressless' })
    expect(of('别人的')).toMatchObject({ why: 'outside', seenBy: ['财务部'], named: 1 })
  })

  it('ends one session or all, and nobody else’s', async () => {
    const [first, second, third] = [
      await signIn(world, { userId: 'zhangsan' }),
      await signIn(world, { userId: 'zhangsan' }),
      await signIn(world, { userId: 'zhangsan' }),
    ]
    const isIn = async (as: SignedInClient) => (await as.get('/web/session')).body.signedIn
    const end = (id: string) => helper.post('/web/help-desk/end-session', { userId: 'zhangsan', id })
    expect((await end(first.sessionId)).retCode).toBe('0')
    expect([await isIn(first), await isIn(second)]).toEqual([false, true])
    expect((await end(first.sessionId)).retMessage).toContain('已经结束')
    expect((await end(helper.sessionId)).retCode).toBe('1000')
    expect((await person('zhangsan')).sessions.map(one => one.id)).not.toContain(first.sessionId)
    const { ended } = (await helper.post('/web/help-desk/end-sessions', { userId: 'zhangsan' })).body
    expect(ended).toBeGreaterThanOrEqual(2)
    expect([await isIn(second), await isIn(third), await isIn(helper)]).toEqual([false, false, true])
    expect((await acts('session.end-person')).at(-1)).toMatchObject({ actor: 'lisi', target: 'zhangsan' })
    member = await signIn(world, { userId: 'zhangsan' })
  })
})

describe('a second factor whose device is lost', () => {
  it('is reset for a member, who is signed out everywhere, and not for somebody with a role', async () => {
    const { ctx, corpId } = world
    const begun = (await member.post('/web/second-factor/begin')).body
    const code = new TOTP({ secret: begun.secret }).generate({ timestamp: ctx.now() })
    expect((await member.post('/web/second-factor/finish', { setup: begun.setup, code })).retCode).toBe('0')
    expect((await person('zhangsan')).factor).toEqual({ isOn: true, passkeys: 0 })
    const reset = (userId: string, as = helper) => as.post('/web/help-desk/reset-second-factor', { userId })
    await setRole(ctx, 'test', corpId, 'zhangsan', { level: 2 })
    expect((await reset('zhangsan')).status).toBe(403)
    await removeRole(ctx, 'test', corpId, 'zhangsan')
    expect((await reset('zhangsan')).retCode).toBe('0')
    expect((await reset('zhangsan')).retMessage).toContain('没有启用')
    expect((await member.get('/web/session')).body.signedIn).toBe(false)
    expect((await acts('admin.second-factor.reset')).at(-1)).toMatchObject({
      actor: 'lisi',
      target: 'zhangsan',
    })
    member = await signIn(world, { userId: 'zhangsan' })
    const system = await signInAs(world, 'super', 'wangwu')
    expect((await system.post('/web/console/second-factor/reset', { userId: 'wangwu' })).status).toBe(403)
    await removeRole(ctx, 'test', corpId, 'wangwu')
  })
})

describe('the role', () => {
  it('is that of a member on the wire', async () => {
    const { ctx, corpId } = world
    expect((await helper.get('/web/session')).body.person).toMatchObject({ roleLevel: 0, isHelpDesk: true })
    expect((await helper.get('/web/portal/me')).body.roleLevel).toBe(0)
    expect((await member.get('/web/session')).body.person).toMatchObject({ roleLevel: 0, isHelpDesk: false })
    const dev = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue'] })
    const app = await addApp(ctx, 'test', corpId, { name: '应用', devId: dev.devId })
    const { body } = await dev.post('/api/ticket/issue', { userId: 'lisi', appId: app.id })
    const info = await dev.get('/api/user/getInfo', { jessionId: body.jessionId })
    expect(info.body).toMatchObject({ userId: 'lisi', roleLevel: 0 })
  })

  it.each(['graded', 'super', 'helpDesk'] as const)('does not reach people who are %s', async as => {
    const other = await signInAs(world, as, 'wangwu', [{ departmentId: 2, manage: true }])
    for (const asked of [helper, await signIn(world, { admin: 'admin' })]) {
      const seen = await personPage('wangwu', asked)
      expect([seen.status, seen.retMessage]).toEqual([403, expect.stringContaining('只服务没有角色的成员')])
      const id = other.sessionId
      expect((await asked.post('/web/help-desk/end-session', { userId: 'wangwu', id })).status).toBe(403)
      expect((await asked.post('/web/help-desk/end-sessions', { userId: 'wangwu' })).status).toBe(403)
    }
    expect((await other.get('/web/session')).body.signedIn).toBe(true)
    await removeRole(world.ctx, 'test', world.corpId, 'wangwu')
    expect((await personPage('wangwu')).retCode).toBe('0')
  })

  it('lets graded administrators see their departments, and says of others what it says of nobody', async () => {
    const [outside] = memberOf(world.ctx, world.corpId, 'zhangsan').departments
    const graded = await signInAs(world, 'graded', 'wangwu', [{ departmentId: 4, manage: true }])
    expect(outside).not.toBe(4)
    const refusal = ({ status, retCode, retMessage, body }: Awaited<ReturnType<typeof personPage>>) => ({
      status,
      retCode,
      body,
      words: retMessage.replace(/zhangsan|nobody/, '…'),
    })
    expect(refusal(await personPage('zhangsan', graded))).toEqual(refusal(await personPage('nobody', graded)))
    const end = (userId: string) => graded.post('/web/help-desk/end-sessions', { userId })
    expect(refusal(await end('zhangsan'))).toEqual(refusal(await end('nobody')))
    expect(await namesFor('张三', graded)).toEqual([])
    expect(await namesFor('13800138001', graded)).toEqual([])
    await removeRole(world.ctx, 'test', world.corpId, 'wangwu')
  })

  it('ends at once, with the role and with leaving', async () => {
    const { ctx, corpId } = world
    await setRole(ctx, 'test', corpId, 'wangwu', { level: 4 })
    const asked = await signIn(world, { userId: 'wangwu' })
    expect((await personPage('zhangsan', asked)).retCode).toBe('0')
    await removeRole(ctx, 'test', corpId, 'wangwu')
    const lost = await personPage('zhangsan', asked)
    expect([lost.status, lost.retMessage]).toEqual([403, expect.stringContaining('服务台')])
    await setRole(ctx, 'test', corpId, 'wangwu', { level: 4 })
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.sync()
    expect((await personPage('zhangsan', asked)).status).toBe(401)
    // Whoever gets the userid later is somebody else.
    await world.admin('user/create', {
      userid: 'wangwu',
      name: '新来的',
      mobile: '13900139008',
      department: [2],
    })
    await world.sync()
    expect(ctx.roles.of(memberOf(ctx, corpId, 'wangwu').id)).toBeUndefined()
    const page = await call(`${world.server.url}/web/help-desk/find?q=x`)
    expect(page.status).toBe(401)
  })
})
