import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'

/** What is entered at WeChat Pay, 产品中心 → 开发配置, and where it notifies. */
export type Addresses = {
  /** Without a query, which WeChat Pay would refuse. */
  notifyUrl: string
  /** 支付授权目录: the payer's page is below it. */
  jsapiDirectory: string
  /** H5 支付域名. */
  h5Domain: string
}

export function addressesOf(ctx: Core & { corps: Corps }, corpId: string, mchId: string): Addresses {
  const base = publicUrlOf(ctx, ctx.corps.find(corpId))
  return {
    notifyUrl: `${base}/pay/notify/${mchId}`,
    jsapiDirectory: `${base}/pay/`,
    h5Domain: URL.parse(base)?.hostname ?? '',
  }
}
