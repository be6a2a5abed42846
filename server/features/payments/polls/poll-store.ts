import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** What WeChat Pay is asked about: `poll_at` is when, null once it has ended; `polls` says how often it was asked since that was last set. */
export type PolledTable = 'pay_order' | 'pay_refund'

type OfMerchant = { corpId: string; mchId: string }

/** The condition of a query in one of these tables. */
export function isDue({ corpId, mchId }: OfMerchant, now: Date): RawBuilder<boolean> {
  return sql<boolean>`(corp_id = ${corpId} and mch_id = ${mchId} and poll_at <= ${now})`
}

export async function nextPollAt(
  db: Db,
  table: PolledTable,
  { corpId, mchId }: OfMerchant,
): Promise<Date | undefined> {
  const row = await db
    .selectFrom(table)
    .select(select => select.fn.min('poll_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('mch_id', '=', mchId)
    .where('poll_at', 'is not', null)
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Puts off the next question, unless somebody has asked for an earlier one since. */
export async function setNextPolls(
  db: Db,
  table: PolledTable,
  corpId: string,
  asked: readonly { id: number; pollAt: Date | null; next: Date }[],
): Promise<void> {
  const rows = asked.map(({ id, pollAt, next }) => ({ id, was: pollAt, next }))
  await sql`
    update ${sql.table(table)} one set polls = one.polls + 1, poll_at = row.next
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, was timestamptz, next timestamptz)
    where one.corp_id = ${corpId} and one.id = row.id and date_trunc('milliseconds', one.poll_at) = row.was`.execute(
    db,
  )
}

/** A merchant's questions are this far apart. */
const apartMs = 20

/**
 * WeChat Pay is soon asked about all orders or refunds that have not ended, from `at` on: of all merchants, or of those with these
 * numbers. Returns the merchants.
 */
export async function hastenPolls(
  tx: Db,
  table: PolledTable,
  mchIds: readonly string[] | 'all',
  at: Date,
): Promise<OfMerchant[]> {
  const which = mchIds === 'all' ? sql`true` : sql`mch_id = any(${[...mchIds]}::text[])`
  const { rows } = await sql<OfMerchant>`
    with open as (
      select corp_id, id, mch_id, row_number() over (partition by corp_id, mch_id order by poll_at) as n
      from ${sql.table(table)} where poll_at is not null and ${which}
    ), put as (
      update ${sql.table(table)} one set polls = 0,
        poll_at = least(one.poll_at, ${at}::timestamptz + open.n * make_interval(secs => ${apartMs / 1000}))
      from open where one.corp_id = open.corp_id and one.id = open.id and one.poll_at is not null
    )
    select distinct corp_id as "corpId", mch_id as "mchId" from open`.execute(tx)
  return rows
}

/** WeChat Pay is asked from `pollAt` on, at the distances of a new one. Returns false when the order or refund has ended. */
export async function setPollsAnew(
  tx: Db,
  table: PolledTable,
  { corpId, id }: { corpId: string; id: number },
  pollAt: Date,
): Promise<boolean> {
  const done = await tx
    .updateTable(table)
    .set({ polls: 0, poll_at: pollAt })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('poll_at', 'is not', null)
    .executeTakeFirst()
  return (done.numUpdatedRows ?? 0n) > 0n
}
