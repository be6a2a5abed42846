import { sql } from 'kysely'
import type { World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { enqueue, taskState } from '../../platform/queue/queue-store.ts'
import { createBills } from './bills/bills.ts'
import { developerAsCreator } from './bills/creator.ts'
import type { Merchant } from './merchants/merchants.ts'
import { askForDay, type DayView, listDays } from './reconciliation/store.ts'

/** An order in the sandbox's books; amounts are fen. */
export type LedgerOrder = {
  description: string
  outTradeNo: string
  state: string
  tradeType: string
  total: number
  prepayId: string
  notifyUrl: string
  refunds: { outRefundNo: string; refund: number; status: string }[]
}

let numbers = 0

/** Bills of one payer, made by a developer; returns their ids. */
export async function newBills(
  world: World,
  amounts: readonly number[],
  given: { userId?: string; mchId?: string; dueAt?: string } = {},
): Promise<number[]> {
  const { ctx } = world
  const developer = ctx.developers.get(world.dev.devId)
  if (!developer) throw new Error('the world has no developer')
  const bills = await createBills(
    ctx,
    developerAsCreator(ctx, developer),
    amounts.map(amount => ({
      billNo: `B${process.pid}-${numbers++}`,
      userId: 'zhangsan',
      title: '会费',
      amount,
      ...given,
    })),
  )
  return bills.map(bill => bill.id)
}

export async function billOf(world: World, id: number) {
  return world.ctx.db.selectFrom('pay_bill').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export async function timelineOf(world: World, billId: number): Promise<string[]> {
  const rows = await world.ctx.db
    .selectFrom('pay_bill_event')
    .select('kind')
    .where('bill_id', '=', billId)
    .orderBy('id')
    .execute()
  return rows.map(row => row.kind)
}

export async function ledger(world: World): Promise<LedgerOrder[]> {
  return (await world.control('pay/ledger'))['orders'] as LedgerOrder[]
}

export async function ledgerOf(world: World, outTradeNo: string): Promise<LedgerOrder | undefined> {
  return (await ledger(world)).find(order => order.outTradeNo === outTradeNo)
}

/** Somebody pays at the sandbox. Throws what WeChat says against it. */
export async function payAt(world: World, order: Record<string, unknown>): Promise<void> {
  const answer = await world.control('pay/pay', { wait: true, ...order })
  if (answer['error']) throw new Error(String(answer['error']))
}

/** Sets a fault of the sandbox. */
export async function fault(world: World, given: object): Promise<void> {
  const answer = await world.control('faults', given)
  if (answer['error']) throw new Error(String(answer['error']))
}

/** Openids of followers of the sandbox's official account `n`. */
export async function openidsOf(world: World, n = 0): Promise<string[]> {
  const account = world.sandbox.official.accounts[n]
  const found = await world.control(`official/followers?originalId=${account?.originalId}&limit=10`)
  return (found['followers'] as { openid: string }[]).map(one => one.openid)
}

export async function memberId(world: World, userId: string): Promise<number> {
  const row = await world.ctx.db
    .selectFrom('member')
    .select('id')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return row.id
}

/** Makes everything due now that waits for a question to WeChat Pay, and resolves when all of it was asked. */
export async function poll(world: World, merchant: Merchant): Promise<void> {
  const { ctx, corpId } = world
  const { mchId } = merchant
  const now = new Date(ctx.now())
  await sql`update pay_order set poll_at = ${now} where poll_at is not null`.execute(ctx.db)
  await sql`update pay_refund set poll_at = ${now} where poll_at is not null`.execute(ctx.db)
  const tasks = (['pay-order', 'pay-refund'] as const).map(stream => ({ corpId, stream, key: mchId }))
  await enqueue(ctx.db, tasks, now)
  await settled(world, 'pay-order', mchId)
  await settled(world, 'pay-refund', mchId)
}

/** Compares a day in spite of the rule that today has no bill, because the sandbox's clock may be ahead of ours. */
export async function reconcileDay(
  world: World,
  { mchId }: Merchant,
  day: string,
): Promise<DayView | undefined> {
  const { ctx, corpId } = world
  const at = new Date(ctx.now())
  await askForDay(ctx.db, { corpId, mchId, day }, at)
  await enqueue(ctx.db, [{ corpId, stream: 'pay-reconciliation', key: mchId }], at)
  ctx.queue.kick(corpId)
  const seen = async () => (await listDays(ctx.db, corpId, { mchId, offset: 0, limit: 1 })).list[0]
  await until('the day', async () => {
    const found = await seen()
    return found?.state !== 'waiting' || found.reason !== ''
  })
  return seen()
}

/** Resolves when nothing of the stream is due for the merchant. */
export async function settled(
  world: World,
  stream: 'pay' | 'pay-order' | 'pay-refund',
  mchId: string,
): Promise<void> {
  await until(`nothing due in ${stream}`, async () => {
    const state = await taskState(world.ctx.db, { corpId: world.corpId, stream, key: mchId })
    return !state || (state.nodeId === null && state.dueAt.getTime() > world.ctx.now())
  })
}
