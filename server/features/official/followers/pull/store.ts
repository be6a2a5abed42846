import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import type { FollowerInfo } from '../../../../upstream/official/calls/users.ts'

type AccountKey = { corpId: string; originalId: string }

/** Why a pull waits or stopped. `errcode` is null when WeChat gave no usable answer. */
export type PullReason = { errcode: number | null; rid: string }

export type Pull = {
  state: 'running' | 'done' | 'failed'
  cursor: string
  total: number | null
  read: number
  gone: number
  attempts: number
  reason: PullReason | null
  requestedBy: string
  startedAt: Date
  endedAt: Date | null
}

export async function findPull(db: Db, { corpId, originalId }: AccountKey): Promise<Pull | undefined> {
  return db
    .selectFrom('official_pull')
    .select(['state', 'cursor', 'total', 'read', 'gone', 'attempts', 'reason'])
    .select(['requested_by as requestedBy', 'started_at as startedAt', 'ended_at as endedAt'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .executeTakeFirst() as Promise<Pull | undefined>
}

/**
 * Begins a pull, or continues one that failed after `resumableSince`. Returns false, and changes nothing, while one is
 * running.
 */
export async function beginPull(
  db: Db,
  { corpId, originalId }: AccountKey,
  by: string,
  at: Date,
  resumableSince: Date,
): Promise<boolean> {
  const isResumed = sql`p.state = 'failed' and p.cursor <> '' and p.started_at > ${resumableSince}`
  const { rows } = await sql`
    insert into official_pull as p (corp_id, original_id, state, requested_by, started_at)
    values (${corpId}, ${originalId}, 'running', ${by}, ${at})
    on conflict (corp_id, original_id) do update set state = 'running', requested_by = excluded.requested_by,
      cursor = case when ${isResumed} then p.cursor else '' end,
      total = case when ${isResumed} then p.total end,
      read = case when ${isResumed} then p.read else 0 end,
      started_at = case when ${isResumed} then p.started_at else excluded.started_at end,
      gone = 0, attempts = 0, reason = null, ended_at = null
    where p.state <> 'running'
    returning 1`.execute(db)
  return rows.length > 0
}

export async function updatePull(
  db: Db,
  { corpId, originalId }: AccountKey,
  change: Partial<
    Pick<Pull, 'state' | 'cursor' | 'total' | 'read' | 'gone' | 'attempts' | 'reason' | 'endedAt'>
  >,
): Promise<void> {
  const { endedAt, reason, ...same } = change
  await db
    .updateTable('official_pull')
    .set({
      ...same,
      ...(endedAt === undefined ? {} : { ended_at: endedAt }),
      ...(reason === undefined ? {} : { reason: reason && JSON.stringify(reason) }),
    })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
}

/**
 * Stores what WeChat said at `askedAt`, and with `listedAt` that a pull found these people. What a push told since is
 * newer and stays; for that comparison nobody subscribed later than now, whatever WeChat's clock says.
 */
export async function putRead(
  db: Db,
  { corpId, originalId }: AccountKey,
  followers: readonly FollowerInfo[],
  askedAt: Date,
  listedAt?: Date,
): Promise<void> {
  await sql`
    insert into official_follower as f (corp_id, original_id, openid, subscribed, subscribed_at, unsubscribed_at, unionid,
      scene, qr_scene, remark, tag_ids, read_at, listed_at)
    select ${corpId}, ${originalId}, openid, subscribed,
      least("subscribedAt", ${askedAt}::timestamptz - interval '1 second'),
      case when not subscribed then ${askedAt}::timestamptz end, unionid, scene, "qrScene", remark, "tagIds",
      ${askedAt}, ${listedAt ?? null}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(followers)}::jsonb) as row(openid text, subscribed boolean,
      "subscribedAt" timestamptz, unionid text, scene text, "qrScene" text, remark text, "tagIds" int[])
    order by openid
    on conflict (corp_id, original_id, openid) do update set
      subscribed = excluded.subscribed,
      subscribed_at = coalesce(excluded.subscribed_at, f.subscribed_at),
      unsubscribed_at = case when excluded.subscribed then null
        when f.subscribed or f.unsubscribed_at is null then excluded.unsubscribed_at else f.unsubscribed_at end,
      unionid = coalesce(excluded.unionid, f.unionid),
      scene = case when excluded.subscribed then excluded.scene else f.scene end,
      qr_scene = case when f.qr_scene = '' then excluded.qr_scene else f.qr_scene end,
      remark = case when excluded.subscribed then excluded.remark else f.remark end,
      tag_ids = case when excluded.subscribed then excluded.tag_ids else '{}' end,
      read_at = excluded.read_at,
      listed_at = coalesce(excluded.listed_at, f.listed_at)
    where greatest(f.subscribed_at, f.unsubscribed_at) is null
      or greatest(f.subscribed_at, f.unsubscribed_at) < excluded.read_at`.execute(db)
}

/** Marks those as unsubscribed whom the pull that began at `startedAt` did not find; returns how many. */
export async function endUnlisted(
  db: Db,
  { corpId, originalId }: AccountKey,
  startedAt: Date,
  at: Date,
): Promise<number> {
  const done = await sql`
    update official_follower set subscribed = false, unsubscribed_at = ${at}, tag_ids = '{}'
    where corp_id = ${corpId} and original_id = ${originalId} and subscribed
      and (listed_at is null or listed_at < ${startedAt}) and (subscribed_at is null or subscribed_at < ${startedAt})
    `.execute(db)
  return Number(done.numAffectedRows ?? 0)
}

/** Makes these people the whole black list. Openids without a row are left out: they do not follow the account. */
export async function putBlacklist(
  db: Db,
  { corpId, originalId }: AccountKey,
  openids: readonly string[],
): Promise<void> {
  await sql`
    update official_follower f set is_blocked = not f.is_blocked
    where corp_id = ${corpId} and original_id = ${originalId}
      and is_blocked <> (openid = any(${[...openids]}::text[]))`.execute(db)
}

/** Followers of whom only pushes are known. */
export async function unreadFollowers(
  db: Db,
  { corpId, originalId }: AccountKey,
  atMost: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('official_follower')
    .select('openid')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('subscribed', '=', true)
    .where('read_at', 'is', null)
    .limit(atMost)
    .execute()
  return rows.map(row => row.openid)
}

/** Notes that WeChat does not know these people, so that it is not asked again. */
export async function noteUnknown(
  db: Db,
  { corpId, originalId }: AccountKey,
  openids: readonly string[],
  at: Date,
): Promise<void> {
  if (openids.length === 0) return
  await db
    .updateTable('official_follower')
    .set({ read_at: at })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', 'in', [...openids])
    .execute()
}

/** The accounts whose followers were ever read, by original id. */
export async function pulledAccounts(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('official_pull').select('original_id as id').execute()
  return new Set(rows.map(row => row.id))
}
