import type { Core } from '../../../platform/core.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { openDifferences } from '../reconciliation/store.ts'

type Needs = Core

export const dayDiffers: Cause<Needs, { mchId: string; open: number; failed: number; day: string }> = {
  async find({ db }) {
    const found = await openDifferences(db)
    return {
      found: found.map(({ corpId, mchId, open, failed, day }) => ({
        corpId,
        subject: mchId,
        detail: { mchId, open, failed, day },
      })),
    }
  },
  tell: ({ mchId, open, failed, day }) => ({
    title: { zh: '支付对账有差异', en: 'Payments do not match' },
    what: {
      zh: [
        `商户 ${mchId}，最近 ${day}：`,
        open > 0 ? `${open} 笔与微信支付的账单不一致` : '',
        open > 0 && failed > 0 ? '，' : '',
        failed > 0 ? `${failed} 天的账单没有取到` : '',
        '。',
      ].join(''),
      en: `Merchant ${mchId}, last on ${day}: ${open} differ from WeChat Pay's bills, and ${failed} days could not be read.`,
    },
    fix: {
      zh: '请到「统一支付 → 对账」逐笔核对，查明后标记为已处理。',
      en: 'Look at each under Payments, Reconciliation, and mark it when you know why.',
    },
    path: `/console/payments/reconciliation?${new URLSearchParams({ mchId, state: 'open' })}`,
  }),
}
