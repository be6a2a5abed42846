import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setDeveloper } from '../server/callers/developers/developer-admin.ts'
import { putType } from '../server/features/message-types/put-type.ts'
import type { ChannelState } from '../server/features/messages/console/channel-states.ts'
import { figureNames } from '../server/features/messages/figures/figure-facts-store.ts'
import type { Figures } from '../server/features/messages/figures/figures.ts'
import { faultSend, sendText, useAgents } from '../server/features/messages/messages.fixture.ts'
import type { Overview } from '../server/features/overview/overview.ts'
import { addRefunded, markPaid } from '../server/features/payments/bills/state-store.ts'
import { connectMerchant } from '../server/features/payments/merchants/merchant.fixture.ts'
import { newBills } from '../server/features/payments/payments.fixture.ts'
import {
  appliedRows,
  billRows,
  billsOfDay,
  callRows,
  changeRows,
  developerRows,
  memberRows,
  messageRows,
  ofDay,
  type Rows,
  scopeRows,
  today,
  typeRows,
  waitingRows,
} from '../web/console/rows/figure-rows.ts'
import { merge, type UrlValues } from '../web/ui/address/url-patch.ts'
import { type Body, startWorld, type World } from './harness.ts'
import { type SignedInClient, signInAs, signInAsOperator } from './sign-in.ts'
import { until } from './until.ts'

/** Each figure of the five pages and where it leads: the list there has as many rows as the figure says. */
let world: World
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 6 })
  const { ctx, corpId, dev } = world
  await connectMerchant(world)
  await useAgents(world)
  await sendText(world, '到了')
  await faultSend(world, 'code:50003')
  await sendText(world, '没有到')
  await world.control('faults', undefined, 'DELETE')
  await dev.get('/api/user/get', { userId: 'nobody' })
  const [department] = ctx.mirrors.of(corpId).tree.roots[0]?.children ?? []
  const dataScope = { departments: [department?.department.id ?? 0], tags: [] }
  const second = await world.addDeveloper({ name: '只看一部分', dataScope })
  await second.get('/api/org/tagList')
  const third = await world.addDeveloper({ name: '停用的' })
  await setDeveloper(ctx, 'test', third.devId, { enabled: false })
  const ids = await newBills(world, [100, 200, 300, 400, 500])
  await ctx.db.transaction().execute(async tx => {
    await markPaid(tx, corpId, ids.slice(0, 3), { orderId: 1, paidAt: new Date() })
    await addRefunded(tx, corpId, ids[0]!, 40)
  })
  await ctx.db
    .updateTable('pay_bill')
    .set({ due_at: new Date(0) })
    .where('id', '=', ids[3]!)
    .execute()
  await world.connectCallback()
  await world.admin('user/update', { userid: 'lisi', name: '李四四' })
  await world.admin('user/update', { userid: 'zhaomin', status: 5 })
  await world.settle()
  await world.sync()
  as = await signInAsOperator(world)
})
afterAll(() => world.close())

const lists: Partial<Record<Rows['page'], string>> = {
  members: '/web/directory/members',
  requests: '/web/developers/requests',
  messages: '/web/messages/list',
  events: '/web/sync/events',
  developers: '/web/developers/list',
  payBills: '/web/payments/bills',
}

async function get(path: string, query: UrlValues = {}, client = as): Promise<Body & { list: Body[] }> {
  const { retCode, retMessage, body } = await client.get(path, query)
  expect(retCode, `${path} ${retMessage}`).toBe('0')
  return body
}

/** Of what needs somebody, that which nobody has said 知道了 to. */
const isNew = (need: Body) => !(need['alert'] as { acknowledgedAt: string | null } | null)?.acknowledgedAt

/** How many rows the page shows that a figure leads to. */
async function shown(rows: Rows | undefined): Promise<number> {
  if (!rows) throw new Error('the figure leads nowhere')
  const asked = merge({}, rows.search)
  if (asked['changes']) return Number((await get('/web/directory/changes', ofDay(asked['changes'])))['total'])
  return Number((await get(lists[rows.page]!, asked))['total'])
}

/** Compares each figure with its list, and proves that the table has more than zeros. */
async function compare(table: Record<string, [figure: unknown, rows: Rows | undefined]>): Promise<void> {
  for (const [name, [figure, rows]] of Object.entries(table)) expect(await shown(rows), name).toBe(figure)
  expect(Object.values(table).filter(([figure]) => Number(figure) > 0).length).toBeGreaterThan(1)
}

const last = (values: readonly number[] = []) => values.at(-1)

describe('a figure leads to exactly its rows', () => {
  it('on the overview', async () => {
    const { members, whole } = (await get('/web/overview')) as unknown as Overview
    const { figures } = whole!
    const day = figures.days.at(-1)!
    const ofWecom = figures.messages.find(one => one.channel === 'wecom')
    await compare({
      members: [members.listed, memberRows()],
      active: [members.active, memberRows('active')],
      quit: [members.quit, memberRows('quit')],
      others: [members.listed - members.active, memberRows('disabled', 'notActivated')],
      changes: [last(figures.memberChanges), changeRows(day)],
      calls: [last(figures.calls), callRows(day)],
      failures: [last(figures.failures), callRows(day, { outcome: 'failed' })],
      'calls of another day': [figures.calls[0], callRows(figures.days[0]!)],
      messages: [last(ofWecom?.values), messageRows(day)],
      'messages of a channel': [last(ofWecom?.values), messageRows(day, { channel: 'wecom' })],
      troubled: [last(figures.troubled), messageRows(day, { state: 'troubled' })],
    })
    expect(members.quit).toBe(1)
    expect(last(figures.memberChanges)).toBeGreaterThan(1)
    // The delay is no number of rows: it is of those that were applied, or of those that wait.
    expect(await shown(appliedRows(day))).toBeGreaterThan(0)
    expect(await shown(waitingRows)).toBe(0)
  })

  const figures = async (key: string, more: UrlValues = {}) =>
    (await get('/web/message-types/figures', { key, ...more })) as unknown as Figures

  it('for a message type, and for what has none', async () => {
    const { ctx, corpId } = world
    const templates = { wecom: { zh: { content: '到了' } } }
    const type = { name: '到账', level: 'normal', channels: ['wecom'], templates } as const
    const writer = { actor: 'test', devId: null, mayApprove: true } as const
    await putType(ctx, writer, corpId, 'paid', { ...type, channels: [...type.channels] })
    const sendAt = new Date(ctx.now() + 3_600_000).toISOString()
    for (const more of [{}, {}, { sendAt }])
      await world.dev.post('/api/message/notify', { type: 'paid', toUser: 'zhangsan', ...more })
    await until('two reached', async () => (await figures('paid')).total.reached === 2)
    for (const key of ['paid', '-']) {
      const { total, days, to } = await figures(key)
      const times = { from: days[0]!.from, to }
      await compare(
        Object.fromEntries(figureNames.map(name => [name, [total[name], typeRows(key, name, times)]])),
      )
      const developer = world.dev.devId
      const own = await figures(key, { developer })
      const rows = typeRows(key, 'accepted', { from: days.at(-1)!.from, to, developer })
      expect(await shown(rows)).toBe(own.days.at(-1)!.accepted)
    }
  })

  it('of channels', async () => {
    await world.control('faults', { match: 'message/send', mode: 'busy', times: 1 })
    await sendText(world, '还在等')
    const { list, day } = await get('/web/messages/channels')
    const figures: Parameters<typeof compare>[0] = {}
    for (const { name, today: use } of list as unknown as ChannelState[]) {
      const channel = String(name)
      figures[`messages by ${channel}`] = [use.messages, messageRows(String(day), { channel })]
      figures[`troubled by ${channel}`] = [
        use.troubled,
        messageRows(String(day), { channel, state: 'troubled' }),
      ]
      figures[`waiting by ${channel}`] = [use.waiting, messageRows(String(day), { channel, state: 'queued' })]
    }
    await compare(figures)
    const ofWecom = (list as unknown as ChannelState[]).find(one => one.name === 'wecom')!
    expect(ofWecom.today).toMatchObject({ troubled: 1, waiting: 2, isWhole: true })
    const { msgId, reason } = ofWecom.lastFailure!
    expect(reason).toContain('50003')
    expect(await get('/web/messages/list', { msgId, state: 'troubled' })).toMatchObject({ total: 1 })
  })

  it('for developers', async () => {
    const { list } = await get('/web/developers/list')
    expect(list.length).toBeGreaterThanOrEqual(3)
    for (const one of list) {
      const devId = String(one['devId'])
      const scope = one['dataScope'] as Parameters<typeof scopeRows>[0]
      expect(await shown(scopeRows(scope)), devId).toBe(one['membersVisible'])
      expect(await shown(callRows(today(), { devId })), devId).toBe(one['callsToday'])
      expect(await shown(callRows(today(), { devId, outcome: 'failed' })), devId).toBe(one['failuresToday'])
    }
    // Nobody has a list, which would be that of the whole corp.
    expect(scopeRows({ departments: [], tags: [] })).toBeUndefined()
  })

  it('for bills, also below a filter', async () => {
    for (const filters of [{}, { state: 'overdue,refunded' }, { userId: 'zhangsan' }] as UrlValues[]) {
      const { list } = await get('/web/payments/bills/totals', { by: 'state', ...filters })
      for (const one of list)
        expect(await shown(billRows(filters, one['key'] as 'open')), String(one['key'])).toBe(one['bills'])
      const days = await get('/web/payments/bills/totals', { by: 'day', ...filters })
      expect(days.list).toHaveLength(1)
      for (const day of days.list)
        expect(await shown(billRows(billsOfDay(filters, String(day['key']))))).toBe(day['bills'])
    }
    const given = await get('/web/payments/bills', merge({}, billRows({}, 'refunded')!.search))
    expect(given.list.map(bill => bill['refunded'])).toEqual([40])
    expect(billRows({ state: 'overdue' }, 'open')?.search).toEqual({ state: 'overdue' })
    expect(billRows({ state: 'open' }, 'paid')).toBeUndefined()
    expect(billRows({ state: 'paid,closed' }, 'refunded')?.search).toEqual({ state: 'refunded' })
    expect(billRows({ state: 'differs' }, 'paid')).toBeUndefined()
  })

  it('for all corps', async () => {
    const [corp] = (await get('/web/operator/corps')).list
    const one = await get('/web/operator/corp', { of: world.corpId })
    await compare({
      members: [corp?.['members'], memberRows()],
      developers: [corp?.['developers'], developerRows],
      callsToday: [corp?.['callsToday'], callRows(today())],
      messagesToday: [corp?.['messagesToday'], messageRows(today())],
    })
    // The installation's own rows, which the overview has too, are of no corp: the page of the corp lists what was counted. A look for
    // what needs somebody may come between the two.
    await expect
      .poll(async () => {
        const [listed] = (await get('/web/operator/corps')).list
        const { needs } = await get('/web/operator/corp', { of: world.corpId })
        return (needs as Body[]).filter(isNew).length - Number(listed?.['openAlerts'])
      })
      .toBe(0)
    expect((await get('/web/directory/summary'))['departments']).toBe(corp?.['departments'])
    for (const name of ['calls', 'messages'])
      expect((one['days'] as Record<string, number>[]).reduce((sum, day) => sum + day[name]!, 0)).toBe(
        corp?.[name],
      )
  })
})

describe('the filter of a list', () => {
  it('takes several values, of which one has to fit', async () => {
    const count = async (path: string, query: UrlValues) => Number((await get(path, query))['total'])
    const bills = (state: string) => count('/web/payments/bills', { state })
    expect(await bills('open,paid')).toBe((await bills('open')) + (await bills('paid')))
    expect(await bills('overdue, refunded,overdue')).toBe(2)
    expect(await count('/web/payments/bills', { state: '' })).toBe(5)
    const calls = (outcome: string) => count('/web/developers/requests', { outcome })
    expect(await calls('failed,succeeded')).toBe((await calls('failed')) + (await calls('succeeded')))
    const messages = (state: string) => count('/web/messages/list', { state })
    expect(await messages('sent,troubled')).toBe((await messages('sent')) + (await messages('troubled')))
    const refused = await as.get('/web/payments/bills', { state: 'open,gone' })
    expect(refused).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('state 应为 open、'),
    })
  })
})

describe('a view of a list', () => {
  const list = '/web/directory/members'
  const key = (name: string, shared: '0' | '1' = '0') => ({ list, name, shared })
  const named = async (client: SignedInClient) => (await get('/web/console/views', { list }, client)).list

  it('is its own person’s, or the corp’s, where only super administrators change it', async () => {
    const own = await signInAs(world, 'super', 'zhangsan')
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 1, manage: true }])
    const save = (client: SignedInClient, given: object) => client.post('/web/console/views/save', given)
    expect((await save(own, { ...key('等我处理的'), query: 'state=open' })).retCode).toBe('0')
    expect((await save(own, { ...key('等我处理的'), query: 'state=open%2Coverdue' })).retCode).toBe('0')
    expect((await save(own, { ...key('逾期', '1'), query: 'state=overdue' })).retCode).toBe('0')
    expect((await save(graded, { ...key('我的', '1'), query: 'state=overdue' })).status).toBe(403)
    expect(await named(own)).toEqual([
      { name: '逾期', query: 'state=overdue', shared: true },
      { name: '等我处理的', query: 'state=open%2Coverdue', shared: false },
    ])
    expect(await named(graded)).toEqual([{ name: '逾期', query: 'state=overdue', shared: true }])
    expect((await get('/web/console/views', { list: '/web/apps/list' }, own)).list).toEqual([])
    // What is looked for in a list is not for whoever may not read the list.
    const hidden = '/web/messages/list'
    expect((await save(own, { ...key('张三的', '1'), list: hidden, query: 'userId=zhangsan' })).retCode).toBe(
      '0',
    )
    expect((await graded.get('/web/console/views', { list: hidden })).status).toBe(403)
    expect(
      (await own.post('/web/console/views/remove', { ...key('张三的', '1'), list: hidden })).retCode,
    ).toBe('0')
    for (const none of ['/web/nothing', '/web/operator/corps', '/web/overview'])
      expect(await save(own, { ...key('x'), list: none, query: 'a=b' })).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining(`list 没有 ${none}`),
      })
    const remove = (client: SignedInClient, given: object) => client.post('/web/console/views/remove', given)
    expect((await remove(graded, key('逾期', '1'))).status).toBe(403)
    expect((await remove(graded, key('等我处理的'))).retCode).toBe('1000')
    expect((await remove(own, key('逾期', '1'))).retCode).toBe('0')
    expect((await remove(own, key('等我处理的'))).retCode).toBe('0')
    expect(await named(own)).toEqual([])
    const acts = world.ctx.db.selectFrom('audit').select('act').where('act', 'like', 'view.%').orderBy('id')
    expect((await acts.execute()).map(one => one.act)).toEqual([
      'view.save',
      'view.save',
      'view.remove',
      'view.remove',
    ])
  })

  it('has a limit', async () => {
    const { corpId, ctx } = world
    const owner = 'admin:operator'
    const many = Array.from({ length: 200 }, (_, n) => ({
      corp_id: corpId,
      owner,
      list,
      name: `v${n}`,
      query: 'a=b',
    }))
    await ctx.db.insertInto('list_view').values(many).execute()
    const refused = await as.post('/web/console/views/save', { ...key('one more'), query: 'state=open' })
    expect(refused).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('200') })
    expect((await as.post('/web/console/views/save', { ...key('v7'), query: 'state=open' })).retCode).toBe(
      '0',
    )
  })
})
