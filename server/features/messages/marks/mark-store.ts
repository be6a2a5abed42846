import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { keptPlan } from '../../../platform/storage/ways/kept-plans.ts'
import { bearersOf, type MessageKey } from '../../channels/part.ts'

/** The migration with which marks, receipts and private types came. */
export const marksSince = '0143-message-marks.sql'

/** A person and the listed message that they got, in one of its texts or more. */
export type MarkKey = { corpId: string; messageId: string; memberId: number }

export type Mark = {
  messageId: string
  memberId: number
  readAt: Date | null
  acknowledgedAt: Date | null
  archivedAt: Date | null
  laterUntil: Date | null
  urged: number
  urgedAt: Date | null
}

const columns = sql.raw(`k.message_id as "messageId", k.member_id as "memberId", k.read_at as "readAt",
  k.acknowledged_at as "acknowledgedAt", k.archived_at as "archivedAt", k.later_until as "laterUntil", k.urged, k.urged_at as "urgedAt"`)

/** What these people did with these messages; those who did nothing are left out. */
export async function marksOf(
  db: Db,
  corpId: string,
  messageIds: readonly string[],
  memberIds: readonly number[],
): Promise<Mark[]> {
  const { rows } = await sql<Mark>`
    select ${columns} from message_mark k
    where k.corp_id = ${corpId} and k.message_id = any(${[...messageIds]}::text[])
      and k.member_id = any(${[...memberIds]}::bigint[])`.execute(db)
  return rows
}

export type ReadBy = { memberId: number; readAt: Date; acknowledgedAt: Date | null }

/** Which of these people have read a message, and when. */
export async function readBy(
  db: Db,
  corpId: string,
  messageId: string,
  memberIds: readonly number[],
): Promise<ReadBy[]> {
  const marks = await marksOf(db, corpId, [messageId], memberIds)
  return marks.flatMap(({ memberId, readAt, acknowledgedAt }) =>
    readAt ? [{ memberId, readAt, acknowledgedAt }] : [],
  )
}

const stamps = { read: 'read_at', acknowledged: 'acknowledged_at' } as const
export type MarkKind = keyof typeof stamps

/** Notes what a person did, if it is the first time. Returns whether it was. */
export async function stamp(
  db: Db,
  { corpId, messageId, memberId }: MarkKey,
  kind: MarkKind,
  at: Date,
): Promise<boolean> {
  const column = sql.ref(stamps[kind])
  const { rows } = await sql`
    insert into message_mark as k (corp_id, message_id, member_id, ${column}) values (${corpId}, ${messageId}, ${memberId}, ${at})
    on conflict (corp_id, message_id, member_id) do update set ${column} = excluded.${column} where k.${column} is null
    returning 1`.execute(db)
  return rows.length > 0
}

/** Puts a message away, off until a time, or back. */
export async function place(
  db: Db,
  { corpId, messageId, memberId }: MarkKey,
  { archivedAt, laterUntil }: { archivedAt: Date | null; laterUntil: Date | null },
): Promise<void> {
  await sql`
    insert into message_mark (corp_id, message_id, member_id, archived_at, later_until)
    values (${corpId}, ${messageId}, ${memberId}, ${archivedAt}, ${laterUntil})
    on conflict (corp_id, message_id, member_id) do update set archived_at = excluded.archived_at, later_until = excluded.later_until`.execute(
    db,
  )
}

const backAtMost = 20

/** The messages that a person put off until a time that has come, the latest first, as a statement. */
export function backAgainRows(corpId: string, memberId: number, now: Date): RawBuilder<{ id: string }> {
  return sql<{ id: string }>`
    select message_id as id from message_mark
    where corp_id = ${corpId} and member_id = ${memberId} and later_until <= ${now} order by later_until desc limit ${backAtMost}`
}

export async function backAgain(db: Db, corpId: string, memberId: number, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`${keptPlan} ${backAgainRows(corpId, memberId, now)}`.execute(db)
  return rows.map(one => one.id)
}

export type ActCounts = { read: number; acknowledged: number }

export async function countActs(db: Db, { corpId, id }: MessageKey): Promise<ActCounts> {
  const { rows } = await sql<ActCounts>`
    select count(read_at)::int as read, count(acknowledged_at)::int as acknowledged from message_mark
    where corp_id = ${corpId} and message_id = ${id}`.execute(db)
  return rows[0] ?? { read: 0, acknowledged: 0 }
}

/** Ids of members, both ends included. It stands in each branch, because the planner carries no range over a join. */
type Ids = { from: number; to: number }
const allIds: Ids = { from: 0, to: Number.MAX_SAFE_INTEGER }

/** Who sees a message in their list: those of its parts that ended, or everybody who was there; without those who left since. */
const people = (message: MessageKey, { from, to }: Ids): RawBuilder<unknown> => sql`
  select me.id as member_id, me.user_id, me.name, min(got.at) as got_at from (
    select u.member_id, p.finished_at as at
    from message_part p cross join lateral unnest(p.member_ids) as u(member_id)
    where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[]) and p.chunk = 0
      and p.state in ('sent', 'failed', 'unknown') and u.member_id between ${from} and ${to}
    union all
    select everybody.id, p.finished_at from message_part p
      join member everybody on everybody.corp_id = p.corp_id and everybody.created_at <= p.finished_at
    where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[]) and p.chunk = 0
      and p.state in ('sent', 'failed', 'unknown') and p.user_ids = array['@all'] and everybody.id between ${from} and ${to}
    union all
    select c.member_id, p.finished_at from message_collected c
      join message_part p on p.corp_id = c.corp_id and p.message_id = c.digest_message_id and p.chunk = 0 and p.state in ('sent', 'failed', 'unknown')
    where c.corp_id = ${message.corpId} and c.message_id = ${message.id} and c.member_id between ${from} and ${to}
  ) as got join member me on me.corp_id = ${message.corpId} and me.id = got.member_id and me.left_at is null
  group by me.id, me.user_id, me.name`

/** Of a message: got, its people; k, what they did with it; w, when they looked at their list. */
const peopleAndMarks = (message: MessageKey, ids = allIds) => sql`
  (${people(message, ids)}) as got
  left join message_mark k on k.corp_id = ${message.corpId} and k.message_id = ${message.id} and k.member_id = got.member_id
  left join workbench w on w.corp_id = ${message.corpId} and w.owner = got.member_id::text`

/** How many people have the message in their list, and how many of them did what. */
export type PeopleCounts = { people: number } & Record<Lack, number>

export async function countPeople(db: Db, message: MessageKey): Promise<PeopleCounts> {
  const { rows } = await sql<PeopleCounts>`
    select count(*)::int as people, count(*) filter (where w.read_at >= got.got_at)::int as shown,
      count(k.read_at)::int as read, count(k.acknowledged_at)::int as acknowledged
    from ${peopleAndMarks(message)}`.execute(db)
  return rows[0] ?? { people: 0, shown: 0, read: 0, acknowledged: 0 }
}

export type PersonRow = {
  memberId: number
  userId: string
  name: string
  isShown: boolean
  readAt: Date | null
  acknowledgedAt: Date | null
  urged: number
  urgedAt: Date | null
}

export const lacks = ['shown', 'read', 'acknowledged'] as const
/** What people have not done. */
export type Lack = (typeof lacks)[number]

const isLacking: Record<Lack, RawBuilder<unknown>> = {
  shown: sql`(w.read_at is null or w.read_at < got.got_at)`,
  read: sql`k.read_at is null`,
  acknowledged: sql`k.acknowledged_at is null`,
}

/** The people of a message by id, all or those who have not done something. */
export async function peopleOf(
  db: Db,
  message: MessageKey,
  { lack, ids, offset = 0, limit }: { lack?: Lack | undefined; ids?: Ids; offset?: number; limit: number },
): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select got.member_id as "memberId", got.user_id as "userId", got.name, coalesce(w.read_at >= got.got_at, false) as "isShown",
      k.read_at as "readAt", k.acknowledged_at as "acknowledgedAt", coalesce(k.urged, 0)::int as urged, k.urged_at as "urgedAt"
    from ${peopleAndMarks(message, ids)}
    where ${lack ? isLacking[lack] : sql`true`}
    order by got.member_id limit ${limit} offset ${offset}`.execute(db)
  return rows
}

/** All of them, so many at a time; a message may have a million. */
export async function* allPeopleOf(
  db: Db,
  message: MessageKey,
  lack: Lack | undefined,
  atOnce: number,
): AsyncGenerator<PersonRow[]> {
  const { rows } = await sql<{ id: number }>`
    select got.member_id as id from ${peopleAndMarks(message)}
    where ${lack ? isLacking[lack] : sql`true`} order by got.member_id`.execute(db)
  for (let at = 0; at < rows.length; at += atOnce) {
    const some = rows.slice(at, at + atOnce)
    const ids = { from: some[0]!.id, to: some.at(-1)!.id }
    yield await peopleOf(db, message, { lack, ids, limit: atOnce })
  }
}

/**
 * Whether the message went to the person, or is on its way: a card can be pressed before the answer to its call is stored. Of a message to
 * everybody, those who are there are its receivers.
 */
export async function isReceiver(db: Db, message: MessageKey, memberId: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from message_part p where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[])
      and p.state not in ('cancelled', 'replaced')
      and (p.member_ids @> array[${memberId}::bigint] or p.user_ids = array['@all'])
    union all
    select 1 from message_collected
    where corp_id = ${message.corpId} and message_id = ${message.id} and member_id = ${memberId} limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** How often one person is urged about one message, and how long nobody is urged again. */
export const urgesAtMost = 3
export const urgeEveryMs = 30 * 60_000

const mayBeUrged = (at: Date) => sql`coalesce(k.urged, 0) < ${urgesAtMost}
  and (k.urged_at is null or k.urged_at <= ${new Date(at.getTime() - urgeEveryMs)})`

export type Urgeable = {
  /** How many have not done it. */
  lacking: number
  /** How many of them were urged as often as anybody is. */
  worn: number
  /** When the next of the others may be urged; null when nobody waits for that. */
  nextAt: Date | null
}

export async function countUrgeable(db: Db, message: MessageKey, lack: Lack, at: Date): Promise<Urgeable> {
  const { rows } = await sql<Urgeable>`
    select count(*)::int as lacking, count(*) filter (where k.urged >= ${urgesAtMost})::int as worn,
      min(k.urged_at + make_interval(secs => ${urgeEveryMs / 1000})) filter (where k.urged < ${urgesAtMost} and not (${mayBeUrged(at)})) as "nextAt"
    from ${peopleAndMarks(message)}
    where ${isLacking[lack]}`.execute(db)
  return rows[0] ?? { lacking: 0, worn: 0, nextAt: null }
}

/** Returns the persons who have not done it and may be urged now, by id. */
export async function urgeableOf(
  db: Db,
  message: MessageKey,
  { lack, at, limit }: { lack: Lack; at: Date; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ memberId: number }>`
    select got.member_id as "memberId" from ${peopleAndMarks(message)}
    where ${isLacking[lack]} and ${mayBeUrged(at)} order by got.member_id limit ${limit}`.execute(db)
  return rows.map(one => one.memberId)
}

/** Notes that these people are urged. Returns how many of them may be: those who were urged in the meantime stay as they are. */
export async function noteUrged(
  db: Db,
  { corpId, id }: MessageKey,
  memberIds: readonly number[],
  at: Date,
): Promise<number> {
  const { rows } = await sql`
    insert into message_mark as k (corp_id, message_id, member_id, urged, urged_at)
    select ${corpId}, ${id}, member_id, 1, ${at} from unnest(${[...memberIds]}::bigint[]) as u(member_id) order by member_id
    on conflict (corp_id, message_id, member_id) do update set urged = k.urged + 1, urged_at = excluded.urged_at
      where ${mayBeUrged(at)}
    returning 1`.execute(db)
  return rows.length
}
