import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Difference } from './compare.ts'

export type Day = { corpId: string; mchId: string; day: string }

/** One side's bill against ours: lines that are equal, and sums in fen. */
export type BillFigures = {
  payments: number
  paymentsAmount: number
  refunds: number
  refundsAmount: number
  equal: number
  mended: number
}
/** `types`: fen by 业务类型, negative when they left. */
export type FundFigures = { lines: number; income: number; expense: number; types: Record<string, number> }

export type DifferenceKind = 'payment' | 'refund' | 'fund'
export type DayDifference = Difference & { kind: DifferenceKind; state: 'open' | 'mended'; note: string }

/** Days begin to wait once each, whichever node says so first; returns the tasks that now have something to do. */
export async function beginDay(db: Db, day: string, now: Date): Promise<{ corpId: string; key: string }[]> {
  return db
    .insertInto('pay_reconciliation')
    .columns(['corp_id', 'mch_id', 'day', 'state', 'tried_at', 'due_at'])
    .expression(
      db
        .selectFrom('pay_merchant')
        .select([
          'corp_id',
          'mch_id',
          sql<string>`${day}::date`.as('day'),
          sql<'waiting'>`'waiting'`.as('state'),
          sql<Date>`${now}::timestamptz`.as('tried_at'),
          sql<Date>`${now}::timestamptz`.as('due_at'),
        ])
        .where('enabled', '=', true),
    )
    .onConflict(conflict => conflict.doNothing())
    .returning(['corp_id as corpId', 'mch_id as key'])
    .execute()
}

/** Somebody asked for this day by hand, however it ended before. */
export async function askForDay(db: Db, { corpId, mchId, day }: Day, now: Date): Promise<void> {
  await db
    .insertInto('pay_reconciliation')
    .values({ corp_id: corpId, mch_id: mchId, day, state: 'waiting', tried_at: now, due_at: now })
    .onConflict(conflict =>
      conflict
        .columns(['corp_id', 'mch_id', 'day'])
        .doUpdateSet({ state: 'waiting', reason: '', due_at: now }),
    )
    .execute()
}

export type WaitingDay = { day: string; dueAt: Date; since: Date }

export async function waitingDays(db: Db, corpId: string, mchId: string): Promise<WaitingDay[]> {
  return db
    .selectFrom('pay_reconciliation')
    .select([
      sql<string>`day::text`.as('day'),
      sql<Date>`due_at`.as('dueAt'),
      sql<Date>`((day + 1)::timestamp at time zone 'Asia/Shanghai')`.as('since'),
    ])
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .execute()
}

/** The bill is not ready, or WeChat Pay did not answer. `dueAt` is null when nobody will try again. */
export async function postponeDay(
  db: Db,
  { corpId, mchId, day }: Day,
  change: { reason: string; dueAt: Date | null; at: Date },
): Promise<void> {
  await db
    .updateTable('pay_reconciliation')
    .set({
      state: change.dueAt ? 'waiting' : 'failed',
      reason: change.reason,
      due_at: change.dueAt,
      tried_at: change.at,
    })
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('day', '=', day)
    .execute()
}

const rowsAtOnce = 1000

/** What was acknowledged before stays so, as long as it differs by the same amounts. */
export async function finishDay(
  tx: Db,
  { corpId, mchId, day }: Day,
  result: { bill: BillFigures; fund: FundFigures; found: readonly DayDifference[] },
  at: Date,
): Promise<void> {
  const before = await tx
    .deleteFrom('pay_difference')
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('day', '=', day)
    .returningAll()
    .execute()
  const acknowledged = new Map(
    before.flatMap(row => (row.state === 'acknowledged' ? [[`${row.kind} ${row.number}`, row]] : [])),
  )
  const rows = result.found.map(({ kind, number, difference, theirs, ours, state, note }) => {
    const known = acknowledged.get(`${kind} ${number}`)
    const isSame = state === 'open' && known?.theirs === theirs && known.ours === ours
    return {
      corp_id: corpId,
      mch_id: mchId,
      day,
      kind,
      number,
      difference,
      theirs,
      ours,
      state: isSame ? ('acknowledged' as const) : state,
      note: isSame ? known.note : note,
      acknowledged_by: isSame ? known.acknowledged_by : '',
      at,
    }
  })
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await tx
      .insertInto('pay_difference')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  await tx
    .updateTable('pay_reconciliation')
    .set({
      state: 'done',
      reason: '',
      trade_bill: JSON.stringify(result.bill),
      fund_bill: JSON.stringify(result.fund),
      tried_at: at,
      due_at: null,
    })
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('day', '=', day)
    .execute()
}

/** Returns false when there is no such difference, or it needs nobody. */
export async function acknowledge(
  tx: Db,
  { corpId, mchId, day, kind, number }: Day & { kind: DifferenceKind; number: string },
  given: { actor: string; note: string },
): Promise<boolean> {
  const done = await tx
    .updateTable('pay_difference')
    .set({ state: 'acknowledged', acknowledged_by: given.actor, note: given.note })
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('day', '=', day)
    .where('kind', '=', kind)
    .where('number', '=', number)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}

export type DayView = {
  mchId: string
  day: string
  state: 'waiting' | 'done' | 'failed'
  reason: string
  bill: Partial<BillFigures>
  fund: Partial<FundFigures>
  triedAt: Date
  dueAt: Date | null
  open: number
  acknowledged: number
  mended: number
}

/** Latest day first. */
/** `isOpen`: days whose bill could not be read, or that have differences which nobody has settled. */
type DayFilter = { mchId?: string | undefined; isOpen?: boolean }

export async function listDays(
  db: Db,
  corpId: string,
  { mchId, isOpen, offset, limit }: DayFilter & { offset: number; limit: number },
): Promise<{ list: DayView[]; total: number }> {
  const matching = db
    .selectFrom('pay_reconciliation as r')
    .where('r.corp_id', '=', corpId)
    .$if(mchId !== undefined, query => query.where('r.mch_id', '=', mchId as string))
    .$if(isOpen === true, query =>
      query.where(
        sql<boolean>`(r.state = 'failed' or exists (select from pay_difference as d
          where d.corp_id = r.corp_id and d.mch_id = r.mch_id and d.day = r.day and d.state = 'open'))`,
      ),
    )
  const counted = (state: string) => sql<number>`(select count(*)::int from pay_difference as d
    where d.corp_id = r.corp_id and d.mch_id = r.mch_id and d.day = r.day and d.state = ${state})`
  const [list, total] = await Promise.all([
    matching
      .select([
        'r.mch_id as mchId',
        sql<string>`r.day::text`.as('day'),
        'r.state',
        'r.reason',
        sql<Partial<BillFigures>>`r.trade_bill`.as('bill'),
        sql<Partial<FundFigures>>`r.fund_bill`.as('fund'),
        'r.tried_at as triedAt',
        'r.due_at as dueAt',
        counted('open').as('open'),
        counted('acknowledged').as('acknowledged'),
        counted('mended').as('mended'),
      ])
      .orderBy('r.day', 'desc')
      .orderBy('r.mch_id')
      .offset(offset)
      .limit(limit)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(total.n) }
}

export type DifferenceView = Omit<DayDifference, 'state'> & {
  state: 'open' | 'mended' | 'acknowledged'
  acknowledgedBy: string
  at: Date
}

/** Open ones first. */
export async function differencesOf(
  db: Db,
  { corpId, mchId, day }: Day,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ list: DifferenceView[]; total: number }> {
  const matching = db
    .selectFrom('pay_difference')
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('day', '=', day)
  const [list, total] = await Promise.all([
    matching
      .select([
        'kind',
        'number',
        'difference',
        'theirs',
        'ours',
        'state',
        'note',
        'acknowledged_by as acknowledgedBy',
        'at',
      ])
      .orderBy(sql`state <> 'open'`)
      .orderBy('kind')
      .orderBy('number')
      .offset(offset)
      .limit(limit)
      .execute(),
    matching.select(select => select.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(total.n) }
}

/** For the alert, of all corps at once. */
export async function openDifferences(
  db: Db,
): Promise<{ corpId: string; mchId: string; open: number; failed: number; day: string }[]> {
  const rows = await sql<{ corpId: string; mchId: string; open: number; failed: number; day: string }>`
    select corp_id as "corpId", mch_id as "mchId", sum(open)::int as open, sum(failed)::int as failed,
      max(day)::text as day
    from (
      select corp_id, mch_id, day, 1 as open, 0 as failed from pay_difference where state = 'open'
      union all
      select corp_id, mch_id, day, 0, 1 from pay_reconciliation where state = 'failed'
    ) as found group by corp_id, mch_id`.execute(db)
  return rows.rows
}

export async function pruneReconciliations(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'pay_reconciliation', sql`old.tried_at < ${before}`, 'tried_at', atMost)
}
