import { noRefunds, type RefundLimits } from '../../../callers/developers/scopes/refund-limits.ts'
import { lockRefundLimits } from '../../../callers/developers/store.ts'
import { checkStaysOpen } from '../../../organisation/corps/suspension/check-open.ts'
import { record } from '../../../platform/audit/audit.ts'
import { formatMoney } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { lockBills, noteBillEvents } from '../bills/state-store.ts'
import { hasEmoji } from '../emoji.ts'
import { newNumber } from '../orders/order-bills.ts'
import { lockOrder } from '../orders/order-store.ts'
import { askSoon } from '../polls/ask-soon.ts'
import { refundPollMs } from '../polls/distances.ts'
import { applyRefund } from './apply-refund.ts'
import * as store from './refund-store.ts'
import { askAboutRefund, type RefundNeeds, sendRefund } from './send-refund.ts'

/** `asker`: a developer that asks by the API, within its limits and once for each of its request ids. */
type Author = { corpId: string; actor: string; asker?: store.Asker | undefined }

const refundsAtMost = 50
const apartMs = 60_000
const withinDays = 365
/** Of UTF-8 (docs/upstream/wechat-pay-refunds.md#refunding). */
const reasonBytesAtMost = 80

/**
 * Gives a paid bill's money back, all or a part. The refund is stored with its number before WeChat Pay is called, so that
 * a crash at any point leaves something that the polling asks about and, only if WeChat Pay has nothing of it, sends again.
 * @param given.amount in fen
 * @returns the refund as it is after the first attempt; "asked" when WeChat Pay did not take it yet
 */
export async function refundBill(ctx: RefundNeeds, by: Author, given: RefundRequest): Promise<store.Refund> {
  const { corpId } = by
  const { refund, isNew } = await ctx.db.transaction().execute(tx => askOnce(tx, ctx, by, given))
  if (!isNew) return refund
  await sendRefund(ctx, refund).catch(error => {
    // It is stored, and the polling goes on with it.
    ctx.log.warn({ outRefundNo: refund.outRefundNo, ...describeError(error) }, 'refund not sent yet')
  })
  return (await store.refundById(ctx.db, corpId, refund.id)) ?? refund
}

type RefundRequest = { billId: number; amount: number; reason: string }

/** What a developer asks for again under its request id is what there is, and WeChat Pay is asked about it as about any other. */
async function askOnce(
  tx: Db,
  ctx: RefundNeeds,
  by: Author,
  given: RefundRequest,
): Promise<{ refund: store.Refund; isNew: boolean }> {
  const { corpId, asker } = by
  if (asker) {
    const limits = await lockRefundLimits(tx, asker.devId)
    const known = await store.refundByRequest(tx, corpId, asker)
    if (known) return { refund: sameRefund(known, given), isNew: false }
    await checkLimits(tx, ctx, { corpId, devId: asker.devId }, limits ?? noRefunds, given.amount)
  }
  return { refund: await askFor(tx, ctx, by, given), isNew: true }
}

function sameRefund(known: store.Refund, { billId, amount, reason }: RefundRequest): store.Refund {
  if (known.billId === billId && known.amount === amount && known.reason === reason) return known
  throw new ApiError('badParameter', {
    zh: told`requestId ${known.requestId ?? ''} 已用于另一笔退款（${own(known.outRefundNo)}）：账单、金额或原因不同`,
    en: told`the requestId ${known.requestId ?? ''} is that of another refund (${own(known.outRefundNo)}), whose bill, amount or reason differs`,
  })
}

/** Throws 1009 for a developer without limits, and 1000 for what is over them. */
async function checkLimits(
  tx: Db,
  ctx: RefundNeeds,
  { corpId, devId }: { corpId: string; devId: string },
  { each, day }: RefundLimits,
  amount: number,
): Promise<void> {
  if (each === 0)
    throw new ApiError('forbidden', {
      zh: '没有给此开发者设置退款限额；由超级管理员在开发者的设置里填写（refundLimits）',
      en: 'this developer has no limits of refunds: a super administrator sets them among its settings (refundLimits)',
    })
  if (amount > each)
    throw new ApiError('badParameter', {
      zh: told`amount 为 ${formatMoney(amount)}，此开发者单笔最多退 ${own(formatMoney(each))}；没有退款`,
      en: told`amount is ${formatMoney(amount)}, and this developer refunds at most ${own(formatMoney(each))} at once; nothing was refunded`,
    })
  const since = new Date(nextDayAt(ctx.now()) - 86_400_000)
  const used = await store.refundedSince(tx, corpId, devId, since)
  if (used + amount > day)
    throw new ApiError('badParameter', {
      zh: told`此开发者每天最多退 ${own(formatMoney(day))}，今天已退 ${own(formatMoney(used))}，不够再退 ${formatMoney(amount)}；北京时间 0 点恢复，没有退款`,
      en: told`this developer refunds at most ${own(formatMoney(day))} a day, of which ${own(formatMoney(used))} are used, so ${formatMoney(amount)} are too much; the limit resets at 00:00 Beijing time, and nothing was refunded`,
    })
}

async function askFor(
  tx: Db,
  ctx: RefundNeeds,
  { corpId, actor, asker }: Author,
  { billId, amount, reason }: RefundRequest,
): Promise<store.Refund> {
  await checkStaysOpen(tx, corpId)
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new ApiError('badParameter', {
      zh: '退款金额应为不小于 1 的整数（分）；没有退款',
      en: 'the amount should be a whole number of fen, at least 1; nothing was refunded',
    })
  const reasonBytes = Buffer.byteLength(reason)
  if (reasonBytes > reasonBytesAtMost)
    throw new ApiError('badParameter', {
      zh: told`退款原因最多 ${own(reasonBytesAtMost)} 字节，即 26 个汉字或 80 个字母，现有 ${own(reasonBytes)} 字节`,
      en: told`the reason takes at most ${own(reasonBytesAtMost)} bytes, which are 26 Chinese characters or 80 letters, and has ${own(reasonBytes)}`,
    })
  if (hasEmoji(reason))
    throw new ApiError('badParameter', {
      zh: '退款原因不能含有表情符号，微信支付不接受',
      en: 'the reason must not contain emoji, which WeChat Pay does not take',
    })
  const [bill] = await lockBills(tx, corpId, [billId])
  if (!bill)
    throw new ApiError('badParameter', {
      zh: told`没有编号为 ${billId} 的账单，没有退款`,
      en: told`there is no bill ${billId}; nothing was refunded`,
    })
  const order =
    bill.state === 'paid' && bill.orderId !== null ? await lockOrder(tx, corpId, bill.orderId) : undefined
  if (!order?.paidAt)
    throw new ApiError('badParameter', {
      zh: told`账单 ${bill.billNo} 未支付，不能退款`,
      en: told`the bill ${bill.billNo} is not paid, so it cannot be refunded`,
    })
  const now = ctx.now()
  const others = await store.refundsOfOrder(tx, corpId, order.id)
  checkTimes(now, order.paidAt, others)
  const counting = others.filter(one => one.state !== 'closed')
  if (counting.length >= refundsAtMost)
    throw new ApiError('badParameter', {
      zh: `同一订单最多退款 ${refundsAtMost} 次，已用完；没有退款`,
      en: `an order is refunded at most ${refundsAtMost} times, which are used up; nothing was refunded`,
    })
  const asked = counting.filter(one => one.billId === billId).reduce((sum, one) => sum + one.amount, 0)
  const left = bill.amount - asked
  if (amount > left)
    throw new ApiError('badParameter', {
      zh: told`最多还可退 ${formatMoney(left)}（已退或正在退 ${formatMoney(asked)}）；没有退款`,
      en: told`at most ${formatMoney(left)} can still be refunded (${formatMoney(asked)} are refunded or under way); nothing was refunded`,
    })
  const createdAt = new Date(now)
  const pollAt = new Date(now + refundPollMs(0))
  const { mchId } = order
  const row = { corpId, orderId: order.id, billId, mchId, amount, reason, actor, asker, createdAt, pollAt }
  const refund = await store.insertRefund(tx, { ...row, outRefundNo: `R${newNumber(now)}` })
  const detail = { refundId: refund.id, outRefundNo: refund.outRefundNo, amount, reason }
  await noteBillEvents(tx, corpId, [{ billId, kind: 'refundAsked', actor, detail }], createdAt)
  await record(tx, ctx, { corpId, actor, act: 'pay.refund.create', target: bill.billNo, detail })
  await enqueue(tx, [{ corpId, stream: 'pay-refund', key: mchId }], pollAt)
  return refund
}

function checkTimes(now: number, paidAt: Date, others: readonly { createdAt: Date }[]): void {
  if (now - paidAt.getTime() > withinDays * 86_400_000)
    throw new ApiError('badParameter', {
      zh: `支付已超过 ${withinDays} 天，微信支付不再受理退款，请通过其他方式退款`,
      en: `paid more than ${withinDays} days ago, which WeChat Pay does not refund any more: give the money back in another way`,
    })
  const last = Math.max(...others.map(one => one.createdAt.getTime()))
  const waitMs = last + apartMs - now
  if (waitMs > 0)
    throw new ApiError('badParameter', {
      zh: told`同一订单的两次退款至少间隔 1 分钟，请 ${own(Math.ceil(waitMs / 1000))} 秒后再试`,
      en: told`refunds of one order are at least a minute apart: try again in ${own(Math.ceil(waitMs / 1000))} s`,
    })
}

/**
 * Asks WeChat Pay about a refund now, and sends it again under the same number if WeChat Pay has none.
 * @throws ApiError 1000 (unknown, or ended), 1011 (WeChat Pay).
 */
export async function retryRefund(
  ctx: RefundNeeds,
  { corpId, actor }: Author,
  id: number,
): Promise<store.Refund> {
  const refund = await findRefund(ctx, corpId, id)
  if (refund.state === 'success' || refund.state === 'closed')
    throw new ApiError('badParameter', {
      zh: told`退款 ${refund.outRefundNo} 已结束，不需重试；已关闭的退款请重新发起`,
      en: told`the refund ${refund.outRefundNo} has ended and need not be retried; if it is closed, make a new one`,
    })
  await ctx.db.transaction().execute(async tx => {
    await record(tx, ctx, { corpId, actor, act: 'pay.refund.retry', target: refund.outRefundNo, detail: {} })
    await askSoon(tx, 'pay_refund', [refund], new Date(ctx.now() + refundPollMs(0)))
  })
  await fromUpstream(askAboutRefund(ctx, refund))
  return findRefund(ctx, corpId, id)
}

/**
 * Sends the money of an abnormal refund, which the payer's account does not take, to the merchant's own bank account; the merchant
 * returns it by hand.
 * @throws ApiError 1000 (unknown, or not abnormal), 1011 (WeChat Pay).
 */
export async function refundToMerchant(
  ctx: RefundNeeds,
  { corpId, actor }: Author,
  id: number,
): Promise<store.Refund> {
  const refund = await findRefund(ctx, corpId, id)
  if (refund.state !== 'abnormal')
    throw new ApiError('badParameter', {
      zh: told`退款 ${refund.outRefundNo} 不是异常状态；只有退款异常时可以退到商户的银行账户`,
      en: told`the refund ${refund.outRefundNo} is not abnormal; only an abnormal one can go to the merchant's bank account`,
    })
  await ctx.db.transaction().execute(async tx => {
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'pay.refund.toMerchant',
      target: refund.outRefundNo,
      detail: {},
    })
    await askSoon(tx, 'pay_refund', [refund], new Date(ctx.now() + refundPollMs(0)))
  })
  const merchant = ctx.merchants.get(corpId, refund.mchId)
  const { refundId, outRefundNo: refundNo } = refund
  await applyRefund(
    ctx,
    merchant,
    await fromUpstream(merchant.client.applyAbnormalRefund({ refundId, refundNo })),
  )
  return findRefund(ctx, corpId, id)
}

async function findRefund(ctx: RefundNeeds, corpId: string, id: number): Promise<store.Refund> {
  const refund = await store.refundById(ctx.db, corpId, id)
  if (!refund)
    throw new ApiError('badParameter', {
      zh: told`没有编号为 ${id} 的退款单`,
      en: told`there is no refund ${id}`,
    })
  return refund
}
