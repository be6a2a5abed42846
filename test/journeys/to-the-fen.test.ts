import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { fault, ledger } from '../../server/features/payments/payments.fixture.ts'
import { type Answer, type Caller, callerOf, startWorld, type World } from '../harness.ts'
import { type SignedInClient, signIn, signInAs } from '../sign-in.ts'
import { soak } from '../soak.ts'
import { until } from '../until.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { atShares, type Nodes, startNodes, whenGone, workOff } from './nodes-under-fire.ts'

const bills = soak(200, 1000)
/** At which shares of the payments a node is killed. */
const kills = soak([0.15, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
const payers = 20
/** What one call takes. */
const createdAtOnce = 500
const clientsAtOnce = 16
/** How often a payer, or an administrator, tries again before they give up. */
const patience = 60

let world: World
let gateway: Gateway
let nodes: Nodes
let dev: Caller
let administrator: SignedInClient
let sessions: SignedInClient[]
beforeAll(async () => {
  gateway = await startGateway()
  world = await startWorld({ members: 40, departments: 4, tags: 0, env: { WISP_PUBLIC_URL: gateway.url } })
  await connectMerchant(world)
  const { devId, devSecret } = await world.addDeveloper({ scopes: ['pay:write', 'pay:read'] })
  const members = await world.ctx.db
    .selectFrom('member')
    .select('user_id')
    .where('left_at', 'is', null)
    .where('status', '=', 1)
    .limit(payers)
    .execute()
  const at = { ...world, server: { ...world.server, url: gateway.url } }
  sessions = await Promise.all(members.map(({ user_id }) => signIn(at, { userId: user_id })))
  administrator = await signInAs(at, 'system')
  dev = callerOf(gateway.url, { devId, devSecret })
  const made = await devCreates(members.map(one => one.user_id))
  everyBill.push(...made)
  await world.server.close()
  nodes = await startNodes(world)
  gateway.target = nodes.url
}, 60_000)
afterAll(async () => {
  await nodes?.stop()
  await gateway.close()
  await world.sandbox.close()
})

/** `payer` is a number into `sessions`; amounts are fen. */
type Bill = { id: number; amount: number; payer: number }
const everyBill: Bill[] = []

async function devCreates(userIds: readonly string[]): Promise<Bill[]> {
  gateway.target = () => world.server.url
  const list = Array.from({ length: bills }, (_, n) => ({
    billNo: `fen-${n}`,
    userId: userIds[n % payers],
    title: `账单 ${n}`,
    amount: randomInt(2, 100_000),
  }))
  const created: Bill[] = []
  while (created.length < bills) {
    const some = list.slice(created.length, created.length + createdAtOnce)
    const { body, retMessage } = await dev.post('/api/pay/bill/create', { list: some })
    if (!body) throw new Error(retMessage)
    for (const { billId, amount } of body.list as { billId: string; amount: number }[])
      created.push({ id: Number(billId), amount, payer: created.length % payers })
  }
  return created
}

/** A third of the bills go three into an order, all of one payer. */
function baskets(): Bill[][] {
  const threesOfEach = Math.floor(bills / 9 / payers)
  const together = everyBill.slice(0, threesOfEach * 3 * payers)
  const threes = [...Map.groupBy(together, bill => bill.payer).values()].flatMap(own =>
    Array.from({ length: threesOfEach }, (_, n) => own.slice(3 * n, 3 * n + 3)),
  )
  return [...threes, ...everyBill.slice(together.length).map(bill => [bill])]
}

type AnswerQuery = () => Promise<Answer | undefined>

/** Undefined when the node died before it answered. */
const given = (answer: Promise<Answer>): Promise<Answer | undefined> => answer.catch(whenGone)

/** Asks until there is an answer that ends it: nobody gives up because a node died or WeChat Pay did not answer. */
async function insist<T>(what: string, ask: AnswerQuery, end: (answer: Answer) => T | undefined): Promise<T> {
  const heard: unknown[] = []
  for (let tries = 0; tries < patience; tries++) {
    const answer = await ask()
    const found = answer && end(answer)
    if (found !== undefined) return found
    heard.push(answer?.retMessage ?? answer?.status)
  }
  throw new Error(`${what}: ${heard.slice(-5).join(' | ')}`)
}

const order = (basket: readonly Bill[], place: string): AnswerQuery => {
  const [first] = basket
  const session = sessions[first?.payer ?? 0]!
  return () => given(session.post('/web/pay/order', { billIds: basket.map(bill => bill.id), place }))
}

/** What the payer holds in hand: a code or an address, or that nothing is left to pay. */
type InHand = { codeUrl: string } | { h5Url: string } | 'paid' | 'closed'

function inHand({ retCode, retMessage, body }: Answer): InHand | undefined {
  if (/账单 \S+ 已支付/.test(retMessage)) return 'paid'
  if (/账单 \S+ 已关闭/.test(retMessage)) return 'closed'
  if (retCode !== '0') return undefined
  return body.way === 'qr'
    ? { codeUrl: body.target }
    : { h5Url: String(body.target).split('&redirect_url')[0]! }
}

/** Pays at WeChat, with all that the payer holds; says what WeChat said. */
async function payWith(held: readonly InHand[]): Promise<void> {
  for (const one of held) {
    if (typeof one === 'string') continue
    await world.control('pay/pay', one)
  }
}

async function isPaid([first]: readonly Bill[]): Promise<boolean> {
  const session = sessions[first?.payer ?? 0]!
  const answer = await given(session.get('/web/pay/order-state', { billId: first?.id ?? 0 }))
  return answer?.body?.state === 'paid'
}

/** One payment, from the first tap until the payer's page says so. */
async function pay(basket: readonly Bill[]): Promise<void> {
  const place = randomInt(4) === 0 ? 'phone' : 'desktop'
  for (let tries = 0; tries < patience; tries++) {
    const phones = randomInt(10) === 0 ? ['phone', 'desktop'] : [place]
    const held = await Promise.all(phones.map(one => insist('an order', order(basket, one), inHand)))
    if (held.includes('paid')) return
    await payWith(held)
    // Half of the payers look at the page that waits; the others close it.
    if (randomInt(2) === 0 || (await isPaid(basket))) return
  }
  throw new Error(`bill ${basket[0]?.id} cannot be paid`)
}

/** The developer closes a bill while its payer pays. */
async function closeWhilePaying(bill: Bill, billNo: string): Promise<void> {
  const held = await insist('an order', order([bill], 'desktop'), inHand)
  const closing = insist(
    'closing',
    () => given(dev.post('/api/pay/bill/close', { billNo })),
    ({ retCode, retMessage }) => (retCode === '0' || retMessage.includes('已支付') ? true : undefined),
  )
  await Promise.all([closing, payWith([held])])
}

/** An administrator gives a part back; whether a lost answer means that it was done, the list of refunds says. */
async function refund(bill: Bill, amount: number, nth: number): Promise<void> {
  await insist(
    `refund ${nth} of bill ${bill.id}`,
    async () => {
      const made = await given(administrator.get('/web/payments/refunds', { billId: bill.id }))
      if (made?.retCode !== '0' || made.body.total >= nth) return made
      return given(administrator.post('/web/payments/refunds/create', { billId: bill.id, amount }))
    },
    ({ retCode, body }) => (retCode === '0' && (body.total ?? nth) >= nth ? true : undefined),
  )
}

async function addFaults(): Promise<void> {
  await world.control('pay/settings', {
    retrySeconds: Array.from({ length: 15 }, () => 1),
    refundGapSeconds: 0,
  })
  const often: [string, string, number, object?][] = [
    ['callback/pay/', 'dropCallback', 0.1],
    ['callback/pay/', 'duplicateCallback', 0.1],
    ['callback/pay/', 'reorderCallback', 0.1, { delayMs: 1500 }],
    ['callback/pay/', 'wrongAmount', 0.06],
    ['callback/pay/', 'foreignMerchant', 0.04],
    ['callback/pay/', 'forgedSignature', 0.06],
    ['callback/pay/', 'v2Xml', 0.04],
    ['/v3/', 'busy', 0.03],
    ['/v3/', 'http500', 0.02],
    ['/v3/', 'truncated', 0.02],
    ['/v3/', 'rateLimit', 0.01],
    ['transactions/native', 'acceptedThenTimeout', 0.05, { times: 2 }],
    ['refund/domestic', 'acceptedThenTimeout', 0.2, { times: 1 }],
  ]
  for (const [match, mode, probability, more] of often)
    await fault(world, { match, mode, probability, ...more })
}

/** As if the time had passed after which WeChat Pay is asked again. */
async function pollNow(): Promise<void> {
  await nodes.query(`update pay_order set poll_at = now() where poll_at is not null`)
  await nodes.query(`update pay_refund set poll_at = now() where poll_at is not null`)
  await nodes.query(
    `update queue set due_at = now() where stream in ('pay', 'pay-order', 'pay-refund') and lease is null`,
  )
  await nodes.query(`select pg_notify('wisp_queue', '')`)
}

const count = async (sql: string) =>
  (await nodes.query<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]!.n

it('pays and refunds to the fen, whatever is lost, forged, doubled or killed', {
  timeout: soak(120_000, 20 * 60_000),
}, async () => {
  const started = performance.now()
  await addFaults()
  const closing = everyBill.slice(-20)
  const all = baskets().filter(([first]) => !closing.includes(first as Bill))
  const refunded = everyBill.slice(0, bills / 10)
  const fire = atShares(all.length, kills, () => nodes.kill())
  await workOff(
    all,
    clientsAtOnce,
    async basket => {
      await pay(basket)
      const giving = basket.filter(bill => refunded.includes(bill)).slice(0, 1)
      for (const bill of giving) {
        await until('the payment is known', () => isPaid(basket), 20_000, 200)
        await refund(bill, Math.floor(bill.amount / 2), 1)
      }
    },
    fire.onProgress,
  )
  await fire.finished()
  await workOff(
    closing,
    clientsAtOnce,
    bill => closeWhilePaying(bill, `fen-${everyBill.indexOf(bill)}`),
    () => {},
  )
  expect(nodes.kills).toHaveLength(kills.length)
  console.log(`to the fen: paid after ${Math.round((performance.now() - started) / 1000)} s`)

  await world.control('faults', undefined, 'DELETE')
  await nodes.query(`update pay_refund set created_at = created_at - interval '61 seconds'`)
  await until(
    'all payments are known',
    async () => {
      await pollNow()
      const paidThere = (await ledger(world)).filter(
        one => one.state === 'SUCCESS' || one.state === 'REFUND',
      ).length
      return (await count(`pay_order where state = 'paid'`)) === paidThere
    },
    soak(20_000, 5 * 60_000),
    300,
  )
  // The second parts, and those of bills that shared an order with another refund.
  for (const bill of refunded) await refundRest(bill)
  await until(
    'nothing is under way',
    async () => {
      await pollNow()
      const open = await count(`pay_refund where state not in ('success', 'closed')`)
      return open === 0 && (await count(`inbox_event where stream = 'pay' and state = 'pending'`)) === 0
    },
    soak(20_000, 5 * 60_000),
    300,
  )
  await compare()
  await reconcile()
  console.log(`to the fen: ${Math.round((performance.now() - started) / 1000)} s`)
  await nodes.stop()
})

/** What is left of a bill, after the minute that has to lie between refunds of one order. */
async function refundRest(bill: Bill): Promise<void> {
  await nodes.query(`update pay_refund set created_at = created_at - interval '61 seconds'`)
  const rows = await nodes.query<{ n: number; sum: number }>(
    `select count(*)::int as n, coalesce(sum(amount), 0)::int as sum from pay_refund where bill_id = ${bill.id} and state <> 'closed'`,
  )
  const { n = 0, sum = 0 } = rows[0] ?? {}
  await refund(bill, bill.amount - sum - 1, n + 1)
}

/** WeChat's bills of the days, once their files are made: nothing differs, and nothing had to be mended. */
async function reconcile(): Promise<void> {
  await world.control('pay/clock', { seconds: 48 * 3600 })
  await nodes.query(`
    insert into pay_reconciliation (corp_id, mch_id, day, state, tried_at, due_at)
    select distinct corp_id, mch_id, (at at time zone 'Asia/Shanghai')::date, 'waiting', now(), now()
    from (select corp_id, mch_id, paid_at as at from pay_order where state = 'paid'
      union all select corp_id, mch_id, ended_at from pay_refund where state = 'success') as done`)
  await nodes.query(`
    insert into queue (corp_id, stream, key, due_at)
    select distinct corp_id, 'pay-reconciliation', mch_id, now() from pay_reconciliation`)
  await nodes.query(`select pg_notify('wisp_queue', '')`)
  await until(
    'the reconciliation',
    async () => (await count(`pay_reconciliation where state <> 'done'`)) === 0,
  )
  expect(await nodes.query('select * from pay_difference')).toEqual([])
  const [sums] = await nodes.query<{ payments: number; refunds: number }>(`
    select sum((trade_bill ->> 'payments')::int)::int as payments, sum((trade_bill ->> 'refunds')::int)::int as refunds
    from pay_reconciliation`)
  const paid = await count(`pay_order where state = 'paid'`)
  expect(sums).toEqual({ payments: paid, refunds: await count(`pay_refund where state = 'success'`) })
}

type Row = {
  outTradeNo: string
  state: string
  amount: number
  billIds: number[]
  sum: number
}

/** Every bill's state and sum are those of WeChat's ledger, and nothing was paid twice. */
async function compare(): Promise<void> {
  const there = new Map((await ledger(world)).map(one => [one.outTradeNo, one]))
  const here = await nodes.query<Row>(`
    select o.out_trade_no as "outTradeNo", o.state, o.amount,
      array_agg(b.bill_id::float8) as "billIds", sum(b.amount)::int as sum
    from pay_order o join pay_order_bill b on b.corp_id = o.corp_id and b.order_id = o.id group by o.corp_id, o.id`)
  const payments = new Map<number, string[]>()
  for (const { outTradeNo, state, amount, billIds, sum } of here) {
    const order = there.get(outTradeNo)
    const isPaidThere = order?.state === 'SUCCESS' || order?.state === 'REFUND'
    expect([outTradeNo, state === 'paid', sum], outTradeNo).toEqual([outTradeNo, isPaidThere, amount])
    if (order) expect(order.total, outTradeNo).toBe(amount)
    // Here closed is closed there, or never arrived; nobody can pay it any more.
    if (state === 'closed') expect(['CLOSED', undefined], outTradeNo).toContain(order?.state)
    if (isPaidThere) for (const id of billIds) payments.set(id, [...(payments.get(id) ?? []), outTradeNo])
  }
  expect([...there.keys()].filter(no => !here.some(one => one.outTradeNo === no))).toEqual([])
  expect([...payments].filter(([, orders]) => orders.length > 1)).toEqual([])

  const refundsHere = await nodes.query<{ no: string; billId: number; amount: number; state: string }>(
    `select out_refund_no as no, bill_id::float8 as "billId", amount, state from pay_refund`,
  )
  const refundsThere = [...there.values()].flatMap(one => one.refunds)
  const told = (rows: { no: string; amount: number }[]) => rows.map(one => `${one.no} ${one.amount}`).sort()
  const succeeded = refundsHere.filter(one => one.state === 'success')
  expect(told(succeeded)).toEqual(
    told(
      refundsThere
        .filter(one => one.status === 'SUCCESS')
        .map(one => ({ no: one.outRefundNo, amount: one.refund })),
    ),
  )
  const rows = await nodes.query<{ id: number; state: string; amount: number; refunded: number }>(
    `select id::float8 as id, state, amount, refunded from pay_bill`,
  )
  expect(rows).toHaveLength(bills)
  for (const { id, state, refunded } of rows) {
    expect(state, `bill ${id}`).toBe(payments.has(id) ? 'paid' : 'closed')
    const sum = succeeded.filter(one => one.billId === id).reduce((total, one) => total + one.amount, 0)
    expect(refunded, `bill ${id}`).toBe(sum)
  }
  const paidHere = rows.filter(one => one.state === 'paid').reduce((total, one) => total + one.amount, 0)
  const paidThere = [...there.values()].filter(one => one.state === 'SUCCESS' || one.state === 'REFUND')
  expect(paidHere).toBe(paidThere.reduce((total, one) => total + one.total, 0))
  const wrong = await nodes.query<{ what: string; n: number }>(
    `select fault ->> 'what' as what, count(*)::int as n from pay_order where fault is not null group by 1 order by 1`,
  )
  expect(wrong.map(one => one.what)).not.toContain('paidTwice')
  expect(await count(`inbox_event where stream = 'pay' and state <> 'done'`)).toBe(0)
  console.log(
    `to the fen: ${here.length} orders for ${bills} bills, ${succeeded.length} refunds, not applied: ${JSON.stringify(wrong)}`,
  )
}
