import { Type } from 'typebox'
import type { Caller } from '../call.ts'
import { checked, dateIn, json } from '../checked.ts'
import { PayError } from '../errors.ts'
import { isAbsent } from '../repetition.ts'

/**
 * What an order says in every product (docs/upstream/wechat-pay-orders.md#fields). A repetition under the same number must be
 * identical.
 */
export type NewOrder = {
  appId: string
  /** 6 to 32 of `0-9A-Za-z_-|*`, of its own for the merchant. */
  orderNo: string
  /** Cut at 127 characters. */
  title: string
  /** In fen. */
  amount: number
  /** At most 7 days ahead. */
  expiresAt: Date
  notifyUrl: string
  /** Comes back in notifications and answers; at most 128 characters. */
  attach?: string
}

/** Where an H5 order is paid: a phone's browser outside WeChat. */
export type PhoneBrowser = { clientIp: string; device: 'iOS' | 'Android' | 'Wap' }

/** After a partial refund WeChat Pay says REFUND: both `paid` and `refunded` mean that the money came. */
export type TradeState = 'paid' | 'refunded' | 'unpaid' | 'closed' | 'revoked' | 'paying' | 'failed'

/** An order as WeChat Pay knows it: its answer to a query, and the content of a notification. */
export type Trade = {
  appId: string
  mchId: string
  orderNo: string
  state: TradeState
  /** WeChat Pay's words for the state. */
  stateText: string
  /** What follows is there from the payment on. */
  transactionId: string | undefined
  /** JSAPI, NATIVE, MWEB (H5), APP. */
  tradeType: string | undefined
  bankType: string | undefined
  openid: string | undefined
  paidAt: Date | undefined
  attach: string
  /** In fen; undefined in an answer without it, which only unpaid orders get. */
  total: number | undefined
  /** In fen, what the payer gave beside vouchers. */
  payerTotal: number | undefined
  currency: string
}

const states: Readonly<Record<string, TradeState>> = {
  SUCCESS: 'paid',
  REFUND: 'refunded',
  NOTPAY: 'unpaid',
  CLOSED: 'closed',
  REVOKED: 'revoked',
  USERPAYING: 'paying',
  PAYERROR: 'failed',
}

const fen = Type.Integer({ minimum: 0 })
const text = Type.Optional(Type.String())
const tradeShape = Type.Object({
  appid: text,
  mchid: Type.String(),
  out_trade_no: Type.String(),
  trade_state: Type.Union(Object.keys(states).map(state => Type.Literal(state))),
  trade_state_desc: text,
  transaction_id: text,
  trade_type: text,
  bank_type: text,
  attach: text,
  success_time: text,
  payer: Type.Optional(Type.Object({ openid: text })),
  amount: Type.Optional(
    Type.Object({ total: Type.Optional(fen), payer_total: Type.Optional(fen), currency: text }),
  ),
})

/** The money of the order has come, and perhaps partly gone back. */
export function isPaid({ state }: Pick<Trade, 'state'>): boolean {
  return state === 'paid' || state === 'refunded'
}

/**
 * @param call whose answer it is, for the error text
 * @throws PayUnavailable with reason `json` for anything but an order
 */
export function tradeOf(plain: unknown, call = 'notification'): Trade {
  const given = checked(tradeShape, call, plain)
  const { amount = {} } = given
  return {
    appId: given.appid ?? '',
    mchId: given.mchid,
    orderNo: given.out_trade_no,
    state: states[given.trade_state] as TradeState,
    stateText: given.trade_state_desc ?? '',
    transactionId: given.transaction_id || undefined,
    tradeType: given.trade_type || undefined,
    bankType: given.bank_type || undefined,
    openid: given.payer?.openid || undefined,
    paidAt: given.success_time ? dateIn(call, given.success_time) : undefined,
    attach: given.attach ?? '',
    total: amount.total,
    payerTotal: amount.payer_total,
    currency: amount.currency ?? 'CNY',
  }
}

const base = '/v3/pay/transactions'

export function createOrderCalls(call: Caller, mchId: string) {
  async function order<S extends 'prepay_id' | 'code_url' | 'h5_url'>(
    product: 'jsapi' | 'native' | 'h5',
    field: S,
    body: object,
  ): Promise<string> {
    const name = `${base}/${product}`
    const shape = Type.Object({ [field]: Type.String({ minLength: 1 }) })
    const answer = await call({ method: 'POST', name, target: name, body })
    return (checked(shape, `POST ${name}`, json(answer)) as Record<S, string>)[field]
  }
  const common = (given: NewOrder) => ({
    appid: given.appId,
    mchid: mchId,
    description: [...given.title].slice(0, 127).join(''),
    out_trade_no: given.orderNo,
    time_expire: chinaTime(given.expiresAt),
    ...(given.attach ? { attach: given.attach } : {}),
    notify_url: given.notifyUrl,
    amount: { total: given.amount, currency: 'CNY' },
  })

  /** @returns undefined when WeChat Pay has no such order */
  async function query(orderNo: string): Promise<Trade | undefined> {
    const name = `${base}/out-trade-no/{no}`
    const target = `${base}/out-trade-no/${encodeURIComponent(orderNo)}?mchid=${encodeURIComponent(mchId)}`
    try {
      return tradeOf(json(await call({ method: 'GET', name, target })), `GET ${name}`)
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  return {
    query,
    /** In a page inside WeChat or WeCom, and in a mini program. Good for 2 hours. */
    jsapi: async (given: NewOrder & { openid: string }) => ({
      prepayId: await order('jsapi', 'prepay_id', { ...common(given), payer: { openid: given.openid } }),
    }),
    /** What a QR shows. Good for 2 hours. */
    native: async (given: NewOrder) => ({ codeUrl: await order('native', 'code_url', common(given)) }),
    /** Where a phone's browser goes. Good for 5 minutes. */
    h5: async (given: NewOrder & PhoneBrowser) => ({
      h5Url: await order('h5', 'h5_url', {
        ...common(given),
        scene_info: { payer_client_ip: given.clientIp, h5_info: { type: given.device } },
      }),
    }),
    /**
     * Only after `closed`, and `absent` for an order that never reached WeChat Pay, can nobody pay it any more. What it
     * refuses for another reason is asked for, because its list of errors is not public
     * (docs/upstream/wechat-pay-calls.md#errors).
     */
    async close(orderNo: string): Promise<'closed' | 'paid' | 'absent'> {
      const name = `${base}/out-trade-no/{no}/close`
      const target = `${base}/out-trade-no/${encodeURIComponent(orderNo)}/close`
      try {
        await call({ method: 'POST', name, target, body: { mchid: mchId } })
        return 'closed'
      } catch (error) {
        if (!(error instanceof PayError)) throw error
        const trade = await query(orderNo)
        if (!trade) return 'absent'
        if (isPaid(trade)) return 'paid'
        if (trade.state === 'closed' || trade.state === 'revoked') return 'closed'
        throw error
      }
    },
  }
}

const chinaOffsetMs = 8 * 3_600_000

/** RFC 3339 in China's time, which is what WeChat Pay prints and takes: 2026-11-26T10:00:00+08:00. */
function chinaTime(date: Date): string {
  return new Date(date.getTime() + chinaOffsetMs).toISOString().replace(/\.\d+Z$/, '+08:00')
}
