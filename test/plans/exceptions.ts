import type { Access } from './plan.ts'

/** Reads of a large table by neither a corp nor the key of a row, and why each may be. */
type Exception = { why: string; table: string; by: RegExp; text?: RegExp }

export const exceptions: readonly Exception[] = [
  {
    why: 'a person is of one corp, and the index knows persons alone',
    table: 'message_part',
    by: /^message_part_of_many$/,
  },
  {
    why: 'the gauge of what waits in all corps, by an index of what waits',
    table: 'message_part',
    by: /^message_part_due$/,
  },
  {
    why: 'which corps wait for receipts of SMS, each minute for all of them, by an index of those parts alone',
    table: 'message_part',
    by: /^message_part_without_receipt$/,
    text: /from corp c where exists/,
  },
  {
    why: 'the gauge of what waits in all corps, by an index of what waits',
    table: 'webhook_delivery',
    by: /^webhook_delivery_waiting$/,
  },
  {
    why: 'pushes that nobody could work on yet, in all corps, by an index of those',
    table: 'inbox_event',
    by: /^inbox_event_(open|parked)$/,
  },
  {
    why: 'the nightly prune, by an index of age',
    table: 'card_code',
    by: /^card_code_old$/,
    text: /^\s*delete/,
  },
  { why: 'the nightly prune, by an index of age', table: 'audit', by: /^audit_age$/, text: /^\s*delete/ },
  {
    why: 'the nightly prune, by an index of age',
    table: 'member',
    by: /^member_left$/,
    text: /^\s*delete from "member"/,
  },
  {
    why: 'one entry by its id, or the newest of all',
    table: 'audit',
    by: /^audit_pkey$/,
    text: /"id" = \$1$|^select max/,
  },
  {
    why: 'what enters the audit trees, of all corps at once, each row by its key',
    table: 'audit',
    by: /^audit_pkey$/,
    text: /any\(\$1::bigint|delete from audit_repetition/,
  },
  {
    why: 'found by the number, which says nothing of the month: two or three are kept, and each is asked by its key',
    table: 'event',
    by: /^every month$/,
    text: /seq (>|= any)/,
  },
  {
    why: 'acts on all corps, as the local administrator alone reads them',
    table: 'audit',
    by: /./,
    text: /where 1 = 1/,
  },
]

export function exceptionFor({ table, by }: Access, text: string): Exception | undefined {
  return exceptions.find(
    one => one.table === table && one.by.test(by) && (one.text === undefined || one.text.test(text)),
  )
}
