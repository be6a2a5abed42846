import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { setMerchant } from '../merchants/connect.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { hashOf, readBill } from './content.ts'
import { markPaid } from './state-store.ts'
import { eventsOf } from './store.ts'

let world: World
let merchant: Merchant
let dev: Caller
let count = 0
/** A bill for 张三 with a number of its own. */
const bill = (change: object = {}) => ({
  billNo: `A-${++count}`,
  userId: 'zhangsan',
  title: '餐费',
  amount: 1280,
  ...change,
})
const create = (body: unknown) => dev.post('/api/pay/bill/create', body)
const find = (billNo: string) => dev.get('/api/pay/bill/get', { billNo })
const timeline = async (billId: string) =>
  (await eventsOf(world.ctx.db, world.corpId, Number(billId))).map(({ kind, detail }) => ({
    kind,
    ...detail,
  }))

beforeAll(async () => {
  world = await startWorld({ members: 30 })
  merchant = await connectMerchant(world)
  dev = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'] })
})
afterAll(() => world.close())

describe('a bill', () => {
  it('is made, found by its number, and told of in full', async () => {
    const given = bill({
      amount: '1280',
      items: [
        { name: '午餐', amount: 500, quantity: 3 },
        { name: '优惠', amount: -220 },
      ],
      dueAt: '2027-01-10T00:00:00+08:00',
      remark: '一月\n上半月',
      attachmentUrl: 'https://files.example/a.pdf',
    })
    const made = await create(given)
    expect(made).toMatchObject({
      retCode: '0',
      body: { billNo: given.billNo, userName: '张三', amount: 1280 },
    })
    expect((await find(given.billNo)).body).toMatchObject({
      ...made.body,
      state: 'open',
      items: [{ quantity: 3 }, { name: '优惠', amount: -220, quantity: 1 }],
      dueAt: '2027-01-09T16:00:00.000Z',
      remark: '一月\n上半月',
      attachmentUrl: 'https://files.example/a.pdf',
      refunded: 0,
      transactionId: '',
      paidAt: '',
    })
    expect(await timeline(made.body.billId)).toEqual([{ kind: 'created' }])
  })

  it('makes the app 统一支付 of its corp', () => {
    const apps = world.ctx.apps.ofCorp(world.corpId).filter(app => app.builtin === 'payments')
    expect(apps).toMatchObject([{ name: '统一支付', homeUrl: `${world.ctx.publicUrl()}/pay` }])
  })

  it('is answered the same again, and refused with other content', async () => {
    const given = bill({ dueAt: '2027-01-10T00:00:00+08:00' })
    const first = await create(given)
    const again = await create({ ...given, userId: 'ZhangSan', dueAt: '2027-01-09T16:00:00Z', notify: false })
    expect(again.body).toEqual(first.body)
    for (const change of [
      { amount: 1281 },
      { title: '房租' },
      { userId: 'lisi' },
      { dueAt: '' },
      { notify: 1 },
    ]) {
      const other = await create({ ...given, ...change })
      expect(other.retMessage).toBe(
        `参数错误: billNo ${given.billNo} 已用于内容不同的账单，没有创建；新账单请换一个编号`,
      )
    }
    const { devId } = await world.addDeveloper({ scopes: ['pay:write'] })
    expect(devId).not.toBe(dev.devId)
  })

  it('that an earlier version took with an emoji is answered again', async () => {
    const given = bill()
    const { billId } = (await create(given)).body
    const emoji = { ...given, title: '餐费🍚' }
    await world.ctx.db
      .updateTable('pay_bill')
      .set({ title: emoji.title, content_hash: hashOf(readBill(emoji, '')) })
      .where('id', '=', billId)
      .execute()
    expect((await create(emoji)).body.billId).toBe(billId)
  })

  it.each([
    ['no amount', { amount: '' }, '1001 参数为空: amount'],
    ['amount 0', { amount: 0 }, '1000 参数错误: amount 应为 1 到 2147483647 的整数'],
    ['a negative amount', { amount: -1 }, '1000 参数错误: amount 应为'],
    ['a fraction', { amount: 1.5 }, '1000 参数错误: amount 应为'],
    ['exponents', { amount: '1e3' }, '1000 参数错误: amount 应为'],
    ['too much', { amount: 10 ** 12 }, '1000 参数错误: amount 应为'],
    ['a number with a blank', { billNo: 'a b' }, '1000 参数错误: billNo 不能含有空格'],
    ['items that do not add up', { items: [{ name: 'a', amount: 1 }] }, '1000 参数错误: items 合计 1 分'],
    ['an item without a price', { items: [{ name: 'a' }] }, '1001 参数为空: items[0].amount'],
    ['an item that is none', { items: ['a'] }, '1000 参数错误: items[0] 应为 JSON 对象'],
    ['a time without a zone', { dueAt: '2027-01-10T00:00:00' }, '1000 参数错误: dueAt 应为带时区'],
    ['a day that is none', { dueAt: '2027-02-30T00:00:00Z' }, '1000 参数错误: dueAt 应为带时区'],
    [
      'an attachment over http',
      { attachmentUrl: 'http://a.example/' },
      '1000 参数错误: attachmentUrl 应为 https',
    ],
    ['a notify that is neither', { notify: 'yes' }, '1000 参数错误: notify 应为 true 或 false'],
    ['an emoji', { title: '餐费🍚' }, '1000 参数错误: title 不能含有表情符号'],
    ['nobody', { userId: 'nobody' }, '1007 无效的用户 id: userId nobody'],
  ])('is refused with %s', async (_what, change, why) => {
    const { retCode, retMessage } = await create(bill(change))
    expect(`${retCode} ${retMessage}`).toMatch(new RegExp(`^${why.replaceAll('[', '\\[')}`))
  })

  it('is its developer’s alone', async () => {
    const given = bill()
    await create(given)
    const other = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'] })
    expect((await other.get('/api/pay/bill/get', { billNo: given.billNo })).retMessage).toContain('没有账单')
    expect((await other.get('/api/pay/bill/list')).body).toEqual({ list: [], total: 0 })
    const theirs = await other.post('/api/pay/bill/create', given)
    expect(theirs.retCode).toBe('0')
    expect(theirs.body.billId).not.toBe((await find(given.billNo)).body.billId)
  })

  it('needs its scope', async () => {
    const reader = await world.addDeveloper({ scopes: ['pay:read'] })
    expect((await reader.post('/api/pay/bill/create', bill())).retMessage).toContain('pay:write')
    const writer = await world.addDeveloper({ scopes: ['pay:write'] })
    expect((await writer.get('/api/pay/bill/list')).retMessage).toContain('pay:read')
  })
})

describe('a bill that is closed', () => {
  const close = (billNo: string, by = dev) => by.post('/api/pay/bill/close', { billNo })

  it('stays so when it is closed again, and is answered the same when it is created again', async () => {
    const given = bill()
    const made = await create(given)
    for (const _turn of [1, 2])
      expect((await close(given.billNo)).body).toEqual({ billNo: given.billNo, state: 'closed' })
    expect((await find(given.billNo)).body).toMatchObject({
      state: 'closed',
      closedAt: expect.stringMatching(/Z$/),
    })
    expect(await timeline(made.body.billId)).toEqual([{ kind: 'created' }, { kind: 'closed' }])
    expect((await create(given)).body).toEqual(made.body)
    expect((await dev.get('/api/pay/bill/list', { state: 'closed' })).body.list).toMatchObject([
      { billNo: given.billNo },
    ])
  })

  it('was not paid, and is its developer’s', async () => {
    const given = bill()
    const made = await create(given)
    const other = await world.addDeveloper({ scopes: ['pay:write'] })
    expect((await close(given.billNo, other)).retMessage).toContain(`没有账单 ${given.billNo}`)
    const paid = { orderId: 0, paidAt: new Date() }
    await markPaid(world.ctx.db, world.corpId, [Number(made.body.billId)], paid)
    expect((await close(given.billNo)).retMessage).toContain('已支付，不能关闭')
    expect((await find(given.billNo)).body).toMatchObject({ state: 'paid', transactionId: '' })
  })

  it('is of a merchant that the corp has', async () => {
    expect((await create(bill({ mchId: '1900000001' }))).retMessage).toContain(
      'mchId 没有启用的商户号 1900000001',
    )
    const given = bill({ mchId: merchant.mchId })
    expect((await create(given)).retCode).toBe('0')
    expect((await find(given.billNo)).body.mchId).toBe(merchant.mchId)
    await setMerchant(world.ctx, 'test', world.corpId, merchant.mchId, { enabled: false })
    expect((await create(given)).retCode).toBe('0')
    expect((await create(bill({ mchId: merchant.mchId }))).retCode).toBe('1000')
    await setMerchant(world.ctx, 'test', world.corpId, merchant.mchId, { enabled: true })
  })

  it('is made only while a merchant collects, and says where one is connected', async () => {
    const early = bill()
    expect((await create(early)).retCode).toBe('0')
    const { mchId } = merchant
    await setMerchant(world.ctx, 'test', world.corpId, mchId, { enabled: false })
    const disabled = await create(bill())
    expect(disabled.retCode).toBe('1009')
    expect(disabled.retMessage).toBe(
      `无权限: 默认商户号已停用，请到「统一支付 → 商户」启用 ${mchId}，或把另一个设为默认。`,
    )
    // What was made is answered as before.
    expect((await create(early)).retCode).toBe('0')
    await setMerchant(world.ctx, 'test', world.corpId, mchId, { enabled: true })
    expect((await create(bill())).retCode).toBe('0')

    const other = await startWorld({ members: 3 })
    const cashier = await other.addDeveloper({ scopes: ['pay:write'] })
    const refused = await cashier.post('/api/pay/bill/create', bill({ notify: true }))
    expect(refused.retCode).toBe('1009')
    expect(refused.retMessage).toContain('还没有接入商户号，请到「统一支付 → 商户」接入')
    expect(await other.ctx.db.selectFrom('pay_bill').select('id').execute()).toEqual([])
    const rows = () => other.ctx.needsAttention({ corpId: other.corpId, withInstallation: false })
    const row = (await rows()).find(one => one.kind === 'unready' && one.subject === 'payments')
    expect(row).toMatchObject({
      title: { zh: '还没有接入商户号' },
      act: { zh: '接入商户号' },
      path: '/console/payments/merchants',
    })
    await connectMerchant(other)
    expect((await rows()).filter(one => one.subject === 'payments')).toEqual([])
    expect((await cashier.post('/api/pay/bill/create', bill({ notify: true }))).retCode).toBe('0')
    await other.close()
  })
})

describe('many bills', () => {
  it('are made in one call, in the order given, and answered the same again', async () => {
    const list = Array.from({ length: 500 }, (_one, at) =>
      bill({ userId: at % 2 ? 'lisi' : 'zhangsan' }),
    ).toReversed()
    const made = await create({ list })
    expect(made.body.list.map((one: { billNo: string }) => one.billNo)).toEqual(list.map(one => one.billNo))
    expect((await create({ list })).body).toEqual(made.body)
  })

  it('are all refused for one, which the error names', async () => {
    const good = bill()
    const refused = async (list: unknown) => (await create({ list })).retMessage
    expect(await refused([good, bill({ amount: 0 })])).toContain('list[1].amount 应为')
    expect(await refused([good, bill({ userId: 'nobody' })])).toBe('无效的用户 id: list[1].userId nobody')
    const taken = bill()
    await create(taken)
    expect(await refused([good, { ...taken, amount: 1 }])).toContain(`list[1].billNo ${taken.billNo} 已用于`)
    expect(await refused([good, { ...good, amount: 1 }])).toContain('list[1].billNo')
    expect(await refused([good, 'x'])).toContain('list[1] 应为 JSON 对象')
    expect(await refused('x')).toContain('list 应为数组')
    expect(await refused([])).toBe('参数为空: list')
    expect(await refused(Array.from({ length: 501 }, () => bill()))).toContain(
      'list 最多 500 个，收到 501 个',
    )
    expect((await find(good.billNo)).retCode).toBe('1000')
  })

  it('may come from two nodes at once, in any order', async () => {
    const list = Array.from({ length: 50 }, () => bill())
    const answers = await Promise.all([create({ list }), create({ list: list.toReversed() })])
    expect(answers.map(one => one.retCode)).toEqual(['0', '0'])
    expect(answers[1]?.body.list.toReversed()).toEqual(answers[0]?.body.list)
  })

  it('are listed by page, payer and state', async () => {
    const other = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'] })
    const list = Array.from({ length: 5 }, (_one, at) => bill({ userId: at === 4 ? 'lisi' : 'zhangsan' }))
    await other.post('/api/pay/bill/create', { list })
    const page = async (query: Record<string, string | number>) => {
      const { body } = await other.get('/api/pay/bill/list', query)
      return [
        body.list.map((one: { billNo: string }) => list.findIndex(({ billNo }) => billNo === one.billNo)),
        body.total,
      ]
    }
    expect(await page({ pageNo: 1, pageSize: 2 })).toEqual([[4, 3], 5])
    expect(await page({ pageNo: 3, pageSize: 2 })).toEqual([[0], 5])
    expect(await page({ userId: 'lisi' })).toEqual([[4], 1])
    expect(await page({ state: 'paid' })).toEqual([[], 0])
    expect((await other.get('/api/pay/bill/list', { userId: 'nobody' })).retCode).toBe('1007')
  })
})

describe('a payer', () => {
  it('who was renamed is billed by either userid, and keeps the bills', async () => {
    const userid = 'wangwu'
    const given = bill({ userId: userid })
    const made = await create(given)
    await world.connectCallback()
    await world.admin('user/rename', { userid, new_userid: 'wangwu2' })
    await world.settle()
    expect((await create(given)).body).toEqual(made.body)
    expect((await create({ ...given, userId: 'wangwu2' })).body).toEqual(made.body)
    expect((await create(bill({ userId: userid }))).retCode).toBe('0')
    expect((await find(given.billNo)).body.userId).toBe('wangwu2')
    expect((await dev.get('/api/pay/bill/list', { userId: 'wangwu2' })).body.total).toBe(2)
  })

  it('who left or is disabled gets no new bill, and the old ones are answered', async () => {
    const given = bill({ userId: 'lisi' })
    const made = await create(given)
    await world.admin('user/update', { userid: 'lisi', enable: 0 })
    await world.settle()
    expect((await create(bill({ userId: 'lisi' }))).retMessage).toContain(
      'userId lisi 未激活或已禁用，不能作为付款人',
    )
    await world.admin('user/delete', { userid: 'lisi' })
    await world.settle()
    expect((await create(bill({ userId: 'lisi' }))).retCode).toBe('1007')
    expect((await create(given)).body).toEqual(made.body)
    expect((await find(given.billNo)).body).toMatchObject({ userId: 'lisi', state: 'open' })
  })

  it('outside the data scope is nobody', async () => {
    const { tree, members } = world.ctx.mirrors.of(world.corpId)
    const own = members.byKey('zhangsan')?.departments ?? []
    const away = tree.order.filter(node => node.children.length === 0 && !own.includes(node.department.id))
    const inside = away.flatMap(node => members.direct(node.department.id)).find(one => one.status === 1)
    const scoped = await world.addDeveloper({
      scopes: ['pay:read', 'pay:write'],
      dataScope: { departments: [...(inside?.departments ?? [])], tags: [] },
    })
    const given = bill({ userId: inside?.userId })
    expect((await scoped.post('/api/pay/bill/create', given)).retCode).toBe('0')
    expect((await scoped.post('/api/pay/bill/create', bill())).retCode).toBe('1007')
    expect((await scoped.get('/api/pay/bill/list')).body.total).toBe(1)
    expect((await scoped.get('/api/pay/bill/get', { billNo: given.billNo })).retCode).toBe('0')
    const elsewhere = away.find(node => !inside?.departments.includes(node.department.id))
    const moved = { departments: [elsewhere?.department.id ?? 0], tags: [] }
    await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: moved })
    expect((await scoped.get('/api/pay/bill/list')).body.total).toBe(0)
    for (const call of [
      scoped.get('/api/pay/bill/get', { billNo: given.billNo }),
      scoped.post('/api/pay/bill/close', { billNo: given.billNo }),
    ])
      expect((await call).retMessage).toContain(`没有账单 ${given.billNo}`)
  })
})
