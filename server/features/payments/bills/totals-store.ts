import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type BillFilter, filtered } from './store.ts'

/** A sum of bills; amounts are fen. `refunded` is a part of `paid`, and `net` (实收) is the rest of it. */
export type Total = {
  key: string
  name: string
  bills: number
  amount: number
  open: number
  paid: number
  refunded: number
  net: number
  closed: number
}

const nothing = sql`''`
const groups = {
  state: { key: sql`b.state`, name: nothing },
  /** The day in China on which they were created, written as the statistics `pay_bill_days` know it. */
  day: { key: sql`(b.created_at at time zone interval '8 hours')::date`, name: nothing },
  /** Whose row is gone is told from a number by the tilde. */
  payer: { key: sql`coalesce(b.payer_id::text, '~' || b.payer_user_id)`, name: sql`max(b.payer_name)` },
  developer: { key: sql`b.dev_id`, name: nothing },
  merchant: { key: sql`b.mch_id`, name: nothing },
}
export const totalGroups = Object.keys(groups) as (keyof typeof groups)[]
export type TotalGroup = keyof typeof groups

const rowsAtMost = 1000

/** Days from the newest on, everything else from the largest amount on. */
export async function totalsOf(
  db: Db,
  corpId: string,
  filter: BillFilter,
  by: TotalGroup,
  now: Date,
): Promise<Total[]> {
  const { key, name } = groups[by]
  const sumOf = (state: string) => sql`coalesce(sum(b.amount) filter (where b.state = ${state}), 0)::float8`
  const rows = await sql<Total>`
    select ${key}::text as key, ${name} as name, count(*)::int as bills, sum(b.amount)::float8 as amount,
      ${sumOf('open')} as open, ${sumOf('paid')} as paid, sum(b.refunded)::float8 as refunded,
      ${sumOf('paid')} - sum(b.refunded)::float8 as net,
      ${sumOf('closed')} as closed
    from ${filtered(corpId, filter, now)}
    group by ${key} order by ${by === 'day' ? sql`1 desc` : sql`4 desc, 1`} limit ${rowsAtMost}`.execute(db)
  return rows.rows
}

/** Bills of the corp that are still to be paid. */
export async function countOpenBills(db: Db, corpId: string): Promise<number> {
  const { count } = await db
    .selectFrom('pay_bill')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(count)
}
