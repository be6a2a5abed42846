import type { Core } from '../../../platform/core.ts'
import type { TiedAddress } from '../../../platform/manifest/setup/tied.ts'
import type { Merchants } from './merchants.ts'
import { paidAddresses } from './store.ts'

const names = {
  jsapi: { check: 'jsapiDirectory', zh: '支付授权目录（JSAPI）', en: 'JSAPI directory (支付授权目录)' },
  h5: { check: 'h5Domain', zh: 'H5 支付域名', en: 'H5 domain (H5支付域名)' },
} as const

/** The directories and domains by which was paid, at the address that the last paid order was notified at. */
export async function merchantsTied(
  { db, merchants }: Pick<Core, 'db'> & { merchants: Merchants },
  corpId: string,
): Promise<TiedAddress[]> {
  if (merchants.ofCorp(corpId).length === 0) return []
  const paid = await paidAddresses(db, corpId, Object.keys(names))
  return paid.flatMap(({ mchId, product, notifyUrl }) => {
    const merchant = merchants.find(corpId, mchId)
    const name = names[product as keyof typeof names]
    const address = URL.parse(notifyUrl)?.origin
    if (!merchant || !name || !address) return []
    return [
      {
        kind: name.check,
        subject: mchId,
        title: { zh: `商户号 ${mchId} 的${name.zh}`, en: `${name.en} of merchant ${mchId}` },
        check: name.check,
        checkUp: `merchant:${mchId}`,
        fix: {
          zh: '请在微信支付商户平台「产品中心 → 开发配置」改为商户号页面所示的值，并支付一笔来确认。',
          en: "Enter the values of the merchant's page here at WeChat Pay's merchant platform, 产品中心 → 开发配置, and pay once to confirm it.",
        },
        path: '/console/payments/merchants',
        address,
      },
    ]
  })
}
