import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, type Caller, startWorld, type World } from '../../../test/harness.ts'
import { callerWith, type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { codesSent } from '../../callers/sign-in/sms-code/sms-code.ts'
import { saveWays } from '../../callers/sign-in/ways/ways.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import { switchFeatures } from '../../organisation/corps/features/switch.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { toEveryone } from '../apps/visibility.ts'
import { shownMail, shownSms, shownWecom, useAgents, useSms, useSmtp } from '../messages/messages.fixture.ts'
import { linksSent } from './mail-link/mail-link.ts'

const dayMs = 86_400_000

let world: World
let admin: SignedInClient
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 40 })
  await useAgents(world)
  await useSmtp(world)
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: 'https://wisp.example.com' })
  await useSms(world, 'tencent')
  await saveWays(world.ctx, 'test', world.corpId, { ways: ['wecom', 'sms', 'passkey'], smsTemplate: 'code' })
  admin = await signInAs(world, 'system')
  dev = await world.addDeveloper({
    name: '门禁',
    scopes: [
      'directory:read',
      'directory:mobile',
      'directory:external',
      'message:send',
      'sms:send',
      'webhook:manage',
    ],
  })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

let n = 0
const inDays = (days: number) => new Date(world.ctx.now() + days * dayMs).toISOString()
const form = (more: object = {}) => {
  n++
  return {
    name: `外部${n}`,
    mobile: `139${String(10_000_000 + n)}`,
    email: `outside${n}@example.com`,
    organisation: '甲公司',
    sponsorUserId: 'lisi',
    endsAt: inDays(90),
    ...more,
  }
}
const save = (more: object = {}) => admin.post('/web/external/people/save', form(more))
async function added(more: object = {}) {
  const given = form(more)
  const answer = await admin.post('/web/external/people/save', given)
  expect(answer.retMessage).toBe('成功')
  return { ...given, userId: String(answer.body.userId) }
}
const mirror = () => world.ctx.mirrors.of(world.corpId)
const coreOf = (userId: string) => mirror().members.byKey(userId.toLowerCase())
const nobody = () => callerWith(world.server.url, '', '', '')
const sessionOf = async (who: SignedInClient) => (await who.get('/web/session')).body
const digits = (text = '') => /\d{6}/.exec(text)?.[0] ?? ''
const cookiesOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map(one => one.split(';', 1)[0])
    .join('; ')

async function signInBySms(mobile: string): Promise<SignedInClient | undefined> {
  const before = (await shownSms(world)).length
  const { state } = (await nobody().post('/web/sign-in/sms', { corpId: world.corpId, mobile })).body
  await codesSent()
  const sms = (await shownSms(world)).slice(before).at(-1)
  if (!sms) return undefined
  const answer = await nobody().post('/web/sign-in/sms/code', { state, code: digits(sms.text) })
  expect(answer.retMessage).toBe('成功')
  return callerWith(world.server.url, cookiesOf(answer.headers), '', '')
}

describe('people from outside WeCom', () => {
  it('are in no list of members, no @all, no search and no chapter 4, whoever asks', async () => {
    const before = [mirror().members.listed, (await dev.get('/api/org/list')).body.list.length]
    const { userId, name, mobile } = await added()
    expect(userId).toMatch(/^ext_[a-z0-9]{16}$/)
    expect(coreOf(userId)).toMatchObject({ name, status: 6, departments: [2 ** 33] })
    expect([mirror().members.listed, (await dev.get('/api/org/list')).body.list.length]).toEqual(before)
    for (const [path, query] of [
      ['/api/user/get', { userId }],
      ['/api/org/authList', { userId }],
      ['/api/user/orgUserList', { orgId: 2 ** 33 }],
    ] as const)
      expect((await dev.get(path, query)).retCode).toMatch(/^100[57]$/)
    expect((await dev.post('/api/user/find', { mobile })).retCode).toBe('1007')
    const all = (await dev.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1 })).body.list
    expect(JSON.stringify(all)).not.toContain('ext_')
    expect(JSON.stringify((await admin.get('/web/directory/search', { text: name })).body)).not.toContain(
      'ext_',
    )
    expect((await admin.get('/web/directory/member', { userId })).retCode).toBe('1007')
    const changes = (await dev.get('/api/directory/changes', { since: 0, limit: 1000 })).body
    expect(JSON.stringify(changes)).not.toContain('ext_')
    const sent = await dev.post('/api/message/send', {
      sendType: '2',
      toUser: '@all',
      agentName: '门禁',
      title: '全员',
      content: '全员',
    })
    expect(sent.retCode).toBe('0')
    await until('the mails', async () => (await shownMail(world)).some(one => one.subject.includes('全员')))
    expect(
      (await shownMail(world))
        .filter(one => one.subject.includes('全员'))
        .map(one => one.to)
        .join(),
    ).not.toContain('outside')
    const visible = await admin.post('/web/apps/count-visible', {
      visibility: { everyone: true, departments: [], userIds: [], tags: [] },
    })
    expect(visible.body.members).toBe(before[0])
  })

  it('are shown to developers who have the scope and ask for them', async () => {
    const { userId, name } = await added()
    const other = await world.addDeveloper({ scopes: ['directory:read'] })
    const scoped = await world.addDeveloper({
      scopes: ['directory:read', 'directory:external'],
      dataScope: { departments: [2], tags: [] },
    })
    const ask = (by: Caller) => by.get('/api/user/get', { userId, external: 1 })
    expect((await ask(dev)).body).toMatchObject({ userId, userName: name, status: 6, orgList: [] })
    for (const by of [other, scoped]) expect((await ask(by)).retCode).toBe('1009')
    const made = await admin.post('/web/external/department/save', { name: '承包商' })
    const inside = await added({ department: made.body.id })
    const orgs = (await dev.get('/api/org/list', { external: 1 })).body.list
    expect(orgs.map((one: { orgId: string; parentId: string }) => [one.orgId, one.parentId])).toEqual([
      [String(2 ** 33), '0'],
      [String(made.body.id), String(2 ** 33)],
    ])
    const listOf = async (query: object) => {
      const { body } = await dev.get('/api/user/orgUserList', { external: 1, pageSize: 1000, ...query })
      return body.list.map((one: { userId: string }) => one.userId)
    }
    expect(await listOf({ orgId: made.body.id })).toEqual([inside.userId])
    expect(await listOf({ orgId: 2 ** 33 })).not.toContain(inside.userId)
    expect(await listOf({ orgId: 2 ** 33, fetchChild: 1 })).toEqual(
      expect.arrayContaining([userId, inside.userId]),
    )
    expect((await admin.post('/web/external/department/remove', { id: made.body.id })).retCode).toBe('1000')
  })

  it('get mail and SMS, and WeCom is never told their userids', async () => {
    const { userId, name } = await added()
    const send = (more: object) =>
      dev.post('/api/message/send', { agentName: '门禁', title: '通知', content: `正文 ${name}`, ...more })
    const mail = await send({ sendType: '2', toUser: userId })
    expect(mail.body).toMatchObject({ status: 'sent', invaliduser: '' })
    const wecom = await send({ sendType: '0', msgType: '03', toUser: `${userId}|zhangsan` })
    expect(wecom.body).toMatchObject({ status: 'sent', invaliduser: userId })
    expect((await shownWecom(world)).flatMap(one => JSON.stringify(one)).join()).not.toContain('ext_')
    const own = await signIn(world, { userId })
    const messages = (await own.get('/web/portal/messages')).body
    expect(JSON.stringify(messages)).toContain(`正文 ${name}`)
  })

  it.each([
    [{ endsAt: new Date(Date.now() - 1000).toISOString() }, '1000', /已过/],
    [{ endsAt: new Date(Date.now() + 367 * dayMs).toISOString() }, '1000', /超过一年/],
    [{ mobile: '', email: '' }, '1001', /至少填一个/],
    [{ mobile: '12345' }, '1000', /mobile：12345 不是完整的手机号/],
    [{ email: 'nobody' }, '1000', /email：nobody 不是邮箱地址/],
    [{ sponsorUserId: 'nobody' }, '1007', /sponsor nobody/],
    [{ sponsorUserId: '' }, '1001', /担保/],
    [{ sponsorUserId: '', sponsorDepartment: 987_654 }, '1005', /sponsor 987654/],
    [{ department: 2 }, '1005', /2/],
  ])('are refused with %j', async (more, code, why) => {
    const answer = await save(more)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringMatching(why)])
  })

  it('have one mobile and one mail address each, which no member has', async () => {
    const first = await added()
    for (const more of [{ mobile: first.mobile }, { email: first.email.toUpperCase() }])
      expect((await save(more)).retMessage).toContain(first.userId)
    const { mobile } = await world.ctx.db
      .selectFrom('member')
      .select('mobile')
      .where('user_id', '=', 'zhangsan')
      .executeTakeFirstOrThrow()
    expect((await save({ mobile })).retMessage).toContain('zhangsan')
    const [one, other] = await Promise.all([save({ mobile: '13977777777' }), save({ mobile: '13977777777' })])
    expect([one.retCode, other.retCode].sort()).toEqual(['0', '1000'])
  })

  it('see the apps that name them or their department, and getInfo answers for them', async () => {
    const person = await added()
    const all = await addApp(world.ctx, 'test', world.corpId, {
      name: '全员',
      homeUrl: 'https://a.example.com/',
    })
    const named = await addApp(world.ctx, 'test', world.corpId, {
      name: '门禁',
      devId: dev.devId,
      homeUrl: 'https://b.example.com/',
    })
    await setApp(world.ctx, 'test', world.corpId, named.id, {
      visibility: { ...toEveryone, everyone: false, departments: [2 ** 33] },
    })
    const me = await signInBySms(person.mobile)
    expect((await sessionOf(me!)).person).toMatchObject({ userName: person.name })
    const tiles = (await me!.get('/web/portal/workbench')).body.apps as { id: string }[]
    expect(tiles.map(one => one.id)).toEqual([named.id])
    expect(tiles.map(one => one.id)).not.toContain(all.id)
    const { csrf } = await sessionOf(me!)
    const own = callerWith(world.server.url, me!.cookie, '', String(csrf))
    const opened = await own.post('/web/portal/open', { appId: named.id })
    const jessionId = new URL(opened.body.url).searchParams.get('jessionId') ?? ''
    expect((await dev.get('/api/user/getInfo', { jessionId })).body).toEqual({
      corpId: world.corpId,
      userId: person.userId,
      userName: person.name,
      roleLevel: 0,
      orgList: [],
    })
    expect((await own.get('/web/console/sign-in-ways')).status).toBe(403)
    expect((await own.get('/web/portal/picker/search', { text: '张' })).body?.members ?? []).toEqual([])
  })

  it('are reminded two weeks before their end, and so is their sponsor', async () => {
    const person = await added({ endsAt: inDays(20) })
    world.clock.offsetMs = 6 * dayMs + 60_000
    world.ctx.queue.kick(world.corpId)
    await until('the reminder', async () =>
      (await shownMail(world)).some(one => one.to.includes(person.email) && one.subject.includes('即将到期')),
    )
    await until('what the sponsor is told', async () =>
      (await shownWecom(world)).some(
        one => one.to.includes('lisi') && JSON.stringify(one.content).includes(person.name),
      ),
    )
  })

  it('end at once with all that they had, and are then strangers', async () => {
    const person = await added()
    const me = await signIn(world, { userId: person.userId })
    expect((await sessionOf(me)).signedIn).toBe(true)
    expect((await admin.post('/web/external/people/end', { userId: person.userId })).retCode).toBe('0')
    expect((await sessionOf(me)).signedIn).toBe(false)
    expect(coreOf(person.userId)).toBeUndefined()
    expect(await signInBySms(person.mobile)).toBeUndefined()
    const again = await added({ mobile: person.mobile, email: person.email })
    expect(again.userId).not.toBe(person.userId)
  })

  it('end by the clock, unless they were renewed', async () => {
    const person = await added({ endsAt: inDays(1) })
    const renewed = await added({ endsAt: inDays(1) })
    const me = await signIn(world, { userId: person.userId })
    const set = { ...renewed, endsAt: inDays(30) }
    expect((await admin.post('/web/external/people/save', set)).retMessage).toBe('成功')
    world.clock.offsetMs = dayMs + 1000
    world.ctx.queue.kick(world.corpId)
    await until('the end', () => coreOf(person.userId) === undefined)
    expect((await sessionOf(me)).signedIn).toBe(false)
    expect(coreOf(renewed.userId)).toBeDefined()
  })

  it('lose their sessions when their mobile changes, since a code proves the number only', async () => {
    const person = await added()
    const me = await signIn(world, { userId: person.userId })
    const save = (more: object) => admin.post('/web/external/people/save', { ...person, ...more })
    expect((await save({ organisation: '乙公司' })).retCode).toBe('0')
    expect((await sessionOf(me)).signedIn).toBe(true)
    expect((await save({ mobile: '13955555555' })).retCode).toBe('0')
    expect((await sessionOf(me)).signedIn).toBe(false)
    expect(await signInBySms(person.mobile)).toBeUndefined()
    expect(await signInBySms('13955555555')).toBeDefined()
  })

  it('stay through a full sync, and give way to a member of WeCom with their userid', async () => {
    const person = await added()
    const { id } = coreOf(person.userId)!
    await world.sync()
    expect(coreOf(person.userId)?.id).toBe(id)
    await world.admin('user/create', {
      userid: person.userId,
      name: '正式',
      department: [1],
      mobile: '13644444444',
    })
    await world.sync()
    expect(coreOf(person.userId)).toMatchObject({ name: '正式', status: expect.not.stringMatching(/6/) })
    const renamed = mirror().members.byId(id)!
    expect(renamed).toMatchObject({ name: person.name, status: 6 })
    expect(renamed.userId).toMatch(/^ext_/)
    expect(renamed.userId).not.toBe(person.userId)
    await world.admin('user/delete', { userid: person.userId })
    await world.sync()
    expect(mirror().members.byId(id)?.userId).toBe(renamed.userId)
  })

  it('are kept when their sponsor leaves, and administrators are told', async () => {
    const sponsor = 'sponsor1'
    await world.admin('user/create', {
      userid: sponsor,
      name: '担保',
      department: [1],
      mobile: '13633333333',
    })
    await world.sync()
    const person = await added({ sponsorUserId: sponsor })
    await world.admin('user/delete', { userid: sponsor })
    await world.sync()
    const rows = (await world.ctx.offered.attention([world.corpId])).get(world.corpId) ?? []
    expect(rows.find(one => one.kind === 'sponsorLeft')?.what.zh).toContain(person.name)
    const listed = await admin.get('/web/external/people', { text: person.userId })
    expect(listed.body.list).toMatchObject([{ isSponsorGone: true, endedAt: '' }])
    const { sponsorUserId: _gone, ...rest } = person
    expect((await admin.post('/web/external/people/save', { ...rest, sponsorUserId: 'lisi' })).retCode).toBe(
      '0',
    )
  })

  it('cannot be added or sign in while the corp has them switched off', async () => {
    const person = await added()
    await switchFeatures(world.ctx, 'test', world.corpId, { 'external-people': false })
    expect((await save()).retCode).toBe('1009')
    expect(await signInBySms(person.mobile)).toBeUndefined()
    await switchFeatures(world.ctx, 'test', world.corpId, { 'external-people': true })
    expect(await signInBySms('13900000000')).toBeUndefined()
  })
})

describe('the link in a mail', () => {
  async function ask(email: string): Promise<{ cookie: string; path: string | undefined }> {
    const before = (await shownMail(world)).length
    const answer = await nobody().post('/web/sign-in/mail', { corpId: world.corpId, email })
    expect(answer.retMessage).toBe('成功')
    await linksSent()
    const mail = (await shownMail(world)).slice(before).at(-1)
    const path = /\/mail\/sign-in\?t=[\w.-]+/.exec(mail?.text ?? '')?.[0]
    return { cookie: cookiesOf(answer.headers), path }
  }
  const open = (path = '', cookie = '', method = 'GET') =>
    fetch(`${world.server.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        cookie,
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(method === 'POST' ? { body: 'press=1' } : {}),
    })

  it('signs in by a press, once, in the browser that asked, and a scanner uses nothing up', async () => {
    const person = await added()
    const { cookie, path } = await ask(person.email.toUpperCase())
    // A scanner, which follows links and may post forms, has no cookie.
    for (const method of ['GET', 'HEAD', 'POST']) expect((await open(path, '', method)).status).toBe(403)
    expect(await (await open(path)).text()).toContain('请在申请链接的浏览器中打开')
    expect(await (await open(path, cookie)).text()).toContain('登录')
    const entered = await open(path, cookie, 'POST')
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/portal'])
    const me = callerWith(world.server.url, cookiesOf(entered.headers), '', '')
    expect((await sessionOf(me)).person.userName).toBe(person.name)
    const twice = await open(path, cookie, 'POST')
    expect([twice.status, await twice.text()]).toEqual([410, expect.stringContaining('链接已使用')])
  })

  it('lasts 15 minutes, and says the same to addresses that nobody has', async () => {
    const person = await added()
    const { cookie, path } = await ask(person.email)
    expect((await ask('nobody@example.com')).path).toBeUndefined()
    expect((await ask('zhangsan@example.com')).path).toBeUndefined()
    world.clock.offsetMs = 15 * 60_000 + 1000
    expect(await (await open(path, cookie, 'POST')).text()).toContain('链接已失效')
    expect((await open(`${path}x`, cookie)).status).toBe(410)
  })

  it('does not sign in who has ended meanwhile', async () => {
    const person = await added()
    const { cookie, path } = await ask(person.email)
    await admin.post('/web/external/people/end', { userId: person.userId })
    expect(await (await open(path, cookie, 'POST')).text()).toContain('账号已到期或已停用')
  })
})

describe('becoming a member', () => {
  const members = ['wangwu', 'zhaomin']
  /** WeCom tells that an active member has the mobile of somebody from outside. */
  async function pair() {
    const person = await added()
    const userid = members.shift()!
    await world.admin('user/update', { userid, mobile: person.mobile })
    await world.sync()
    const { id: externalId } = coreOf(person.userId)!
    const { id: memberId } = coreOf(userid)!
    return { person, userid, externalId, memberId }
  }
  const proveBy = async (me: SignedInClient, externalId: number): Promise<Answer> => {
    const before = (await shownSms(world)).length
    const asked = await me.post('/web/portal/external/code', { externalId })
    if (asked.retCode !== '0') return asked
    const code = digits((await shownSms(world)).slice(before).at(-1)?.text)
    return me.post('/web/portal/external/prove', { state: asked.body.state, code })
  }

  it('takes a proof on both sides and a yes of the sponsor; no role moves', async () => {
    const { person, userid, externalId, memberId } = await pair()
    const ended = await signIn(world, { userId: person.userId })
    const me = await signIn(world, { userId: userid })
    const decide = { externalId, memberId, accept: '1' }
    expect((await me.get('/web/portal/external')).body.mine).toMatchObject([{ externalId, isProved: false }])
    const early = await admin.post('/web/external/becoming/decide', decide)
    expect(early.retMessage).toContain('没有用验证码证明')
    // The code to the very number says nothing about the member's side.
    const bySms = await signIn(world, { userId: userid }, { acr: 2, amr: ['sms'] })
    expect((await proveBy(bySms, externalId)).retCode).toBe('1009')
    const other = await signIn(world, { userId: 'zhangsan' })
    expect((await proveBy(other, externalId)).retCode).toBe('1000')
    expect((await proveBy(me, externalId)).retMessage).toBe('成功')
    const sponsor = await signIn(world, { userId: 'lisi' })
    expect((await sponsor.get('/web/portal/external')).body.sponsored).toMatchObject([
      { name: person.name, memberUserId: userid },
    ])
    expect((await me.post('/web/portal/external/decide', decide)).retCode).toBe('1009')
    expect((await sponsor.post('/web/portal/external/decide', decide)).retMessage).toBe('成功')
    expect(coreOf(person.userId)).toBeUndefined()
    expect((await sessionOf(ended)).signedIn).toBe(false)
    // The userid from outside stands for the member for 30 days.
    expect((await dev.get('/api/user/get', { userId: person.userId })).body.userId).toBe(userid)
    expect((await me.get('/web/portal/external')).body.mine).toEqual([])
  })

  it('is refused for good where they are two people, as with a recycled number', async () => {
    const { person, userid, externalId, memberId } = await pair()
    // While a member has the number, a code to it signs in the member alone.
    const entered = await signInBySms(person.mobile)
    expect((await sessionOf(entered!)).person.userName).toBe(coreOf(userid)?.name)
    const no = { externalId, memberId, accept: '0' }
    expect((await admin.post('/web/external/becoming/decide', no)).retCode).toBe('0')
    const me = await signIn(world, { userId: userid })
    expect((await me.get('/web/portal/external')).body.mine).toEqual([])
    expect((await proveBy(me, externalId)).retCode).toBe('1000')
    expect(coreOf(person.userId)).toBeDefined()
  })
})

describe('an import', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const file = () => {
    n += 2
    return [
      '姓名,手机,邮箱,单位,部门,担保人,到期',
      `导入甲,138${10_000_000 + n},,乙公司,承包商/乙公司,lisi,${inDays(60).slice(0, 10)}`,
      `导入乙,,imported${n}@example.com,乙公司,,lisi,${inDays(60).slice(0, 10).replaceAll('-', '/')}`,
      `重复,138${10_000_000 + n},,乙公司,,lisi,${inDays(60).slice(0, 10)}`,
      '没有担保,13899999999,,乙公司,,nobody,2027-06-30',
      '日期,13899999998,,乙公司,,lisi,2027-02-30',
    ].join('\n')
  }

  it('adds the good lines of a file in one act, and says what is wrong with the others', async () => {
    const content = base64(file())
    const preview = await admin.post('/web/external/import-preview', { fileName: 'a.csv', content })
    expect(preview.retMessage).toBe('成功')
    expect(preview.body.counts).toEqual({ rows: 5, good: 2, wrong: 3 })
    const { token } = preview.body
    const done = await admin.post('/web/external/import-apply', { fileName: 'a.csv', content, token })
    expect(done.body.counts).toEqual({ rows: 5, good: 2, wrong: 3 })
    expect(done.body.problems.map((one: { line: number }) => one.line)).toEqual([4, 5, 6])
    expect(done.body.report).toMatch(/导入甲,138\d+,,ext_/)
    const again = await admin.post('/web/external/import-preview', { fileName: 'a.csv', content })
    expect(again.body.counts).toEqual({ rows: 5, good: 0, wrong: 5 })
    const { departments } = (await admin.get('/web/external/people')).body
    expect(departments.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['承包商', '乙公司']),
    )
  })
})
