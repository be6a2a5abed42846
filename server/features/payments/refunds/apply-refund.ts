import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Refund as Told } from '../../../upstream/wechat-pay/calls/refunds.ts'
import { addRefunded, type LockedBill, lockBills, noteBillEvents } from '../bills/state-store.ts'
import {
  type ApplyOptions,
  type MerchantRef,
  noteFault,
  type TransactionOutcome,
} from '../orders/apply-transaction.ts'
import { type Fault, lockOrder, type Order } from '../orders/order-store.ts'
import { askSoon } from '../polls/ask-soon.ts'
import * as store from './refund-store.ts'

/**
 * The one place where WeChat Pay's word, an answer or a notification, changes a refund and its bill. Success is the end and
 * counts once; "closed" frees the amount, and is overruled by success alone.
 */
export async function applyRefund(
  ctx: Core,
  merchant: MerchantRef,
  told: Told & { mchId?: string },
  { within, isNotification = false }: ApplyOptions = {},
): Promise<TransactionOutcome> {
  const known = await store.refundByNumber(ctx.db, merchant, told.refundNo)
  return ctx.db.transaction().execute(async tx => {
    const applied = known ? await applyTo(tx, ctx, known, told, isNotification) : 'unknown'
    await within?.(tx, applied)
    return applied
  })
}

async function applyTo(
  tx: Db,
  ctx: Core,
  known: store.Refund,
  told: Told & { mchId?: string },
  isNotification: boolean,
): Promise<TransactionOutcome> {
  const { corpId, id } = known
  const at = new Date(ctx.now())
  const [bill] = await lockBills(tx, corpId, [known.billId])
  const order = await lockOrder(tx, corpId, known.orderId)
  const refund = await store.lockRefund(tx, corpId, id)
  if (!bill || !order || !refund) return 'unknown'
  const fault = faultIn(order, refund, told)
  if (fault) {
    await noteFault(tx, ctx, order, [bill.id], fault)
    if (isNotification) await askSoon(tx, 'pay_refund', [refund], at)
    return 'differs'
  }
  const state = told.state === 'done' ? 'success' : told.state
  if (refund.state === 'success' || (refund.state === 'closed' && state !== 'success')) return 'applied'
  const isEnd = state === 'success' || state === 'closed'
  await store.setRefundState(tx, refund, {
    state,
    refundId: told.refundId,
    receivedAccount: told.receivedBy,
    answer: {},
    endedAt: isEnd ? (told.doneAt ?? at) : null,
  })
  if (state === refund.state) return 'applied'
  if ([state, refund.state].includes('abnormal')) await checkAlerts(ctx, tx, corpId)
  if (state === 'success') await giveBack(tx, ctx, order, bill, refund)
  else if (state !== 'processing')
    await noteBillEvents(tx, corpId, [eventOf(refund, 'refundFailed', state)], at)
  return 'applied'
}

function faultIn(order: Order, refund: store.Refund, told: Told & { mchId?: string }): Fault | undefined {
  if (told.mchId !== undefined && told.mchId !== refund.mchId)
    return { what: 'mchId', theirs: told.mchId, ours: refund.mchId }
  const theirs = `${told.orderNo} ${told.amount}/${told.total}`
  const ours = `${order.outTradeNo} ${refund.amount}/${order.amount}`
  return theirs === ours ? undefined : { what: 'refund', theirs, ours }
}

async function giveBack(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  order: Order,
  bill: LockedBill,
  refund: store.Refund,
): Promise<void> {
  const { corpId } = refund
  const at = new Date(ctx.now())
  const left = bill.amount - bill.refunded
  // More than the bill can only have gone when a refund that WeChat Pay called closed succeeded after all.
  if (refund.amount > left) {
    const fault = { what: 'refund', theirs: String(refund.amount), ours: String(left) } as const
    await noteFault(tx, ctx, order, [bill.id], fault)
  }
  await addRefunded(tx, corpId, bill.id, Math.min(refund.amount, left))
  await noteBillEvents(tx, corpId, [eventOf(refund, 'refunded', 'success')], at)
}

function eventOf(
  { id, billId, outRefundNo, amount }: store.Refund,
  kind: 'refunded' | 'refundFailed',
  state: string,
) {
  return { billId, kind, detail: { refundId: id, outRefundNo, amount, state } }
}

/** WeChat Pay refused the refund and has none of its number: the amount is free for another one. */
export async function closeRefused(
  ctx: Core,
  { corpId, id, billId, orderId }: store.Refund,
  answer: store.RefundAnswer,
  { within }: Pick<ApplyOptions, 'within'>,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await lockBills(tx, corpId, [billId])
    await lockOrder(tx, corpId, orderId)
    const refund = await store.lockRefund(tx, corpId, id)
    if (refund?.state !== 'asked') return
    const at = new Date(ctx.now())
    const { refundId, receivedAccount } = refund
    await store.setRefundState(tx, refund, {
      state: 'closed',
      refundId,
      receivedAccount,
      answer,
      endedAt: at,
    })
    await noteBillEvents(
      tx,
      corpId,
      [
        {
          billId,
          kind: 'refundFailed',
          detail: { refundId: id, outRefundNo: refund.outRefundNo, ...answer },
        },
      ],
      at,
    )
    await within?.(tx, 'applied')
  })
}
