import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Accounts } from '../../official/accounts/accounts.ts'
import {
  merchantOf,
  type OrderNeeds,
  type OrderPlace,
  orderBills,
  type PaymentOrder,
} from '../orders/order-bills.ts'
import { accountFor, askWeixin, knownOpenid } from './openid.ts'
import { type Payer, type PayerNeeds, unknownBill } from './payer.ts'
import { payersBills } from './payer-store.ts'

export type PaymentNeeds = PayerNeeds & OrderNeeds & { accounts: Accounts; sessions: Sessions }

/** Where the page is open, as the browser told it. */
export const payerPlaces = ['wechat', 'wecom', 'miniProgram', 'phone', 'desktop'] as const
export type PayerPlace = (typeof payerPlaces)[number]

export type PaymentRequest = {
  billIds: readonly number[]
  place: PayerPlace
  /** WeChat is asked again who pays, because the previous openid was not accepted. */
  renew: boolean
  /** Who pays in a mini-program, as its own page has learnt. */
  inMiniProgram?: { appId: string; openid: string } | undefined
}

/** Why there is a QR code although the client could pay by itself. */
export type QrReason = '' | 'account' | 'openid' | 'miniProgram'

/** How it goes on in the payer's browser. */
export type PaymentStart =
  | { way: 'bridge'; order: PaymentOrder }
  | { way: 'qr'; order: PaymentOrder; reason: QrReason }
  | { way: 'h5'; order: PaymentOrder }
  | { way: 'authorise'; url: string }
  | { way: 'miniProgram'; path: string }

/**
 * Begins the payment of one or several bills in the way that the place allows (docs/interface/payments.md#paying). Throws 1000
 * and what ordering throws.
 */
export async function beginPayment(
  ctx: PaymentNeeds,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  payer: Payer,
  asked: PaymentRequest,
): Promise<PaymentStart> {
  const { billIds, place } = asked
  const { corpId, member } = payer
  const bills = await payersBills(ctx.db, { corpId, payerId: member.id }, billIds)
  if (bills.length !== new Set(billIds).size) throw unknownBill()
  const merchant = merchantOf(ctx, corpId, bills)
  const order = (where: OrderPlace) => orderBills(ctx, { corpId, payerId: member.id, billIds, place: where })
  const qr = async (reason: QrReason): Promise<PaymentStart> => ({
    way: 'qr',
    order: await order({ product: 'native' }),
    reason,
  })
  const bridge = async (appId: string, openid: string): Promise<PaymentStart> => ({
    way: 'bridge',
    order: await order({ product: 'jsapi', appId, openid }),
  })
  if (place === 'wechat') {
    const account = accountFor(ctx, corpId, merchant)
    if (!account) return qr('account')
    const openid = asked.renew ? undefined : knownOpenid(ctx, request, payer, account.appId)
    if (openid === undefined)
      return { way: 'authorise', url: askWeixin(ctx, request, reply, payer, { account, bills: billIds }) }
    return bridge(account.appId, openid)
  }
  if (place === 'wecom') {
    if (!merchant.appIds.includes(corpId)) return qr('account')
    const openid = await openidInWecom(ctx, payer)
    return openid === undefined ? qr('openid') : bridge(corpId, openid)
  }
  if (place === 'miniProgram') {
    if (asked.inMiniProgram) return bridge(asked.inMiniProgram.appId, asked.inMiniProgram.openid)
    if (!merchant.miniProgram || !payer.ticket) return qr('miniProgram')
    return { way: 'miniProgram', path: pathIn(merchant.miniProgram, billIds, payer.ticket) }
  }
  if (place === 'phone') {
    const base = publicUrlOf(ctx, ctx.corps.find(corpId))
    const redirectUrl = `${base}/pay/paying?bills=${billIds.join(',')}`
    const kind = h5KindOf(request.headers['user-agent'] ?? '')
    return { way: 'h5', order: await order({ product: 'h5', clientIp: request.ip, kind, redirectUrl }) }
  }
  return qr('')
}

/** Undefined when WeCom does not tell: the member has no WeChat there, or WeCom is away. */
async function openidInWecom(ctx: PaymentNeeds, { corpId, member }: Payer): Promise<string | undefined> {
  const corp = ctx.corps.get(corpId)
  const agent = corp.agents.find(one => one.uses.includes('signin')) ?? corp.agents[0]
  if (!agent) return undefined
  try {
    return await agent.client.convertToOpenid(member.userId)
  } catch (error) {
    if (!(error instanceof WecomError) && !(error instanceof WecomUnavailable)) throw error
    ctx.log.warn({ corpId, ...describeError(error) }, 'no openid of a payer')
    return undefined
  }
}

/** The mini-program's page pays with the ticket in the payer's name, by place `miniProgram` with its AppID and openid. */
function pathIn(page: string, billIds: readonly number[], ticket: string): string {
  const query = new URLSearchParams({ bills: billIds.join(','), ticket })
  return `${page}${page.includes('?') ? '&' : '?'}${query}`
}

function h5KindOf(userAgent: string): 'Wap' | 'iOS' | 'Android' {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'iOS'
  return /Android/.test(userAgent) ? 'Android' : 'Wap'
}
