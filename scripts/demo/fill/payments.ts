import { setDeveloper } from '../../../server/callers/developers/developer-admin.ts'
import type { Context } from '../../../server/context.ts'
import { createBills } from '../../../server/features/payments/bills/bills.ts'
import { developerAsCreator } from '../../../server/features/payments/bills/creator.ts'
import { billsByNo } from '../../../server/features/payments/bills/store.ts'
import { addMerchant } from '../../../server/features/payments/merchants/connect.ts'
import { paymentAppOf } from '../../../server/features/payments/merchants/payment-app.ts'
import type { DemoPay } from '../demo-file.ts'
import type { SandboxInfo } from '../sandbox-control.ts'

const payer = 'zhangsan'
/** Bills of 张三, which are left to the visitor. */
export const firstBills = [
  {
    billNo: 'demo-1',
    title: '11 月餐费',
    amount: 12_850,
    items: [{ name: '午餐', amount: 1285, quantity: 10 }],
  },
  { billNo: 'demo-2', title: '停车费', amount: 30_000, remark: '地下车库 B-108，一个季度' },
  { billNo: 'demo-3', title: '工会会费', amount: 1, notify: true },
]

/**
 * Connects the sandbox's merchant, and bills 张三 three times as the sample developer, unless an earlier start that was killed has
 * done it.
 */
export async function connectPayments(
  ctx: Context,
  actor: string,
  info: SandboxInfo,
  devId: string,
): Promise<Omit<DemoPay, 'appUrl'> | undefined> {
  const { corpId } = info
  const [given] = info.pay.merchants
  if (!given) return undefined
  const { mchId, name, appIds, serialNo: serial, privateKey, publicKeyId, publicKey } = given
  const keys = { serial, privateKey, apiV3Key: given.apiV3Key ?? '', publicKeyId, publicKey }
  if (!ctx.merchants.find(corpId, mchId))
    await addMerchant(ctx, actor, corpId, { mchId, name, appIds, ...keys })
  const developer = ctx.developers.get(devId)
  // A developer of an earlier version has no scope for payments.
  if (developer && !developer.scopes.has('pay:write'))
    await setDeveloper(ctx, actor, devId, { scopes: [...developer.scopes, 'pay:read', 'pay:write'] })
  if (developer)
    await ctx.mirrors.during(corpId, async () => {
      if (!ctx.mirrors.of(corpId).members.byKey(payer)) return
      const known = await billsByNo(
        ctx.db,
        { corpId, devId },
        firstBills.map(bill => bill.billNo),
      )
      if (known.length > 0) return
      const creator = developerAsCreator(ctx, developer)
      await createBills(
        ctx,
        creator,
        firstBills.map(bill => ({ ...bill, userId: payer })),
      )
    })
  const app = paymentAppOf(ctx, corpId)
  return app && { mchId, appId: app.id }
}
