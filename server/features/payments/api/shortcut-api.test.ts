import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { signIn } from '../../../../test/sign-in.ts'
import { addApp, removeApp, setApp } from '../../apps/apps.ts'
import { markClosed } from '../bills/state-store.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import { paymentAppOf } from '../merchants/payment-app.ts'
import { personOfPayTicket } from '../payer/pay-ticket.ts'

let world: World
let dev: Caller
let appId: string
const path = '/mobile/unifiedPay/AwaitPay/select'

beforeAll(async () => {
  world = await startWorld({ members: 12 })
  await connectMerchant(world)
  dev = await world.addDeveloper({ scopes: ['directory:read', 'ticket:issue', 'pay:write'] })
  const { ctx, corpId } = world
  appId = (await addApp(ctx, 'test', corpId, { name: '一码通', devId: dev.devId, payShortcut: true })).id
  for (const billNo of ['1', '2', '3'])
    await dev.post('/api/pay/bill/create', { billNo, userId: 'zhangsan', title: '餐费', amount: 100 })
})
afterAll(() => world.close())

const issue = async (userId = 'zhangsan', app = appId) =>
  (await dev.post('/api/ticket/issue', { userId, appId: app })).body.jessionId as string
const select = (jessionId: string, init?: RequestInit) =>
  call(`${world.server.url}${path}?${new URLSearchParams({ jessionId })}`, init)
const payTicketOf = (url: string) => new URL(url).searchParams.get('ticket') ?? ''

describe('the shortcut', () => {
  it('says how many bills wait and where they are paid, by GET and by POST', async () => {
    const jessionId = await issue()
    const asked = await select(jessionId)
    expect(asked).toMatchObject({ retCode: '0', body: { size: '3' } })
    expect(asked.body.url).toMatch(new RegExp(`^${world.ctx.publicUrl()}/pay\\?ticket=[\\w-]{86}$`))
    const posted = await call(`${world.server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jessionId }),
    })
    expect(posted.body).toEqual(asked.body)
    expect((await select(await issue('lisi'))).body.size).toBe('0')
  })

  it('is answered with the envelope in a browser too', async () => {
    const { headers } = await select('x', { headers: { accept: 'text/html,*/*' } })
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  it('counts open bills only', async () => {
    const [row] = await world.ctx.db.selectFrom('pay_bill').select('id').where('bill_no', '=', '3').execute()
    await markClosed(world.ctx.db, world.corpId, row?.id ?? 0, new Date())
    expect((await select(await issue())).body.size).toBe('2')
  })

  it('answers null for dead tickets and for those of other apps, and 1001 for none', async () => {
    const { ctx, corpId } = world
    const other = await addApp(ctx, 'test', corpId, { name: '报修', devId: dev.devId })
    for (const jessionId of ['dead', await issue('zhangsan', other.id)])
      expect(await select(jessionId)).toMatchObject({ retCode: '0', body: null })
    expect((await call(`${world.server.url}${path}`)).retMessage).toBe('参数为空: jessionId')
    const jessionId = await issue()
    await setApp(ctx, 'test', corpId, appId, { payShortcut: false })
    expect((await select(jessionId)).body).toBeNull()
    await setApp(ctx, 'test', corpId, appId, { payShortcut: true })
    expect((await select(jessionId)).body.size).toBe('2')
  })

  it('writes nothing', async () => {
    const member = await signIn(world, { userId: 'zhangsan' })
    const payments = paymentAppOf(world.ctx, world.corpId)
    const opened = await member.post('/web/portal/open', { appId: payments?.id })
    const jessionId = new URL(opened.body.url).searchParams.get('jessionId') ?? ''
    const written = async () => {
      const rows = await world.ctx.db.selectFrom('session').select(['id', 'seen_at']).orderBy('id').execute()
      const tickets = await world.ctx.db.selectFrom('ticket').select('id').orderBy('id').execute()
      return [rows, tickets]
    }
    const before = await written()
    world.clock.offsetMs = 600_000
    expect((await select(jessionId)).body.size).toBe('2')
    world.clock.offsetMs = 0
    expect(await written()).toEqual(before)
  })
})

describe('the ticket of the payment page', () => {
  it('stands for the member, and is the same each time', async () => {
    const jessionId = await issue()
    const [first, again] = [await select(jessionId), await select(jessionId)]
    expect(again.body).toEqual(first.body)
    const memberId = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')?.id
    const person = await personOfPayTicket(world.ctx, payTicketOf(first.body.url))
    expect(person).toMatchObject({ corpId: world.corpId, memberId })
  })

  it('opens nothing else, and is no jessionId', async () => {
    const ticket = payTicketOf((await select(await issue())).body.url)
    expect((await select(ticket)).body).toBeNull()
    expect((await dev.get('/api/user/getInfo', { jessionId: ticket })).body).toBeNull()
  })

  it('is nobody’s when a character of it is changed', async () => {
    const ticket = payTicketOf((await select(await issue())).body.url)
    for (const at of [0, 42, 43, 85]) {
      const other = ticket[at] === 'A' ? 'B' : 'A'
      expect(
        await personOfPayTicket(world.ctx, ticket.slice(0, at) + other + ticket.slice(at + 1)),
      ).toBeUndefined()
    }
    for (const wrong of ['', 'x', `${ticket}x`])
      expect(await personOfPayTicket(world.ctx, wrong)).toBeUndefined()
  })

  it('dies with the ticket that it belongs to', async () => {
    const { ctx, corpId } = world
    const ticket = payTicketOf((await select(await issue())).body.url)
    await setApp(ctx, 'test', corpId, appId, { enabled: false })
    expect(await personOfPayTicket(ctx, ticket)).toBeUndefined()
    await setApp(ctx, 'test', corpId, appId, { enabled: true })
    expect(await personOfPayTicket(ctx, ticket)).toBeUndefined()
    const left = payTicketOf((await select(await issue('lisi'))).body.url)
    await world.admin('user/delete', { userid: 'lisi' })
    await world.sync()
    expect(await personOfPayTicket(ctx, left)).toBeUndefined()
  })
})

describe('the app 统一支付', () => {
  it('is opened from the portal with a ticket, on a desktop and on a phone', async () => {
    const payments = paymentAppOf(world.ctx, world.corpId)
    const member = await signIn(world, { userId: 'zhangsan' })
    for (const device of ['desktop', 'phone']) {
      const { body } = await member.post('/web/portal/open', { appId: payments?.id, device })
      const url = new URL(body.url)
      expect(url.origin + url.pathname).toBe(`${world.ctx.publicUrl()}/pay`)
      expect((await select(url.searchParams.get('jessionId') ?? '')).body.size).toBe('2')
    }
  })

  it('has an address that wisp decides, and can be disabled, not removed', async () => {
    const { ctx, corpId } = world
    const { id = '' } = paymentAppOf(ctx, corpId) ?? {}
    for (const change of [{ homeUrl: 'https://a.example/' }, { devId: dev.devId }, { syncMenu: true }])
      await expect(setApp(ctx, 'test', corpId, id, change)).rejects.toThrow('不能修改')
    await expect(removeApp(ctx, 'test', corpId, id)).rejects.toThrow('不能删除')
    await setApp(ctx, 'test', corpId, id, { name: '缴费', enabled: false })
    expect(paymentAppOf(ctx, corpId)).toMatchObject({ name: '缴费', enabled: false })
  })
})
