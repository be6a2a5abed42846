import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const paymentPersonal: readonly PersonalTable[] = [
  {
    table: 'pay_bill',
    what: { zh: '账单', en: 'bills' },
    why: 'payments',
    given: ['wechat', 'developers'],
    columns: { payer_id: 'member', payer_user_id: 'userId', payer_name: 'text', created_by: 'text' },
    shown: ['bill_no', 'title', 'amount', 'state', 'remark'],
    erased: 'money',
  },
  {
    table: 'pay_bill_event',
    what: { zh: '账单的经过', en: 'what happened to bills' },
    why: 'payments',
    columns: { actor: 'userId', detail: 'quoted' },
    erased: 'money',
  },
  {
    table: 'pay_order',
    what: { zh: '支付订单', en: 'orders' },
    why: 'payments',
    given: ['wechat'],
    columns: { openid: 'openid', payer_openid: 'openid' },
    shown: ['out_trade_no', 'amount', 'state'],
    erased: 'money',
  },
  {
    table: 'pay_refund',
    what: { zh: '退款', en: 'refunds' },
    why: 'payments',
    given: ['wechat'],
    columns: { actor: 'userId', received_account: 'text', answer: 'quoted' },
    shown: ['amount', 'state'],
    erased: 'money',
  },
  {
    table: 'pay_difference',
    what: { zh: '对账差异', en: 'differences' },
    why: 'payments',
    columns: { acknowledged_by: 'userId' },
    erased: 'money',
  },
]
