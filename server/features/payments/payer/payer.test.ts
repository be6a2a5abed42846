import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { authorizeUrl } from '../../../upstream/official/calls/web-oauth.ts'
import { addApp } from '../../apps/apps.ts'
import { useAgents } from '../../messages/messages.fixture.ts'
import type { Account } from '../../official/accounts/accounts.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { billOf, newBills, payAt } from '../payments.fixture.ts'

let world: World
let dev: Caller
let merchant: Merchant
let service: Account
let shortcutId: string
let openids: string[]

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  const { ctx, corpId } = world
  await useAgents(world)
  merchant = await connectMerchant(world)
  service = await world.bindOfficial()
  const found = await world.control(`official/followers?originalId=${service.originalId}&limit=10`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
  dev = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue'] })
  shortcutId = (await addApp(ctx, 'test', corpId, { name: '一码通', devId: dev.devId, payShortcut: true })).id
})
afterAll(() => world.close())

const issue = async (userId: string, appId = shortcutId) =>
  String((await dev.post('/api/ticket/issue', { userId, appId })).body.jessionId)

/** Opens an address of the server as a browser does, one step of it. */
async function open(path: string, cookie = '') {
  const url = path.startsWith('http') ? path : `${world.server.url}${path}`
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' } })
  const cookies = answer.headers.getSetCookie()
  return { status: answer.status, to: answer.headers.get('location') ?? '', cookies, headers: answer.headers }
}

const nameAndValue = (line = '') => line.split(';', 1)[0] ?? ''

/** A browser in which a member opened the page by a link; `cookie` grows with what it is given. */
class Payer {
  cookie: string
  constructor(cookie: string) {
    this.cookie = cookie
  }
  get(path: string, query: Record<string, string | number> = {}): Promise<Answer> {
    const search = new URLSearchParams(Object.entries(query).map(([name, one]) => [name, String(one)]))
    return call(`${world.server.url}/web/pay/${path}?${search}`, { headers: { cookie: this.cookie } })
  }
  async post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await call(`${world.server.url}/web/pay/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.cookie, ...headers },
      body: JSON.stringify(body),
    })
    this.take(answer.headers.getSetCookie())
    return answer
  }
  order(billIds: readonly number[], place: string, more: object = {}): Promise<Answer> {
    return this.post('order', { billIds, place, ...more })
  }
  async open(path: string) {
    const answer = await open(path, this.cookie)
    this.take(answer.cookies)
    return answer
  }
  /** What WeChat's page does with the address, for this follower. */
  async authorise(url: string, openid: string, choice: object = {}): Promise<string> {
    return String((await world.control('official/authorize', { url, openid, ...choice }))['location'])
  }
  private take(lines: readonly string[]) {
    const kept = new Map(this.cookie.split('; ').map(pair => [pair.split('=', 1)[0], pair]))
    for (const line of lines) kept.set(line.split('=', 1)[0], nameAndValue(line))
    this.cookie = [...kept.values()].filter(Boolean).join('; ')
  }
}

async function payer(userId = 'zhangsan'): Promise<Payer> {
  const { to, cookies } = await open(`/pay?jessionId=${await issue(userId)}`)
  expect(to).toBe('/pay/')
  return new Payer(nameAndValue(cookies[0]))
}

/** The page is told so within two seconds of WeChat's news. */
const paid = (as: Payer, billId: number) =>
  until('the payment', async () => (await as.get('order-state', { billId })).body.state === 'paid')

describe('a link to the page', () => {
  it('moves its ticket into a cookie, and keeps the rest of its address', async () => {
    const jessionId = await issue('zhangsan')
    const { status, to, cookies, headers } = await open(`/pay/bill/7?jessionId=${jessionId}&from=x`)
    expect([status, to]).toEqual([302, '/pay/bill/7?from=x'])
    expect(cookies).toEqual([
      expect.stringMatching(/^wisp_payer=[\w-]{86}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/),
    ])
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    const as = new Payer(nameAndValue(cookies[0]))
    expect((await as.get('payer')).body).toMatchObject({ userId: 'zhangsan', name: '张三', csrf: '' })
    const select = `${world.server.url}/mobile/unifiedPay/AwaitPay/select?jessionId=${jessionId}`
    const { url } = (await call(select)).body
    const again = await open(url)
    expect([again.to, nameAndValue(again.cookies[0])]).toEqual(['/pay/', as.cookie])
  })

  it('leads to the directory that WeChat lets pay', async () => {
    expect((await open('/pay?bills=1')).to).toBe('/pay/?bills=1')
    expect((await open('/pay/')).status).toBe(200)
  })

  it('opens nothing when its ticket is dead, altered, or of another app', async () => {
    const other = await addApp(world.ctx, 'test', world.corpId, { name: '报修', devId: dev.devId })
    const good = nameAndValue((await open(`/pay?jessionId=${await issue('zhangsan')}`)).cookies[0]).slice(11)
    for (const query of [
      'jessionId=dead',
      `jessionId=${await issue('zhangsan', other.id)}`,
      `ticket=${good.slice(0, -2)}AA`,
      `ticket=${good.slice(0, 43)}`,
      'ticket=',
      'jessionId=',
    ]) {
      const { to, cookies } = await open(`/pay?${query}`)
      expect([to, cookies], query).toEqual(['/pay/?fault=link', []])
    }
    expect(await new Payer(`wisp_payer=${good.slice(0, -2)}AA`).get('bills')).toMatchObject({ status: 401 })
    expect(await new Payer('').get('bills')).toMatchObject({ status: 401, retMessage: /重新打开统一支付/ })
  })

  it('opens nothing any more when the member was disabled', async () => {
    const as = await payer('wangwu')
    const jessionId = await issue('wangwu')
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await world.sync()
    expect((await as.get('bills')).status).toBe(401)
    expect((await open(`/pay?jessionId=${jessionId}`)).to).toBe('/pay/?fault=link')
  })
})

describe('a session in the same browser', () => {
  it('is good without a ticket, and decides whose bills they are', async () => {
    const [bill = 0] = await newBills(world, [100], { userId: 'lisi', dueAt: '2027-01-09T16:00:00.000Z' })
    const lisi = await signIn(world, { userId: 'lisi' })
    const both = new Payer(`${(await payer()).cookie}; ${lisi.cookie}`)
    expect((await both.get('payer')).body).toMatchObject({ userId: 'lisi', csrf: lisi.csrf })
    expect((await both.get('bills')).body.list.map((one: { id: number }) => one.id)).toContain(bill)
    const link = await both.open(`/pay?jessionId=${await issue('zhangsan')}`)
    expect([link.to, link.cookies]).toEqual(['/pay/?fault=foreign', []])
    const own = await both.open(`/pay?jessionId=${await issue('lisi')}`)
    expect(own.to).toBe('/pay/')
    const row = {
      icon: 'bill',
      to: 'app',
      appId: expect.stringMatching(/^app/),
    }
    expect((await lisi.get('/web/portal/waiting')).body).toEqual({
      list: [{ ...row, title: '缴费', count: 1 }],
      due: [
        { ...row, title: expect.any(String), note: '¥1.00', dueAt: '2027-01-09T16:00:00.000Z', id: bill },
      ],
      isPartial: false,
    })
  })

  it('of a local account has no bills', async () => {
    const admin = await signIn(world, { admin: 'admin' })
    expect(await new Payer(admin.cookie).get('bills')).toMatchObject({ status: 403 })
  })

  it('protects its acts with its token, a ticket with where the page is from', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    const as = new Payer(lisi.cookie)
    expect((await as.post('seen', { billIds: [] })).status).toBe(403)
    expect((await as.post('seen', { billIds: [] }, { 'x-wisp-csrf': lisi.csrf })).retCode).toBe('0')
    const ticket = await payer()
    expect((await ticket.post('seen', {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await ticket.post('seen', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await ticket.post('seen', {}, { origin: world.server.url })).retCode).toBe('0')
  })
})

describe('bills', () => {
  it('are seen once, by their payer alone', async () => {
    const [bill = 0] = await newBills(world, [1250])
    const [as, other] = [await payer(), await payer('lisi')]
    await other.post('seen', { billIds: [bill] })
    expect((await billOf(world, bill)).seen_at).toBeNull()
    const shown = (await as.get('bills')).body.list.find((one: { id: number }) => one.id === bill)
    expect(shown).toMatchObject({
      amount: 1250,
      isNew: true,
      mchId: merchant.mchId,
      merchantName: merchant.name,
    })
    await as.post('seen', { billIds: [bill] })
    await as.post('seen', { billIds: [bill] })
    const events = await world.ctx.db
      .selectFrom('pay_bill_event')
      .select(['kind', 'actor'])
      .where('bill_id', '=', bill)
      .orderBy('id')
      .execute()
    expect(events.map(one => one.kind)).toEqual(['created', 'seen'])
    expect(events[1]?.actor).toBe('zhangsan')
    const whole = (await as.get('bill', { id: bill })).body
    expect(whole.story.map((one: { kind: string }) => one.kind)).toEqual(['created'])
    expect(whole).toMatchObject({ payerName: '张三', payment: null, refunds: [], bill: { state: 'open' } })
  })

  it('of another are not to be seen, paid or asked about', async () => {
    const [mine = 0] = await newBills(world, [100])
    const [theirs = 0] = await newBills(world, [100], { userId: 'lisi' })
    const [as, other] = [await payer(), await payer('lisi')]
    const { orderId } = (await other.order([theirs], 'desktop')).body
    for (const answer of [
      await as.get('bill', { id: theirs }),
      await as.get('order-state', { billId: theirs }),
      await as.get('order-state', { orderId }),
      await as.order([theirs], 'desktop'),
      await as.order([mine, theirs], 'desktop'),
      await as.order([theirs], 'wechat'),
      await as.get('bill', { id: 999_999_999 }),
    ])
      expect(answer.retMessage).toMatch(
        /^参数错误: (没有这张账单，或它不是您的|没有这些账单，或其中有的不是您的|没有账单 999999999|您没有编号为 \d+ 的支付订单)/,
      )
    expect((await as.get('bills')).body.list.map((one: { id: number }) => one.id)).not.toContain(theirs)
  })

  it('cannot be chosen wrongly', async () => {
    const as = await payer()
    expect((await as.order([], 'desktop')).retCode).toBe('1001')
    expect((await as.post('order', { billIds: ['1e3'], place: 'desktop' })).retCode).toBe('1000')
    expect((await as.order([1], 'moon')).retCode).toBe('1000')
    expect((await as.get('order-state')).retCode).toBe('1001')
    const many = await newBills(
      world,
      Array.from({ length: 21 }, () => 1),
    )
    expect((await as.order(many, 'desktop')).retCode).toBe('1000')
  })
})

describe('in WeChat', () => {
  const begin = async (as: Payer, bills: readonly number[], more: object = {}) => {
    const { body } = await as.order(bills, 'wechat', more)
    expect(body.way).toBe('authorise')
    return String(body.target)
  }

  it('the payer is asked for once, and pays with the openid of the service account', async () => {
    const bills = await newBills(world, [300, 45])
    const as = await payer()
    const url = await begin(as, bills)
    const asked = new URL(url)
    const state = asked.searchParams.get('state') ?? ''
    expect(asked.searchParams.get('scope')).toBe('snsapi_base')
    expect(state).toMatch(/^[0-9a-f]{48}$/)
    expect(url).toBe(
      authorizeUrl(world.sandbox.official.url, {
        appId: service.appId,
        redirectUri: `${world.ctx.publicUrl()}/pay/openid`,
        state,
        withProfile: false,
      }),
    )
    const back = await as.authorise(url, openids[0]!)
    expect((await as.open(back)).to).toBe(`/pay/?go=${encodeURIComponent(bills.join(','))}`)
    const { body } = await as.order(bills, 'wechat')
    expect(body).toMatchObject({
      way: 'bridge',
      amount: 345,
      bridge: { appId: service.appId, signType: 'RSA' },
    })
    const { orderId } = body
    expect((await as.get('order-state', { orderId })).body).toMatchObject({ state: 'open', amount: 345 })
    const prepayId = String(body.bridge.package).replace('prepay_id=', '')
    await payAt(world, { prepayId, openid: openids[0] })
    await paid(as, bills[0]!)
    expect((await as.get('order-state', { orderId })).body.bills).toMatchObject(bills.map(id => ({ id })))
    const whole = (await as.get('bill', { id: bills[1]! })).body
    expect(whole).toMatchObject({ bill: { state: 'paid' }, payment: { amount: 345 } })
    expect(whole.payment.transactionId).toMatch(/^\d{20,}$/)
    const past = (await as.get('history')).body
    expect(past.list.slice(0, 2).map((one: { id: number }) => one.id)).toEqual(bills.toReversed())
    expect((await as.order(bills, 'wechat')).retMessage).toContain('已支付')
  })

  it('the openid is nobody else’s, and is asked for again when WeChat did not take it', async () => {
    const [bill = 0] = await newBills(world, [100])
    const as = await payer()
    await as.open(await as.authorise(await begin(as, [bill]), openids[1]!))
    expect((await as.order([bill], 'wechat')).body.way).toBe('bridge')
    await begin(as, [bill], { renew: '1' })
    const lisi = await payer('lisi')
    const openid = as.cookie.split('; ').find(pair => pair.startsWith('wisp_openid=')) ?? ''
    lisi.cookie += `; ${openid}`
    await begin(lisi, await newBills(world, [100], { userId: 'lisi' }))
  })

  it('says what went wrong instead of letting a wrong person pay', async () => {
    const bills = await newBills(world, [100])
    const as = await payer()
    const back = await as.authorise(await begin(as, bills), openids[2]!)
    const code = new URL(back).searchParams.get('code') ?? ''
    const faultOf = async (path: string, who = as) => (await who.open(path)).to
    // A state of another browser, and one that was used.
    expect(await faultOf(back, await payer())).toBe('/pay/?fault=state')
    expect(await faultOf(`/pay/openid?code=${code}&state=${'0'.repeat(48)}`)).toBe(
      `/pay/?fault=state&bills=${bills[0]}`,
    )
    expect(await faultOf(back)).toBe('/pay/?fault=state')
    const refused = await as.authorise(await begin(as, bills), openids[2]!, { refuse: true })
    expect(await faultOf(refused)).toContain('fault=denied')
    const snapshot = await as.authorise(await begin(as, bills), openids[2]!, { snapshot: true })
    expect(await faultOf(snapshot)).toContain('fault=snapshot')
    const unknown = new URL(await as.authorise(await begin(as, bills), openids[2]!))
    unknown.searchParams.set('code', 'madeup')
    const told = new URL(await faultOf(unknown.href), world.server.url).searchParams
    expect([told.get('fault'), [...told.keys()]]).toEqual(['weixin', ['fault', 'refused', 'bills']])
    const shown = `${world.server.url}/web/sign-in/refusal?number=${told.get('refused')}`
    expect((await call(shown, { headers: { cookie: as.cookie } })).body.refusal.detail).toBe('40029')
    const late = await as.authorise(await begin(as, bills), openids[2]!)
    world.clock.offsetMs += 10 * 60_000 + 1
    expect(await faultOf(late)).toBe('/pay/?fault=state')
    world.clock.offsetMs = 0
    expect((await as.order(bills, 'wechat')).body.way).toBe('authorise')
    // Somebody else takes over the browser between the two steps.
    const taken = await as.authorise(await begin(as, bills), openids[2]!)
    const lisi = await signIn(world, { userId: 'lisi' })
    expect(await faultOf(taken, new Payer(`${as.cookie}; ${lisi.cookie}`))).toContain('fault=state')
  })
})

describe('elsewhere', () => {
  it('WeCom tells who pays, and the AppID is the corp’s', async () => {
    const [bill = 0] = await newBills(world, [100])
    const as = await payer()
    const { body } = await as.order([bill], 'wecom')
    expect(body).toMatchObject({ way: 'bridge', bridge: { appId: world.corpId } })
    const prepayId = String(body.bridge.package).replace('prepay_id=', '')
    await payAt(world, { prepayId, userid: 'zhangsan' })
    await paid(as, bill)
  })

  it('WeCom that does not tell leads to a code', async () => {
    const [bill = 0] = await newBills(world, [100])
    const faults = { match: '/cgi-bin/user/convert_to_openid', mode: 'code:60111', times: 1 }
    await world.control('faults', faults)
    expect((await (await payer()).order([bill], 'wecom')).body).toMatchObject({ way: 'qr', reason: 'openid' })
  })

  it('a desktop gets a code, a phone’s browser an address that comes back', async () => {
    const bills = await newBills(world, [100, 200])
    const as = await payer()
    const desktop = (await as.order(bills, 'desktop')).body
    expect(desktop).toMatchObject({ way: 'qr', amount: 300, reason: '', bridge: null })
    expect(desktop.target).toMatch(/^weixin:\/\/wxpay\/bizpayurl/)
    const phone = (await as.order(bills, 'phone')).body
    expect(phone.way).toBe('h5')
    const back = new URL(phone.target).searchParams.get('redirect_url')
    expect(back).toBe(`${world.ctx.publicUrl()}/pay/paying?bills=${bills.join(',')}`)
    // The code is worth nothing any more, because a bill has one order at a time.
    expect((await as.get('order-state', { orderId: desktop.orderId })).body.state).toBe('closed')
    await payAt(world, { h5Url: phone.target.split('&redirect_url', 1)[0] })
    await paid(as, bills[0]!)
  })

  it('a mini-program’s own page pays with the ticket that it is given, or there is a code', async () => {
    const [bill = 0] = await newBills(world, [100])
    const as = await payer()
    expect((await as.order([bill], 'miniProgram')).body).toMatchObject({ way: 'qr', reason: 'miniProgram' })
    const { mchId } = merchant
    const set = (miniProgram: string) =>
      world.ctx.db.updateTable('pay_merchant').set({ mini_program: miniProgram }).where('mch_id', '=', mchId)
    await set('/pages/pay/index').execute()
    await world.ctx.reloadConfig(world.corpId)
    const { body } = await as.order([bill], 'miniProgram')
    expect(body).toMatchObject({ way: 'miniProgram', orderId: null })
    const query = new URL(body.target, 'https://mini.invalid').searchParams
    expect(query.get('bills')).toBe(String(bill))
    const own = { ticket: query.get('ticket'), appId: service.appId, openid: openids[3] }
    const paid = await new Payer('').order([bill], 'miniProgram', own)
    expect(paid.body).toMatchObject({ way: 'bridge', bridge: { appId: service.appId } })
    const foreign = await new Payer('').order([bill], 'miniProgram', { ...own, appId: 'wx0000' })
    expect(foreign.retMessage).toContain('没有关联')
    expect((await new Payer('').order([bill], 'miniProgram', { ...own, ticket: 'x' })).status).toBe(401)
    await set('').execute()
    await world.ctx.reloadConfig(world.corpId)
  })

  it('says when there is nobody who takes the money', async () => {
    const [bill = 0] = await newBills(world, [100])
    await world.ctx.db.updateTable('pay_merchant').set({ enabled: false }).execute()
    await world.ctx.reloadConfig(world.corpId)
    expect((await (await payer()).order([bill], 'desktop')).retMessage).toContain('收款商户未配置或已停用')
  })
})
