import { createHash } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkTakesPushes } from '../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../platform/core.ts'
import { checkTimestamp, PushRefused, upstreamPush } from '../../../platform/http/upstream-push.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { type AttemptLimit, countAttempt } from '../../../platform/security/counters.ts'
import type { Notification, NotificationFault } from '../../../upstream/wechat-pay/notification.ts'
import type { Headers } from '../../../upstream/wechat-pay/signature.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { entityOf } from './content.ts'

type Needs = Core & { corps: Corps; merchants: Merchants; inbox: Inbox }

/** An order with 20 vouchers has 10 kB; encryption makes it a third longer. */
const bodyAtMost = 64 * 1024

/** Of one merchant: from these an administrator learns that the APIv3 key is not the one that is set at WeChat Pay. */
export const unopened: AttemptLimit = { purpose: 'unopened-payment', atMost: 1, windowMs: 900_000 }

type NotificationHead = { merchant: Merchant; headers: Headers }
type NotificationContent = { merchant: Merchant; raw: string; notification: Notification }

/**
 * Where WeChat Pay tells what became of orders and refunds (docs/upstream/wechat-pay-notifications.md); the merchant is the
 * path's last part.
 */
export const payNotification = upstreamPush({
  path: '/pay/notify/:mchId',
  section: 'wisp',
  bodyAtMost,
  check(ctx: Needs, head): NotificationHead {
    const { mchId = '' } = head.params as { mchId?: string }
    const merchant = ctx.merchants.byNumber(mchId)
    if (!merchant) throw new PushRefused(404, 'there is no such merchant')
    checkTakesPushes(ctx, merchant.corpId)
    for (const name of ['serial', 'signature', 'timestamp', 'nonce'])
      if (typeof head.headers[`wechatpay-${name}`] !== 'string')
        throw new PushRefused(401, `Wechatpay-${name} is missing`)
    checkTimestamp(ctx, String(head.headers['wechatpay-timestamp']))
    return { merchant, headers: head.headers }
  },
  async verify(ctx: Needs, { merchant, headers }, body): Promise<NotificationContent> {
    const opened = await merchant.openNotification(headers, body)
    if (opened.notification) return { merchant, raw: body.toString(), notification: opened.notification }
    const { corpId, mchId } = merchant
    // It is WeChat Pay's, by its signature: nobody else can make this count.
    if (opened.fault === 'decryption') {
      const { count } = await countAttempt(ctx, unopened, { corpId, of: mchId })
      if (count === 1) await checkAlerts(ctx, ctx.db, corpId)
    }
    const status = opened.fault === 'not-json' || opened.fault === 'shape' ? 400 : 401
    throw new PushRefused(status, reasons[opened.fault])
  },
  owner: ({ merchant }) => ({ corpId: merchant.corpId, stream: 'pay', account: merchant.mchId }),
  /** Stored before it is answered; the queue acts on it. */
  async handle(ctx: Needs, { merchant, raw, notification }) {
    const { id, eventType, plain } = notification
    const text = JSON.stringify(plain)
    const { outcome } = await ctx.inbox.accept({
      corpId: merchant.corpId,
      stream: 'pay',
      account: merchant.mchId,
      kind: eventType,
      entity: entityOf(plain),
      dedupeKey: `${merchant.mchId} ${id}`,
      payloadHash: createHash('sha256').update(text).digest('base64'),
      raw,
      plain: text,
    })
    if (outcome === 'reused') throw new PushRefused(409, 'the id was used for another notification')
    return { status: 204, body: '' }
  },
  refusal: message => ({
    type: 'application/json; charset=utf-8',
    body: JSON.stringify({ code: 'FAIL', message }),
  }),
})

const reasons: Readonly<Record<NotificationFault, string>> = {
  'missing-header': 'a header of the signature is missing',
  clock: 'Wechatpay-Timestamp is off by more than 5 minutes',
  probe: 'the signature is a probe',
  'unknown-serial': 'Wechatpay-Serial is no key of WeChat Pay that is known for this merchant',
  signature: 'the signature is wrong',
  'not-json': 'the body is not JSON: a notice of the old interface (v2)?',
  shape: 'the body is not a notification',
  decryption: 'the APIv3 key does not open it',
}
