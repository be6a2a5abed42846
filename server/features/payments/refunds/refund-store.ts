import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { isDue } from '../polls/poll-store.ts'

export const refundStates = ['asked', 'processing', 'success', 'closed', 'abnormal'] as const
export type RefundState = (typeof refundStates)[number]

/**
 * The last thing that WeChat Pay said or did not say to a refund. `unclear`: an attempt was not answered once, so that it may
 * have arrived.
 */
export type RefundAnswer = { code?: string; text?: string; unclear?: boolean }

/** `amount` in fen, of one bill. */
export type Refund = {
  corpId: string
  id: number
  orderId: number
  billId: number
  mchId: string
  outRefundNo: string
  amount: number
  reason: string
  state: RefundState
  refundId: string
  receivedAccount: string
  answer: RefundAnswer
  actor: string
  polls: number
  pollAt: Date | null
  createdAt: Date
  endedAt: Date | null
  /** The developer that asked for it by the API, and how it calls it; null where a person did. */
  devId: string | null
  requestId: string | null
}

const refundColumns = [
  'pay_refund.corp_id as corpId',
  'pay_refund.id',
  'pay_refund.order_id as orderId',
  'pay_refund.bill_id as billId',
  'pay_refund.mch_id as mchId',
  'pay_refund.out_refund_no as outRefundNo',
  'pay_refund.amount',
  'pay_refund.reason',
  'pay_refund.state',
  'pay_refund.refund_id as refundId',
  'pay_refund.received_account as receivedAccount',
  sql<RefundAnswer>`pay_refund.answer`.as('answer'),
  'pay_refund.actor',
  'pay_refund.polls',
  'pay_refund.poll_at as pollAt',
  'pay_refund.created_at as createdAt',
  'pay_refund.ended_at as endedAt',
  'pay_refund.dev_id as devId',
  'pay_refund.request_id as requestId',
] as const

export type NewRefund = Pick<
  Refund,
  'corpId' | 'orderId' | 'billId' | 'mchId' | 'outRefundNo' | 'amount' | 'reason' | 'actor' | 'createdAt'
> & { pollAt: Date; asker: Asker | undefined }

/** A developer that asks for a refund by the API. */
export type Asker = { devId: string; requestId: string }

/** The bill and the order must be locked. */
export async function insertRefund(tx: Db, given: NewRefund): Promise<Refund> {
  return tx
    .insertInto('pay_refund')
    .values({
      corp_id: given.corpId,
      order_id: given.orderId,
      bill_id: given.billId,
      mch_id: given.mchId,
      out_refund_no: given.outRefundNo,
      amount: given.amount,
      reason: given.reason,
      actor: given.actor,
      poll_at: given.pollAt,
      created_at: given.createdAt,
      dev_id: given.asker?.devId ?? null,
      request_id: given.asker?.requestId ?? null,
    })
    .returning(refundColumns)
    .executeTakeFirstOrThrow()
}

export async function refundById(db: Db, corpId: string, id: number): Promise<Refund | undefined> {
  return db
    .selectFrom('pay_refund')
    .select(refundColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function refundByNumber(
  db: Db,
  merchant: { corpId: string; mchId: string },
  outRefundNo: string,
): Promise<Refund | undefined> {
  return db
    .selectFrom('pay_refund')
    .select(refundColumns)
    .where('corp_id', '=', merchant.corpId)
    .where('mch_id', '=', merchant.mchId)
    .where('out_refund_no', '=', outRefundNo)
    .executeTakeFirst()
}

export async function refundByRequest(
  db: Db,
  corpId: string,
  { devId, requestId }: Asker,
): Promise<Refund | undefined> {
  return db
    .selectFrom('pay_refund')
    .select(refundColumns)
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
}

/** How the developer calls the latest refund that it asked for by the API. */
export async function latestRequestOf(db: Db, corpId: string, devId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('pay_refund')
    .select('request_id as requestId')
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.requestId ?? undefined
}

/** What a developer has asked for since then by the API, in fen, without what failed. */
export async function refundedSince(db: Db, corpId: string, devId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(amount), 0)::float8 as sum from pay_refund
    where corp_id = ${corpId} and dev_id = ${devId} and created_at >= ${since} and state <> 'closed'`.execute(
    db,
  )
  return rows[0]?.sum ?? 0
}

/** Its bill and its order must be locked before. */
export async function lockRefund(tx: Db, corpId: string, id: number): Promise<Refund | undefined> {
  return tx
    .selectFrom('pay_refund')
    .select(refundColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function refundsOfOrder(
  tx: Db,
  corpId: string,
  orderId: number,
): Promise<Pick<Refund, 'billId' | 'amount' | 'state' | 'createdAt'>[]> {
  return tx
    .selectFrom('pay_refund')
    .select(['bill_id as billId', 'amount', 'state', 'created_at as createdAt'])
    .where('corp_id', '=', corpId)
    .where('order_id', '=', orderId)
    .execute()
}

type RefundKey = { corpId: string; id: number }

/** `endedAt` is null while WeChat Pay may still change its mind; then `pollAt` stays as it is. */
export async function setRefundState(
  tx: Db,
  { corpId, id }: RefundKey,
  given: {
    state: RefundState
    refundId: string
    receivedAccount: string
    answer: RefundAnswer
    endedAt: Date | null
  },
): Promise<void> {
  await tx
    .updateTable('pay_refund')
    .set({
      state: given.state,
      refund_id: given.refundId,
      received_account: given.receivedAccount,
      answer: JSON.stringify(given.answer),
      ended_at: given.endedAt,
      ...(given.endedAt ? { poll_at: null } : {}),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** The answer to an attempt that did not succeed. Once unclear, it stays unclear. */
export async function setRefundAnswer(
  db: Db,
  { corpId, id }: RefundKey,
  answer: RefundAnswer,
): Promise<void> {
  await db
    .updateTable('pay_refund')
    .set({
      answer: sql`${JSON.stringify(answer)}::jsonb || case when answer ? 'unclear' then '{"unclear": true}'::jsonb else '{}' end`,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .execute()
}

export async function dueRefunds(
  db: Db,
  merchant: { corpId: string; mchId: string },
  now: Date,
  limit: number,
): Promise<Refund[]> {
  return db
    .selectFrom('pay_refund')
    .select(refundColumns)
    .where(isDue(merchant, now))
    .orderBy('poll_at')
    .limit(limit)
    .execute()
}

export type RefundFilter = {
  id?: number | undefined
  state?: readonly RefundState[] | undefined
  mchId?: string | undefined
  billId?: number | undefined
  /** Part of the refund's, the order's or the bill's number, or of the payer's name. */
  text?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** A refund with what people call it by. */
export type RefundRow = Omit<Refund, 'devId'> & {
  billNo: string
  devId: string
  title: string
  payerUserId: string
  payerName: string
  billAmount: number
  outTradeNo: string
}

export async function listRefunds(
  db: Db,
  corpId: string,
  filter: RefundFilter,
  page: { limit: number; offset: number },
): Promise<{ list: RefundRow[]; total: number; amount: number }> {
  const rows = await joined(db, corpId, filter)
    .select(refundColumns)
    .select([
      'b.bill_no as billNo',
      'b.dev_id as devId',
      'b.title',
      'b.payer_user_id as payerUserId',
      'b.payer_name as payerName',
      'b.amount as billAmount',
      'o.out_trade_no as outTradeNo',
    ])
    .orderBy('pay_refund.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const counted = await joined(db, corpId, filter)
    .select(select => [
      select.fn.countAll<number>().as('total'),
      sql<number>`coalesce(sum(pay_refund.amount), 0)::float8`.as('amount'),
    ])
    .executeTakeFirst()
  return { list: rows, total: Number(counted?.total ?? 0), amount: counted?.amount ?? 0 }
}

function joined(db: Db, corpId: string, { id, state, mchId, billId, text, from, to }: RefundFilter) {
  const like = `%${(text ?? '').replace(/[\\%_]/g, found => `\\${found}`)}%`
  return db
    .selectFrom('pay_refund')
    .innerJoin('pay_bill as b', join =>
      join.onRef('b.corp_id', '=', 'pay_refund.corp_id').onRef('b.id', '=', 'pay_refund.bill_id'),
    )
    .innerJoin('pay_order as o', join =>
      join.onRef('o.corp_id', '=', 'pay_refund.corp_id').onRef('o.id', '=', 'pay_refund.order_id'),
    )
    .where('pay_refund.corp_id', '=', corpId)
    .$if(id !== undefined, query => query.where('pay_refund.id', '=', id as number))
    .$if(state !== undefined, query => query.where('pay_refund.state', 'in', state ?? []))
    .$if(mchId !== undefined, query => query.where('pay_refund.mch_id', '=', mchId as string))
    .$if(billId !== undefined, query => query.where('pay_refund.bill_id', '=', billId as number))
    .$if(from !== undefined, query => query.where('pay_refund.created_at', '>=', from as Date))
    .$if(to !== undefined, query => query.where('pay_refund.created_at', '<', to as Date))
    .$if(text !== undefined, query =>
      query.where(({ or, eb }) =>
        or([
          eb('pay_refund.out_refund_no', 'ilike', like),
          eb('o.out_trade_no', 'ilike', like),
          eb('b.bill_no', 'ilike', like),
          eb('b.payer_name', 'ilike', like),
        ]),
      ),
    )
}

/** For alerts: how many refunds of each corp wait for somebody. */
export async function abnormalRefunds(db: Db): Promise<{ corpId: string; count: number }[]> {
  const rows = await db
    .selectFrom('pay_refund')
    .select(select => ['corp_id as corpId', select.fn.countAll<number>().as('count')])
    .where('state', '=', 'abnormal')
    .groupBy('corp_id')
    .execute()
  return rows.map(row => ({ ...row, count: Number(row.count) }))
}

/** The numbers of refunds that are not over, the oldest first. */
export async function openRefundNumbers(db: Db, corpId: string, atMost: number): Promise<string[]> {
  const rows = await db
    .selectFrom('pay_refund')
    .select('out_refund_no as number')
    .where('corp_id', '=', corpId)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map(row => row.number)
}

/** Counts the refunds that WeChat Pay has not ended, and those that it could not pay out. */
export async function countOpenRefunds(db: Db, corpId: string): Promise<number> {
  const { count } = await db
    .selectFrom('pay_refund')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}
