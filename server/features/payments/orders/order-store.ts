import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type Product = 'jsapi' | 'native' | 'h5'

/** Where an h5 order is paid; empty for the others. */
export type Scene = { clientIp?: string; device?: 'Wap' | 'iOS' | 'Android' }

/** What differed in what WeChat Pay told, and was therefore not applied. */
export type Fault = {
  what: 'amount' | 'appId' | 'mchId' | 'paidTwice' | 'refund'
  theirs: string
  ours: string
}

/** `amount` in fen. `ticket` is the prepay_id, code_url or h5_url; '' until WeChat Pay answered. */
export type Order = {
  corpId: string
  id: number
  mchId: string
  outTradeNo: string
  product: Product
  appId: string
  openid: string
  scene: Scene
  description: string
  notifyUrl: string
  amount: number
  state: 'open' | 'paid' | 'closed'
  ticket: string
  ticketAt: Date | null
  expiresAt: Date
  paidAt: Date | null
  polls: number
  pollAt: Date | null
  fault: Fault | null
  createdAt: Date
}

export const orderColumns = [
  'corp_id as corpId',
  'id',
  'mch_id as mchId',
  'out_trade_no as outTradeNo',
  'product',
  'app_id as appId',
  'openid',
  sql<Scene>`scene`.as('scene'),
  'description',
  'notify_url as notifyUrl',
  'amount',
  'state',
  'ticket',
  'ticket_at as ticketAt',
  'expires_at as expiresAt',
  'paid_at as paidAt',
  'polls',
  'poll_at as pollAt',
  sql<Fault | null>`fault`.as('fault'),
  'created_at as createdAt',
] as const

export type NewOrder = Pick<
  Order,
  | 'corpId'
  | 'mchId'
  | 'outTradeNo'
  | 'product'
  | 'appId'
  | 'openid'
  | 'scene'
  | 'description'
  | 'notifyUrl'
  | 'amount'
  | 'expiresAt'
> & { pollAt: Date; createdAt: Date }

/** The bills must be locked, and none of them may have an alive order. */
export async function insertOrder(
  tx: Db,
  given: NewOrder,
  bills: readonly { id: number; amount: number }[],
): Promise<Order> {
  const order = await tx
    .insertInto('pay_order')
    .values({
      corp_id: given.corpId,
      mch_id: given.mchId,
      out_trade_no: given.outTradeNo,
      product: given.product,
      app_id: given.appId,
      openid: given.openid,
      scene: JSON.stringify(given.scene),
      description: given.description,
      notify_url: given.notifyUrl,
      amount: given.amount,
      expires_at: given.expiresAt,
      poll_at: given.pollAt,
      created_at: given.createdAt,
    })
    .returning(orderColumns)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('pay_order_bill')
    .values(
      bills.map(bill => ({
        corp_id: given.corpId,
        order_id: order.id,
        bill_id: bill.id,
        amount: bill.amount,
      })),
    )
    .execute()
  return order
}

export async function orderById(db: Db, corpId: string, id: number): Promise<Order | undefined> {
  return db
    .selectFrom('pay_order')
    .select(orderColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function orderByNumber(
  db: Db,
  merchant: { corpId: string; mchId: string },
  outTradeNo: string,
): Promise<Order | undefined> {
  return db
    .selectFrom('pay_order')
    .select(orderColumns)
    .where('corp_id', '=', merchant.corpId)
    .where('mch_id', '=', merchant.mchId)
    .where('out_trade_no', '=', outTradeNo)
    .executeTakeFirst()
}

/** Which bills an order is for never changes, so that they can be read before they are locked. */
export async function billsOfOrder(db: Db, corpId: string, orderId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('pay_order_bill')
    .select('bill_id as id')
    .where('corp_id', '=', corpId)
    .where('order_id', '=', orderId)
    .orderBy('bill_id')
    .execute()
  return rows.map(row => row.id)
}

/** Its bills must be locked before. */
export async function lockOrder(tx: Db, corpId: string, id: number): Promise<Order | undefined> {
  return tx
    .selectFrom('pay_order')
    .select(orderColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The orders that may still be paid for any of these bills, which must be locked; each with all of its bills. */
export async function aliveOrdersOf(
  tx: Db,
  corpId: string,
  billIds: readonly number[],
): Promise<(Order & { billIds: number[] })[]> {
  const alive = await tx
    .selectFrom('pay_order_bill')
    .select('order_id as id')
    .distinct()
    .where('corp_id', '=', corpId)
    .where('bill_id', 'in', [...billIds])
    .where('is_alive', '=', true)
    .orderBy('order_id')
    .execute()
  const orders: (Order & { billIds: number[] })[] = []
  for (const { id } of alive) {
    const order = await orderById(tx, corpId, id)
    if (order?.state === 'open') orders.push({ ...order, billIds: await billsOfOrder(tx, corpId, id) })
  }
  return orders
}

/**
 * What WeChat Pay gave to pay with. Returns false when the order has ended since: then nobody may get it.
 */
export async function setTicket(
  db: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  given: { ticket: string; at: Date },
): Promise<boolean> {
  const done = await db
    .updateTable('pay_order')
    .set({ ticket: given.ticket, ticket_at: given.at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}

export async function setPaid(
  tx: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  paid: { transactionId: string; tradeState: string; paidAt: Date; openid: string },
): Promise<void> {
  await tx
    .updateTable('pay_order')
    .set({
      state: 'paid',
      transaction_id: paid.transactionId,
      trade_state: paid.tradeState,
      paid_at: paid.paidAt,
      payer_openid: paid.openid,
      poll_at: null,
      closed_at: null,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function setTradeState(
  tx: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  tradeState: string,
): Promise<void> {
  await tx
    .updateTable('pay_order')
    .set({ trade_state: tradeState })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Its bills are free for another order. */
export async function setClosed(
  tx: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  closed: { tradeState: string; at: Date },
): Promise<void> {
  await tx
    .updateTable('pay_order')
    .set({ state: 'closed', trade_state: closed.tradeState, closed_at: closed.at, poll_at: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('pay_order_bill')
    .set({ is_alive: false })
    .where('corp_id', '=', corpId)
    .where('order_id', '=', id)
    .execute()
}

export async function setFault(
  tx: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  fault: Fault,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('pay_order')
    .set({ fault: JSON.stringify(fault), fault_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Returns false when another page, on whichever node, had WeChat Pay asked after `before`. */
export async function setAsked(
  db: Db,
  { corpId, id }: Pick<Order, 'corpId' | 'id'>,
  at: Date,
  before: Date,
): Promise<boolean> {
  const done = await db
    .updateTable('pay_order')
    .set({ asked_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where(({ or, eb }) => or([eb('asked_at', 'is', null), eb('asked_at', '<=', before)]))
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}

/** The open orders of bills, other than one. */
export async function otherOpenOrdersOf(
  db: Db,
  corpId: string,
  billIds: readonly number[],
  orderId: number,
): Promise<{ corpId: string; id: number; mchId: string }[]> {
  return db
    .selectFrom('pay_order_bill as ob')
    .innerJoin('pay_order as o', join =>
      join.onRef('o.corp_id', '=', 'ob.corp_id').onRef('o.id', '=', 'ob.order_id'),
    )
    .select(['o.corp_id as corpId', 'o.id', 'o.mch_id as mchId'])
    .distinct()
    .where('ob.corp_id', '=', corpId)
    .where('ob.bill_id', 'in', [...billIds])
    .where('o.id', '<>', orderId)
    .where('o.state', '=', 'open')
    .execute()
}

/** Its refunds go with it; they are younger by a year at most. */
export async function pruneOrders(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ended = sql`old.created_at < ${before} and old.state <> 'open'`
  return deleteOldestOfCorps(db, 'pay_order', ended, 'created_at', atMost)
}
