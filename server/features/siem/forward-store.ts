import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { AlertRow } from '../alerts/store.ts'
import { type Receiver, receiverColumns } from './receiver-store.ts'

/** A node that was silent for so long loses the receiver to another one. */
export const leaseSeconds = 20

/** A clock that went back must not make a receiver wait for hours. */
const waitAtMost = sql`interval '10 minutes'`

type Turn = {
  lease: string
  now: Date
  limit: number
  /** Those whose last attempt failed, or all others. */
  failing: boolean
  /** Corps whose work waits. */
  closed: readonly string[]
}

/** Takes receivers for which something waits. No other node gets them until the lease ends. */
export async function claimReceivers(
  db: Db,
  { lease, now, limit, failing, closed }: Turn,
): Promise<Receiver[]> {
  return db
    .updateTable('siem_receiver')
    .set({ lease, lease_until: leaseEnd })
    .where(
      'id',
      'in',
      sql<string>`(
        select r.id from siem_receiver r
        where r.is_on and (r.tries > 0) = ${failing} and (r.next_at <= ${now} or r.next_at > ${now}::timestamptz + ${waitAtMost})
          and (r.lease is null or r.lease_until < now()) and coalesce(r.corp_id, '') <> all(${[...closed]}::text[])
          and (exists (select from audit_tree t where t.tree = coalesce(r.corp_id, '') and t.size <> r.next_index)
            or exists (${untold(sql`a.corp_id = r.corp_id`)})
            or r.corp_id is null and exists (${untold(sql`a.corp_id is null`)}))
        order by r.next_at limit ${limit} for update skip locked)`,
    )
    .returning(receiverColumns)
    .execute()
}

const leaseEnd = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`

/** Alerts whose beginning or end a receiver r was not told of. */
function untold(ofOwner: RawBuilder<unknown>, columns = sql``): RawBuilder<unknown> {
  return sql`
    select ${columns} from alert a left join siem_told s on s.alert_id = a.id and s.receiver_id = r.id
    where ${ofOwner} and (
      s.alert_id is null and (a.since >= r.made_at or a.ended_at is null) or s.is_ended <> (a.ended_at is not null))`
}

export type UntoldAlert = Pick<
  AlertRow,
  'id' | 'corpId' | 'cause' | 'subject' | 'detail' | 'since' | 'endedAt'
> & {
  /** Whether it was told that it is open. */
  wasTold: boolean
}

export async function untoldAlerts(
  db: Db,
  { id, corpId }: Pick<Receiver, 'id' | 'corpId'>,
  limit: number,
): Promise<UntoldAlert[]> {
  // No index answers `is not distinct from`.
  const ofOwner = corpId === '' ? sql`a.corp_id is null` : sql`a.corp_id = ${corpId}`
  const columns = sql`a.id, a.corp_id as "corpId", a.cause, a.subject, a.detail, a.since, a.ended_at as "endedAt",
    s.alert_id is not null as "wasTold"`
  const { rows } = await sql<UntoldAlert>`
    select found.* from siem_receiver r, lateral (
      ${untold(ofOwner, columns)}) as found
    where r.id = ${id} order by found.id limit ${limit}`.execute(db)
  return rows
}

/** Whether the receiver is still this holder's. */
export async function renewReceiver(db: Db, id: string, lease: string): Promise<boolean> {
  const row = await db
    .updateTable('siem_receiver')
    .set({ lease_until: leaseEnd })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function releaseReceiver(db: Db, id: string, lease: string): Promise<void> {
  await db
    .updateTable('siem_receiver')
    .set({ lease: null, lease_until: null })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .execute()
}

export type SentBatch = { from: number; next: number; alerts: readonly UntoldAlert[]; at: Date }

/** Notes what a receiver has got, and returns whether it is still this holder's. */
export async function noteSent(
  tx: Db,
  id: string,
  lease: string,
  { from, next, alerts, at }: SentBatch,
): Promise<boolean> {
  const row = await tx
    .updateTable('siem_receiver')
    .set({
      next_index: next,
      last_from: from,
      sent_at: at,
      tries: 0,
      failing_since: null,
      failure: null,
      next_at: at,
    })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  if (alerts.length > 0)
    await tx
      .insertInto('siem_told')
      .columns(['receiver_id', 'alert_id', 'is_ended', 'told_at'])
      .expression(
        sql`select ${id}, alert.id, "isEnded", ${at}::timestamptz
          from jsonb_to_recordset(${JSON.stringify(alerts.map(one => ({ id: one.id, isEnded: one.endedAt !== null })))}::jsonb)
            as told(id bigint, "isEnded" boolean) join alert on alert.id = told.id` as never,
      )
      .onConflict(conflict =>
        conflict.columns(['receiver_id', 'alert_id']).doUpdateSet(row => ({
          is_ended: row.ref('excluded.is_ended'),
          told_at: row.ref('excluded.told_at'),
        })),
      )
      .execute()
  return true
}

type Failure = { at: Date; nextAt: Date; words: string; isAgain: boolean }

/**
 * Notes why nothing was sent. `isAgain`: what was sent last is sent once more, because the receiver, which is away now, may have gone
 * before it kept that.
 */
export async function noteFailed(
  db: Db,
  id: string,
  lease: string,
  { at, nextAt, words, isAgain }: Failure,
): Promise<void> {
  await sql`
    with again as (
      delete from siem_told s using siem_receiver r
      where ${isAgain} and r.id = ${id} and r.lease = ${lease} and r.last_from is not null
        and s.receiver_id = r.id and s.told_at = r.sent_at
    )
    update siem_receiver set
      next_index = case when ${isAgain} then coalesce(last_from, next_index) else next_index end,
      last_from = case when ${isAgain} then null else last_from end,
      tries = tries + 1, failing_since = coalesce(failing_since, ${at}), failure = ${words}, next_at = ${nextAt}
    where id = ${id} and lease = ${lease}`.execute(db)
}

export type LateReceiver = {
  id: string
  corpId: string | null
  name: string
  address: string
  waiting: number
  since: Date
  failure: string | null
}

/** Receivers for which the first entry that waits, or the first failure since the last success, is of before. */
export async function lateReceivers(db: Db, before: Date): Promise<LateReceiver[]> {
  const { rows } = await sql<LateReceiver>`
    select * from (
      select r.id, r.corp_id as "corpId", r.name, r.address, r.failure,
        greatest(coalesce(t.size, 0) - r.next_index, 0) as waiting,
        least(r.failing_since, case when l.index is not null then greatest(l.entered_at, r.since) end) as since
      from siem_receiver r
        left join audit_tree t on t.tree = coalesce(r.corp_id, '')
        left join audit_leaf l on l.tree = coalesce(r.corp_id, '') and l.index = r.next_index
      where r.is_on) as one
    where since < ${before} order by id`.execute(db)
  return rows
}
