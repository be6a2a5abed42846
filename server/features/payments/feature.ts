/**
 * The folders of payments/: merchants/ with doctor/; bills/, orders/, refunds/, notifications/; polls/ when WeChat Pay is asked
 * about orders and refunds; reconciliation/; payer/ the payer's page; api/; calls/ of the console.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { UpstreamPool } from '../../upstream/transport/pool.ts'
import type { Apps } from '../apps/catalog.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import type { Outbox } from '../messages/accept/outbox.ts'
import type { Dispatcher } from '../messages/deliver/dispatcher.ts'
import type { Messages } from '../messages/fate/status.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import { closeBillCall, createBill, getBill, listBillsCall } from './api/bills-api.ts'
import { readBills } from './api/event-content.ts'
import { createRefund, getRefund } from './api/refunds-api.ts'
import { payShortcut } from './api/shortcut-api.ts'
import { billValues } from './api/trial-values.ts'
import { billEvents } from './bills/event-types.ts'
import { handleBillNotices } from './bills/notices.ts'
import { openBills } from './bills/open-bills.ts'
import * as bills from './calls/bill-calls.ts'
import { exportBills } from './calls/bill-export.ts'
import * as billImport from './calls/bill-import-calls.ts'
import * as payMerchants from './calls/merchant-calls.ts'
import * as notifications from './calls/notification-calls.ts'
import { ordersOfBillCall } from './calls/order-calls.ts'
import * as reconciliations from './calls/reconciliation-calls.ts'
import * as refunds from './calls/refund-calls.ts'
import { billsSearched } from './calls/searched.ts'
import { paymentAttention } from './causes/attention.ts'
import { merchantCertificateEnds } from './causes/merchant-certificate.ts'
import { paymentDiffers, paymentsParked, paymentsUnopened, refundAbnormal } from './causes/payments.ts'
import { dayDiffers } from './causes/reconciliation.ts'
import { payBillCommands } from './commands/bills.ts'
import { payMerchantCommands } from './commands/merchants.ts'
import { payReconcileCommands } from './commands/reconcile.ts'
import { payRefundCommands } from './commands/refunds.ts'
import { createMerchants, type Merchants, type PayOptions } from './merchants/merchants.ts'
import { paymentsUnready } from './merchants/ready.ts'
import { merchantsTied } from './merchants/tied.ts'
import { payNotification } from './notifications/notify.ts'
import { billsWaiting } from './payer/bills-waiting.ts'
import { enterPayerPage } from './payer/enter.ts'
import { registerPayerOpenid } from './payer/openid.ts'
import { createShortcut, type Shortcut } from './payer/pay-ticket.ts'
import { corpOfTicket } from './payer/payer.ts'
import * as payer from './payer/payer-calls.ts'
import { askAboutMissed } from './polls/ask-soon.ts'
import { scheduleReconciliation } from './reconciliation/days.ts'
import { paymentPersonal, paymentRetention } from './retention.ts'
import { paymentSealed } from './sealed.ts'
import { openPayments, paidBills } from './switched-off.ts'
import { handlePayments } from './work.ts'

type Needs = Core & {
  accounts: Accounts
  apps: Apps
  corps: Corps
  developers: Developers
  dispatcher: Dispatcher
  inbox: Inbox
  jobs: Jobs
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  outbox: Outbox
  payOptions: PayOptions
  queue: Queue
  roles: Roles
  sessions: Sessions
  upstreamPool: UpstreamPool
}
type Services = { merchants: Merchants; shortcut: Shortcut }

/** Unified payment (统一支付) over WeChat Pay. */
export const paymentsFeature = feature<Needs, Services>()({
  name: 'payments',
  optional: {
    title: { zh: '统一支付', en: 'Payments' },
    brings: {
      zh: '账单、缴费、退款、对账',
      en: 'Bills paid by WeChat Pay: bills and their import, the page that pays them, refunds, daily reconciliation',
    },
    // Money that was taken can be returned and accounted for, whatever is switched off.
    whenOff: [
      '/web/payments/bills/close',
      '/web/payments/merchants/save',
      '/web/payments/merchants/doctor',
      '/web/payments/merchants/remove',
      '/web/payments/notifications/replay',
      '/web/payments/reconciliation/run',
      '/web/payments/reconciliation/acknowledge',
      '/web/payments/refunds/create',
      '/web/payments/refunds/retry',
      '/web/payments/refunds/to-merchant',
      '/web/pay/seen',
    ],
    keptOnBy: openPayments,
    goesOn: paidBills,
  },
  eventTypes: billEvents,
  scopes: ['pay:read', 'pay:write', 'pay:refund'],
  calls: [createBill, closeBillCall, getBill, listBillsCall, createRefund, getRefund, payShortcut],
  pageCalls: [
    payMerchants.listMerchants,
    payMerchants.showMerchant,
    payMerchants.addMerchantCall,
    payMerchants.saveMerchant,
    payMerchants.enableMerchant,
    payMerchants.defaultMerchant,
    payMerchants.removeMerchantCall,
    payMerchants.examineMerchantCall,
    reconciliations.reconciliations,
    reconciliations.reconciliation,
    reconciliations.runReconciliation,
    reconciliations.acknowledgeReconciliation,
    bills.listBillsOfConsole,
    bills.billChoices,
    bills.billDetail,
    bills.createBillOfConsole,
    bills.closeBillOfConsole,
    bills.billTotals,
    exportBills,
    billImport.previewBillImport,
    billImport.applyBillImport,
    billImport.billImportTemplate,
    refunds.listRefundsCall,
    refunds.refundOne,
    refunds.createRefundCall,
    refunds.retryRefundCall,
    refunds.refundToMerchantCall,
    ordersOfBillCall,
    notifications.listNotifications,
    notifications.notificationOne,
    notifications.replayNotificationsCall,
    payer.whoPays,
    payer.openBills,
    payer.pastBills,
    payer.oneBill,
    payer.seeBills,
    payer.payBills,
    payer.paymentState,
  ],
  pushes: [payNotification],
  routes: registerPayerOpenid,
  enter: { pay: enterPayerPage },
  corpOf: { pay: corpOfTicket },
  search: { bills: billsSearched },
  commands: [...payReconcileCommands, ...payMerchantCommands, ...payBillCommands, ...payRefundCommands],
  commandGroups: {
    pay: { zh: '创建账单、退款、对账，接入商户号', en: 'Create bills, refund, reconcile, connect merchants' },
    'pay merchant': {
      zh: '接入、修改和检查微信支付商户号',
      en: 'Connect, change and check WeChat Pay merchants',
    },
    'pay bill': { zh: '创建、列出、关闭账单和退款', en: 'Create, list, close and refund bills' },
    'pay refund': { zh: '退款，查看和重试退款', en: 'Refund bills, show and retry refunds' },
  },
  personal: paymentPersonal,
  obstacle: openBills,
  tables: paymentRetention,
  sealed: paymentSealed,
  attention: paymentAttention,
  tied: merchantsTied,
  unready: paymentsUnready,
  waiting: billsWaiting,
  causes: {
    paymentDiffers,
    paymentsParked,
    paymentsUnopened,
    refundAbnormal,
    merchantCertificateEnds,
    dayDiffers,
  },
  events: readBills,
  trialValues: billValues,
  create: ctx => ({ merchants: createMerchants(ctx), shortcut: createShortcut(ctx) }),
  readers: ({ merchants }) => [merchants],
  work(ctx) {
    handleBillNotices(ctx)
    handlePayments(ctx)
  },
  missed: askAboutMissed,
  schedule: scheduleReconciliation,
})
