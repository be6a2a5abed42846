import type { UpstreamHealth } from '../platform/operation/answering.ts'
import type { Metrics } from '../platform/operation/metrics.ts'
import type { Outages } from '../platform/operation/outages.ts'

export type UpstreamName = 'wecom' | 'official' | 'wechat-pay'

/** `errcode` as the upstream says it; `network` where it gave no usable answer. */
export type UpstreamCall = { path: string; errcode: number | string; ms: number }

/** Counts the call for `who`, a corp, an account or a merchant, and notes whether the upstream answers at all: what it refuses with a code of its own is an answer. */
export function noteUpstreamCall(
  { metrics, outages, answering }: { metrics: Metrics; outages: Outages; answering: UpstreamHealth },
  upstream: UpstreamName,
  { path, errcode, ms }: UpstreamCall,
  who: string,
): void {
  metrics.countUpstream(upstream, path, errcode, ms)
  outages.note({ kind: 'upstream', name: upstream }, isDown(errcode) ? `${path}: ${errcode}` : undefined)
  if (errcode === 'network') answering.missed(upstream, who, '')
  else answering.heard(upstream)
}

/** WeCom and official accounts say -1 when they are busy, WeChat Pay SYSTEM_ERROR or a status. */
function isDown(errcode: number | string): boolean {
  return /^(network|-1|SYSTEM_ERROR|5\d\d)$/.test(String(errcode))
}
