import { ControlError, onlyKeys, optional, string } from '../../http/control-input.ts'
import type { Input } from '../input.ts'
import { aboutPayment } from '../notify/content.ts'
import type { PayPlatform } from '../platform.ts'
import { merchantOf, wantedOf } from './ledger.ts'

/** What was told to the merchant's server, oldest first, with what it answered. */
export function notifications(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', 'outTradeNo', 'latest')
  return { notifications: wantedOf(merchantOf(platform, input).notifications.values(), input) }
}

/** Sends a SIGNTEST probe to `url`, or to the notify_url of the latest order; answers the attempt. */
export async function probe(platform: PayPlatform, input: Input): Promise<object> {
  onlyKeys(input, 'mchId', 'url')
  const merchant = merchantOf(platform, input)
  const order = merchant.orders.values().at(-1)
  if (!order) throw new ControlError('there must be an order, which the probe is made of')
  const now = platform.schedule.now()
  const about = aboutPayment(merchant, order, now)
  const url = optional(input, 'url', string) ?? about.url
  return platform.notifier.probe(merchant, {
    ...about,
    url,
    createdAt: now,
    state: 'waiting',
    due: null,
    tries: 0,
    attempts: [],
  })
}
