import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { App } from '../../apps/app.ts'
import { ensureBuiltinApp } from '../../apps/builtin.ts'
import type { Apps } from '../../apps/catalog.ts'

/** Makes the app 统一支付, with a corp's first merchant or bill. The caller reloads the configuration after the commit. */
export function ensurePaymentApp(tx: Db, ctx: Core, corpId: string): Promise<void> {
  return ensureBuiltinApp(tx, ctx, corpId, {
    builtin: 'payments',
    name: '统一支付',
    description: '查看待付款的账单，用微信支付',
  })
}

export function paymentAppOf({ apps }: { apps: Apps }, corpId: string): App | undefined {
  return apps.ofCorp(corpId).find(app => app.builtin === 'payments')
}
