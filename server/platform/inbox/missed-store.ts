import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'
import type { InboxStream } from './event-store.ts'
import type { RefusedPushes } from './missed.ts'

/** Keeps for administrators what nobody can be asked for again. What is kept of the same account already is added up. */
export async function putMissedPushes(tx: Db, missed: readonly RefusedPushes[]): Promise<void> {
  if (missed.length === 0) return
  await sql`
    insert into missed_push as known (corp_id, stream, account, refused, from_at, until_at)
    select "corpId", stream, account, refused, "from", until
    from jsonb_to_recordset(${JSON.stringify(missed)}::jsonb)
      as row("corpId" text, stream text, account text, refused int, "from" timestamptz, until timestamptz)
    where exists (select from corp where corp_id = "corpId")
    order by 1, 2, 3
    on conflict (corp_id, stream, account) do update set refused = known.refused + excluded.refused,
      from_at = least(known.from_at, excluded.from_at), until_at = greatest(known.until_at, excluded.until_at)`.execute(
    tx,
  )
}

export async function missedPushes(db: Db, stream: InboxStream): Promise<RefusedPushes[]> {
  const { rows } = await sql<RefusedPushes>`
    select corp_id as "corpId", stream, account, refused, from_at as "from", until_at as until
    from missed_push where stream = ${stream} order by corp_id, account`.execute(db)
  return rows
}

export async function pruneMissedPushes(
  db: Db,
  { before, atMost }: { before: Date; atMost: number },
): Promise<number> {
  return deleteSome(db, 'missed_push', sql`until_at < ${before}`, atMost)
}
