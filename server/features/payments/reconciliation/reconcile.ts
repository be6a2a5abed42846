import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import {
  type FundLine,
  readFundBill,
  readTradeBill,
  type TradeBill,
} from '../../../upstream/wechat-pay/bill-file.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { applyTransaction } from '../orders/apply-transaction.ts'
import { applyRefund } from '../refunds/apply-refund.ts'
import { compare, type Difference, sumOf } from './compare.ts'
import * as own from './own-store.ts'
import * as store from './store.ts'

const numbersAtOnce = 1000

/**
 * Holds a day's bills of WeChat Pay against our orders and refunds. Where WeChat is right, ours is mended: it is asked about
 * each difference, and its answer is applied as if it had been told at once. Returns false when the bills are not made yet.
 * Throws what the client throws, and BillFault.
 */
export async function reconcileDay(
  ctx: Core,
  merchant: Merchant,
  day: string,
  lease: Lease,
): Promise<boolean> {
  const [trade, fund] = await Promise.all([merchant.client.tradeBill(day), merchant.client.fundBill(day)])
  if (trade.state === 'creating' || fund.state === 'creating') return false
  const theirs = trade.state === 'ready' ? readTradeBill(trade.text) : { payments: [], refunds: [] }
  const lines = fund.state === 'ready' ? readFundBill(fund.text) : []
  const first = await differencesOf(ctx, merchant, day, theirs)
  for (const { kind, number } of first.differences) await askAbout(ctx, merchant, kind, number)
  const left = first.differences.length > 0 ? await differencesOf(ctx, merchant, day, theirs) : first
  const open = new Set(left.differences.map(keyOf))
  const mended = first.differences.filter(one => !open.has(keyOf(one)))
  const found: store.DayDifference[] = [
    ...left.differences.map(one => ({ ...one, state: 'open' as const, note: '' })),
    ...mended.map(one => ({ ...one, state: 'mended' as const, note: '' })),
    ...fundDifferences(theirs, lines).map(one => ({
      ...one,
      kind: 'fund' as const,
      state: 'open' as const,
      note: '',
    })),
  ]
  const bill = {
    payments: theirs.payments.length,
    paymentsAmount: sumOf(theirs.payments),
    refunds: theirs.refunds.length,
    refundsAmount: sumOf(theirs.refunds),
    equal: left.equal,
    mended: mended.length,
  }
  const at = new Date(ctx.now())
  const { corpId, mchId } = merchant
  await ctx.db.transaction().execute(async tx => {
    await checkAlerts(ctx, tx, corpId)
    await store.finishDay(tx, { corpId, mchId, day }, { bill, fund: fundFigures(lines), found }, at)
    await holdLease(tx, lease)
  })
  return true
}

type OfKind = Difference & { kind: 'payment' | 'refund' }

const keyOf = ({ kind, number }: OfKind) => `${kind} ${number}`

async function differencesOf(
  { db }: Core,
  { corpId, mchId }: Merchant,
  day: string,
  theirs: TradeBill,
): Promise<{ equal: number; differences: OfKind[] }> {
  const payments = theirs.payments.map(({ outTradeNo, amount }) => ({ number: outTradeNo, amount }))
  const orders = await found(payments, numbers => own.ordersByNumber(db, corpId, mchId, numbers))
  const paid = new Map(orders.flatMap(one => (one.isPaid ? [[one.number, one.amount] as const] : [])))
  const ofOrders = compare(payments, paid, await own.ordersPaidOn(db, corpId, mchId, day))

  // What failed moved no money, on either side.
  const backs = theirs.refunds
    .filter(({ status }) => status !== 'FAIL')
    .map(({ outRefundNo, amount }) => ({ number: outRefundNo, amount }))
  const refunds = await found(backs, numbers => own.refundsByNumber(db, corpId, mchId, numbers))
  const succeeded = new Set(
    theirs.refunds.filter(({ status }) => status === 'SUCCESS').map(({ outRefundNo }) => outRefundNo),
  )
  const taken = refunds.filter(
    ({ number, state }) =>
      state === 'success' || (!succeeded.has(number) && (state === 'processing' || state === 'abnormal')),
  )
  const known = new Map(taken.map(one => [one.number, one.amount] as const))
  const ofRefunds = compare(backs, known, await own.refundsOf(db, corpId, mchId, day))
  return {
    equal: ofOrders.equal + ofRefunds.equal,
    differences: [
      ...ofOrders.differences.map(one => ({ ...one, kind: 'payment' as const })),
      ...ofRefunds.differences.map(one => ({ ...one, kind: 'refund' as const })),
    ],
  }
}

async function found<T>(
  entries: readonly { number: string }[],
  read: (numbers: string[]) => Promise<T[]>,
): Promise<T[]> {
  const rows: T[] = []
  for (let from = 0; from < entries.length; from += numbersAtOnce)
    rows.push(...(await read(entries.slice(from, from + numbersAtOnce).map(entry => entry.number))))
  return rows
}

/** Only what is ours can be mended: an order of another system of the same merchant stays a difference. */
async function askAbout(
  ctx: Core,
  merchant: Merchant,
  kind: 'payment' | 'refund',
  number: string,
): Promise<void> {
  const { corpId, mchId, client } = merchant
  if (kind === 'payment') {
    const [order] = await own.ordersByNumber(ctx.db, corpId, mchId, [number])
    const trade = order && (await client.query(number))
    if (trade) await applyTransaction(ctx, merchant, trade)
    return
  }
  const [refund] = await own.refundsByNumber(ctx.db, corpId, mchId, [number])
  const answer = refund && (await client.queryRefund(number))
  if (answer) await applyRefund(ctx, merchant, answer)
}

/**
 * Every payment of the trade bill came into the account, and every refund left it. How much is a matter of the merchant's fees,
 * which some lines have deducted and others beside them, so amounts are only shown.
 */
function fundDifferences({ payments, refunds }: TradeBill, lines: readonly FundLine[]): Difference[] {
  const came = new Set(lines.filter(line => line.amount > 0).map(line => line.businessNo))
  const left = new Set(lines.filter(line => line.amount < 0).map(line => line.businessNo))
  const missing = [
    ...payments
      .filter(one => !came.has(one.transactionId))
      .map(one => ({ number: one.transactionId, ours: one.amount })),
    ...refunds
      .filter(one => one.status === 'SUCCESS' && !left.has(one.refundId))
      .map(one => ({ number: one.refundId, ours: one.amount })),
  ]
  return missing.map(one => ({ ...one, difference: 'hereOnly', theirs: null }))
}

function fundFigures(lines: readonly FundLine[]): store.FundFigures {
  const types: Record<string, number> = {}
  for (const { type, amount } of lines) types[type] = (types[type] ?? 0) + amount
  return {
    lines: lines.length,
    income: sumOf(lines.filter(line => line.amount > 0)),
    expense: sumOf(lines.filter(line => line.amount < 0)),
    types,
  }
}
