import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey } from '../../channels/part.ts'
import { heldUntil } from './held-store.ts'

/** A person who has not got a message yet. `digestId` while a digest collects it. */
export type WaitingPerson = {
  id: number
  messageId: string
  memberId: number
  userId: string
  typeKey: string
  about: string | null
  digestId: string | null
  dueAt: Date
}

const columns = sql`w.id, w.message_id as "messageId", w.member_id as "memberId", w.user_id as "userId",
  w.type_key as "typeKey", w.about, w.digest_id as "digestId", w.due_at as "dueAt"`

export async function putWaiting(
  tx: Db,
  corpId: string,
  persons: readonly Omit<WaitingPerson, 'id'>[],
): Promise<void> {
  if (persons.length === 0) return
  await sql`
    insert into message_waiting (corp_id, message_id, member_id, user_id, type_key, about, digest_id, due_at)
    select ${corpId}, "messageId", "memberId", "userId", "typeKey", about, "digestId", "dueAt"
    from jsonb_to_recordset(${JSON.stringify(persons)}::jsonb) as row("messageId" text, "memberId" bigint, "userId" text,
      "typeKey" text, about text, "digestId" text, "dueAt" timestamptz)
    order by "messageId", "memberId"`.execute(tx)
}

/** All rows that are due of the next persons who have one, so that what one person gets is seen together. */
export async function duePersons(db: Db, corpId: string, now: Date, limit: number): Promise<WaitingPerson[]> {
  const { rows } = await sql<WaitingPerson>`
    with next as (
      select member_id from message_waiting
      where corp_id = ${corpId} and digest_id is null and due_at <= ${now} and step = 0 and ${isNotPaused(corpId)}
      group by 1 order by min(due_at), 1 limit ${limit})
    select ${columns} from next join message_waiting w on w.corp_id = ${corpId} and w.member_id = next.member_id
    where w.digest_id is null and w.due_at <= ${now} and w.step = 0 and ${isNotPaused(corpId)}
    order by w.id`.execute(db)
  return rows
}

/** Leaves out persons whose message an administrator paused; they keep their time. */
export const isNotPaused = (corpId: string) => sql`message_id <> all (array(
  select message_id from message_plan where corp_id = ${corpId} and state = 'paused'))`

/** Takes rows for good. Returns how many: a row that is gone already was cancelled by somebody else. */
export async function takeRows(tx: Db, corpId: string, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0
  const { rows } = await sql`
    delete from message_waiting where corp_id = ${corpId} and id = any(${[...ids]}::bigint[]) returning 1`.execute(
    tx,
  )
  return rows.length
}

/** Takes those of a message, or of some of its persons, and returns them. */
export async function takeOfMessage(
  tx: Db,
  { corpId, id }: MessageKey,
  userIds?: readonly string[],
): Promise<WaitingPerson[]> {
  const { rows } = await sql<WaitingPerson>`
    delete from message_waiting w where w.corp_id = ${corpId} and w.message_id = ${id} and w.step = 0
      and ${userIds === undefined ? sql`true` : sql`w.user_id = any(${[...userIds]}::text[])`}
    returning ${columns}`.execute(tx)
  return rows
}

export async function postponeRows(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  until: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`update message_waiting set due_at = ${until} where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(
    tx,
  )
}

export type DigestRow = { id: string; typeKey: string; memberId: number; about: string; closesAt: Date }

const digestColumns = sql`d.id, d.type_key as "typeKey", d.member_id as "memberId", d.about, d.closes_at as "closesAt"`

/** Joins the digests that are open, or opens them; in the order in which they were asked for. Nobody closes them before the commit. */
export async function joinDigests(
  tx: Db,
  corpId: string,
  asked: readonly DigestRow[],
): Promise<Pick<DigestRow, 'id' | 'closesAt'>[]> {
  if (asked.length === 0) return []
  const { rows } = await sql<DigestRow>`
    insert into message_digest as d (corp_id, id, type_key, member_id, about, closes_at)
    select ${corpId}, id, "typeKey", "memberId", about, "closesAt"
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as row(id text, "typeKey" text, "memberId" bigint, about text,
      "closesAt" timestamptz)
    order by "typeKey", "memberId", about
    on conflict (corp_id, type_key, member_id, about) do update set about = excluded.about
    returning ${digestColumns}`.execute(tx)
  const keyOf = (one: DigestRow) => JSON.stringify([one.typeKey, one.memberId, one.about])
  const open = new Map(rows.map(row => [keyOf(row), row]))
  return asked.map(one => open.get(keyOf(one))!)
}

/** The digests that are due first: so many, and fewer where they have collected more rows than that; always one. */
export async function dueDigests(
  db: Db,
  corpId: string,
  now: Date,
  atMost: { digests: number; rows: number },
): Promise<DigestRow[]> {
  const { rows } = await sql<DigestRow>`
    select ${digestColumns} from (
      select due.*, sum(own.rows) over (order by due.closes_at, due.id) - own.rows as rows_before
      from (select * from message_digest where corp_id = ${corpId} and closes_at <= ${now}
          order by closes_at, id limit ${atMost.digests}) as due
        cross join lateral (select count(*) as rows from message_waiting w
          where w.corp_id = due.corp_id and w.digest_id = due.id) as own
    ) as d where d.rows_before < ${atMost.rows} order by d.closes_at, d.id`.execute(db)
  return rows
}

/** What digests have collected, the newest last. */
export async function rowsOfDigests(
  db: Db,
  corpId: string,
  digestIds: readonly string[],
): Promise<WaitingPerson[]> {
  const { rows } = await sql<WaitingPerson>`
    select ${columns} from message_waiting w
    where w.corp_id = ${corpId} and w.digest_id = any(${[...digestIds]}::text[]) order by w.id`.execute(db)
  return rows
}

/** Locks digests against those who join them, in the order of joinDigests. */
async function lockDigests(tx: Db, corpId: string, ids: readonly string[]): Promise<void> {
  await sql`select 1 from message_digest where corp_id = ${corpId} and id = any(${[...ids]}::text[])
    order by type_key, member_id, about for update`.execute(tx)
}

/**
 * Locks the digests that collect these messages, for these persons or for all, before their rows are taken: whoever postpones a digest locks it
 * first and then its rows. Hold the plans.
 */
export async function lockDigestsOf(
  tx: Db,
  corpId: string,
  messageIds: readonly string[],
  userIds?: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select distinct digest_id as id from message_waiting
    where corp_id = ${corpId} and message_id = any(${[...messageIds]}::text[]) and digest_id is not null
      and ${userIds === undefined ? sql`true` : sql`user_id = any(${[...userIds]}::text[])`}`.execute(tx)
  if (rows.length > 0)
    await lockDigests(
      tx,
      corpId,
      rows.map(row => row.id),
    )
}

/**
 * Takes digests away that have collected so many rows together, and nobody joins them any more. False where one of them is gone, or collected
 * something else since it was read.
 */
export async function takeDigests(
  tx: Db,
  corpId: string,
  ids: readonly string[],
  collected: number,
): Promise<boolean> {
  if (ids.length === 0) return true
  await lockDigests(tx, corpId, ids)
  const { rows } = await sql<{ collected: number }>`select count(*)::int as collected from message_waiting
    where corp_id = ${corpId} and digest_id = any(${[...ids]}::text[])`.execute(tx)
  const { rows: taken } = await sql`
    delete from message_digest where corp_id = ${corpId} and id = any(${[...ids]}::text[]) returning 1`.execute(
    tx,
  )
  return taken.length === ids.length && rows[0]?.collected === collected
}

/** Each of them closes later than it was to, with all that it has collected. */
export async function postponeDigests(
  tx: Db,
  corpId: string,
  untils: ReadonlyMap<string, Date>,
): Promise<void> {
  const given = JSON.stringify([...untils].map(([id, until]) => ({ id, until })))
  const asked = sql`jsonb_to_recordset(${given}::jsonb) as row(id text, until timestamptz)`
  await lockDigests(tx, corpId, [...untils.keys()])
  await sql`update message_digest d set closes_at = row.until from ${asked}
    where d.corp_id = ${corpId} and d.id = row.id`.execute(tx)
  await sql`update message_waiting w set due_at = row.until from ${asked}
    where w.corp_id = ${corpId} and w.digest_id = row.id`.execute(tx)
}

/** Takes away those of these digests that collect nothing any more. */
export async function dropEmptyDigests(tx: Db, corpId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  // Whoever is joining one has committed before the next statement looks at what it collects.
  await lockDigests(tx, corpId, ids)
  await sql`
    delete from message_digest d where d.corp_id = ${corpId} and d.id = any(${[...ids]}::text[])
      and not exists (select from message_waiting w where w.corp_id = d.corp_id and w.digest_id = d.id)`.execute(
    tx,
  )
}

/** Somebody who got a message within another one. */
export type CollectedRow = Pick<WaitingPerson, 'messageId' | 'memberId' | 'userId'> & {
  digestMessageId: string
  /** What has the words for this person. */
  textId: string | null
}

export async function putCollected(tx: Db, corpId: string, rows: readonly CollectedRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into message_collected (corp_id, message_id, member_id, user_id, digest_message_id, text_id)
    select ${corpId}, "messageId", "memberId", "userId", "digestMessageId", "textId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("messageId" text, "memberId" bigint, "userId" text,
      "digestMessageId" text, "textId" text)`.execute(tx)
}

/** Notes what left, for types with a limit or a digest. */
export async function putLeft(
  tx: Db,
  corpId: string,
  typeKey: string,
  { memberIds, at, isDigest }: { memberIds: readonly number[]; at: Date; isDigest: boolean },
): Promise<void> {
  if (memberIds.length === 0) return
  await sql`
    insert into message_left (corp_id, type_key, member_id, at, is_digest)
    select ${corpId}, ${typeKey}, one, ${at}::timestamptz, ${isDigest} from unnest(${[...memberIds]}::bigint[]) as one`.execute(
    tx,
  )
}

export type LeftRow = { memberId: number; at: Date; isDigest: boolean }

/** What left for these persons since then, the latest first. */
export async function leftSince(
  db: Db,
  corpId: string,
  typeKey: string,
  memberIds: readonly number[],
  since: Date,
): Promise<LeftRow[]> {
  const { rows } = await sql<LeftRow>`
    select member_id as "memberId", at, is_digest as "isDigest" from message_left
    where corp_id = ${corpId} and type_key = ${typeKey} and member_id = any(${[...memberIds]}::bigint[]) and at > ${since}
    order by at desc`.execute(db)
  return rows
}

/** When the digests that collect for these persons close. */
export async function openDigests(
  db: Db,
  corpId: string,
  typeKey: string,
  memberIds: readonly number[],
  about: string,
): Promise<Map<number, Date>> {
  const { rows } = await sql<{ memberId: number; closesAt: Date }>`
    select member_id as "memberId", closes_at as "closesAt" from message_digest
    where corp_id = ${corpId} and type_key = ${typeKey} and about = ${about}
      and member_id = any(${[...memberIds]}::bigint[])`.execute(db)
  return new Map(rows.map(row => [row.memberId, row.closesAt]))
}

/** When something of the corp is due next: a call, a person or a digest. */
export async function nextDue(db: Db, corpId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(due_at) from message_plan where corp_id = ${corpId} and state = 'waiting'),
      (select min(due_at) from message_waiting where corp_id = ${corpId} and digest_id is null
        and ${isNotPaused(corpId)}),
      (select min(${heldUntil}) from message_plan p join message m on m.corp_id = p.corp_id and m.id = p.message_id
        where p.corp_id = ${corpId} and p.state in ('approval', 'paused')),
      (select min(closes_at) from message_digest where corp_id = ${corpId})) as at`.execute(db)
  return rows[0]?.at ?? undefined
}

/** The earliest due time of all messages of a person that wait, for those who help them. */
export async function waitingOfPerson(
  db: Db,
  corpId: string,
  memberId: number,
  limit: number,
): Promise<(WaitingPerson & { createdAt: Date })[]> {
  const { rows } = await sql<WaitingPerson & { createdAt: Date }>`
    select ${columns}, m.created_at as "createdAt" from message_waiting w
      join message m on m.corp_id = w.corp_id and m.id = w.message_id
    where w.corp_id = ${corpId} and w.member_id = ${memberId} and w.step = 0
    order by w.id desc limit ${limit}`.execute(db)
  return rows
}
