import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../server/cli/in-process.fixture.ts'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { pushTo, pushXml, textFields } from '../../server/features/official/callback/push.fixture.ts'
import { addRules } from '../../server/features/official/replies/edit.ts'
import { newRule, say, textOf } from '../../server/features/official/replies/replies.fixture.ts'
import { addMerchant, setMerchant } from '../../server/features/payments/merchants/connect.ts'
import { connectMerchant, merchantForm } from '../../server/features/payments/merchants/merchant.fixture.ts'
import type { Merchant } from '../../server/features/payments/merchants/merchants.ts'
import { endOrder } from '../../server/features/payments/orders/end-order.ts'
import { orderBills } from '../../server/features/payments/orders/order-bills.ts'
import { aliveOrdersOf } from '../../server/features/payments/orders/order-store.ts'
import {
  billOf,
  fault,
  memberId,
  newBills,
  payAt,
  poll,
} from '../../server/features/payments/payments.fixture.ts'
import { startTarget } from '../../server/features/webhooks/target.fixture.ts'
import { addCorp } from '../../server/organisation/corps/corps.ts'
import { switchAllOn } from '../../server/organisation/corps/features/switch.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { type SignedInClient, signIn, signInAs } from '../sign-in.ts'
import { until } from '../until.ts'

let world: World
let administrator: SignedInClient
let dev: Caller
let merchant: Merchant
let account: Account
beforeAll(async () => {
  world = await startWorld()
  administrator = await signInAs(world, 'super')
  merchant = await connectMerchant(world)
  account = await world.bindOfficial('service', { mode: 'plain' })
  const scopes = [
    'directory:read',
    'message:send',
    'pay:read',
    'pay:write',
    'official:read',
    'webhook:manage',
  ]
  dev = await world.addDeveloper({ scopes })
})
afterAll(() => world.close())
afterEach(() => switchAllOn(world.ctx, 'test', world.corpId))

const turn = (feature: string, on: '0' | '1') => administrator.post('/web/features/switch', { feature, on })
const off = async (feature: string) => expect(await turn(feature, '0')).toMatchObject({ retCode: '0' })
const listed = async (name: string) =>
  (await administrator.get('/web/features')).body.list.find((one: { name: string }) => one.name === name)
const ordered = async (billIds: readonly number[]) =>
  orderBills(world.ctx, {
    corpId: world.corpId,
    payerId: await memberId(world, 'zhangsan'),
    billIds,
    place: { product: 'native' },
  })
const end = async (billIds: readonly number[]) => {
  for (const order of await aliveOrdersOf(world.ctx.db, world.corpId, billIds))
    await endOrder(world.ctx, order)
}

it('what is switched on leads to what it takes, on the page, in the command and by the API', async () => {
  expect(await listed('payments')).toMatchObject({ isOn: true, next: null })
  expect(await listed('official')).toMatchObject({ isOn: true, next: null })
  const corpId = 'wwbare'
  await addCorp(world.ctx, 'test', { corpId, name: '新企业', contactSecret: 'x'.repeat(43) })
  const on = ['feature', 'on', 'official', '--corp', corpId]
  expect((await runCommand(world.ctx, on)).text).toBe(
    '已开启 official\n下一步：请到「公众号 → 账号与绑定」绑定一个公众号或服务号。',
  )
  const rows = await world.ctx.needsAttention({ corpId, withInstallation: false })
  expect(rows.filter(one => one.kind === 'unready').map(one => one.subject)).toEqual(['official'])
  const { mchId } = merchant
  await setMerchant(world.ctx, 'test', world.corpId, mchId, { enabled: false })
  expect((await listed('payments')).next.fix).toContain(`启用 ${mchId}`)
  const { text } = await runCommand(world.ctx, ['feature', 'list', '--corp', world.corpId])
  expect(text).toContain('已开启，未就绪')
  await setMerchant(world.ctx, 'test', world.corpId, mchId, { enabled: true })
  await world.ctx.db.deleteFrom('corp').where('corp_id', '=', corpId).execute()
  await world.ctx.reloadConfig()
})

describe('what a corp does not use', () => {
  it('is answered with 1009 that says so, by calls, pages and commands, and works again afterwards', async () => {
    const list = () => dev.get('/api/pay/bill/list')
    expect(await list()).toMatchObject({ retCode: '0' })
    await off('payments')
    expect(await list()).toMatchObject({ retCode: '1009', retMessage: expect.stringContaining('统一支付') })
    const page = await administrator.post('/web/payments/bills/create', {
      userId: 'zhangsan',
      title: 'x',
      amount: '1',
    })
    expect(page).toMatchObject({ retCode: '1009', retMessage: expect.stringContaining('功能') })
    expect(await administrator.get('/web/payments/bills')).toMatchObject({ retCode: '0' })
    await expect(newBills(world, [100])).rejects.toThrow('没有开启「统一支付」')
    await turn('payments', '1')
    expect(await list()).toMatchObject({ retCode: '0' })
  })

  it('is off in a new corp, and gone from session and scopes', async () => {
    await world.ctx.db.updateTable('corp').set({ features: [] }).execute()
    await world.ctx.reloadConfig(world.corpId)
    expect((await administrator.get('/web/session')).body.corps[0].features).toEqual([])
    const { scopes } = (await administrator.get('/web/developers/choices')).body
    expect(scopes.filter((one: string) => /pay|official|webhook/.test(one))).toEqual([])
    expect(scopes).toContain('message:send')
    const { devId } = await world.addDeveloper({ scopes: ['directory:read'] })
    const granted = runCommand(world.ctx, ['developer', 'set', devId, '--scopes', 'directory:read,pay:read'])
    await expect(granted).rejects.toThrow('没有开启「统一支付」')
  })

  it('keeps the scopes that a developer has, also when its form is saved without them', async () => {
    const { devId } = await world.addDeveloper({ scopes: ['directory:read', 'pay:read'] })
    await off('payments')
    await runCommand(world.ctx, ['developer', 'set', devId, '--scopes', 'directory:read,message:send'])
    await turn('payments', '1')
    expect([...(world.ctx.developers.get(devId)?.scopes ?? [])]).toEqual([
      'directory:read',
      'message:send',
      'pay:read',
    ])
  })

  it('is recorded when it is switched, once, and refuses names that do not exist', async () => {
    await off('mcp')
    await off('mcp')
    const entries = await world.ctx.db
      .selectFrom('audit')
      .select(['detail'])
      .where('act', '=', 'corp.features')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(entries[0]?.detail).toEqual({ on: [], off: ['mcp'] })
    expect(await turn('nonsense', '0')).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('nonsense'),
    })
    const { text } = await runCommand(world.ctx, ['feature', 'list'])
    expect(text).toMatch(/mcp\s+MCP.*已关闭/)
  })
})

describe('payments', () => {
  it('stay on while an order or a refund is open', async () => {
    const bills = await newBills(world, [100])
    await ordered(bills)
    expect(await turn('payments', '0')).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('支付进行中'),
    })
    expect((await listed('payments')).keptOnBy).toEqual([expect.stringContaining('1 笔支付')])
    await end(bills)
    await off('payments')
    await expect(ordered(bills)).rejects.toThrow('没有开启')
  })

  it('that were made are returned and accounted for afterwards, and a late notification is taken', async () => {
    const [bill = 0] = await newBills(world, [300])
    const { outTradeNo } = await ordered([bill])
    // The first notification is refused, and the order found paid by asking; the notification comes again later.
    await fault(world, { match: 'callback/pay/', mode: 'forgedSignature', times: 1 })
    await payAt(world, { outTradeNo })
    const notified = async () => {
      const { notifications } = await world.control(`pay/notifications?outTradeNo=${outTradeNo}`)
      return (notifications as { attempts: { status: number }[] }[])[0]?.attempts.map(one => one.status)
    }
    // The clock passes the 15 s of the repetition only once that is planned.
    await expect.poll(notified).toEqual([401])
    await poll(world, merchant)
    expect(await billOf(world, bill)).toMatchObject({ state: 'paid' })
    await off('payments')
    await world.control('pay/clock', { seconds: 16 })
    await expect.poll(notified).toEqual([401, 204])
    const refund = await administrator.post('/web/payments/refunds/create', {
      billId: String(bill),
      amount: '100',
      reason: '多收',
    })
    expect(refund).toMatchObject({ retCode: '0' })
    await until('the refund', async () => {
      await poll(world, merchant)
      return (await listed('payments')).keptOnBy.length === 0
    })
    const day = { mchId: merchant.mchId, day: '2026-01-01' }
    expect((await administrator.post('/web/payments/reconciliation/run', day)).retCode).not.toBe('1009')
  })

  it('take no merchant by command, while keys are kept up for what has to be returned', async () => {
    await off('payments')
    const wisp = (words: string) => runCommand(world.ctx, ['pay', 'merchant', ...words.split(' ')])
    const another = { ...merchantForm(world), mchId: '1900000999' }
    await expect(addMerchant(world.ctx, 'test', world.corpId, another)).rejects.toThrow(
      '没有开启「统一支付」',
    )
    for (const words of ['--disable', '--enable', '--default'])
      await expect(wisp(`set ${merchant.mchId} ${words}`), words).rejects.toThrow('没有开启「统一支付」')
    await wisp(`set ${merchant.mchId} --name 新名`)
    expect(world.ctx.merchants.get(world.corpId, merchant.mchId)).toMatchObject({
      name: '新名',
      enabled: true,
    })
    await expect(wisp('list')).resolves.toMatchObject({ data: [{ mchId: merchant.mchId }] })
  })

  it('have no tile in the workbench of anybody', async () => {
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const names = async () =>
      (await zhangsan.get('/web/portal/workbench')).body.apps.map((one: { name: string }) => one.name)
    expect(await names()).toContain('统一支付')
    await off('payments')
    expect(await names()).not.toContain('统一支付')
  })
})

describe('official accounts', () => {
  it('store what is pushed and answer nobody', async () => {
    await addRules(world.ctx, { actor: 'test', account }, [
      newRule({ words: ['你好'], contents: say('您好') }),
    ])
    const ask = (from: string) =>
      pushTo(world.server.url, account, pushXml(account.originalId, { from, fields: textFields('你好') }))
    expect(textOf((await ask('oOne')).body)).toBe('您好')
    const count = async () =>
      Number(
        (
          await world.ctx.db
            .selectFrom('inbox_event')
            .select(({ fn }) => fn.countAll().as('n'))
            .where('account', '=', account.originalId)
            .executeTakeFirstOrThrow()
        ).n,
      )
    const before = await count()
    await off('official')
    expect((await ask('oTwo')).body).toBe('success')
    expect(await count()).toBe(before + 1)
    const sent = await dev.post('/api/official/message/send', { originalId: account.originalId })
    expect(sent).toMatchObject({ retCode: '1009' })
  })

  it('are no channel of the overview while nothing was sent by them', async () => {
    const channels = async () =>
      (await administrator.get('/web/overview', { days: 7 })).body.whole.figures.messages.map(
        (one: { channel: string }) => one.channel,
      )
    expect(await channels()).toContain('official')
    await off('official')
    expect(await channels()).toEqual(['wecom', 'email', 'sms', 'chat', 'robot'])
  })

  it('are not begun by commands either; what ends something still works', async () => {
    const { originalId: id } = account
    const rule = `official rule add --account ${id} --keywords 价格 --reply-text 一百`
    await runCommand(world.ctx, rule.split(' '))
    await off('official')
    for (const words of [
      `official send --account ${id} --all --text 致全体`,
      'official add --name 另一个 --original-id gh_another --app-id wx1 --secret s',
      `official set ${id} --name 新名`,
      `official grant ${id} --administrators lisi`,
      `official doctor ${id}`,
      `official pull --account ${id} --no-wait`,
      rule,
    ])
      await expect(runCommand(world.ctx, words.split(' ')), words).rejects.toThrow('没有开启「公众号」')
    expect(world.ctx.accounts.get(world.corpId, id)).toMatchObject({ name: account.name })
    expect((await runCommand(world.ctx, ['official', 'list'])).data).toMatchObject([{ originalId: id }])
    const doomed = 'gh_doomed'
    await turn('official', '1')
    const add = `official add --name 解绑 --original-id ${doomed} --app-id wx2 --secret s`
    await runCommand(world.ctx, add.split(' '))
    await off('official')
    await runCommand(world.ctx, ['official', 'remove', doomed])
    expect(world.ctx.accounts.find(doomed)).toBeUndefined()
  })
})

describe('webhooks', () => {
  it('wait while they are off, and go on when they are on again', async () => {
    await world.connectCallback()
    const target = await startTarget()
    const created = await dev.post('/api/webhook/create', { url: target.url, types: ['directory'] })
    expect(created.retCode).toBe('0')
    await off('webhooks')
    expect(await dev.post('/api/webhook/create', { url: target.url })).toMatchObject({ retCode: '1009' })
    const replay = ['webhook', 'replay', dev.devId, created.body.webhook.webhookId, '--seq', '1']
    await expect(runCommand(world.ctx, replay)).rejects.toThrow('没有开启')
    await world.admin('user/update', { userid: 'zhangsan', name: '张三丰' })
    await world.settle()
    expect(target.got).toEqual([])
    await turn('webhooks', '1')
    await until('the event', () => target.got.length > 0)
    await target.close()
  })
})

describe('MCP and packets', () => {
  it('are refused', async () => {
    await off('mcp')
    const answer = await fetch(`${world.server.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await dev.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    })
    expect(await answer.text()).toContain('没有开启')
    await off('packets')
    expect(await dev.post('/api/security/device', { deviceId: 'd1' })).toMatchObject({ retCode: '1009' })
  })

  it('packets stay on while a developer needs them, and cannot be required while they are off', async () => {
    const strict = await world.addDeveloper({ packets: 'required' })
    expect(await turn('packets', '0')).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('必须加密'),
    })
    await runCommand(world.ctx, ['developer', 'packets', strict.devId, 'off'])
    await off('packets')
    await expect(runCommand(world.ctx, ['developer', 'packets', strict.devId, 'required'])).rejects.toThrow(
      '没有开启',
    )
  })
})
