import { parseForeignJson } from '../../../platform/storage/foreign-text.ts'
import { tradeOf } from '../../../upstream/wechat-pay/calls/orders.ts'
import { refundOfNotice } from '../../../upstream/wechat-pay/calls/refunds.ts'

/** Notifications about one order and its refunds are applied in the order they came. */
export function entityOf(plain: unknown): string {
  const given = plain as { out_trade_no?: unknown } | null
  const number = typeof given?.out_trade_no === 'string' ? given.out_trade_no : ''
  return number === '' ? 'unknown' : `order:${number.slice(0, 64)}`
}

export type Content =
  | { of: 'order'; trade: ReturnType<typeof tradeOf> }
  | { of: 'refund'; refund: ReturnType<typeof refundOfNotice> }
  | { of: 'other' }

/**
 * What a stored notification says, by its event type. Throws when it is not of that shape.
 */
export function contentOf(eventType: string, plain: string): Content {
  const [family] = eventType.split('.', 1)
  if (family === 'TRANSACTION') return { of: 'order', trade: tradeOf(parseForeignJson(plain)) }
  if (family === 'REFUND') return { of: 'refund', refund: refundOfNotice(parseForeignJson(plain)) }
  return { of: 'other' }
}
