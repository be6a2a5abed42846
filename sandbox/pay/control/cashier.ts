import { ControlError, oneOf, onlyKeys, optional, string } from '../../http/control-input.ts'
import { isSignedBy } from '../crypto/sign.ts'
import type { Input } from '../input.ts'
import type { Person } from '../people.ts'
import type { PayPlatform } from '../platform.ts'
import { CannotPay, checkPayable, payerOf } from '../state/paying.ts'
import { findOrder, type MerchantOrder, ways } from './pay.ts'

/**
 * What the payment dialog shows: the payee, the amount, and `problem` in WeChat's words when nothing can be paid.
 * A page's `request` is what it gave to getBrandWCPayRequest; `page` is its address.
 */
export function openCashier(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', ...ways, 'request', 'page', 'client', 'person', 'referrer', 'redirectUrl')
  const client = optional(input, 'client', oneOf('wechat', 'wecom', 'miniprogram'))
  const person = personOf(client, optional(input, 'person', string))
  try {
    const found = input['request'] === undefined ? findWay(platform, input) : findRequest(platform, input)
    if (input['h5Url'] !== undefined) checkH5(platform, found, input)
    checkPayable(platform, found.merchant, found.order)
    const openid = payerOf(platform, found.order, person)
    return { ...shown(found), payer: platform.people.nameOf(person ?? { openid }), problem: null }
  } catch (error) {
    if (!(error instanceof CannotPay)) throw error
    return { problem: error.message }
  }
}

const shown = ({ merchant, order }: MerchantOrder): object => ({
  payee: merchant.settings.name,
  description: order.description,
  total: order.total,
  prepayId: order.prepayId,
  outTradeNo: order.outTradeNo,
})

function personOf(client: string | undefined, person: string | undefined): Person | undefined {
  if (person === undefined || person === '') return undefined
  return client === 'wecom' ? { userid: person } : { openid: person }
}

/** By a code or an address that was scanned or opened, which may be anything. */
function findWay(platform: PayPlatform, input: Input): MerchantOrder {
  try {
    return findOrder(platform, Object.fromEntries(['mchId', ...ways].map(name => [name, input[name]])))
  } catch (error) {
    throw error instanceof ControlError ? new CannotPay('支付会话已过期，请返回商户重新下单') : error
  }
}

const names = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'] as const

/** Judges what a page gave to getBrandWCPayRequest (docs/upstream/wechat-pay-orders.md#paying-in-a-page). */
function findRequest(platform: PayPlatform, input: Input): MerchantOrder {
  if (input['client'] === 'miniprogram') throw new CannotPay('system:access_denied')
  const given = input['request'] as Record<string, unknown> | null
  const request = Object.fromEntries(names.map(name => [name, given?.[name]]))
  const missing = names.find(name => typeof request[name] !== 'string' || request[name] === '')
  if (missing) throw new CannotPay(`调用支付JSAPI缺少参数：${missing}`)
  const {
    appId,
    timeStamp,
    nonceStr,
    package: wrapped,
    signType,
    paySign,
  } = request as Record<string, string>
  const found = findWay(platform, { prepayId: wrapped!.replace(/^prepay_id=/, '') })
  const { merchant, order } = found
  const isSigned =
    signType === 'RSA' &&
    wrapped!.startsWith('prepay_id=') &&
    nonceStr!.length <= 32 &&
    appId === order.appId &&
    isSignedBy(merchant.keys.merchant.publicKey, [appId!, timeStamp!, nonceStr!, wrapped!], paySign!)
  if (!isSigned) throw new CannotPay('支付验证签名失败')
  const page = optional(input, 'page', string) ?? ''
  const { payDirectories } = merchant.settings
  if (payDirectories && !payDirectories.some(directory => page.startsWith(directory)))
    throw new CannotPay(`当前页面的URL未注册：${page.split(/[?#]/)[0]}`)
  return found
}

/** WeChat's page looks at the address that led to it, and at the one that it is to lead back to. */
function checkH5(platform: PayPlatform, { merchant }: MerchantOrder, input: Input): void {
  if (input['client'] !== undefined) throw new CannotPay('请在微信外打开订单，进行支付')
  const { h5Domains } = merchant.settings
  const referrer = URL.parse(optional(input, 'referrer', string) ?? '')
  if (!referrer && platform.rules.h5NeedsReferer) throw new CannotPay('商家参数格式有误，请联系商家解决')
  const redirect = URL.parse(optional(input, 'redirectUrl', string) ?? '')
  for (const address of [referrer, redirect])
    if (h5Domains && address && !h5Domains.includes(address.hostname))
      throw new CannotPay('商家存在未配置的参数，请联系商家解决')
}
