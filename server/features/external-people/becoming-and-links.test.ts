import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { checkExternal } from '../../../test/external-calls.fixture.ts'
import type { Answer } from '../../../test/harness.ts'
import { callerWith, type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { shownMail } from '../messages/messages.fixture.ts'
import { cookiesOf, digits, type OutsideWorld, sessionOf, startOutside } from './outside.fixture.ts'
import { linksSent } from './sign-in/mail-link.ts'

let { world, admin, dev, inDays, nobody, added, coreOf, signInBySms } = {} as OutsideWorld
beforeAll(async () => {
  ;({ world, admin, dev, inDays, nobody, added, coreOf, signInBySms } = await startOutside())
})
afterAll(() => world.close())
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

describe('the link in a mail', () => {
  async function ask(email: string, to = ''): Promise<{ cookie: string; path: string | undefined }> {
    const before = (await shownMail(world)).length
    const answer = await nobody().post('/web/sign-in/mail', { corpId: world.corpId, email, to })
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

  it.each([
    ['/mobile?tab=me', '/mobile?tab=me'],
    ['//evil.example', '/portal'],
    ['/api/user/get', '/portal'],
  ])('goes on with the page that was asked for, %s, if it is ours', async (to, where) => {
    const { cookie, path } = await ask((await added()).email, to)
    expect((await open(path, cookie, 'POST')).headers.get('location')).toBe(where)
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
    const before = (await shownMail(world)).length
    const asked = await me.post('/web/portal/external/code', { externalId })
    if (asked.retCode !== '0') return asked
    // Not to the number, which both have.
    const code = digits((await shownMail(world)).slice(before).at(-1)?.text)
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
  let n = 0
  const file = () => {
    n += 2
    return [
      '姓名,手机,邮箱,单位,部门,担保人,到期',
      `导入甲,138${10_000_000 + n},,乙公司,承包商/乙公司,lisi,${inDays(60).slice(0, 10)}`,
      `导入乙,,imported${n}@example.com,乙公司,,lisi,${inDays(60).slice(0, 10).replaceAll('-', '/')}`,
      `重复,138${10_000_000 + n},,乙公司,,lisi,${inDays(60).slice(0, 10)}`,
      '没有担保,13899999999,,乙公司,,nobody,2027-06-30',
      '日期,13899999998,,乙公司,,lisi,2027-02-30',
      '月份,13899999997,,乙公司,,lisi,2027-13-01',
      '层级,13899999996,,乙公司,1/2/3/4/5/6/7/8/9/10,lisi,2027-06-30',
    ].join('\n')
  }

  it('adds the good lines of a file in one act, and says what is wrong with the others', async () => {
    const content = base64(file())
    const preview = await admin.post('/web/external/import-read', { fileName: 'a.csv', content })
    expect(preview.retMessage).toBe('成功')
    expect(preview.body.counts).toEqual({ rows: 7, good: 2, wrong: 5 })
    const { token } = preview.body
    const done = await admin.post('/web/external/import-apply', { fileName: 'a.csv', content, token })
    expect(done.body.counts).toEqual({ rows: 7, good: 2, wrong: 5 })
    expect(done.body.problems.map((one: { line: number }) => one.line)).toEqual([4, 5, 6, 7, 8])
    expect(done.body.report).toMatch(/导入甲,138\d+,,ext_/)
    const again = await admin.post('/web/external/import-read', { fileName: 'a.csv', content })
    expect(again.body.counts).toEqual({ rows: 7, good: 0, wrong: 7 })
    const { departments } = (await admin.get('/web/external/people')).body
    expect(departments.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['承包商', '乙公司']),
    )
  })
})

describe('calls of management', () => {
  it('do what the pages do', async () => {
    const called = new Set<string>()
    await checkExternal(await managerBy(world), called)
    expect([...called].sort()).toEqual([
      '/api/admin/externalPeople',
      '/api/admin/externalPerson/add',
      '/api/admin/externalPerson/decide',
      '/api/admin/externalPerson/end',
      '/api/admin/externalPerson/proposals',
      '/api/admin/externalPerson/set',
    ])
  })
})
