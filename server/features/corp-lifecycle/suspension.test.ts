import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf } from '../../../test/filled-tables.fixture.ts'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { callerWith, type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { readConfig } from '../../platform/config.ts'
import { inboxState } from '../../platform/inbox/event-store.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { browserOf } from '../oidc/browser.fixture.ts'
import { addClient, begin, signInTo, type TestClient, type Tokens } from '../oidc/client.fixture.ts'
import { connectMerchant } from '../payments/merchants/merchant.fixture.ts'
import type { Merchant } from '../payments/merchants/merchants.ts'
import { orderBills } from '../payments/orders/order-bills.ts'
import { billOf, ledgerOf, memberId, newBills, payAt, poll } from '../payments/payments.fixture.ts'
import { refundBill } from '../payments/refunds/refund-bill.ts'
import { newSource, type TestSource } from '../todo-sources/source.fixture.ts'
import { waysIn } from './ways-in.fixture.ts'

const reason = '欠费，请联系李老师'
const why = expect.stringContaining(reason)

let world: World
let second: Server
let operator: SignedInClient
let member: SignedInClient
let app: TestClient
let tokens: Tokens
let merchant: Merchant
let source: TestSource
const dir = mkdtempSync(join(tmpdir(), 'wisp-lifecycle-'))
beforeAll(async () => {
  world = await startWorld({
    members: 30,
    departments: 4,
    overrides: { payOptions: { retries: 0, timeoutMs: 1500 } },
  })
  operator = await signInAs(world, 'operator')
  member = await signIn(world, { userId: 'zhangsan' })
  app = await addClient(world, '图书馆', {
    claims: [{ name: 'profile', purpose: '显示姓名' }],
    oidc: { redirectUris: ['https://lib.example.com/callback'], refresh: true },
  })
  tokens = await signInTo(app, browserOf(world, member), { scope: 'openid profile' })
  merchant = await connectMerchant(world)
  source = await newSource(world, { kind: 'weaver' })
  await world.connectCallback()
  second = await startServer(readConfig(world.env), { log: createLog('silent') })
}, 60_000)
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await second.close()
  await world.close()
})

const suspend = (said = reason) =>
  operator.post('/web/corp-lifecycle/suspend', { ofCorp: world.corpId, reason: said })
const resume = () => operator.post('/web/corp-lifecycle/resume', { ofCorp: world.corpId })
const state = async () => (await operator.get('/web/corp-lifecycle/state', { ofCorp: world.corpId })).body
const ordered = async (billId: number) =>
  orderBills(world.ctx, {
    corpId: world.corpId,
    payerId: await memberId(world, 'zhangsan'),
    billIds: [billId],
    place: { product: 'native' },
  })

describe('a corp that is suspended', () => {
  it('takes only a reason that can be shown', async () => {
    for (const [said, code] of [
      ['', '1001'],
      ['  ', '1001'],
      ['a\nb', '1000'],
      ['长'.repeat(201), '1000'],
    ] as const)
      expect((await suspend(said)).retCode).toBe(code)
    expect((await resume()).retMessage).toContain('没有暂停')
    expect(await state()).toMatchObject({ state: 'open', suspension: null })
  })

  it('refuses every way in with the reason, on all nodes at once', async () => {
    const stream = await fetch(`${world.server.url}/api/event/stream?devToken=${await world.dev.token()}`)
    const token = await world.dev.token()
    const { devId, devSecret } = world.dev
    const elsewhere = callerWith(second.url, member.cookie, member.sessionId, member.csrf)
    const page = await member.get('/web/portal/workbench')
    expect(page.retCode).toBe('0')

    expect((await suspend()).retCode).toBe('0')
    await until('the other node', () => second.ctx.corps.get(world.corpId).closure !== undefined, 1000)
    for (const url of [world.server.url, second.url]) {
      const read = await fetch(`${url}/api/org/list?devToken=${token}`)
      expect(await read.json()).toMatchObject({ retCode: '1009', retMessage: why })
      const issued = await fetch(`${url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`)
      expect(await issued.json()).toMatchObject({ retCode: '1009', retMessage: why })
      const mcp = await fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
      expect(await mcp.text()).not.toContain('inputSchema')
    }
    // The stream was let in before, and ends.
    await until('the end of the stream', async () => (await stream.text()) !== undefined, 5000)
    for (const as of [member, elsewhere])
      expect(await as.get('/web/portal/workbench')).toMatchObject({
        status: 403,
        retCode: '1009',
        retMessage: why,
      })
    expect(await member.get('/web/session')).toMatchObject({
      body: { signedIn: true, corps: [{ closure: { reason } }] },
    })
    // The system account looks, and changes nothing there.
    expect((await operator.get('/web/corps/one', { corpId: world.corpId })).retCode).toBe('0')
    const changed = await operator.post('/web/sync/start', { corpId: world.corpId, kind: 'full' })
    expect(changed).toMatchObject({ status: 403, retMessage: why })
  })

  it('signs nobody in', async () => {
    const nobody = await signInAs(world, 'nobody')
    expect(await nobody.post('/web/sign-in/wecom', { corpId: world.corpId, to: '/portal' })).toMatchObject({
      retCode: '1009',
      retMessage: why,
    })
    const sms = { corpId: world.corpId, mobile: '13800000000' }
    expect(await nobody.post('/web/sign-in/sms', sms)).toMatchObject({ retCode: '1009', retMessage: why })
    const within = await fetch(`${world.server.url}/signin/wecom?corpId=${world.corpId}`, {
      redirect: 'manual',
    })
    const refused = new URL(within.headers.get('location') ?? '', world.server.url).searchParams.get(
      'refused',
    )
    const told = await call(`${world.server.url}/web/sign-in/refusal?number=${refused}`, {
      headers: {
        cookie: within.headers
          .getSetCookie()
          .map(one => one.split(';', 1)[0])
          .join('; '),
      },
    })
    expect(told.body).toEqual({ refusal: { fault: 'suspended', detail: reason } })
    const { corps } = (await nobody.get('/web/sign-in/options')).body
    expect(corps).toContainEqual(expect.objectContaining({ corpId: world.corpId, closed: why }))
    // Applications get nothing new, and what they have is good again afterwards.
    const asked = await begin(app)
    expect(await browserOf(world, member).get(asked.url.href)).toMatchObject({
      status: 403,
      html: expect.stringContaining(reason),
    })
    await expect(client.refreshTokenGrant(app.config, tokens.refresh_token ?? '')).rejects.toThrow()
    expect((await fetch(`${app.issuer}/jwks`)).status).toBe(200)
    const sent = await source.send('rest/ofs/receiveRequestInfoByJson', { syscode: 'x' })
    expect(sent.text).toContain('未启用')
  })

  it('lets orders end, and begins none', async () => {
    await resume()
    const [paid = 0, other = 0] = await newBills(world, [100, 200])
    const order = await ordered(paid)
    await suspend()
    await expect(ordered(other)).rejects.toThrow(reason)
    const ledger = await ledgerOf(world, order.outTradeNo)
    expect(ledger).toMatchObject({ state: 'NOTPAY' })
    expect((await state()).obstacles).toContainEqual({
      what: 'orders',
      text: expect.stringContaining(order.outTradeNo),
    })
    await payAt(world, { codeUrl: order.codeUrl })
    await poll(world, merchant)
    await until('the payment', async () => (await billOf(world, paid)).state === 'paid')
    const by = { corpId: world.corpId, actor: 'test' }
    await expect(refundBill(world.ctx, by, { billId: paid, amount: 100, reason: '' })).rejects.toThrow(reason)
    expect((await state()).obstacles.map((one: { what: string }) => one.what)).not.toContain('orders')
  })

  it('stores what is pushed, and works on it when it is resumed, with one full sync', async () => {
    await world.admin('user/update', { userid: 'lisi', name: '李四改' })
    await until('the callback', async () => (await world.control('callback'))['pending'] === 0)
    const waiting = async () => (await inboxState(world.ctx.db, world.corpId, 'directory')).pending
    expect(await waiting()).toBeGreaterThan(0)
    const name = () => world.ctx.mirrors.of(world.corpId).members.byKey('lisi')?.name
    expect(name()).not.toBe('李四改')
    // What waits until the corp is resumed is not late.
    const shown = await (await fetch(`${world.server.url}/metrics`)).text()
    expect(shown).toContain(`wisp_inbox_events{corp="${world.corpId}",state="pending"}`)
    expect(shown).not.toContain(`wisp_sync_lag_seconds{corp="${world.corpId}"}`)
    expect(shown).not.toContain(`wisp_last_sync_timestamp_seconds{corp="${world.corpId}"}`)
    const resumedAt = new Date()
    const synced = async () =>
      (await world.ctx.db.selectFrom('sync_run').selectAll().where('kind', '=', 'full').execute()).filter(
        run => run.finished_at !== null && run.finished_at > resumedAt,
      )
    await runCommand(world.ctx, ['corp', 'resume', '--corp', world.corpId])
    await until('the event', () => name() === '李四改')
    await until('the work', async () => (await waiting()) === 0)
    await until('the sync', async () => (await synced()).length === 1)
    await until('the other node', () => second.ctx.corps.get(world.corpId).closure === undefined, 1000)
    expect((await member.get('/web/portal/workbench')).retCode).toBe('0')
    expect((await world.dev.get('/api/org/list')).retCode).toBe('0')
    const again = await client.refreshTokenGrant(app.config, tokens.refresh_token ?? '')
    expect(again.access_token).toBeTruthy()
    const acts = await world.ctx.db.selectFrom('audit').select(['act', 'actor']).execute()
    expect(acts).toContainEqual({ act: 'corp.suspend', actor: 'operator' })
    expect(acts).toContainEqual({ act: 'corp.resume', actor: 'cli' })
  })
})

it('no way that was begun before leads into a suspended corp, and each is open again afterwards', async () => {
  const ways = await waysIn(world)
  const seen = async () => {
    const found: Record<string, string> = {}
    for (const [name, { go }] of Object.entries(ways)) found[name] = await go()
    return found
  }
  const open = Object.fromEntries(Object.keys(ways).map(name => [name, 'in']))
  expect(await seen()).toEqual(open)
  const pushed = async () => {
    const { db } = world.ctx
    const streams = ['agent', 'official'] as const
    return (await Promise.all(streams.map(stream => inboxState(db, world.corpId, stream)))).map(
      one => one.pending,
    )
  }
  await until('the pushes', async () => (await pushed()).every(n => n === 0))
  await suspend()
  expect(await seen()).toEqual(
    Object.fromEntries(Object.entries(ways).map(([name, { isSilent }]) => [name, isSilent ? '' : why])),
  )
  // Nobody is answered, and nothing is lost.
  expect(await pushed()).toEqual([1, 1])
  await resume()
  expect(await seen()).toEqual(open)
  await until('the pushes', async () => (await pushed()).every(n => n === 0))
})

describe('the export of a corp', () => {
  const lines = (bytes: Buffer) =>
    gunzipSync(bytes)
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))

  it('has every row of every table, no secret, and is remembered by its hash', async () => {
    const file = join(dir, 'corp.gz')
    const rows = await rowsOf(world.ctx.db, world.corpId)
    const { data } = await runCommand(world.ctx, ['corp', 'export', file, '--corp', world.corpId])
    const bytes = readFileSync(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(data).toMatchObject({ sha256, bytes: bytes.length })
    const [header, ...rest] = lines(bytes)
    expect(header).toMatchObject({ wisp: 'corp', format: 1, corpId: world.corpId })
    expect(header.leftOut.corp).toContain('contact_secret')
    const counted: Record<string, number> = {}
    let table = ''
    for (const line of rest.slice(0, -1)) {
      if (Array.isArray(line)) counted[table] = (counted[table] ?? 0) + 1
      else {
        table = line.table
        counted[table] = 0
        expect(line.columns).not.toEqual(expect.arrayContaining(header.leftOut[table] ?? ['-']))
      }
    }
    expect(rest.at(-1).rows).toEqual(counted)
    for (const name of ['member', 'pay_bill', 'developer', 'developer_secret', 'inbox_event', 'app'])
      expect([name, counted[name]]).toEqual([name, rows[name]?.rows])
    expect(counted['member']).toBeGreaterThan(20)
    expect(gunzipSync(bytes).toString()).not.toContain(world.sandbox.contactSecret)
    expect((await state()).lastExport).toMatchObject({ sha256, exportedBy: 'cli' })
    await expect(runCommand(world.ctx, ['corp', 'export', file, '--corp', world.corpId])).rejects.toThrow(
      '已存在',
    )
  })

  it('is downloaded, by the operator alone', async () => {
    const url = `${world.server.url}/web/corp-lifecycle/export?ofCorp=${world.corpId}`
    const answer = await fetch(url, { headers: { cookie: operator.cookie } })
    expect(answer.headers.get('content-disposition')).toContain(world.corpId)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await until('the record', async () => (await state()).lastExport.sha256 === sha256)
    expect(lines(bytes)[0]).toMatchObject({ corpId: world.corpId })
    const refused = await fetch(url, { headers: { cookie: member.cookie } })
    expect(refused.status).toBe(403)
    const gone = await operator.get('/web/corp-lifecycle/export', { ofCorp: 'nocorp' })
    expect(gone.retCode).toBe('1000')
  })
})
