import { isIP } from 'node:net'
import type { Fields } from '../input.ts'
import type { PayPlatform } from '../platform.ts'

/** https, a full path, no query, and a name of the internet (docs/upstream/wechat-pay-orders.md#fields). */
export function readNotifyUrl(
  { rules }: PayPlatform,
  fields: Fields,
  most: number,
  isRequired: boolean,
): string | undefined {
  const url = (isRequired ? fields.requiredText : fields.text).call(fields, '/notify_url', { most })
  if (url === undefined) return undefined
  const wrong = (issue: string) => fields.wrong('/notify_url', issue)
  if (!URL.canParse(url)) throw wrong('不是有效的URL')
  const { protocol, hostname } = new URL(url)
  if (url.includes('?') || url.includes('#')) throw wrong('不能携带参数')
  const host = hostname.replaceAll(/[[\]]/g, '')
  const isLoopback = host === 'localhost' || host === '::1' || /^127\./.test(host)
  if (isLoopback && rules.loopbackNotify && /^https?:$/.test(protocol)) return url
  if (protocol !== 'https:') throw wrong('必须以https://开头')
  if (isIP(host) !== 0 || isLoopback || !host.includes('.')) throw wrong('必须是外网可访问的域名')
  return url
}
