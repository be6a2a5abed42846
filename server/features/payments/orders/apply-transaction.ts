/**
 * Only an answer or a notification that WeChat Pay signed changes money, in one place each: this file and
 * refunds/apply-refund.ts. Another amount or merchant is shown and asked for, never applied. A bill has one open order (a
 * unique index). Only a close that WeChat Pay confirmed frees the bill, or its word that it never had the order, if no payer got
 * anything to pay it with. Bills are locked by id before orders, and refunds last.
 */

import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { isPaid, type Trade } from '../../../upstream/wechat-pay/calls/orders.ts'
import { lockBills, markPaid, noteBillEvents, setOrderOfBills } from '../bills/state-store.ts'
import { askSoon } from '../polls/ask-soon.ts'
import * as store from './order-store.ts'

/** Which merchant's client or notification brought it. */
export type MerchantRef = { corpId: string; mchId: string }

/**
 * `unknown`: there is no such order of this merchant here. `differs`: it is not what was ordered, so that nothing was
 * applied; it is in the timelines of the bills, and WeChat Pay is asked.
 */
export type TransactionOutcome = 'applied' | 'unknown' | 'differs'

/** What is written in the same transaction: the end of a notification, the check of a lease. Rejecting undoes everything. */
export type TransactionWrites = (tx: Db, applied: TransactionOutcome) => Promise<void>

/** `isNotification`: what does not fit is asked for, which after an answer to a question would never end. */
export type ApplyOptions = { within?: TransactionWrites; isNotification?: boolean }

/**
 * The one place where WeChat Pay's word, an answer or a notification, changes an order and its bills. Whatever arrives twice
 * or late changes nothing more: open becomes paid or closed, closed becomes paid, and paid is the end.
 */
export async function applyTransaction(
  ctx: Core,
  merchant: MerchantRef,
  trade: Trade,
  { within, isNotification = false }: ApplyOptions = {},
): Promise<TransactionOutcome> {
  const known = await store.orderByNumber(ctx.db, merchant, trade.orderNo)
  return ctx.db.transaction().execute(async tx => {
    const applied = known ? await applyTo(tx, ctx, known, trade, isNotification) : 'unknown'
    await within?.(tx, applied)
    return applied
  })
}

async function applyTo(
  tx: Db,
  ctx: Core,
  known: store.Order,
  trade: Trade,
  isNotification: boolean,
): Promise<TransactionOutcome> {
  const { corpId, id } = known
  const at = new Date(ctx.now())
  const billIds = await store.billsOfOrder(tx, corpId, id)
  const bills = await lockBills(tx, corpId, billIds)
  const order = await store.lockOrder(tx, corpId, id)
  if (!order) return 'unknown'
  const fault = faultIn(order, trade)
  if (fault) {
    await noteFault(tx, ctx, order, billIds, fault)
    if (isNotification) await askSoon(tx, 'pay_order', [order], at)
    return 'differs'
  }
  if (isPaid(trade)) await applyPaid(tx, ctx, order, bills, trade)
  else if (trade.state === 'closed' || trade.state === 'revoked')
    await closeHere(tx, order, bills, trade.state, at)
  else if (order.state === 'open') await store.setTradeState(tx, order, trade.state)
  return 'applied'
}

/** Only what is paid has to have an amount. */
function faultIn(order: store.Order, trade: Trade): store.Fault | undefined {
  if (trade.mchId !== order.mchId) return { what: 'mchId', theirs: trade.mchId, ours: order.mchId }
  if (trade.appId !== '' && trade.appId !== order.appId)
    return { what: 'appId', theirs: trade.appId, ours: order.appId }
  const theirs = `${trade.total ?? ''} ${trade.currency}`.trim()
  const ours = `${order.amount} CNY`
  return isPaid(trade) && theirs !== ours ? { what: 'amount', theirs, ours } : undefined
}

/** Makes visible what was not applied, once however often it is told. */
export async function noteFault(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  order: store.Order,
  billIds: readonly number[],
  fault: store.Fault,
): Promise<void> {
  const { corpId, id: orderId, outTradeNo, fault: before } = order
  if (before?.what === fault.what && before.theirs === fault.theirs && before.ours === fault.ours) return
  const at = new Date(ctx.now())
  await checkAlerts(ctx, tx, corpId)
  await store.setFault(tx, order, fault, at)
  const detail = { orderId, outTradeNo, ...fault }
  await noteBillEvents(
    tx,
    corpId,
    billIds.map(billId => ({ billId, kind: 'differs', detail })),
    at,
  )
}

type Bills = Awaited<ReturnType<typeof lockBills>>

async function applyPaid(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  order: store.Order,
  bills: Bills,
  trade: Trade,
): Promise<void> {
  const at = new Date(ctx.now())
  const { corpId, id: orderId, outTradeNo } = order
  if (order.state === 'paid') {
    // An answer that was overtaken on its way may still say "paid".
    if (trade.state === 'refunded') await store.setTradeState(tx, order, trade.state)
    return
  }
  const { transactionId = '', openid = '' } = trade
  const paidAt = trade.paidAt ?? at
  await store.setPaid(tx, order, { transactionId, tradeState: trade.state, paidAt, openid })
  const billIds = bills.map(bill => bill.id)
  const paid = await markPaid(tx, corpId, billIds, { orderId, paidAt })
  const detail = { orderId, outTradeNo, transactionId, product: order.product }
  await noteBillEvents(
    tx,
    corpId,
    paid.map(billId => ({ billId, kind: 'paid', detail })),
    at,
  )
  // Cannot happen while only a successful close frees a bill; if it does, somebody has to give the money back.
  const again = billIds.filter(id => !paid.includes(id))
  if (again.length > 0) {
    const fault = { what: 'paidTwice', theirs: outTradeNo, ours: String(again.length) } as const
    await noteFault(tx, ctx, order, again, fault)
  }
  // An order that was closed when it was paid may have been followed by another, which nobody may pay any more.
  const others = await store.otherOpenOrdersOf(tx, corpId, billIds, orderId)
  await askSoon(tx, 'pay_order', others, at)
}

/** WeChat Pay has closed the order, or never had it: its bills are free. A paid one stays paid. */
export async function closeHere(
  tx: Db,
  order: store.Order,
  bills: Bills,
  tradeState: string,
  at: Date,
): Promise<void> {
  if (order.state !== 'open') return
  const { corpId, id: orderId, outTradeNo } = order
  await store.setClosed(tx, order, { tradeState, at })
  const freed = bills.filter(bill => bill.orderId === orderId && bill.state === 'open').map(bill => bill.id)
  if (freed.length > 0) await setOrderOfBills(tx, corpId, freed, null)
  await noteBillEvents(
    tx,
    corpId,
    freed.map(billId => ({ billId, kind: 'orderClosed', detail: { orderId, outTradeNo, tradeState } })),
    at,
  )
}
