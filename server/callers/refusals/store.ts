import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type Refusal = {
  /** The request id, which the page shows. */
  number: string
  corpId: string | null
  memberId: number | null
  at: Date
  /** `sign-in`, or the path of a page call. */
  place: string
  /** Why a sign-in failed, or the name of the error. */
  reason: string
  /** What the page said, as `wordsToStore` wrote it. */
  detail: string
  address: string
  userAgent: string
}

const columns = [
  'number',
  'corp_id as corpId',
  'member_id as memberId',
  'at',
  'place',
  'reason',
  'detail',
  'address',
  'user_agent as userAgent',
] as const

/**
 * Inserts refusals, except those of corps that are gone by now. Members are looked up one by one, since a join may read all of
 * them.
 */
export async function insertRefusals(db: Db, refusals: readonly Refusal[]): Promise<void> {
  await sql`
    insert into refusal (number, corp_id, member_id, at, place, reason, detail, address, user_agent)
    select g.number, g."corpId",
      (select m.id from member m where m.corp_id = g."corpId" and m.id = g."memberId"), g.at, g.place, g.reason, g.detail, g.address, g."userAgent"
    from jsonb_to_recordset(${JSON.stringify(refusals)}::jsonb) as g(number text, "corpId" text, "memberId" bigint,
        at timestamptz, place text, reason text, detail text, address text, "userAgent" text)
      left join corp on corp.corp_id = g."corpId"
    where g."corpId" is null or corp.corp_id is not null
    on conflict do nothing`.execute(db)
}

/** What stands under this number, unless it is another corp's. */
export async function refusalNumbered(db: Db, corpId: string, number: string): Promise<Refusal | undefined> {
  return db
    .selectFrom('refusal')
    .select(columns)
    .where('number', '=', number)
    .where(({ or, eb }) => or([eb('corp_id', '=', corpId), eb('corp_id', 'is', null)]))
    .executeTakeFirst()
}

/** The latest first. */
export async function refusalsOf(
  db: Db,
  corpId: string,
  memberId: number,
  limit: number,
): Promise<Refusal[]> {
  return db
    .selectFrom('refusal')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
}

export async function pruneRefusals(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'refusal', sql`at < ${before}`, atMost)
}

export async function eraseRefusals(tx: Db, numbers: readonly string[]): Promise<void> {
  await sql`
    update refusal set member_id = null, detail = '', address = '', user_agent = ''
    where number = any(${numbers}::text[])`.execute(tx)
}
