import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import type { InboxStream } from './event-store.ts'

/** Pushes of these accounts with larger numbers, as far as they were received before `before`, in order. */
export async function officialEventsAfter(
  db: Db,
  corpId: string,
  accounts: readonly string[],
  since: number,
  before: Date,
  limit: number,
): Promise<{ id: number; account: string; plain: string }[]> {
  const { rows } = await sql<{ id: number; account: string; plain: string }>`
    select id, account, plain from inbox_event
    where corp_id = ${corpId} and account = any(${[...accounts]}::text[]) and account <> '' and id > ${since}
      and received_at <= ${before} and plain is not null
    order by id limit ${limit}`.execute(db)
  return rows
}

/** Returns what is kept of these pushes, by id. */
export async function pushesById(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('inbox_event')
    .select(['id', 'plain'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.flatMap(({ id, plain }) => (plain === null ? [] : [[id, plain] as const])))
}

/** What came with a push of an account, and what was answered. */
export async function pushContents(
  db: Db,
  corpId: string,
  account: string,
  id: number,
): Promise<{ raw: string | null; plain: string | null; answer: unknown } | undefined> {
  return db
    .selectFrom('inbox_event')
    .select(['raw', 'plain', 'answer'])
    .where('corp_id', '=', corpId)
    .where('account', '=', account)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** The corps that have parked pushes, or only the given corp, each with one of the accounts or agents concerned. */
export async function parkedPushesOf(
  db: Db,
  stream: InboxStream,
  corpIds?: readonly string[],
): Promise<{ corpId: string; account: string; count: number; since: Date }[]> {
  const which = corpIds === undefined ? sql`true` : sql`corp_id = any(${corpIds})`
  const { rows } = await sql<{ corpId: string; account: string; count: number; since: Date }>`
    select corp_id as "corpId", min(account) as account, count(*)::int as count, min(received_at) as since from inbox_event
    where ${which} and stream = ${stream} and state = 'parked' group by corp_id`.execute(db)
  return rows
}

/** An official account or an agent of a corp. */
export type PushTarget = { corpId: string; account: string }

/** When the last push was taken of each of these accounts or agents; those without any are left out. */
export async function lastPushesOf(
  db: Db,
  stream: InboxStream,
  accounts: readonly PushTarget[],
): Promise<(PushTarget & { at: Date })[]> {
  if (accounts.length === 0) return []
  const given = accounts.map(({ corpId, account }) => ({ corpId, account }))
  const { rows } = await sql<PushTarget & { at: Date }>`
    select "corpId", given.account, last.at
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given("corpId" text, account text),
      lateral (
        select received_at as at from inbox_event e
        where e.corp_id = given."corpId" and e.account = given.account and e.account <> '' and stream = ${stream}
        order by id desc limit 1) as last`.execute(db)
  return rows
}
