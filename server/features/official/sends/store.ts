import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { CustomMessage } from '../../../upstream/official/calls/custom.ts'
import type { SendReason } from './reason.ts'
import type { Window, WindowKind } from './windows.ts'

/** Whose rows: an account of a corp. */
export type AccountKey = { corpId: string; originalId: string }

export type SendOrigin = 'reply' | 'conversation' | 'api'

export type NewSend = {
  openid: string
  origin: SendOrigin
  /** The same for every repetition of a request. */
  originKey: string
  content: CustomMessage
  kfAccount?: string
  /** The person who wrote it. */
  actor?: string
}

/** Stores what is not stored yet, and returns the ids in the order given. */
export async function insertSends(
  db: Db,
  { corpId, originalId }: AccountKey,
  sends: readonly NewSend[],
  at: Date,
): Promise<{ id: number; isNew: boolean }[]> {
  const { rows } = await sql<{ id: number; isNew: boolean }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(sends.map((one, n) => ({ kfAccount: '', actor: '', ...one, n })))}::jsonb)
        as row(n int, openid text, origin text, "originKey" text, content jsonb, "kfAccount" text,
          actor text)
    ), put as (
      insert into official_send (corp_id, original_id, openid, origin, origin_key, content, kf_account, state, created_at,
        due_at, actor)
      select ${corpId}, ${originalId}, openid, origin, "originKey", content, "kfAccount", 'waiting', ${at}, ${at}, actor
      from given order by n
      on conflict (corp_id, original_id, origin, origin_key) do nothing
      returning id, origin, origin_key
    )
    select coalesce(put.id, known.id) as id, put.id is not null as "isNew"
    from given
      left join put on put.origin = given.origin and put.origin_key = given."originKey"
      left join official_send known on known.corp_id = ${corpId} and known.original_id = ${originalId}
        and known.origin = given.origin and known.origin_key = given."originKey"
    order by n`.execute(db)
  return rows
}

/** The id of what was stored under a key. */
export async function sendIdOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  origin: SendOrigin,
  originKey: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('official_send')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('origin', '=', origin)
    .where('origin_key', '=', originKey)
    .executeTakeFirst()
  return row?.id
}

export type DueSend = {
  id: number
  openid: string
  content: CustomMessage
  kfAccount: string
  attempts: number
  createdAt: Date
  /** The person who wrote it; '' when nobody did. */
  actor: string
}

/** The oldest waiting message of each follower, as far as it is due: they go out in the order in which they were asked for. */
export async function dueSends(
  db: Db,
  { corpId, originalId }: AccountKey,
  now: Date,
  limit: number,
): Promise<DueSend[]> {
  const { rows } = await sql<DueSend & { dueAt: Date }>`
    select * from (
      select distinct on (openid) id, openid, content, kf_account as "kfAccount", attempts, created_at as "createdAt",
        due_at as "dueAt", actor
      from official_send where corp_id = ${corpId} and original_id = ${originalId} and state in ('waiting', 'sending')
      order by openid, id) as first
    where "dueAt" <= ${now} order by id limit ${limit}`.execute(db)
  return rows.map(({ dueAt: _dueAt, ...row }) => row)
}

export async function nextSendAt(db: Db, { corpId, originalId }: AccountKey): Promise<Date | undefined> {
  const row = await db
    .selectFrom('official_send')
    .select(select => select.fn.min('due_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('state', 'in', ['waiting', 'sending'])
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** What a holder that is gone was sending: nobody knows what became of it. */
export async function settleAbandoned(
  db: Db,
  { corpId, originalId }: AccountKey,
  reason: SendReason,
  at: Date,
): Promise<void> {
  await db
    .updateTable('official_send')
    .set({ state: 'unknown', reason: JSON.stringify(reason), ended_at: at })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('state', '=', 'sending')
    .execute()
}

/**
 * Ends what was waiting when a backup was made, for all accounts: it has most likely been sent since. Sending it automatically could
 * deliver it twice, so a person decides.
 */
export async function settleRestoredSends(db: Db, at: Date): Promise<void> {
  const reason: SendReason = { code: 'restored' }
  // A restore may end at the migrations of an earlier version.
  const { rows } = await sql<{
    name: string | null
  }>`select to_regclass('official_send')::text as name`.execute(db)
  if (rows[0]?.name == null) return
  await db
    .updateTable('official_send')
    .set({ state: 'unknown', reason: JSON.stringify(reason), ended_at: at })
    .where('state', 'in', ['waiting', 'sending'])
    .execute()
}

export type SendChange = {
  id: number
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown'
  reason?: SendReason
  dueAt?: Date
  attempts?: number
}

export async function updateSends(
  db: Db,
  { corpId, originalId }: AccountKey,
  changes: SendChange[],
  at: Date,
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    update official_send s set state = row.state, reason = row.reason, due_at = coalesce(row."dueAt", s.due_at),
      attempts = coalesce(row.attempts, s.attempts),
      ended_at = case when row.state in ('waiting', 'sending') then null else ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as row(id bigint, state text, reason jsonb, "dueAt" timestamptz, attempts int)
    where s.corp_id = ${corpId} and s.original_id = ${originalId} and s.id = row.id`.execute(db)
}

export type WindowRow = Window & { openid: string }

export async function windowsOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  openids: readonly string[],
  lock = false,
): Promise<WindowRow[]> {
  return db
    .selectFrom('official_window')
    .select(['openid', 'opened_by as openedBy', 'opened_at as openedAt', 'used'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', 'in', [...openids, ''])
    .orderBy('openid')
    .$if(lock, query => query.forUpdate())
    .execute()
}

/**
 * A follower's windows, and how many messages wait whose places in them are not taken yet: in one statement, so that none is
 * missed that is begun just now.
 */
export async function windowsAndWaiting(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
): Promise<{ windows: Window[]; waiting: number }> {
  const { rows } = await sql<Window & { waiting: number }>`
    select opened_by as "openedBy", opened_at as "openedAt", used,
      (select count(*)::int from official_send where corp_id = ${corpId} and original_id = ${originalId}
        and openid = ${openid} and state = 'waiting') as waiting
    from official_window
    where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}`.execute(db)
  return { windows: rows, waiting: rows[0]?.waiting ?? 0 }
}

export async function putUsed(
  db: Db,
  { corpId, originalId }: AccountKey,
  windows: readonly WindowRow[],
): Promise<void> {
  await sql`
    update official_window w set used = row.used
    from jsonb_to_recordset(${JSON.stringify(windows)}::jsonb) as row(openid text, "openedBy" text, used int)
    where w.corp_id = ${corpId} and w.original_id = ${originalId} and w.openid = row.openid
      and w.opened_by = row."openedBy"`.execute(db)
}

/** Of each follower's windows the one that was opened last. A place too many is harmless: WeChat counts for itself. */
export async function giveBack(
  db: Db,
  { corpId, originalId }: AccountKey,
  openids: readonly string[],
): Promise<void> {
  await sql`
    update official_window w set used = used - 1
    from (
      select distinct on (openid) openid, opened_by from official_window
      where corp_id = ${corpId} and original_id = ${originalId} and openid = any(${[...openids]}) and used > 0
      order by openid, opened_at desc) as last
    where w.corp_id = ${corpId} and w.original_id = ${originalId} and w.openid = last.openid
      and w.opened_by = last.opened_by`.execute(db)
}

export type Opening = { openid: string; openedBy: WindowKind; at: Date }

/**
 * A window that is opened again starts from the beginning. A replayed push does not replace a newer window, and opens none
 * for somebody who has left since.
 */
export async function openWindows(
  db: Db,
  { corpId, originalId }: AccountKey,
  openings: readonly Opening[],
): Promise<void> {
  await sql`
    insert into official_window (corp_id, original_id, openid, opened_by, opened_at)
    select ${corpId}, ${originalId}, openid, "openedBy", max(at)
    from jsonb_to_recordset(${JSON.stringify(openings)}::jsonb) as row(openid text, "openedBy" text, at timestamptz)
    where not exists (select from official_follower f where f.corp_id = ${corpId} and f.original_id = ${originalId}
      and f.openid = row.openid and f.unsubscribed_at > row.at)
    group by openid, "openedBy" order by openid, "openedBy"
    on conflict (corp_id, original_id, openid, opened_by) do update set opened_at = excluded.opened_at, used = 0
      where official_window.opened_at < excluded.opened_at`.execute(db)
}

/** After an unsubscription nothing may be sent; what was opened since, by somebody who came back, stays open. */
export async function closeWindows(
  db: Db,
  { corpId, originalId }: AccountKey,
  left: readonly { openid: string; at: Date }[],
): Promise<void> {
  await sql`
    delete from official_window w
    using jsonb_to_recordset(${JSON.stringify(left)}::jsonb) as row(openid text, at timestamptz)
    where w.corp_id = ${corpId} and w.original_id = ${originalId} and w.openid = row.openid
      and w.opened_at <= row.at`.execute(db)
}

export async function pruneSends(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.created_at < ${before} and old.state not in ('waiting', 'sending')`
  return deleteOldestOfCorps(db, 'official_send', isOld, 'created_at', atMost)
}

export async function pruneWindows(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_window', sql`old.opened_at < ${before}`, 'opened_at', atMost)
}

export type StoredSend = {
  id: number
  openid: string
  content: CustomMessage
  state: SendChange['state']
  reason: SendReason | null
}

export async function findSend(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
): Promise<StoredSend | undefined> {
  return db
    .selectFrom('official_send')
    .select(['id', 'openid', 'content', 'state', 'reason'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .executeTakeFirst() as Promise<StoredSend | undefined>
}
