import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import type { PayClient } from '../../../upstream/wechat-pay/client.ts'
import { codes } from '../../../upstream/wechat-pay/codes.ts'
import { PayError } from '../../../upstream/wechat-pay/errors.ts'
import { isUnclear } from '../../../upstream/wechat-pay/repetition.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { endOrder } from './end-order.ts'
import { type Order, orderById, type Product, setTicket } from './order-store.ts'

type Needs = Core & { merchants: Merchants }

const minutes = 60_000
/**
 * How long a ticket is handed out: WeChat Pay's own time (docs/upstream/wechat-pay-orders.md#products) less what a person needs
 * to pay.
 */
const goodForMs: Record<Product, number> = { jsapi: 115 * minutes, native: 115 * minutes, h5: 4 * minutes }

/**
 * Returns what the order is paid with, asked for again where it has run out or never came. What is sent is what was stored before
 * the first attempt, to the byte: after a crash or a time-out WeChat Pay takes the repetition for the same order. Undefined:
 * the order has ended since, and the caller decides again.
 * @throws ApiError with WeChat Pay's words when it refuses or does not answer
 */
export async function ticketOf(ctx: Needs, order: Order): Promise<string | undefined> {
  const { ticket, ticketAt, product } = order
  if (ticketAt && ctx.now() - ticketAt.getTime() < goodForMs[product]) return ticket
  const { client } = ctx.merchants.get(order.corpId, order.mchId)
  const at = new Date(ctx.now())
  let given: string
  try {
    given = await create(client, order)
  } catch (error) {
    // Unclear: the order stays, and the next attempt or the polling finds out.
    if (!(error instanceof PayError) || isUnclear(error)) throw upstreamError(error)
    // It is refused because somebody has closed it there while it was on its way.
    if ((await orderById(ctx.db, order.corpId, order.id))?.state !== 'open') return undefined
    await endOrder(ctx, order).catch(failure => {
      ctx.log.warn({ outTradeNo: order.outTradeNo, ...describeError(failure) }, 'refused order not ended yet')
    })
    // Closed or paid there already, which is known here by now.
    if (codes[error.code]?.next === 'ask') return undefined
    throw upstreamError(error)
  }
  if (await setTicket(ctx.db, order, { ticket: given, at })) return given
  // Somebody ended it while it was under way. Nobody has got the ticket; the close keeps WeChat Pay's list tidy.
  client.close(order.outTradeNo).catch(error => {
    ctx.log.warn({ outTradeNo: order.outTradeNo, ...describeError(error) }, 'superseded order not closed')
  })
  return undefined
}

async function create(client: PayClient, order: Order): Promise<string> {
  const { appId, outTradeNo, description, amount, expiresAt, notifyUrl, openid, scene } = order
  const common = { appId, orderNo: outTradeNo, title: description, amount, expiresAt, notifyUrl }
  switch (order.product) {
    case 'jsapi':
      return (await client.jsapi({ ...common, openid })).prepayId
    case 'native':
      return (await client.native(common)).codeUrl
    case 'h5':
      return (await client.h5({ ...common, clientIp: scene.clientIp ?? '', device: scene.device ?? 'Wap' }))
        .h5Url
  }
}
