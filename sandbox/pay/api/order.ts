import type { Call, CallRequest } from '../call.ts'
import { post } from '../call.ts'
import { PayError } from '../error.ts'
import { Fields } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import type { Merchant } from '../state/merchant.ts'
import { newPrepayId } from '../state/numbers.ts'
import { type Order, type Product, products, tradeState } from '../state/order.ts'
import { readNotifyUrl } from './notify-url.ts'
import { checkMchId } from './own.ts'

const known = [
  '/appid',
  '/mchid',
  '/description',
  '/out_trade_no',
  '/time_expire',
  '/attach',
  '/notify_url',
  '/goods_tag',
  '/support_fapiao',
  '/amount/total',
  '/amount/currency',
  '/detail',
  '/scene_info',
  '/settle_info',
]
export const outTradeNoRule = { least: 6, most: 32, pattern: /^[0-9A-Za-z_\-|*]+$/ }

/** Ordering, by product (docs/upstream/wechat-pay-orders.md#products). */
export const orderCalls: readonly Call[] = products.map(product =>
  post(`/v3/pay/transactions/${product}`, ask => place(ask, product)),
)

function place({ platform, merchant, body }: CallRequest, product: Product): Record<string, unknown> {
  const wanted = readOrder(platform, merchant, body, product)
  const existing = merchant.orders.get(wanted.outTradeNo)
  const order = existing ? repeat(platform, merchant, existing, wanted) : wanted
  merchant.saveOrder(order)
  return answer(platform, order)
}

/** The order that is there already, with a new prepay_id when the old one is over. */
function repeat(platform: PayPlatform, merchant: Merchant, order: Order, wanted: Order): Order {
  if (order.product !== wanted.product) throw new PayError('OUT_TRADE_NO_USED', { internal: 268498689 })
  if (order.parameters !== wanted.parameters) throw new PayError('OUT_TRADE_NO_USED')
  const now = platform.schedule.now()
  const state = tradeState(order, merchant.refundsOf(order.outTradeNo), now)
  if (state === 'CLOSED') throw new PayError('ORDER_CLOSED')
  if (state !== 'NOTPAY') throw paid(platform, 268498689)
  const { ticketSeconds, h5Seconds } = platform.rules
  const life = order.product === 'h5' ? h5Seconds : ticketSeconds
  if (now < order.preparedAt + life * 1000) return order
  return { ...order, prepayId: newPrepayId(now), preparedAt: now }
}

/** What ordering and closing answer about an order that was paid. */
export function paid(platform: PayPlatform, internal: number): PayError {
  const code = platform.rules.paidCode === 'ORDERPAID' ? 'ORDERPAID' : 'INVALID_REQUEST'
  return new PayError(code, { message: '该订单已支付', internal })
}

function answer({ url }: PayPlatform, { product, prepayId }: Order): Record<string, unknown> {
  if (product === 'native') return { code_url: codeUrlOf(prepayId) }
  if (product === 'h5')
    return { h5_url: `${url}/pay/h5?prepay_id=${prepayId}&package=${prepayId.slice(-10)}` }
  return { prepay_id: prepayId }
}

/** What a QR code of the order holds. */
export const codeUrlOf = (prepayId: string): string =>
  `weixin://wxpay/bizpayurl/up?pr=${prepayId.slice(-20)}&groupid=00`

/** No source tells the text of this refusal. */
const emoji = /[\u{1f000}-\u{1faff}]|\u{fe0f}|\u{20e3}/u

function readOrder(platform: PayPlatform, merchant: Merchant, body: object, product: Product): Order {
  const fields = new Fields({ ...body })
  if (platform.rules.refuseUnknownFields)
    fields.only(product === 'jsapi' ? [...known, '/payer/openid'] : known)
  const appId = fields.requiredText('/appid', { most: 32 })
  checkMchId(merchant, fields, '/mchid')
  const description = fields.requiredText('/description', { most: 127 })
  if (emoji.test(description)) throw fields.wrong('/description', '不支持表情符号')
  const outTradeNo = fields.requiredText('/out_trade_no', outTradeNoRule)
  const notifyUrl = readNotifyUrl(platform, fields, 255, true)!
  const total = fields.integer('/amount/total', 1)
  fields.oneOf('/amount/currency', ['CNY'])
  fields.text('/goods_tag', { most: 32 })
  const attach = fields.text('/attach', { least: 0, most: 128 })
  checkRight(merchant, appId)
  const openid = product === 'jsapi' ? readOpenid(platform, fields, appId) : undefined
  if (product === 'h5') readScene(fields)
  const now = platform.schedule.now()
  return {
    outTradeNo,
    product,
    appId,
    parameters: JSON.stringify(sorted({ ...body, time_expire: undefined })),
    description,
    ...(attach !== undefined && { attach }),
    notifyUrl,
    total,
    ...(openid !== undefined && { openid }),
    createdAt: now,
    expiresAt: readExpiry(platform, fields, product, now),
    prepayId: newPrepayId(now),
    preparedAt: now,
    state: 'NOTPAY',
    failures: 0,
  }
}

function checkRight({ settings }: Merchant, appId: string): void {
  if (settings.restriction === 'disabled')
    throw new PayError('NO_AUTH', { message: '商户号已被停用，请联系微信支付' })
  if (settings.restriction === 'restricted') throw new PayError('RULE_LIMIT', { message: '商户号收款受限' })
  if (!settings.appIds.includes(appId)) throw new PayError('APPID_MCHID_NOT_MATCH')
}

function readOpenid({ people }: PayPlatform, fields: Fields, appId: string): string {
  const openid = fields.text('/payer/openid', { most: 128 })
  if (openid === undefined) throw fields.wrong('/payer/openid', '输入源缺少必填字段', 268501013)
  const owner = people.appIdOf(openid)
  if (owner === appId) return openid
  const message = owner === undefined ? '无效的openid' : 'appid和openid不匹配'
  const detail = { field: '/payer/openid', value: openid, issue: message, location: 'body' }
  throw new PayError('PARAM_ERROR', { message, detail })
}

function readScene(fields: Fields): void {
  fields.requiredText('/scene_info/payer_client_ip', { most: 45 })
  if (fields.oneOf('/scene_info/h5_info/type', ['Wap', 'iOS', 'Android']) === undefined)
    throw fields.wrong('/scene_info/h5_info/type', '输入源缺少必填字段')
}

function readExpiry({ rules }: PayPlatform, fields: Fields, product: Product, now: number): number {
  const text = fields.text('/time_expire', { most: 64 })
  if (text === undefined) return now + rules.expireSeconds * 1000
  const wanted = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(wanted))
    throw fields.wrong('/time_expire', '不是RFC3339格式的时间')
  const [least, most] = [rules.expireLeastSeconds, rules.expireMostSeconds[product]]
  return Math.min(Math.max(wanted, now + least * 1000), now + most * 1000)
}

/** The same value with its names in order, so that two writings of it are equal. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, below]) => [name, sorted(below)]))
}
