import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import type { UnreadyStep } from '../../../platform/manifest/setup/unready.ts'
import type { Merchants } from './merchants.ts'

type Needs = Pick<Core, 'now'> & { corps: Corps; merchants: Merchants }

/** Bills that name no merchant are collected by the default one, without which nobody can pay them. */
export function paymentsUnready(ctx: Needs, corpId: string): UnreadyStep[] {
  if (!isOn(ctx, corpId, 'payments')) return []
  const standard = ctx.merchants.defaultOf(corpId)
  if (standard?.enabled) return []
  const place = { zh: '「统一支付 → 商户」', en: 'Payments → Merchants' }
  const path = '/console/payments/merchants'
  const what = {
    zh: '统一支付已开启，但没有商户收款：没有指定商户号的账单不能创建，已有的不通知成员，也不能支付。不需要统一支付时，请在「功能」页面关闭。',
    en: 'Payments are on, but no merchant collects: bills that name no merchant cannot be made, and open ones are neither told nor paid. Without a need for payments, switch them off in Features.',
  }
  return [
    standard
      ? {
          title: { zh: '默认商户号已停用', en: 'The default merchant is disabled' },
          what,
          fix: {
            zh: `请到${place.zh}启用 ${standard.mchId}，或把另一个设为默认。`,
            en: `Enable ${standard.mchId} in ${place.en}, or make another one the default.`,
          },
          act: { zh: '去启用', en: 'Enable it' },
          path,
        }
      : {
          title: { zh: '还没有接入商户号', en: 'No merchant is connected yet' },
          what,
          fix: {
            zh: `请到${place.zh}接入微信支付的商户号。`,
            en: `Connect a merchant of WeChat Pay in ${place.en}.`,
          },
          act: { zh: '接入商户号', en: 'Connect one' },
          path,
        },
  ]
}

/** Which `mchId` of bills can be paid now; '' are those that name none. */
export function collecting(ctx: Needs, corpId: string): string[] {
  if (!isOn(ctx, corpId, 'payments')) return []
  const enabled = ctx.merchants.ofCorp(corpId).filter(one => one.enabled)
  return [...enabled.map(one => one.mchId), ...(enabled.some(one => one.isDefault) ? [''] : [])]
}
