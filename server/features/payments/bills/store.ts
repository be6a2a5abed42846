import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type BillItem = { name: string; amount: number; quantity: number }
export type BillState = 'open' | 'paid' | 'closed'

/** Amounts are fen. `payerUserId` and `payerName` are as they were when the bill was made. */
export type Bill = {
  id: number
  corpId: string
  devId: string
  billNo: string
  contentHash: string
  payerId: number | null
  payerUserId: string
  payerName: string
  title: string
  amount: number
  items: BillItem[]
  dueAt: Date | null
  remark: string
  attachmentUrl: string
  notify: boolean
  mchId: string
  state: BillState
  refunded: number
  orderId: number | null
  createdAt: Date
  createdBy: string
  toldAt: Date | null
  seenAt: Date | null
  paidAt: Date | null
  closedAt: Date | null
}

const columns = sql`b.id, b.corp_id as "corpId", b.dev_id as "devId", b.bill_no as "billNo",
  b.content_hash as "contentHash", b.payer_id as "payerId", b.payer_user_id as "payerUserId",
  b.payer_name as "payerName", b.title, b.amount, b.items, b.due_at as "dueAt", b.remark,
  b.attachment_url as "attachmentUrl", b.notify, b.mch_id as "mchId", b.state, b.refunded, b.order_id as "orderId",
  b.created_at as "createdAt", b.created_by as "createdBy", b.told_at as "toldAt", b.seen_at as "seenAt",
  b.paid_at as "paidAt", b.closed_at as "closedAt"`

export type NewBill = Pick<
  Bill,
  | 'billNo'
  | 'contentHash'
  | 'payerUserId'
  | 'payerName'
  | 'title'
  | 'amount'
  | 'items'
  | 'dueAt'
  | 'remark'
  | 'attachmentUrl'
  | 'notify'
  | 'mchId'
> & { payerId: number }

export type Creation = { corpId: string; devId: string; actor: string; at: Date }

/**
 * Stores bills with the beginning of their timelines, and returns those whose numbers were free. Nodes that insert equal
 * numbers wait for each other, so rows are inserted in one order to rule out deadlocks.
 */
export async function insertBills(
  db: Db,
  { corpId, devId, actor, at }: Creation,
  bills: readonly NewBill[],
): Promise<Bill[]> {
  const rows = await sql<Bill>`
    with b as (
      insert into pay_bill (corp_id, dev_id, bill_no, content_hash, payer_id, payer_user_id, payer_name, title, amount,
        items, due_at, remark, attachment_url, notify, mch_id, created_at, created_by, remind_at)
      select ${corpId}, ${devId}, "billNo", "contentHash", "payerId", "payerUserId", "payerName", title, amount,
        items, "dueAt", remark, "attachmentUrl", notify, "mchId", ${at}::timestamptz, ${actor},
        case when notify then ${at}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify(bills)}::jsonb) as row("billNo" text, "contentHash" text,
        "payerId" bigint, "payerUserId" text, "payerName" text, title text, amount int, items jsonb,
        "dueAt" timestamptz, remark text, "attachmentUrl" text, notify boolean, "mchId" text)
      order by "billNo"
      on conflict (corp_id, dev_id, bill_no) do nothing
      returning *
    ), told as (
      insert into pay_bill_event (corp_id, bill_id, kind, actor, at)
      select corp_id, id, 'created', ${actor}, ${at}::timestamptz from b
    )
    select ${columns} from b`.execute(db)
  return rows.rows
}

export async function billsByNo(
  db: Db,
  { corpId, devId }: { corpId: string; devId: string },
  billNos: readonly string[],
): Promise<Bill[]> {
  const rows = await sql<Bill>`
    select ${columns} from pay_bill b
    where corp_id = ${corpId} and dev_id = ${devId} and bill_no = any(${[...billNos]}::text[])`.execute(db)
  return rows.rows
}

/**
 * Whose bills somebody sees: of the members of these departments, and of these members (by key). Those who left are where
 * they last were. Undefined means all of the corp.
 */
export type BillReach =
  | { departments: readonly number[]; memberKeys: readonly string[]; groups: readonly number[] }
  | undefined

function isReached(reach: BillReach): RawBuilder<unknown> {
  if (!reach) return sql`true`
  return sql`exists (select from member m where m.corp_id = b.corp_id and m.id = b.payer_id
    and (m.departments && ${[...reach.departments]}::bigint[] or m.user_key = any(${[...reach.memberKeys]}::text[])
      or exists (select from member_group_member g where g.corp_id = m.corp_id and g.member_id = m.id and g.is_in
        and g.group_id = any(${[...reach.groups]}::bigint[]))))`
}

export async function findBill(
  db: Db,
  corpId: string,
  by: { id: number } | { devId: string; billNo: string },
  reach: BillReach,
): Promise<Bill | undefined> {
  const is = 'id' in by ? sql`b.id = ${by.id}` : sql`b.dev_id = ${by.devId} and b.bill_no = ${by.billNo}`
  const rows = await sql<Bill>`
    select ${columns} from pay_bill b where b.corp_id = ${corpId} and ${is} and ${isReached(reach)}`.execute(
    db,
  )
  return rows.rows[0]
}

/** The number of the developer's latest bill that is reached, or of the latest that is paid and not given back. */
export async function latestBillOf(
  db: Db,
  corpId: string,
  devId: string,
  reach: BillReach,
  of: 'all' | 'refundable' = 'all',
): Promise<string | undefined> {
  const isMeant = of === 'all' ? sql`true` : sql`b.state = 'paid' and b.refunded < b.amount`
  const { rows } = await sql<{ billNo: string }>`
    select bill_no as "billNo" from pay_bill b
    where b.corp_id = ${corpId} and b.dev_id = ${devId} and ${isMeant} and ${isReached(reach)}
    order by b.id desc limit 1`.execute(db)
  return rows[0]?.billNo
}

export async function countOpenOf(db: Db, corpId: string, payerId: number): Promise<number> {
  const row = await db
    .selectFrom('pay_bill')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('payer_id', '=', payerId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** The payer's open bills with a due time, the first due first. Amounts are fen. */
export async function dueBillsOf(
  db: Db,
  corpId: string,
  payerId: number,
  atMost: number,
): Promise<{ id: number; title: string; amount: number; dueAt: Date }[]> {
  const { rows } = await sql<{ id: number; title: string; amount: number; dueAt: Date }>`
    select id, title, amount, due_at as "dueAt" from pay_bill
    where corp_id = ${corpId} and payer_id = ${payerId} and state = 'open' and due_at is not null
    order by due_at, id limit ${atMost}`.execute(db)
  return rows
}

/** For so long administrators are told of orders of which WeChat Pay told something else. */
export const differsForMs = 3 * 86_400_000

/**
 * `refunded`: paid, and at least a part was given back. `overdue`: open after it was due. `differs`: what WeChat Pay told of an order of
 * it in the last days was not applied.
 */
export const shownStates = ['open', 'overdue', 'paid', 'refunded', 'closed', 'differs'] as const

export type BillFilter = {
  /** `''` for those of the console and the command line. */
  devId?: string | undefined
  payerId?: number | undefined
  /** Bills that are in one of these. */
  state?: readonly (typeof shownStates)[number][] | undefined
  /** `''` for those of the default merchant. */
  mchId?: string | undefined
  /** When it was created; `to` is exclusive. */
  from?: Date | undefined
  to?: Date | undefined
  /** In the number, the title, or the payer's name or userid, of the newest bills; or the whole number of any. */
  text?: string | undefined
  reach: BillReach
}

/** A search by text examines only this many of the newest bills that pass the rest of the filter, and finds whole numbers beyond. */
export const lookedAtMost = 20_000

function matches(corpId: string, filter: BillFilter, now: Date): RawBuilder<unknown> {
  const { devId, payerId, state, mchId, from, to, reach } = filter
  const states = {
    open: sql`b.state = 'open'`,
    overdue: sql`b.state = 'open' and b.due_at < ${now}`,
    paid: sql`b.state = 'paid'`,
    refunded: sql`b.state = 'paid' and b.refunded > 0`,
    closed: sql`b.state = 'closed'`,
    differs: sql`b.id in (select ob.bill_id from pay_order o
      join pay_order_bill ob on ob.corp_id = o.corp_id and ob.order_id = o.id
      where o.corp_id = ${corpId} and o.fault_at >= ${new Date(now.getTime() - differsForMs)})`,
  }
  return sql.join(
    [
      sql`b.corp_id = ${corpId}`,
      ...(devId === undefined ? [] : [sql`b.dev_id = ${devId}`]),
      ...(payerId === undefined ? [] : [sql`b.payer_id = ${payerId}`]),
      ...(state === undefined
        ? []
        : [
            sql`(${sql.join(
              state.map(one => sql`(${states[one]})`),
              sql` or `,
            )})`,
          ]),
      ...(mchId === undefined ? [] : [sql`b.mch_id = ${mchId}`]),
      ...(from === undefined ? [] : [sql`b.created_at >= ${from}`]),
      ...(to === undefined ? [] : [sql`b.created_at < ${to}`]),
      ...(reach === undefined ? [] : [isReached(reach)]),
    ],
    sql` and `,
  )
}

/** The bills of a filter as a table `b`. */
export function filtered(corpId: string, filter: BillFilter, now: Date): RawBuilder<unknown> {
  const all = sql`pay_bill b where ${matches(corpId, filter, now)}`
  const { text } = filter
  if (text === undefined) return all
  const found = ['bill_no', 'title', 'payer_name', 'payer_user_id'].map(
    name => sql`strpos(lower(${sql.ref(`b.${name}`)}), lower(${text})) > 0`,
  )
  return sql`pay_bill b where b.corp_id = ${corpId} and b.id = any(array(
    select b.id from (select * from ${all} order by b.id desc limit ${lookedAtMost}) b where ${sql.join(found, sql` or `)}
    union select b.id from ${all} and b.bill_no = ${text}))`
}

const sortable = {
  createdAt: sql`b.id`,
  amount: sql`b.amount`,
  dueAt: sql`b.due_at`,
  paidAt: sql`b.paid_at`,
}
export const billSorts = Object.keys(sortable) as (keyof typeof sortable)[]
export type BillSort = { by: keyof typeof sortable; descending: boolean }

export async function listBills(
  db: Db,
  corpId: string,
  filter: BillFilter,
  sort: BillSort,
  { limit, offset, now }: { limit: number; offset: number; now: Date },
): Promise<{ list: Bill[]; total: number }> {
  const from = filtered(corpId, filter, now)
  const direction = sort.descending ? sql`desc nulls last` : sql`asc nulls last`
  const order =
    sort.by === 'createdAt'
      ? sql`b.id ${sort.descending ? sql`desc` : sql`asc`}`
      : sql`${sortable[sort.by]} ${direction}, b.id desc`
  const [found, counted] = await Promise.all([
    sql<Bill>`select ${columns} from ${from} order by ${order} limit ${limit} offset ${offset}`.execute(db),
    sql<{ n: number }>`select count(*)::int as n from ${from}`.execute(db),
  ])
  return { list: found.rows, total: counted.rows[0]?.n ?? 0 }
}

/** The newest bills of a filter, of those below the id `before`. */
export async function newestBills(
  db: Db,
  corpId: string,
  filter: BillFilter,
  { limit, before = Number.MAX_SAFE_INTEGER, now }: { limit: number; before?: number; now: Date },
): Promise<Bill[]> {
  const { rows } =
    await sql<Bill>`select ${columns} from ${filtered(corpId, filter, now)} and b.id < ${before}
    order by b.id desc limit ${limit}`.execute(db)
  return rows
}

const chunk = 1000

/** All bills of a filter, the newest first, none that came since. */
export async function* allBills(
  db: Db,
  corpId: string,
  filter: BillFilter,
  now: Date,
): AsyncGenerator<Bill[]> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const bills: Bill[] = await newestBills(db, corpId, filter, { limit: chunk, before, now })
    const last = bills.at(-1)
    if (!last) return
    yield bills
    before = last.id
  }
}

export type BillEventRow = { kind: string; actor: string; detail: Record<string, unknown>; at: Date }

/** The timeline of a bill. */
export async function eventsOf(db: Db, corpId: string, billId: number): Promise<BillEventRow[]> {
  const rows = await db
    .selectFrom('pay_bill_event')
    .select(['kind', 'actor', 'detail', 'at'])
    .where('corp_id', '=', corpId)
    .where('bill_id', '=', billId)
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...row, detail: row.detail as Record<string, unknown> }))
}

/** WeChat Pay's number of the payment, by bill; bills that are not paid have none. */
export async function transactionIdsOf(db: Db, bills: readonly Bill[]): Promise<Map<number, string>> {
  const paid = bills.filter(bill => bill.state === 'paid' && bill.orderId !== null)
  const [first] = paid
  if (!first) return new Map()
  const rows = await db
    .selectFrom('pay_order')
    .select(['id', 'transaction_id as transactionId'])
    .where('corp_id', '=', first.corpId)
    .where('id', 'in', [...new Set(paid.flatMap(bill => bill.orderId ?? []))])
    .execute()
  const byOrder = new Map(rows.map(row => [row.id, row.transactionId]))
  return new Map(paid.map(bill => [bill.id, byOrder.get(bill.orderId ?? 0) ?? '']))
}

/** What still waits to be paid stays, whatever its age. */
export async function pruneBills(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ended = sql`old.created_at < ${before} and old.state <> 'open'`
  return deleteOldestOfCorps(db, 'pay_bill', ended, 'created_at', atMost)
}

export async function countOpenBills(db: Db, corpId: string, payerId: number): Promise<number> {
  const { count } = await db
    .selectFrom('pay_bill')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('payer_id', '=', payerId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(count)
}
