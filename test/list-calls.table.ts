import type { Audience } from './operator-calls.table.ts'

/** Calls of the overview, of bills, and of what lists keep. */
export const listCalls: Record<string, Audience> = {
  '/web/console/views': 'graded',
  '/web/console/views/save': 'graded',
  '/web/console/views/remove': 'graded',
  '/web/directory/changes': 'super',
  '/web/console/search': 'graded',
  '/web/payments/bills': 'graded',
  '/web/payments/bills/choices': 'graded',
  '/web/payments/bills/create': 'graded',
  '/web/payments/bills/close': 'graded',
  '/web/payments/bills/totals': 'graded',
  '/web/payments/bills/export': 'graded',
  '/web/payments/bills/import-preview': 'graded',
  '/web/payments/bills/import-apply': 'graded',
  '/web/payments/bills/import-template': 'graded',
  '/web/alerts': 'super',
  '/web/alerts/number': 'super',
  '/web/alerts/past': 'super',
  '/web/alerts/acknowledge': 'super',
}
