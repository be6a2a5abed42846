import { type Call, type CallRequest, get, post } from '../call.ts'
import { PayError } from '../error.ts'
import { Fields } from '../input.ts'
import { orderAnswer } from '../state/answers.ts'
import { type Order, tradeState } from '../state/order.ts'
import { outTradeNoRule, paid } from './order.ts'
import { checkMchId } from './own.ts'

/** Query and close (docs/upstream/wechat-pay-orders.md#query-and-close). */
export const transactionCalls: readonly Call[] = [
  get('/v3/pay/transactions/out-trade-no/:number', ask => {
    checkMchId(ask.merchant, new Fields(ask.query, 'query'), '/mchid')
    return orderAnswer(ask.merchant, byNumber(ask), ask.platform.schedule.now())
  }),
  get('/v3/pay/transactions/id/:id', ask => {
    const { merchant, platform, params, query } = ask
    checkMchId(merchant, new Fields(query, 'query'), '/mchid')
    const id = params['id'] ?? ''
    const order = merchant.orderOfTransaction(id)
    if (order) return orderAnswer(merchant, order, platform.schedule.now())
    const isForeign = platform.merchants.some(other => other.orderOfTransaction(id))
    throw new PayError('ORDER_NOT_EXIST', isForeign ? { internal: 268447843 } : {})
  }),
  post('/v3/pay/transactions/out-trade-no/:number/close', ask => {
    const { merchant, platform, body } = ask
    const fields = new Fields(body)
    if (platform.rules.refuseUnknownFields) fields.only(['/mchid'])
    checkMchId(merchant, fields, '/mchid')
    const order = byNumber(ask)
    const now = platform.schedule.now()
    const state = tradeState(order, merchant.refundsOf(order.outTradeNo), now)
    if (state === 'SUCCESS' || state === 'REFUND') throw paid(platform, 268449538)
    if (state === 'NOTPAY') merchant.saveOrder({ ...order, state: 'CLOSED', closedAt: now })
    return undefined
  }),
]

function byNumber({ merchant, params }: CallRequest): Order {
  const fields = new Fields({ out_trade_no: params['number'] }, 'url')
  const order = merchant.orders.get(fields.requiredText('/out_trade_no', outTradeNoRule))
  if (!order) throw new PayError('ORDER_NOT_EXIST')
  return order
}
