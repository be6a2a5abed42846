import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

type AccountKey = { corpId: string; originalId: string }

/** What a push tells about who sent it. `qrScene` is absent where the push says nothing of a QR code. */
export type FollowerPresence = { openid: string; subscribed: boolean; at: Date; qrScene?: string }

/**
 * `changes` holds a follower once. A push that is replayed does not undo what happened since. Returns whether WeChat has to
 * be asked about somebody.
 */
export async function noteSeen(
  db: Db,
  { corpId, originalId }: AccountKey,
  changes: readonly FollowerPresence[],
): Promise<boolean> {
  const { rows } = await sql<{ isUnread: boolean }>`
    insert into official_follower as f (corp_id, original_id, openid, subscribed, subscribed_at, unsubscribed_at, qr_scene)
    select ${corpId}, ${originalId}, openid, subscribed, case when subscribed then at end,
      case when not subscribed then at end, coalesce("qrScene", '')
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as row(openid text, subscribed boolean, at timestamptz, "qrScene" text)
    order by openid
    on conflict (corp_id, original_id, openid) do update set
      subscribed = excluded.subscribed,
      subscribed_at = case when excluded.subscribed and not f.subscribed then excluded.subscribed_at
        else f.subscribed_at end,
      unsubscribed_at = case when excluded.subscribed then null else excluded.unsubscribed_at end,
      qr_scene = case when excluded.qr_scene = '' then f.qr_scene else excluded.qr_scene end,
      read_at = case when f.subscribed = excluded.subscribed then f.read_at end
    where greatest(f.subscribed_at, f.unsubscribed_at) is null
      or greatest(f.subscribed_at, f.unsubscribed_at)
        <= coalesce(excluded.subscribed_at, excluded.unsubscribed_at)
    returning subscribed and read_at is null as "isUnread"`.execute(db)
  return rows.some(row => row.isUnread)
}
