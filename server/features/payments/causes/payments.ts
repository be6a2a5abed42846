import type { Core } from '../../../platform/core.ts'
import { counted, formatCount } from '../../../platform/format.ts'
import { inboxStates } from '../../../platform/inbox/event-store.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { countersOfCorps } from '../../../platform/security/counter-store.ts'
import { differsForMs } from '../bills/store.ts'
import { unopened } from '../notifications/notify.ts'
import { faultsSince } from '../orders/order-list-store.ts'
import { abnormalRefunds } from '../refunds/refund-store.ts'

type Needs = Core

/** WeChat Pay is asked at once, so that nothing stays open; but somebody should know that it happened. */
/** A right key ends it at the latest after this time. */
const unopenedForMs = 3_600_000

/** What WeChat Pay notified or answered names another amount, merchant or AppID than the order, or pays a bill twice. */
export const paymentDiffers: Cause<Needs, { count: number; outTradeNo: string }> = {
  async find(ctx) {
    const faults = await faultsSince(ctx.db, new Date(ctx.now() - differsForMs))
    return { found: faults.map(({ corpId, ...detail }) => ({ corpId, detail })) }
  },
  tell: ({ count, outTradeNo }) => ({
    title: { zh: '支付结果与订单不一致', en: 'A payment does not fit its order' },
    what: {
      zh: `${formatCount(count)} 笔订单收到的通知或查询结果与订单的金额、商户号或 AppID 不符，未采用（例如 ${outTradeNo}）。`,
      en: `What WeChat Pay told about ${counted(count, 'order')} names another amount, merchant or AppID, and was not applied (${outTradeNo}).`,
    },
    fix: {
      zh: '系统已向微信支付查询。请在账单的时间线查看差异，并在商户平台核对该订单；重复支付的请退款。',
      en: 'WeChat Pay was asked. See the difference in the timeline of the bill, and compare the order on the merchant platform; refund what was paid twice.',
    },
    path: '/console/payments/bills?state=differs',
  }),
}

export const paymentsParked: Cause<Needs, { count: number }> = {
  async find(ctx) {
    const states = await inboxStates(ctx.db, 'pay')
    return {
      found: [...states].flatMap(([corpId, { parked }]) =>
        parked > 0 ? [{ corpId, detail: { count: parked } }] : [],
      ),
    }
  },
  tell: ({ count }) => ({
    title: { zh: '支付通知处理失败', en: 'Payment notifications failed' },
    what: {
      zh: `${formatCount(count)} 条微信支付的通知多次处理失败，已停下等待处理。`,
      en: `${counted(count, 'notification')} of WeChat Pay failed several times and wait for somebody.`,
    },
    fix: {
      zh: '请查看原因，处理后重放。没有对应订单的，可能是在商户平台直接发起的收款或退款。',
      en: 'See why, mend it and replay. Those without an order may be of payments or refunds made on the merchant platform.',
    },
    path: '/console/payments/notifications?state=parked',
  }),
}

/** WeChat Pay's own notifications, by their signature, which the key does not open; it repeats them for a day. */
export const paymentsUnopened: Cause<Needs, Record<string, never>> = {
  async find(ctx) {
    const counters = await countersOfCorps(ctx.db, unopened.purpose, new Date(ctx.now() - unopenedForMs))
    const corpIds = new Set(counters.map(one => one.corpId))
    return { found: [...corpIds].map(corpId => ({ corpId, detail: {} })) }
  },
  tell: () => ({
    title: { zh: '支付通知无法解密', en: 'Payment notifications cannot be opened' },
    what: {
      zh: '微信支付的通知签名正确，但 APIv3 密钥无法解密，因此全部被拒绝。付款结果目前只靠查询得知，会慢一些。',
      en: 'Notifications of WeChat Pay are signed well, but the APIv3 key does not open them, so they are refused. Payments are found out by asking, which is slower.',
    },
    fix: {
      zh: '请在商户平台「账户中心 → API安全」核对或重设 APIv3 密钥，并在商户设置中填写同一个密钥，然后体检一次。',
      en: 'Set the APIv3 key on the merchant platform (账户中心 → API安全), enter the same one in the settings of the merchant, and examine it.',
    },
    path: '/console/payments/merchants',
  }),
}

export const refundAbnormal: Cause<Needs, { count: number }> = {
  async find(ctx) {
    const refunds = await abnormalRefunds(ctx.db)
    return { found: refunds.map(({ corpId, count }) => ({ corpId, detail: { count } })) }
  },
  tell: ({ count }) => ({
    title: { zh: '退款异常', en: 'Refunds are abnormal' },
    what: {
      zh: `${formatCount(count)} 笔退款无法退到付款人的账户（如银行卡已注销）。`,
      en: `${counted(count, 'refund')} cannot reach the payer's account, such as a bank card that was cancelled.`,
    },
    fix: {
      zh: '请在退款页退至商户账户后线下退给付款人，或在商户平台「交易中心 → 退款」处理。',
      en: "On the page of refunds send the money to the merchant's account and give it back by hand, or handle it on the merchant platform (交易中心 → 退款).",
    },
    path: '/console/payments/refunds?state=abnormal',
  }),
}
