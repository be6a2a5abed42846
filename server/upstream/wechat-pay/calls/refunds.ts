import { type Static, Type } from 'typebox'
import { backoffMs } from '../../transport/retry.ts'
import type { Caller, CallerOptions } from '../call.ts'
import { checked, dateIn, json } from '../checked.ts'
import { isAbsent, isUnclear } from '../repetition.ts'

export type NewRefund = {
  orderNo: string
  /** At most 64 of `0-9A-Za-z_-|*@`, of its own for the merchant; the same for every repetition. */
  refundNo: string
  /** At most 80 bytes. */
  reason?: string
  /** Without it, WeChat Pay notifies another address in another format (docs/upstream/wechat-pay-refunds.md#refunding). */
  notifyUrl: string
  /** In fen. */
  amount: number
  /** Of the whole order, in fen. */
  total: number
}

/** `abnormal`: the payer's account takes nothing, and the merchant has to act. `closed`: failed; another needs a new number. */
export type RefundState = 'done' | 'closed' | 'processing' | 'abnormal'

export type Refund = {
  refundId: string
  refundNo: string
  orderNo: string
  transactionId: string
  state: RefundState
  /** Where the money went, in WeChat Pay's words. */
  receivedBy: string
  doneAt: Date | undefined
  /** In fen. */
  amount: number
  total: number
  payerAmount: number
  payerTotal: number
}

const states: Readonly<Record<string, RefundState>> = {
  SUCCESS: 'done',
  CLOSED: 'closed',
  PROCESSING: 'processing',
  ABNORMAL: 'abnormal',
}
const state = Type.Union(Object.keys(states).map(name => Type.Literal(name)))
const fen = Type.Integer({ minimum: 0 })
const common = {
  refund_id: Type.String(),
  out_refund_no: Type.String(),
  transaction_id: Type.String(),
  out_trade_no: Type.String(),
  user_received_account: Type.Optional(Type.String()),
  success_time: Type.Optional(Type.String()),
  amount: Type.Object({ total: fen, refund: fen, payer_total: fen, payer_refund: fen }),
}
const shape = Type.Object({ ...common, status: state })
/** A notification says refund_status where an answer says status. */
const noticeShape = Type.Object({ ...common, mchid: Type.String(), refund_status: state })

const path = '/v3/refund/domestic/refunds'

/**
 * The content of a refund's notification.
 * @throws PayUnavailable with reason `json` for anything else
 */
export function refundOfNotice(plain: unknown): Refund & { mchId: string } {
  const given = checked(noticeShape, 'notification', plain)
  return { mchId: given.mchid, ...refundOf('notification', given, given.refund_status) }
}

function refundOf(call: string, given: Omit<Static<typeof shape>, 'status'>, status: string): Refund {
  const { amount } = given
  return {
    refundId: given.refund_id,
    refundNo: given.out_refund_no,
    orderNo: given.out_trade_no,
    transactionId: given.transaction_id,
    state: states[status] as RefundState,
    receivedBy: given.user_received_account ?? '',
    doneAt: given.success_time ? dateIn(call, given.success_time) : undefined,
    amount: amount.refund,
    total: amount.total,
    payerAmount: amount.payer_refund,
    payerTotal: amount.payer_total,
  }
}

type Limits = Pick<CallerOptions, 'retries' | 'sleep'>

export function createRefundCalls(call: Caller, { retries, sleep }: Limits) {
  const read = (name: string, bytes: Buffer): Refund => {
    const given = checked(shape, name, json(bytes))
    return refundOf(name, given, given.status)
  }

  /** @returns undefined when WeChat Pay has no refund of this number */
  async function queryRefund(refundNo: string): Promise<Refund | undefined> {
    const name = `${path}/{no}`
    const target = `${path}/${encodeURIComponent(refundNo)}`
    try {
      return read(`GET ${name}`, await call({ method: 'GET', name, target }))
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  return {
    queryRefund,
    /**
     * Accepted is not done: the state tells. Where the answer does not say what became of it, WeChat Pay is asked first, and the
     * same request repeated only when it has none of this number
     * (docs/upstream/wechat-pay-refunds.md#when-the-answer-is-not-200).
     * @throws PayUnavailable when even that stays unknown: ask by `queryRefund` before anything else
     */
    async refund(given: NewRefund): Promise<Refund> {
      const body = {
        out_trade_no: given.orderNo,
        out_refund_no: given.refundNo,
        ...(given.reason ? { reason: given.reason } : {}),
        notify_url: given.notifyUrl,
        amount: { refund: given.amount, total: given.total, currency: 'CNY' },
      }
      for (let failures = 0; ; failures++) {
        try {
          const answer = await call({
            method: 'POST',
            name: path,
            target: path,
            body,
            isOnce: true,
            turn: failures,
          })
          return read(`POST ${path}`, answer)
        } catch (error) {
          if (!isUnclear(error)) throw error
          const known = await queryRefund(given.refundNo)
          if (known) return known
          if (failures >= retries) throw error
          await sleep(backoffMs(failures))
        }
      }
    },
    /** Sends the money of an abnormal refund to the merchant's own bank account, from where it is given back by hand. */
    async applyAbnormalRefund(given: Pick<Refund, 'refundId' | 'refundNo'>): Promise<Refund> {
      const name = `${path}/{id}/apply-abnormal-refund`
      const target = `${path}/${encodeURIComponent(given.refundId)}/apply-abnormal-refund`
      const body = { out_refund_no: given.refundNo, type: 'MERCHANT_BANK_CARD' }
      return read(`POST ${name}`, await call({ method: 'POST', name, target, body }))
    },
  }
}
