/**
 * Orders and refunds are stored with all that is sent before WeChat Pay is called, without a transaction held open. After a
 * crash another node asks WeChat Pay first and repeats the identical request.
 *
 * A payment, `POST /web/pay/order`: `http/page-call.ts` → `payments/payer/payer.ts` (whose bills: the session's member, else
 * the ticket in the cookie) → `payments/payer/begin-payment.ts` (how this place pays, and who WeChat says is in front of it) →
 * this file → WeChat's own dialog, a QR code or its page → `GET /web/pay/order-state`, every two seconds while the page is
 * open.
 */

import { randomBytes } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkStaysOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { BridgeParameters } from '../../../upstream/wechat-pay/signature.ts'
import { type LockedBill, lockBills, noteBillEvents, setOrderOfBills } from '../bills/state-store.ts'
import { withoutEmoji } from '../emoji.ts'
import { addressesOf } from '../merchants/addresses.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { askSoon } from '../polls/ask-soon.ts'
import { orderPollMs } from '../polls/distances.ts'
import { endOrder } from './end-order.ts'
import * as store from './order-store.ts'
import { ticketOf } from './send-order.ts'

export type OrderNeeds = Core & { corps: Corps; merchants: Merchants; offered: FeatureOffers }

/** Where the payer is (docs/upstream/wechat-pay-orders.md#products). In WeCom the AppID is the corpId. */
export type OrderPlace =
  | { product: 'jsapi'; appId: string; openid: string }
  | { product: 'native' }
  | { product: 'h5'; clientIp: string; kind: 'Wap' | 'iOS' | 'Android'; redirectUrl: string }

export type OrderRequest = { corpId: string; payerId: number; billIds: readonly number[]; place: OrderPlace }

/** `amount` in fen. `bridge` is for WeixinJSBridge, `codeUrl` for a QR, `h5Url` is where the browser goes. */
export type PaymentOrder = {
  orderId: number
  outTradeNo: string
  amount: number
  product: store.Product
  bridge?: BridgeParameters
  codeUrl?: string
  h5Url?: string
}

const billsAtMost = 20
const amountAtMost = 2_147_483_647
const titleAtMost = 100
const unnamed = '账单'
/** At most 7 days are allowed; what is not paid on the day is better ordered again. */
const expiresAfterMs = 86_400_000
/** An order that ends sooner is not handed out any more; a new one is made instead. */
const beforeExpiryMs = 10 * 60_000
/** An order may be ended by somebody else while its ticket is being asked for; then a new one is made. */
const attemptsAtMost = 4

/**
 * Orders bills at WeChat Pay, as one order. A bill has one alive order at a time: the same bills in the same place get the same
 * order again, anything else waits until the old order is closed at WeChat Pay.
 *
 * Of many that order at once, somebody always gets an order that can be paid: each ends only what it met when it came, gives
 * way to what others have made since, and never stops between an end and the order that follows it.
 *
 * It is decided in one transaction under the locks of the bills, over all nodes, and nothing is locked while WeChat Pay is
 * called. A crash after the commit leaves an order without a ticket: the next call sends it again, identical to the byte;
 * the polling closes it when nobody does. A crash after WeChat Pay's answer is the same case.
 * @throws ApiError when a bill is not the payer's, or not open (a payment that was found out on the way is applied)
 */
export async function orderBills(ctx: OrderNeeds, given: OrderRequest): Promise<PaymentOrder> {
  const billIds = [...new Set(given.billIds)].sort((a, b) => a - b)
  checkCount(billIds)
  const decideNow = () => ctx.db.transaction().execute(tx => decide(tx, ctx, { ...given, billIds }))
  let decision = await decideNow()
  if ('inTheWay' in decision) {
    for (const order of decision.inTheWay) await endOrder(ctx, order)
    decision = await decideNow()
  }
  for (let turn = 0; turn < attemptsAtMost; turn++) {
    if ('inTheWay' in decision) break
    const ticket = await ticketOf(ctx, decision.order)
    if (ticket !== undefined) return handOut(ctx, decision.order, ticket, given.place)
    decision = await decideNow()
  }
  throw new ApiError('badParameter', {
    zh: '账单正在另一处支付，没有下单；请稍后再试',
    en: 'the bills are being paid elsewhere at this moment, and nothing was ordered: try again later',
  })
}

type Decision = { order: store.Order } | { inTheWay: readonly store.Order[] }

async function decide(tx: Db, ctx: OrderNeeds, given: OrderRequest): Promise<Decision> {
  const { corpId, billIds, place } = given
  await checkStaysOn(tx, ctx, corpId, 'payments')
  const bills = await lockBills(tx, corpId, billIds)
  checkBills(bills, given)
  const merchant = merchantOf(ctx, corpId, bills)
  const { appId, openid } = payerOf(merchant, place)
  const now = ctx.now()
  const alive = await store.aliveOrdersOf(tx, corpId, billIds)
  const [same] = alive.filter(
    order =>
      order.mchId === merchant.mchId &&
      order.product === place.product &&
      order.appId === appId &&
      order.openid === openid &&
      order.billIds.join() === billIds.join() &&
      order.expiresAt.getTime() - now > beforeExpiryMs,
  )
  const pollAt = new Date(now + orderPollMs(0))
  if (same) {
    await askSoon(tx, 'pay_order', [same], pollAt)
    return { order: same }
  }
  if (alive.length > 0) return { inTheWay: alive }
  const createdAt = new Date(now)
  const order = await store.insertOrder(
    tx,
    {
      corpId,
      mchId: merchant.mchId,
      outTradeNo: newNumber(now),
      product: place.product,
      appId,
      openid,
      scene: place.product === 'h5' ? { clientIp: place.clientIp, device: place.kind } : {},
      description: describe(bills),
      notifyUrl: addressesOf(ctx, corpId, merchant.mchId).notifyUrl,
      amount: sumOf(bills),
      expiresAt: new Date(now + expiresAfterMs),
      pollAt,
      createdAt,
    },
    bills,
  )
  await setOrderOfBills(tx, corpId, billIds, order.id)
  const detail = { orderId: order.id, outTradeNo: order.outTradeNo, product: place.product }
  await noteBillEvents(
    tx,
    corpId,
    billIds.map(billId => ({ billId, kind: 'ordered', detail })),
    createdAt,
  )
  await enqueue(tx, [{ corpId, stream: 'pay-order', key: merchant.mchId }], pollAt)
  return { order }
}

function handOut(ctx: OrderNeeds, order: store.Order, ticket: string, place: OrderPlace): PaymentOrder {
  const { id: orderId, outTradeNo, amount, product, appId } = order
  const ordered = { orderId, outTradeNo, amount, product }
  switch (place.product) {
    case 'jsapi': {
      const { client } = ctx.merchants.get(order.corpId, order.mchId)
      return { ...ordered, bridge: client.bridgeParameters({ appId, prepayId: ticket }) }
    }
    case 'native':
      return { ...ordered, codeUrl: ticket }
    case 'h5':
      return { ...ordered, h5Url: `${ticket}&redirect_url=${encodeURIComponent(place.redirectUrl)}` }
  }
}

function checkCount(billIds: readonly number[]): void {
  if (billIds.length === 0) throw new ApiError('missingParameter', 'billIds')
  if (billIds.length > billsAtMost)
    throw new ApiError('badParameter', {
      zh: `一次最多支付 ${billsAtMost} 笔账单，请分几次支付`,
      en: `at most ${billsAtMost} bills are paid at once: pay them in several turns`,
    })
}

const numbersOf = (bills: readonly LockedBill[], state: LockedBill['state']) =>
  bills.filter(bill => bill.state === state).map(bill => bill.billNo)

/** Refuses bills of others in the same words as bills that do not exist. */
function checkBills(bills: readonly LockedBill[], { payerId, billIds }: OrderRequest): void {
  if (bills.length !== billIds.length || bills.some(bill => bill.payerId !== payerId))
    throw new ApiError('badParameter', {
      zh: told`没有这些账单，或其中有的不是您的：${billIds.join('、')}；没有下单`,
      en: told`these bills do not exist, or some of them are not yours: ${billIds.join(', ')}; nothing was ordered`,
    })
  if (bills.some(bill => bill.state === 'paid'))
    throw new ApiError('badParameter', {
      zh: told`账单 ${numbersOf(bills, 'paid').join('、')} 已支付，没有下单；请刷新`,
      en: told`the bills ${numbersOf(bills, 'paid').join(', ')} are paid already, and nothing was ordered: reload`,
    })
  if (bills.some(bill => bill.state === 'closed'))
    throw new ApiError('badParameter', {
      zh: told`账单 ${numbersOf(bills, 'closed').join('、')} 已关闭，没有下单；请刷新`,
      en: told`the bills ${numbersOf(bills, 'closed').join(', ')} are closed, and nothing was ordered: reload`,
    })
  if (sumOf(bills) > amountAtMost)
    throw new ApiError('badParameter', {
      zh: '合计金额超过单笔支付上限，没有下单；请分开支付',
      en: 'the sum is over the limit of one payment, and nothing was ordered: pay the bills one by one',
    })
}

/** The one merchant that collects these bills. Throws 1000 when there are several, and when it takes no orders. */
export function merchantOf(
  ctx: OrderNeeds,
  corpId: string,
  bills: readonly Pick<LockedBill, 'mchId'>[],
): Merchant {
  const byDefault = ctx.merchants.defaultOf(corpId)?.mchId ?? ''
  const [mchId = '', ...others] = new Set(bills.map(bill => bill.mchId || byDefault))
  if (others.length > 0)
    throw new ApiError('badParameter', {
      zh: '这些账单由不同的商户收款，没有下单；请分开支付',
      en: 'these bills are collected by different merchants, and nothing was ordered: pay them one by one',
    })
  const merchant = ctx.merchants.find(corpId, mchId)
  if (!merchant?.enabled)
    throw new ApiError('badParameter', {
      zh: '收款商户未配置或已停用，请联系管理员',
      en: 'the merchant is not set up or disabled: ask an administrator',
    })
  return merchant
}

/** Outside of WeChat any AppID of the merchant does. */
function payerOf(merchant: Merchant, place: OrderPlace): { appId: string; openid: string } {
  const { appId, openid } =
    place.product === 'jsapi' ? place : { appId: merchant.appIds[0] ?? '', openid: '' }
  if (!merchant.appIds.includes(appId))
    throw new ApiError('badParameter', {
      zh: told`AppID ${appId} 没有关联到商户号 ${merchant.mchId}，请联系管理员`,
      en: told`AppID ${appId} is not bound to merchant ${merchant.mchId}: ask an administrator`,
    })
  return { appId, openid }
}

/** Bills of earlier versions may have emoji in their titles. */
function describe(bills: readonly LockedBill[]): string {
  const [first] = bills
  const title = [...withoutEmoji(first?.title ?? '')].slice(0, titleAtMost).join('') || unnamed
  return bills.length > 1 ? `${title} 等 ${bills.length} 笔` : title
}

function sumOf(bills: readonly LockedBill[]): number {
  return bills.reduce((sum, bill) => sum + bill.amount, 0)
}

/** 26 digits and letters, the time first, which people can find in WeChat Pay's own lists. */
export function newNumber(now: number): string {
  const time = new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return `${time}${randomBytes(6).toString('hex')}`
}
