import { billsByNo } from '../../server/features/payments/bills/store.ts'
import { auditEntries } from '../../server/platform/audit/store.ts'
import type { Db } from '../../server/platform/storage/db.ts'
import type { Demo } from './demo-file.ts'
import { firstBills } from './fill/payments.ts'

/** Whether the audit log has this act of somebody, in any corp. */
export async function hasActed(db: Db, actor: string, act: string): Promise<boolean> {
  const filter = {
    corpId: undefined,
    withInstallation: true,
    actor,
    act,
    target: undefined,
    from: undefined,
    to: undefined,
  }
  const { total } = await auditEntries(db, filter, { limit: 1, offset: 0, descending: true })
  return total > 0
}

/** Whether one of the bills is paid that the demo leaves to its visitor. */
export async function hasPaid(db: Db, { corpId, devId }: Demo): Promise<boolean> {
  const bills = await billsByNo(
    db,
    { corpId, devId },
    firstBills.map(bill => bill.billNo),
  )
  return bills.some(bill => bill.state === 'paid')
}
