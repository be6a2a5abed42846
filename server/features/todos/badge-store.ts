import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** Sets numbers on an app's tile; 0 takes one away. */
export async function putBadges(
  tx: Db,
  corpId: string,
  appId: string,
  badges: readonly { memberId: number; count: number }[],
  at: Date,
): Promise<void> {
  const rows = JSON.stringify(badges)
  await sql`
    insert into app_badge (corp_id, app_id, member_id, count, set_at)
    select ${corpId}, ${appId}, "memberId", count, ${at}::timestamptz
    from jsonb_to_recordset(${rows}::jsonb) as row("memberId" bigint, count int) order by "memberId"
    on conflict (corp_id, member_id, app_id) do update set count = excluded.count, set_at = excluded.set_at`.execute(
    tx,
  )
}

export async function badgesOf(
  db: Db,
  corpId: string,
  memberId: number,
): Promise<{ appId: string; count: number }[]> {
  return db
    .selectFrom('app_badge')
    .select(['app_id as appId', 'count'])
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('count', '>', 0)
    .execute()
}

export async function pruneBadges(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'app_badge', sql`old.set_at < ${before}`, 'set_at', atMost)
}
