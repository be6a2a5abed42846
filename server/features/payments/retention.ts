import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBills } from './bills/store.ts'
import { pruneOrders } from './orders/order-store.ts'
import { pruneReconciliations } from './reconciliation/store.ts'

/** Money is asked about for years: a refund for one, the tax office and auditors for ten. */
const recordsKeptDays = 3650

export const paymentRetention: readonly Retention[] = [
  { table: 'pay_merchant', isBounded: true, because: 'one row per merchant that is connected' },
  {
    table: 'pay_certificate',
    isBounded: true,
    because: 'a merchant has one or two, each valid for five years',
  },
  {
    table: 'pay_bill',
    keptDays: recordsKeptDays,
    countedFrom: 'when it was created, with its timeline; what still waits to be paid stays',
    prune: pruneBills,
  },
  { table: 'pay_bill_event', goesWith: 'pay_bill' },
  {
    table: 'pay_order',
    keptDays: recordsKeptDays,
    countedFrom: 'when it was created, with its refunds; what may still be paid stays',
    prune: pruneOrders,
  },
  { table: 'pay_order_bill', goesWith: 'pay_order' },
  { table: 'pay_refund', goesWith: 'pay_order' },
  {
    table: 'pay_reconciliation',
    keptDays: recordsKeptDays,
    countedFrom: 'when it was last tried, with its differences',
    prune: pruneReconciliations,
  },
  { table: 'pay_difference', goesWith: 'pay_reconciliation' },
]
