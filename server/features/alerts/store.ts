import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type AlertKey = { corpId: string | null; cause: string; subject: string }

export type AlertRow = AlertKey & {
  id: number
  detail: object
  since: Date
  triedAt: Date | null
  toldAt: Date | null
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  endedAt: Date | null
  sharedAt: Date | null
}

const columns = [
  'id',
  'corp_id as corpId',
  'cause',
  'subject',
  'detail',
  'since',
  'tried_at as triedAt',
  'told_at as toldAt',
  'acknowledged_at as acknowledgedAt',
  'acknowledged_by as acknowledgedBy',
  'ended_at as endedAt',
  'shared_at as sharedAt',
] as const

/** One node at a time compares what it found with what is open, until the transaction ends. */
export async function lockAlerts(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp alerts'))`.execute(tx)
}

/** `isShared`: an alert of the installation tells of it, and of the same in many other corps. */
export type NewAlert = AlertKey & { detail: object; isShared: boolean }

/**
 * Opens what was found and is not open. What ended after `quietSince` opens again as the same alert, told and known as it
 * was; what is open gets the new detail. Returns the corps of those that were not open.
 */
export async function openAlerts(
  tx: Db,
  found: NewAlert[],
  now: Date,
  quietSince: Date,
): Promise<(string | null)[]> {
  const rows = sql`(
    select "corpId" as corp_id, cause, subject, detail, case when "isShared" then ${now}::timestamptz end as shared_at
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb)
      as row("corpId" text, cause text, subject text, detail jsonb, "isShared" boolean)) as found`
  const again = await sql<{ corpId: string | null }>`
    update alert a set ended_at = null, detail = found.detail, shared_at = coalesce(found.shared_at, a.shared_at)
    from ${rows}
    where coalesce(a.corp_id, '') = coalesce(found.corp_id, '') and a.cause = found.cause and a.subject = found.subject
      and a.ended_at > ${quietSince}
    returning a.corp_id as "corpId"`.execute(tx)
  const put = await sql<{ corpId: string | null; isNew: boolean }>`
    insert into alert (corp_id, cause, subject, detail, since, shared_at)
    select corp_id, cause, subject, detail, ${now}, shared_at from ${rows}
    -- A corp may have been removed since it was looked at.
    where corp_id is null or exists (select 1 from corp where corp.corp_id = found.corp_id)
    on conflict (coalesce(corp_id, ''), cause, subject) where ended_at is null
      do update set detail = excluded.detail, shared_at = coalesce(excluded.shared_at, alert.shared_at)
    returning corp_id as "corpId", xmax = 0 as "isNew"`.execute(tx)
  return [...again.rows, ...put.rows.filter(row => row.isNew)].map(row => row.corpId)
}

/** Ends the open alerts of these causes, except those of `keys` and of the corps of `unclear`. Returns their corps. */
export async function endAlerts(
  tx: Db,
  causes: string[],
  keys: AlertKey[],
  unclear: { corpId: string | null; cause: string }[],
  now: Date,
): Promise<(string | null)[]> {
  const { rows } = await sql<{ corpId: string | null }>`
    update alert a set ended_at = ${now}
    where a.ended_at is null and a.cause = any(${causes}::text[])
      and not exists (
        select 1 from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k("corpId" text, cause text, subject text)
        where coalesce(k."corpId", '') = coalesce(a.corp_id, '') and k.cause = a.cause and k.subject = a.subject)
      and not exists (
        select 1 from jsonb_to_recordset(${JSON.stringify(unclear)}::jsonb) as u("corpId" text, cause text)
        where coalesce(u."corpId", '') = coalesce(a.corp_id, '') and u.cause = a.cause)
    returning a.corp_id as "corpId"`.execute(tx)
  return rows.map(row => row.corpId)
}

/** Returns which of these corps have an open alert; '' is the installation. */
export async function corpsWithOpenAlerts(db: Db, corpIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select distinct coalesce(corp_id, '') as "corpId" from alert
    where ended_at is null and coalesce(corp_id, '') = any(${corpIds})`.execute(db)
  return rows.map(row => row.corpId)
}

const isUntold = sql<boolean>`ended_at is null and told_at is null and acknowledged_at is null and corp_id is not null`
/** What an alert of the installation tells of is told to nobody else, until it was for long no longer one of many. */
const isOwn = (sharedBefore: Date) => sql<boolean>`(shared_at is null or shared_at < ${sharedBefore})`

/** Both are moments before which something no longer counts. */
export type TellSince = { triedBefore: Date; sharedBefore: Date }

/** The corps with alerts that nobody was told of and that were not tried since `triedBefore`. */
export async function corpsToTell(db: Db, { triedBefore, sharedBefore }: TellSince): Promise<string[]> {
  const found = await sql<{ corpId: string }>`
    select distinct corp_id as "corpId" from alert
    where ${isUntold} and ${isOwn(sharedBefore)} and (tried_at is null or tried_at < ${triedBefore})`.execute(
    db,
  )
  return found.rows.map(row => row.corpId)
}

export async function alertsToTell(
  db: Db,
  corpId: string,
  { triedBefore, sharedBefore }: TellSince,
): Promise<AlertRow[]> {
  const rows = await db
    .selectFrom('alert')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where(isUntold)
    .where(isOwn(sharedBefore))
    .where(({ or, eb }) => or([eb('tried_at', 'is', null), eb('tried_at', '<', triedBefore)]))
    .orderBy('id')
    .execute()
  return rows as AlertRow[]
}

export async function noteTried(db: Db, ids: readonly number[], isTold: boolean, at: Date): Promise<void> {
  await db
    .updateTable('alert')
    .set({ tried_at: at, ...(isTold ? { told_at: at } : {}) })
    .where('id', 'in', [...ids])
    .execute()
}

/** The alerts of a corp that ended, the latest first, and those of the installation where `withInstallation`. */
export async function endedAlertsOf(
  db: Db,
  corpId: string,
  { withInstallation, limit }: { withInstallation: boolean; limit: number },
): Promise<AlertRow[]> {
  const rows = await db
    .selectFrom('alert')
    .select(columns)
    .where(({ or, eb }) =>
      or([eb('corp_id', '=', corpId), ...(withInstallation ? [eb('corp_id', 'is', null)] : [])]),
    )
    .where('ended_at', 'is not', null)
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows as AlertRow[]
}

/** The open alerts of these corps, so many of each, the latest first, and those of the installation where `withInstallation`. */
export async function openAlertsOf(
  db: Db,
  corpIds: readonly string[],
  { withInstallation, limit }: { withInstallation: boolean; limit: number },
): Promise<AlertRow[]> {
  const ranked = db
    .selectFrom('alert')
    .select(columns)
    .select(sql<number>`row_number() over (partition by corp_id order by since desc, id desc)`.as('place'))
    .where('ended_at', 'is', null)
    .where(({ or, eb }) =>
      or([sql<boolean>`corp_id = any(${corpIds})`, ...(withInstallation ? [eb('corp_id', 'is', null)] : [])]),
    )
  const rows = await db.selectFrom(ranked.as('one')).selectAll().where('place', '<=', limit).execute()
  return rows.map(({ place: _, ...row }) => row) as AlertRow[]
}

/** Locks the row until the transaction ends. */
export async function lockAlert(tx: Db, id: number): Promise<AlertRow | undefined> {
  const row = await tx.selectFrom('alert').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
  return row as AlertRow | undefined
}

export async function setAcknowledged(tx: Db, id: number, by: string, at: Date): Promise<void> {
  await tx
    .updateTable('alert')
    .set({ acknowledged_at: at, acknowledged_by: by })
    .where('id', '=', id)
    .execute()
}

export async function pruneAlerts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'alert', sql`ended_at < ${before}`, atMost)
}

/** One for all corps that have the same for one reason. */
export async function openByCause(db: Db, sharedBefore: Date): Promise<{ cause: string; open: number }[]> {
  const found = await sql<{ cause: string; open: number }>`
    select cause, count(*)::int as open from alert where ended_at is null and ${isOwn(sharedBefore)} group by 1`.execute(
    db,
  )
  return found.rows
}
