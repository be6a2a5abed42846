import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  flag,
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
} from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { findBill } from '../bills/bills.ts'
import { noteBillEvents } from '../bills/state-store.ts'
import { eventsOf } from '../bills/store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { orderState } from '../orders/order-state.ts'
import { beginPayment, type PaymentNeeds, payerPlaces } from './begin-payment.ts'
import { type PayerNeeds, payerOf, payerOfTicket, unknownBill } from './payer.ts'
import * as store from './payer-store.ts'

type Needs = PayerNeeds & { merchants: Merchants }

/** For everyone with a ticket or a session: each handler calls `payerOf` before anything else. */
const anyone = { by: 'anyone' } as const

const billsAtOnce = 20
/** Nobody has more; a page of them is long enough to pay some first. */
const openAtMost = 500
/** No input of the calls below is required, so that people who are not known are told so before anything else. */
const billId = optionalInteger('账单编号', { min: 1, max: Number.MAX_SAFE_INTEGER })
const optionalTime = Type.Union([time, Type.Null()])
const billStates = ['open', 'paid', 'closed'] as const

/** What a payer is told of a bill's timeline; orders and corrections are for administrators. */
const toldKinds = [
  'created',
  'told',
  'reminded',
  'paid',
  'refundAsked',
  'refunded',
  'refundFailed',
  'closed',
] as const

function isTold(kind: string): kind is (typeof toldKinds)[number] {
  return (toldKinds as readonly string[]).includes(kind)
}

const billSchema = Type.Object({
  id: Type.Integer(),
  billNo: Type.String(),
  title: Type.String(),
  /** Money is fen. */
  amount: Type.Integer(),
  refunded: Type.Integer(),
  state: Type.Enum(billStates),
  /** '' while the corp has no merchant. Bills of one merchant can be paid together. */
  mchId: Type.String(),
  merchantName: Type.String(),
  dueAt: optionalTime,
  createdAt: time,
  isNew: Type.Boolean(),
  paidAt: optionalTime,
  closedAt: optionalTime,
})

type PayerRequest = { request: FastifyRequest; visitor: Visitor | undefined }

async function ask(ctx: PayerNeeds, { request, visitor }: PayerRequest) {
  const payer = await payerOf(ctx, request, visitor)
  return { ...payer, payerId: payer.member.id }
}

function shownBill(ctx: Needs, corpId: string, bill: store.PayersBill) {
  const merchant = bill.mchId ? ctx.merchants.find(corpId, bill.mchId) : ctx.merchants.defaultOf(corpId)
  return {
    ...bill,
    mchId: merchant?.mchId ?? bill.mchId,
    merchantName: merchant?.name ?? '',
    isNew: bill.seenAt === null && bill.state === 'open',
  }
}

export const whoPays = pageCall({
  method: 'GET',
  path: '/web/pay/payer',
  access: anyone,
  directory: 'handler',
  input: {},
  output: Type.Object({
    userId: Type.String(),
    name: Type.String(),
    corpName: Type.String(),
    timeZone: Type.String(),
    /** '' without a session; acts need none then. */
    csrf: Type.String(),
    /** WeChat's JS-SDK, after which the browser tells which client it is. */
    scriptUrl: Type.String(),
  }),
  async handle(ctx: PayerNeeds, { request, visitor }) {
    const { corpId, member } = await payerOf(ctx, request, visitor)
    const { name: corpName, timeZone } = ctx.corps.get(corpId)
    return {
      userId: member.userId,
      name: member.name,
      corpName,
      timeZone,
      csrf: visitor?.csrf ?? '',
      scriptUrl: ctx.config.weixinScriptUrl,
    }
  },
})

export const openBills = pageCall({
  method: 'GET',
  path: '/web/pay/bills',
  access: anyone,
  directory: 'handler',
  input: {},
  output: Type.Object({ list: Type.Array(billSchema) }),
  async handle(ctx: Needs, asking) {
    const of = await ask(ctx, asking)
    const bills = await store.openBillsOf(ctx.db, of, openAtMost)
    return { list: bills.map(bill => shownBill(ctx, of.corpId, bill)) }
  },
})

export const pastBills = pageCall({
  method: 'GET',
  path: '/web/pay/history',
  access: anyone,
  directory: 'handler',
  input: {
    pageNo: optionalInteger('从 1 起', { min: 1, max: 100_000 }),
    pageSize: optionalInteger('默认 20', { min: 1, max: 100 }),
  },
  output: Type.Object({ list: Type.Array(billSchema), total: Type.Integer() }),
  async handle(ctx: Needs, { input, ...asking }) {
    const of = await ask(ctx, asking)
    const { pageNo = 1, pageSize: size = 20 } = input
    const { list, total } = await store.pastBillsOf(ctx.db, of, { offset: (pageNo - 1) * size, size })
    return { list: list.map(bill => shownBill(ctx, of.corpId, bill)), total }
  },
})

export const oneBill = pageCall({
  method: 'GET',
  path: '/web/pay/bill',
  access: anyone,
  directory: 'handler',
  input: { id: billId },
  output: Type.Object({
    bill: billSchema,
    payerUserId: Type.String(),
    payerName: Type.String(),
    corpName: Type.String(),
    items: Type.Array(Type.Object({ name: Type.String(), amount: Type.Integer(), quantity: Type.Integer() })),
    remark: Type.String(),
    attachmentUrl: Type.String(),
    /** Null until WeChat has the money. */
    payment: Type.Union([
      Type.Object({ transactionId: Type.String(), outTradeNo: Type.String(), amount: Type.Integer() }),
      Type.Null(),
    ]),
    refunds: Type.Array(
      Type.Object({
        outRefundNo: Type.String(),
        amount: Type.Integer(),
        reason: Type.String(),
        state: Type.Enum(['asked', 'processing', 'success', 'closed', 'abnormal']),
        receivedAccount: Type.String(),
        createdAt: time,
        endedAt: optionalTime,
      }),
    ),
    story: Type.Array(Type.Object({ kind: Type.Enum(toldKinds), at: time })),
  }),
  async handle(ctx: Needs, { input, ...asking }) {
    const of = await ask(ctx, asking)
    const { corpId } = of
    if (input.id === undefined) throw new ApiError('missingParameter', 'id')
    const bill = await findBill(ctx, corpId, { id: input.id }, undefined)
    if (bill.payerId !== of.payerId) throw unknownBill()
    const [events, refunds, order] = await Promise.all([
      eventsOf(ctx.db, corpId, bill.id),
      store.refundsOf(ctx.db, corpId, bill.id),
      bill.state === 'paid' && bill.orderId !== null
        ? store.orderOfPayer(ctx.db, of, bill.orderId)
        : undefined,
    ])
    const { payerUserId, payerName, items, remark, attachmentUrl } = bill
    return {
      bill: shownBill(ctx, corpId, bill),
      payerUserId,
      payerName,
      corpName: ctx.corps.get(corpId).name,
      items,
      remark,
      attachmentUrl,
      payment: order ?? null,
      refunds,
      story: events.flatMap(({ kind, at }) => (isTold(kind) ? [{ kind, at }] : [])),
    }
  },
})

export const seeBills = pageCall({
  method: 'POST',
  path: '/web/pay/seen',
  access: anyone,
  directory: 'handler',
  input: { billIds: optionalIds('账单编号', { max: openAtMost }) },
  output: Type.Object({}),
  async handle(ctx: PayerNeeds, { input, ...asking }) {
    const of = await ask(ctx, asking)
    const ids = numbersOf(input.billIds)
    if (ids.length === 0) return {}
    const at = new Date(ctx.now())
    const actor = of.member.userId
    await ctx.db.transaction().execute(async tx => {
      const seen = await store.markSeen(tx, of, ids, at)
      const events = seen.map(one => ({ billId: one, kind: 'seen', actor }) as const)
      await noteBillEvents(tx, of.corpId, events, at)
    })
    return {}
  },
})

export const payBills = pageCall({
  method: 'POST',
  path: '/web/pay/order',
  access: anyone,
  directory: 'handler',
  input: {
    billIds: optionalIds('账单编号，同一商户的 1 到 20 个', { max: billsAtOnce }),
    place: optionalChoice('在哪里打开', payerPlaces),
    renew: flag('1：重新向微信确认付款人'),
    ticket: optionalText('小程序自己的支付页没有 cookie，在这里给出 ticket', { max: 200 }),
    appId: optionalText('小程序的 AppID', { max: 32 }),
    openid: optionalText('付款人在小程序里的 openid', { max: 128 }),
  },
  output: Type.Object({
    way: Type.Enum(['bridge', 'qr', 'h5', 'authorise', 'miniProgram']),
    orderId: Type.Union([Type.Integer(), Type.Null()]),
    amount: Type.Integer(),
    /** For `WeixinJSBridge.invoke('getBrandWCPayRequest', …)`. */
    bridge: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
    /** What the QR code says, the address to open, or the path in the mini-program. */
    target: Type.String(),
    reason: Type.Enum(['', 'account', 'openid', 'miniProgram']),
  }),
  async handle(ctx: PaymentNeeds, { input, request, reply, visitor }) {
    const { place, renew, ticket, appId, openid } = input
    const payer =
      (ticket ? await payerOfTicket(ctx, ticket) : undefined) ?? (await ask(ctx, { request, visitor }))
    const billIds = numbersOf(input.billIds)
    if (billIds.length === 0) throw new ApiError('missingParameter', 'billIds')
    if (place === undefined) throw new ApiError('missingParameter', 'place')
    const inMiniProgram = appId && openid ? { appId, openid } : undefined
    const asked = { billIds, place, renew, inMiniProgram }
    const begun = await beginPayment(ctx, { request, reply }, payer, asked)
    const order = 'order' in begun ? begun.order : undefined
    const target = { bridge: '', qr: order?.codeUrl, h5: order?.h5Url }
    return {
      way: begun.way,
      orderId: order?.orderId ?? null,
      amount: order?.amount ?? 0,
      bridge: order?.bridge ?? null,
      target:
        begun.way === 'authorise'
          ? begun.url
          : begun.way === 'miniProgram'
            ? begun.path
            : (target[begun.way] ?? ''),
      reason: begun.way === 'qr' ? begun.reason : '',
    }
  },
})

/** Asks WeChat when that is due. Of an order, or of the last order that could pay a bill. */
export const paymentState = pageCall({
  method: 'GET',
  path: '/web/pay/order-state',
  access: anyone,
  directory: 'handler',
  unattended: true,
  input: {
    orderId: optionalInteger('订单编号', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    billId,
  },
  output: Type.Object({
    state: Type.Enum(billStates),
    amount: Type.Integer(),
    bills: Type.Array(Type.Object({ id: Type.Integer(), title: Type.String(), amount: Type.Integer() })),
  }),
  async handle(ctx: PaymentNeeds, { input, ...asking }) {
    const of = await ask(ctx, asking)
    const orderId = input.orderId ?? (await orderIdOf(ctx, of, input.billId))
    if (orderId === undefined) return { state: 'closed' as const, amount: 0, bills: [] }
    const order = await store.orderOfPayer(ctx.db, of, orderId)
    if (!order)
      throw new ApiError('badParameter', {
        zh: told`您没有编号为 ${orderId} 的支付订单`,
        en: told`you have no payment order ${orderId}`,
      })
    return { state: await orderState(ctx, of.corpId, order.id), amount: order.amount, bills: order.bills }
  },
})

async function orderIdOf(
  ctx: Core,
  of: { corpId: string; payerId: number },
  bill: number | undefined,
): Promise<number | undefined> {
  if (bill === undefined) throw new ApiError('missingParameter', 'orderId')
  const [found] = await store.payersBills(ctx.db, of, [bill])
  if (!found) throw unknownBill()
  return found.orderId ?? undefined
}

function numbersOf(ids: readonly string[]): number[] {
  const numbers = ids.map((one, index) => billId.read(one, `billIds[${index}]`) ?? 0)
  return numbers.sort((a, b) => a - b)
}
