import { createBills } from '../../../../server/features/payments/bills/bills.ts'
import { type Creator, developerAsCreator } from '../../../../server/features/payments/bills/creator.ts'
import { type Bill, billsByNo } from '../../../../server/features/payments/bills/store.ts'
import { closeBill } from '../../../../server/features/payments/orders/close-bill.ts'
import { orderBills } from '../../../../server/features/payments/orders/order-bills.ts'
import { requestReconciliation } from '../../../../server/features/payments/reconciliation/days.ts'
import { refundBill } from '../../../../server/features/payments/refunds/refund-bill.ts'
import { dayOf } from '../../../../server/platform/operation/day.ts'
import { firstBills } from '../payments.ts'
import { actor, dayMs, daysBack, type HistoryFill, personOf, until } from './part.ts'
import { moveBills } from './past-store.ts'

type Fate = 'open' | 'closed' | 'paid' | 'refunded' | 'partly' | 'processing' | 'abnormal'
type Sample = { title: string; amount: number; to: number; days: number; fate: Fate; dueInDays?: number }

/** `days` is how long ago the bill was made, the oldest first; `to` counts members, 0 being 张三. Amounts are fen. */
const samples: readonly Sample[] = [
  { title: '10 月餐费', amount: 31_260, to: 0, days: 24, fate: 'paid' },
  { title: '物业费', amount: 68_000, to: 1, days: 20, fate: 'paid' },
  { title: '宿舍水电费', amount: 15_630, to: 2, days: 18, fate: 'open', dueInDays: -3 },
  { title: '宿舍水电费', amount: 12_480, to: 3, days: 18, fate: 'paid' },
  { title: '培训资料费', amount: 9_900, to: 4, days: 15, fate: 'partly' },
  { title: '羽毛球馆场地费', amount: 8_000, to: 0, days: 12, fate: 'refunded' },
  { title: '年会礼服租赁', amount: 26_000, to: 5, days: 9, fate: 'processing' },
  { title: '疗休养自付部分', amount: 120_000, to: 6, days: 8, fate: 'abnormal' },
  { title: '工牌补办', amount: 2_000, to: 7, days: 7, fate: 'closed' },
  { title: '停车费', amount: 30_000, to: 8, days: 6, fate: 'paid' },
  { title: '健身房会员', amount: 88_000, to: 9, days: 4, fate: 'open', dueInDays: 10 },
  { title: '图书逾期费', amount: 350, to: 10, days: 4, fate: 'paid' },
  { title: '团建活动费', amount: 16_800, to: 11, days: 2, fate: 'open' },
  { title: '团建活动费', amount: 16_800, to: 12, days: 2, fate: 'open', dueInDays: 5 },
]
const numberOf = (n: number) => `demo-month-${String(n + 1).padStart(2, '0')}`

/** Bills in every state. Those that are paid are ordered by wisp and paid at the sandbox, which tells wisp. */
export async function fillBills(filling: HistoryFill): Promise<void> {
  const { ctx, demo, corpId } = filling
  const developer = ctx.developers.get(demo.devId)
  if (!developer || !demo.pay) return
  const of = { corpId, devId: demo.devId }
  const known = await billsByNo(
    ctx.db,
    of,
    samples.map((_, n) => numberOf(n)),
  )
  const bills = known.length > 0 ? known : await create(filling, developerAsCreator(ctx, developer))
  if (isMoved(filling, bills)) return
  const byNumber = new Map(bills.map(bill => [bill.billNo, bill]))
  for (const [n, sample] of samples.entries()) {
    const bill = byNumber.get(numberOf(n))
    if (bill?.state === 'open') await bring(filling, bill, sample)
  }
  const moved = samples.map(({ days }, n) => ({ billNo: numberOf(n), days }))
  const first = firstBills.map(({ billNo }, n) => ({ billNo, days: daysBack - 1 - n }))
  await ctx.db.transaction().execute(tx => moveBills(tx, of, [...first, ...moved]))
  // Of the days that are reconciled none is moved here. Of two days ago WeChat Pay surely has made its bill; yesterday's comes in the morning.
  for (const days of [2, 1])
    await requestReconciliation(
      ctx,
      { corpId, actor },
      { mchId: demo.pay.mchId, day: dayOf(ctx.now() - days * dayMs) },
    )
}

function create(filling: HistoryFill, creator: Creator): Promise<Bill[]> {
  const { ctx } = filling
  const given = samples.map(({ title, amount, to, dueInDays }, n) => ({
    billNo: numberOf(n),
    userId: personOf(filling, to).userId,
    title,
    amount,
    ...(dueInDays !== undefined && { dueAt: new Date(ctx.now() + dueInDays * dayMs).toISOString() }),
  }))
  return createBills(ctx, creator, given)
}

/** The bills are moved to their days at the end, so that nothing is left to do then. */
const isMoved = ({ ctx }: HistoryFill, bills: readonly Bill[]) =>
  bills.some(bill => bill.createdAt.getTime() < ctx.now() - dayMs)

async function bring(filling: HistoryFill, bill: Bill, { fate, amount, to }: Sample): Promise<void> {
  const { ctx, corpId, sandbox } = filling
  if (fate === 'open') return
  if (fate === 'closed') return closeBill(ctx, { corpId, actor }, bill.id)
  if (bill.payerId === null) throw new Error(`bill ${bill.billNo} has no payer`)
  const place = { product: 'native' } as const
  const { outTradeNo } = await orderBills(ctx, { corpId, payerId: bill.payerId, billIds: [bill.id], place })
  await sandbox('pay/pay', { outTradeNo, userid: personOf(filling, to).userId, wait: true })
  await until(`the payment of ${bill.billNo}`, async () => {
    const [now] = await billsByNo(ctx.db, { corpId, devId: bill.devId }, [bill.billNo])
    return now?.state === 'paid'
  })
  if (fate !== 'paid') await refund(filling, bill, fate, amount)
}

const outcomes = { refunded: 'SUCCESS', partly: 'SUCCESS', processing: 'PROCESSING', abnormal: 'ABNORMAL' }
const reasons = {
  refunded: '场地维修，活动取消',
  partly: '退还部分资料费',
  processing: '活动改期',
  abnormal: '行程取消',
}

async function refund(
  { ctx, corpId, sandbox }: HistoryFill,
  bill: Bill,
  fate: keyof typeof outcomes,
  amount: number,
): Promise<void> {
  await sandbox('pay/settings', { refundOutcome: outcomes[fate] })
  const given = fate === 'partly' ? Math.round(amount / 3) : amount
  await refundBill(ctx, { corpId, actor }, { billId: bill.id, amount: given, reason: reasons[fate] })
  await sandbox('pay/settings', { refundOutcome: 'SUCCESS' })
}
