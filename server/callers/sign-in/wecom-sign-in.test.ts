import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { removeRole, setRole } from '../../organisation/people/administrators.ts'
import { saveWays } from './ways/ways.ts'

const inWecom = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile wxwork/4.1 MicroMessenger/7.0'

describe('signing in by WeCom', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
    const { agentId, secret } = world.sandbox.agents[0]!
    await putAgent(world.ctx, 'test', world.corpId, {
      agentId,
      name: '工作台',
      secret,
      uses: ['signin', 'names'],
    })
  })
  afterAll(() => world.close())

  const visit = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.server.url}${path}`, { redirect: 'manual', headers })
    const location = new URL(response.headers.get('location') ?? '/', world.server.url)
    const cookies = response.headers.getSetCookie().map(line => line.split(';', 1)[0] ?? '')
    return { location, cookies, cookie: cookies.filter(one => !one.endsWith('=')).join('; ') }
  }
  const codeOf = async (userid: string, scope = 'snsapi_base') =>
    String((await world.control('code', { userId: userid, scope }))['code'])
  /** Starts a sign-in, chooses `userid` at WeCom and returns to wisp. */
  const signInAs = async (userid: string, query = '') => {
    const begun = await visit(`/signin/wecom?${query}`, { 'user-agent': inWecom })
    const state = begun.location.searchParams.get('state') ?? ''
    const back = `/signin/callback?code=${await codeOf(userid)}&state=${state}`
    return { back, begun, ...(await visit(back, { cookie: begun.cookie })) }
  }
  const whoIs = async (cookie: string) =>
    (await call(`${world.server.url}/web/session`, { headers: { cookie } })).body

  type LandingPage = { location: URL; cookie: string }
  /** What the page that the browser is sent to shows. */
  const refusalOf = async ({ location, cookie }: LandingPage, headers: Record<string, string> = {}) => {
    expect([...location.searchParams.keys()].sort()).toEqual(['refused', 'to'])
    const number = location.searchParams.get('refused')
    const path = `${world.server.url}/web/sign-in/refusal?number=${number}`
    return (await call(path, { headers: { cookie, ...headers } })).body.refusal
  }
  const faultOf = async (landed: LandingPage) => (await refusalOf(landed)).fault

  it('asks inside WeCom by OAuth, elsewhere by a code to scan', async () => {
    const inside = await visit('/signin/wecom', { 'user-agent': inWecom })
    expect(inside.location.pathname).toBe('/connect/oauth2/authorize')
    expect(inside.location.hash).toBe('#wechat_redirect')
    expect(Object.fromEntries(inside.location.searchParams)).toMatchObject({
      appid: world.corpId,
      response_type: 'code',
      scope: 'snsapi_base',
      redirect_uri: `${world.server.url}/signin/callback`,
    })
    const outside = await visit('/signin/wecom')
    expect(outside.location.pathname).toBe('/wwlogin/sso/login')
    expect(outside.location.searchParams.get('login_type')).toBe('CorpApp')
  })

  it('keeps its state under https in a cookie that no other host can set', async () => {
    const { headers } = await fetch(`${world.server.url}/signin/wecom`, {
      redirect: 'manual',
      headers: { 'x-forwarded-proto': 'https' },
    })
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-wisp_state=.+; Path=\/; .*; Secure$/),
    ])
  })

  it('brings the member to the page they wanted', async () => {
    const done = await signInAs('zhangsan', `to=${encodeURIComponent('/portal/app/a1?path=%2Fx')}`)
    expect(done.location.pathname + done.location.search).toBe('/portal/app/a1?path=%2Fx')
    expect(await whoIs(done.cookie)).toMatchObject({
      signedIn: true,
      person: { userId: 'zhangsan', roleLevel: 0 },
    })
  })

  it.each([
    ['/portal?app=审批', '/portal?app=%E5%AE%A1%E6%89%B9'],
    ['/portal/app/审批#附件', '/portal/app/%E5%AE%A1%E6%89%B9#%E9%99%84%E4%BB%B6'],
    ['/portal?x=\0y', '/portal?x=%00y'],
    ['/portal?x=a\r\nSet-Cookie:b', '/portal?x=aSet-Cookie:b'],
  ])('leads to %j', async (to, wanted) => {
    const { location, cookies } = await signInAs('zhangsan', `to=${encodeURIComponent(to)}`)
    expect(location.pathname + location.search + location.hash).toBe(wanted)
    expect(cookies.some(one => /wisp_session=./.test(one))).toBe(true)
  })

  it.each([
    'https://evil.example/',
    '//evil.example/portal',
    '/\\evil.example',
    '/portal/../api/x',
    'javascript:1',
    '/portalx',
  ])('does not lead to %s', async to => {
    const { location } = await signInAs('zhangsan', `to=${encodeURIComponent(to)}`)
    expect([location.origin, location.pathname]).toEqual([world.server.url, '/mobile'])
  })

  it('believes a button of its own page, and no link, that somebody is there', async () => {
    const before = await signInAs('zhangsan')
    expect((await whoIs(before.cookie)).proof).toMatchObject({ acr: 1, amr: ['wecom'] })
    const confirm = async (userid: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${world.server.url}/web/sign-in/wecom`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': inWecom,
          cookie: before.cookie,
          ...headers,
        },
        body: JSON.stringify({ to: '/portal/x' }),
      })
      const { address } = ((await answer.json()) as { body?: { address: string } }).body ?? { address: '' }
      if (address === '') return { status: answer.status, location: undefined, cookies: [] }
      const state = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
      const back = `/signin/callback?code=${await codeOf(userid)}&state=${new URL(address).searchParams.get('state')}`
      return { status: 200, ...(await visit(back, { cookie: `${before.cookie}; ${state}` })) }
    }
    const { csrf } = await whoIs(before.cookie)
    expect((await confirm('zhangsan')).status).toBe(403)
    expect((await confirm('zhangsan', { 'x-wisp-csrf': csrf, origin: 'https://evil.example' })).status).toBe(
      403,
    )
    world.clock.offsetMs += 60_000
    const done = await confirm('zhangsan', { 'x-wisp-csrf': csrf })
    expect(done.location?.pathname).toBe('/portal/x')
    // The same session goes on, so that what is open stays open.
    expect(done.cookies.filter(one => one.includes('session'))).toEqual([])
    const after = await whoIs(before.cookie)
    expect(after.proof).toMatchObject({ acr: 2, amr: ['wecom'] })
    expect(after.proof.authAt - world.clock.offsetMs).toBeGreaterThan(Date.now() - 10_000)
    const other = await confirm('lisi', { 'x-wisp-csrf': csrf })
    expect((await whoIs(before.cookie)).signedIn).toBe(false)
    expect((await whoIs(other.cookies.join('; '))).person.userId).toBe('lisi')
    const again = await visit('/signin/wecom?to=/portal&acr=2&fresh=1', { 'user-agent': inWecom })
    const state = again.location.searchParams.get('state')
    const linked = await visit(`/signin/callback?code=${await codeOf('lisi')}&state=${state}`, {
      cookie: again.cookie,
    })
    expect((await whoIs(linked.cookie)).proof).toMatchObject({ acr: 1 })
    world.clock.offsetMs -= 60_000
  })

  it('is not done with a state or code of somebody else, nor twice', async () => {
    const fault = async (path: string, cookie = '') => {
      const landed = await visit(path, { cookie })
      expect(landed.cookies.some(one => /wisp_session=./.test(one))).toBe(false)
      return faultOf(landed)
    }
    const done = await signInAs('zhangsan')
    expect(await fault(done.back, done.begun.cookie)).toBe('code')
    expect(await fault(done.back)).toBe('state')
    const begun = await visit('/signin/wecom')
    expect(await fault(`/signin/callback?code=${await codeOf('lisi')}&state=other`, begun.cookie)).toBe(
      'state',
    )
    const state = begun.location.searchParams.get('state')
    expect(await fault(`/signin/callback?state=${state}`, begun.cookie)).toBe('denied')
    expect(await fault(`/signin/callback?code=made-up&state=${state}`, begun.cookie)).toBe('code')
    world.clock.offsetMs += 11 * 60_000
    expect(await fault(`/signin/callback?code=${await codeOf('lisi')}&state=${state}`, begun.cookie)).toBe(
      'state',
    )
  })

  it('is in the sign-in log, and so are refusals', async () => {
    await visit('/signin/callback?code=x&state=y')
    const begun = await visit('/signin/wecom', { 'user-agent': inWecom })
    await visit(`/signin/callback?code=none&state=${begun.location.searchParams.get('state')}`, {
      cookie: begun.cookie,
    })
    await world.ctx.signInLog.settled()
    const rows = await world.ctx.db.selectFrom('sign_in_log').selectAll().execute()
    expect(rows).toContainEqual(
      expect.objectContaining({ way: 'wecom', reason: '', user_id: 'zhangsan', app_id: null }),
    )
    expect(rows).toContainEqual(expect.objectContaining({ way: 'wecom', reason: 'code', acr: null }))
  })

  it('lets in active members only, newcomers included', async () => {
    expect(await faultOf(await visit('/signin/wecom?corpId=ww0000000000000000'))).toBe('corp')
    await world.admin('user/update', { userid: 'lisi', enable: 0 })
    await world.sync()
    expect(await faultOf(await signInAs('lisi'))).toBe('inactive')

    const begun = await visit('/signin/wecom', { 'user-agent': inWecom })
    const { code } = await world.control('code', { openId: 'oOutsider', scope: 'snsapi_base' })
    const outside = await visit(
      `/signin/callback?code=${code}&state=${begun.location.searchParams.get('state')}`,
      { cookie: begun.cookie },
    )
    expect(await faultOf(outside)).toBe('outsider')

    // A member was just created in WeCom's console and no callback has come, so wisp asks WeCom about them.
    const newcomer = { userid: 'newcomer', name: '新同事', department: [1], mobile: '13900001234' }
    await world.admin('user/create', newcomer)
    expect(await faultOf(await signInAs('newcomer'))).toBe('inactive')
  })

  it('does not revive the session of a member who was disabled or quit in between', async () => {
    const sessions = await Promise.all(['wangwu', 'zhaomin'].map(userId => signInAs(userId)))
    const alive = () =>
      Promise.all(sessions.map(async ({ cookie }) => (await whoIs(cookie)).signedIn as boolean))
    expect(await alive()).toEqual([true, true])
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await world.admin('user/delete', { userid: 'zhaomin' })
    await world.sync()
    await world.admin('user/update', { userid: 'wangwu', enable: 1, status: 1 })
    await world.sync()
    expect(await alive()).toEqual([false, false])
    expect(await whoIs((await signInAs('wangwu')).cookie)).toMatchObject({ signedIn: true })
  })

  it('takes what a member consents to give, and keeps their session', async () => {
    const first = await signInAs('zhangsan')
    const inside = { 'user-agent': inWecom, cookie: first.cookie }
    const begun = await visit('/signin/wecom?consent=1&to=/mobile', inside)
    expect(begun.location.searchParams.get('scope')).toBe('snsapi_privateinfo')
    const state = begun.location.searchParams.get('state') ?? ''
    const code = await codeOf('zhangsan', 'snsapi_privateinfo')
    const cookie = `${first.cookie}; ${begun.cookie}`
    const done = await visit(`/signin/callback?code=${code}&state=${state}`, { cookie })
    expect(done.location.pathname).toBe('/mobile')
    expect((await whoIs(first.cookie)).signedIn).toBe(true)
    const given = await world.ctx.db
      .selectFrom('member_supplement')
      .select(['field', 'source', 'value'])
      .where('source', '=', 'consent')
      .execute()
    expect(given.find(one => one.field === 'mobile')?.value).toMatch(/^1\d{10}$/)
  })

  it('lasts for days within WeCom where the corp wants it, for members without a role alone', async () => {
    const day = 86_400_000
    await saveWays(world.ctx, 'test', world.corpId, { insideDays: 30 })
    const before = world.clock.offsetMs
    const lasting = async (userId: string) => (await signInAs(userId)).cookie
    const [zhangsan, wangwu] = [await lasting('zhangsan'), await lasting('wangwu')]
    world.clock.offsetMs = before + 29 * day
    for (const cookie of [zhangsan, wangwu]) expect((await whoIs(cookie)).signedIn).toBe(true)
    // What somebody did a month ago says nothing of who is there now.
    expect((await whoIs(wangwu)).proof.acr).toBe(1)
    // Whoever gets a role has a session like all with one.
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    expect((await whoIs(zhangsan)).signedIn).toBe(false)
    world.clock.offsetMs = before + 31 * day
    expect((await whoIs(wangwu)).signedIn).toBe(false)
    world.clock.offsetMs = before
    const administrator = await lasting('zhangsan')
    world.clock.offsetMs = before + 5 * 3_600_000
    expect((await whoIs(administrator)).signedIn).toBe(false)
    world.clock.offsetMs = before
    await removeRole(world.ctx, 'test', world.corpId, 'zhangsan')
    await saveWays(world.ctx, 'test', world.corpId, { insideDays: 0 })
  })

  it('says what WeCom refused', async () => {
    await world.control('faults', { match: 'auth/getuserinfo', mode: 'code:60020', times: 1 })
    const landed = await signInAs('zhangsan')
    const refusal = { fault: 'wecom', detail: expect.stringMatching(/^60020 .*可信 ?IP/) }
    expect(await refusalOf(landed)).toEqual(refusal)
    expect((await refusalOf(landed, { 'accept-language': 'en' })).detail).toMatch(/^60020 [ -~]+$/)
    // Another number, another browser, and later: nothing is said.
    const { location, cookie } = landed
    const other = new URL(location)
    other.searchParams.set('refused', 'req-1')
    expect(await refusalOf({ location: other, cookie })).toBe(null)
    expect(await refusalOf({ location, cookie: '' })).toBe(null)
    world.clock.offsetMs += 10 * 60_000 + 1
    expect(await refusalOf(landed)).toBe(null)
    world.clock.offsetMs -= 10 * 60_000 + 1
  })
})
