import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { addDeveloper, setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { checked } from '../../../platform/http/checked.fixture.ts'
import { startTarget, type Target } from '../../webhooks/target.fixture.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { orderBills } from '../orders/order-bills.ts'
import { fault, ledgerOf, memberId, payAt, poll } from '../payments.fixture.ts'

let world: World
let dev: Caller
let other: Caller
let target: Target
let merchant: Merchant
let payerId: number
let count = 0
const scopes = ['directory:read', 'pay:read', 'pay:write', 'pay:refund', 'webhook:manage']

beforeAll(async () => {
  world = await startWorld({ members: 20, overrides: { payOptions: { retries: 0, timeoutMs: 1500 } } })
  merchant = await connectMerchant(world)
  payerId = await memberId(world, 'zhangsan')
  const refundLimits = { each: 1000, day: 1500 }
  dev = checked(await world.addDeveloper({ scopes, refundLimits }))
  other = checked(await world.addDeveloper({ scopes, refundLimits }))
  target = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
})
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
  await world.control('pay/settings', { refundOutcome: 'SUCCESS', balance: null, refundJobMs: 0 })
  await setDeveloper(world.ctx, 'test', dev.devId, { refundLimits: { each: 1000, day: 100_000 } })
})
afterAll(async () => {
  await world.close()
  await target.close()
})

/** A bill of the developer's that is paid. */
async function paid(amount = 1000) {
  const billNo = `R-${++count}`
  const made = await dev.post('/api/pay/bill/create', { billNo, userId: 'zhangsan', title: '餐费', amount })
  const billIds = [Number(made.body.billId)]
  const order = { corpId: world.corpId, payerId, billIds, place: { product: 'native' } as const }
  const { outTradeNo } = await orderBills(world.ctx, order)
  await payAt(world, { outTradeNo })
  await until('it is paid', async () => (await billOf(billNo)).state === 'paid')
  return { billNo, outTradeNo }
}
const billOf = async (billNo: string) => (await dev.get('/api/pay/bill/get', { billNo })).body
const create = (given: object, by = dev) => by.post('/api/pay/refund/create', given)
const get = (requestId: string, by = dev) => by.get('/api/pay/refund/get', { requestId })
const refundsThere = async (outTradeNo: string) => (await ledgerOf(world, outTradeNo))?.refunds ?? []

describe('a refund by API', () => {
  it('gives money back once, however often it is asked for, and tells what became of it', async () => {
    const { billNo, outTradeNo } = await paid()
    const given = { requestId: 'once', billNo, amount: 300, reason: '少订一餐' }
    const answers = await Promise.all([create(given), create(given), create(given)])
    expect(answers.map(one => one.retCode)).toEqual(['0', '0', '0'])
    expect(new Set(answers.map(one => one.body.refundNo)).size).toBe(1)
    expect(answers[0]?.body).toMatchObject({ requestId: 'once', billNo, amount: 300, reason: '少订一餐' })
    await until('success', async () => (await get('once')).body.state === 'success')
    expect((await refundsThere(outTradeNo)).map(one => one.refund)).toEqual([300])
    expect(await billOf(billNo)).toMatchObject({ refunded: 300 })
    const told = await until('the event', () => target.got.find(one => one.event.type === 'bill.refunded'))
    expect(told.event.data).toMatchObject({ billNo, refunded: 300 })
    expect((await create(given)).body).toMatchObject({ state: 'success' })
    expect(await create({ ...given, amount: 301 })).toMatchObject({
      retMessage: expect.stringContaining('requestId once 已用于另一笔退款'),
    })
    expect((await get('once', other)).retMessage).toContain('没有 requestId 为 once 的退款')
  })

  it('goes on by itself when its outcome is unclear, and is the same when asked for again', async () => {
    const { billNo, outTradeNo } = await paid()
    await fault(world, { match: '/v3/refund/domestic/refunds', mode: 'timeout', times: 1 })
    const given = { requestId: 'unclear', billNo, amount: 200 }
    const first = await create(given)
    expect(first.body.state).toBe('asked')
    expect((await create(given)).body).toMatchObject({ refundNo: first.body.refundNo })
    await poll(world, merchant)
    await until('success', async () => (await get('unclear')).body.state === 'success')
    expect((await refundsThere(outTradeNo)).map(one => one.refund)).toEqual([200])
  })

  it('is still answered when its payer has left the data scope, and no other one is made', async () => {
    const { billNo } = await paid()
    const given = { requestId: 'before', billNo, amount: 200 }
    const first = await create(given)
    expect(first.retCode).toBe('0')
    const { tree, members } = world.ctx.mirrors.of(world.corpId)
    const own = members.byKey('zhangsan')?.departments ?? []
    const away = tree.order.find(node => node.children.length === 0 && !own.includes(node.department.id))
    const dataScope = { departments: [away?.department.id ?? 0], tags: [] }
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope })
    try {
      expect((await create(given)).body).toMatchObject({ refundNo: first.body.refundNo })
      expect((await get('before')).body).toMatchObject({ billNo, amount: 200 })
      expect((await create({ ...given, requestId: 'after' })).retMessage).toContain('没有账单')
    } finally {
      await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: null })
    }
  })

  it('is for own bills within the limits alone', async () => {
    const { billNo } = await paid(10_000)
    const limits = (each: number, day: number) =>
      setDeveloper(world.ctx, 'test', dev.devId, { refundLimits: { each, day } })
    const refused = async (given: object, by = dev) => {
      const answer = await create({ requestId: `no-${++count}`, billNo, amount: 1, ...given }, by)
      return `${answer.retCode} ${answer.retMessage}`
    }
    expect(await refused({}, other)).toMatch(/^1000 .*没有账单/)
    await limits(0, 0)
    expect(await refused({})).toMatch(/^1009 .*没有给此开发者设置退款限额/)
    await limits(500, 100_000)
    expect(await refused({ amount: 501 })).toMatch(/^1000 .*单笔最多退 ¥5\.00；没有退款/)
    expect(await refused({ amount: 12.5 })).toMatch(/^1000 .*amount 应为 1 到 \d+ 的整数，单位为分/)
    expect(await refused({ requestId: '' })).toMatch(/^1001 .*requestId/)
    const used = await sql<{
      n: number
    }>`select sum(amount)::int as n from pay_refund where dev_id = ${dev.devId}`
      .execute(world.ctx.db)
      .then(({ rows }) => rows[0]?.n ?? 0)
    await limits(500, used + 600)
    expect((await create({ requestId: 'of-today', billNo, amount: 500 })).retCode).toBe('0')
    expect(await refused({ amount: 101 })).toMatch(/每天最多退 .*今天已退 .*北京时间 0 点恢复/)
    const none = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'] })
    expect(await refused({}, none)).toMatch(/^1009 /)
    const unlimited = await addDeveloper(world.ctx, 'test', world.corpId, {
      name: 'x',
      scopes: ['pay:refund'],
    })
    expect(world.ctx.developers.get(unlimited.devId)?.scopes.has('pay:refund')).toBe(true)
    await expect(limits(10, 5)).rejects.toThrow('不能小于')
    await expect(limits(-1, 5)).rejects.toThrow('单位为分')
  })

  it('is made, found and asked about again from the command line', async () => {
    const { billNo } = await paid()
    const run = (...words: string[]) => runCommand(world.ctx, ['pay', 'refund', ...words])
    const made = await run('create', billNo, '--developer', dev.devId, '--amount', '100')
    const { outRefundNo } = made.data as { outRefundNo: string }
    expect((await run('list', '--text', billNo)).text).toContain(outRefundNo)
    await until('success', async () => (await run('show', outRefundNo)).text.includes('已退款'))
    await expect(run('retry', outRefundNo)).rejects.toThrow('已结束，不需重试')
    await expect(run('show', 'R1')).rejects.toThrow('没有退款单 R1')
    const set = (limits: string) =>
      runCommand(world.ctx, ['developer', 'set', dev.devId, '--refund-limits', limits])
    expect((await set('50000/200000')).text).toContain('单笔最多 ¥500.00，每天最多 ¥2,000.00')
    expect((await set('')).text).toMatch(/接口退款: +不允许/)
    await expect(set('50000')).rejects.toThrow('应写成 单笔/每天')
  })
})
