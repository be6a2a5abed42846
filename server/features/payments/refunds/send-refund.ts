import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { Lease } from '../../../platform/queue/queue-store.ts'
import { codes } from '../../../upstream/wechat-pay/codes.ts'
import { PayError, PayUnavailable } from '../../../upstream/wechat-pay/errors.ts'
import { isUnclear } from '../../../upstream/wechat-pay/repetition.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { underLease } from '../orders/end-order.ts'
import { orderById } from '../orders/order-store.ts'
import { applyRefund, closeRefused } from './apply-refund.ts'
import { type Refund, setRefundAnswer } from './refund-store.ts'

export type RefundNeeds = Core & { corps: Corps; merchants: Merchants }

/** After this time nothing that was sent is still on its way, and nobody has mended what WeChat Pay refused it for. */
const givenUpAfterMs = 7 * 86_400_000

/**
 * The first attempt at a refund that was stored before. What it was refused for, or that it stayed unanswered, is stored
 * with it; nothing is thrown for that.
 */
export async function sendRefund(ctx: RefundNeeds, refund: Refund, lease?: Lease): Promise<void> {
  const merchant = ctx.merchants.get(refund.corpId, refund.mchId)
  const order = await orderById(ctx.db, refund.corpId, refund.orderId)
  if (!order) return
  try {
    const told = await merchant.client.refund({
      orderNo: order.outTradeNo,
      refundNo: refund.outRefundNo,
      reason: refund.reason,
      notifyUrl: order.notifyUrl,
      amount: refund.amount,
      total: order.amount,
    })
    await applyRefund(ctx, merchant, told, underLease(lease))
  } catch (error) {
    await noteFailure(ctx, merchant, refund, error, lease)
  }
}

/**
 * Asks WeChat Pay about a refund. Only when it has none of this number is the same request sent again, which is also what
 * follows a crash between the commit of the refund and its first attempt.
 * @throws what the client throws when the question is not answered
 */
export async function askAboutRefund(ctx: RefundNeeds, refund: Refund, lease?: Lease): Promise<void> {
  const merchant = ctx.merchants.get(refund.corpId, refund.mchId)
  const told = await merchant.client.queryRefund(refund.outRefundNo)
  if (told) return void (await applyRefund(ctx, merchant, told, underLease(lease)))
  // What WeChat Pay once had it does not forget; nothing follows from "absent" then.
  if (refund.state !== 'asked') return
  if (ctx.now() - refund.createdAt.getTime() < givenUpAfterMs) return sendRefund(ctx, refund, lease)
  await closeRefused(ctx, refund, refund.answer, underLease(lease))
}

/**
 * A refusal for what only another request would change frees the amount, once WeChat Pay has confirmed that it has none of
 * this number and no attempt was ever left unanswered. Whatever else was wrong, a balance that does not suffice among it, is
 * mended elsewhere, and the same number tried again.
 */
async function noteFailure(
  ctx: RefundNeeds,
  merchant: Merchant,
  refund: Refund,
  error: unknown,
  lease: Lease | undefined,
): Promise<void> {
  if (!(error instanceof PayError || error instanceof PayUnavailable)) throw error
  const isRefusal = error instanceof PayError && !isUnclear(error)
  const said = error instanceof PayError ? { code: error.code, text: error.said } : { text: error.message }
  const answer = isRefusal ? said : { ...said, unclear: true }
  await setRefundAnswer(ctx.db, refund, answer)
  if (!isRefusal || refund.answer.unclear || !isFinal(error)) return
  const known = await merchant.client.queryRefund(refund.outRefundNo)
  if (known) await applyRefund(ctx, merchant, known, underLease(lease))
  else await closeRefused(ctx, refund, answer, underLease(lease))
}

function isFinal({ code, status }: PayError): boolean {
  const next = codes[code]?.next
  return next === 'fix' || (next === undefined && status >= 400 && status < 500)
}
