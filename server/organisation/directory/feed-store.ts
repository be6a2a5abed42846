import { sql } from 'kysely'
import { enqueueFrom } from '../../platform/queue/queue-store.ts'
import { notify } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { DirectorySize } from '../corps/size-store.ts'

/** Values before and after by the member's field; departments are ids, `leaderIn` those that the member leads. */
export type ChangedFields = { [field: string]: [before: unknown, after: unknown] }

export type FeedChange = {
  seq: number
  /**
   * `scope`: a developer's data scope was set. It gets a number so that one can tell who has read since; it is never
   * reported. `external`: about somebody from outside WeCom, which nodes follow and no list of changes shows.
   */
  kind: 'department' | 'member' | 'tag' | 'scope' | 'external'
  op: 'put' | 'drop' | 'rename' | 'move'
  entityId: string
  oldId: string | null
  memberId: number | null
  /**
   * For what is gone or moved: the departments it was in and all above them, because these may be gone too when this is
   * read.
   */
  departmentsBefore: number[] | null
  /** What changed of a member, {} when the member is new; null where nothing is known. Written, and read by the history. */
  fields?: ChangedFields | null
}

/**
 * Locks the corp's feed until the transaction ends, so that what is numbered commits in the order of the numbers. Returns the
 * newest number, of a change or of another event.
 */
export async function lockFeed(db: Db, corpId: string): Promise<number> {
  const lock = sql<{ seq: number }>`select seq from directory_feed where corp_id = ${corpId} for update`
  const [feed] = (await lock.execute(db)).rows
  if (feed) return feed.seq
  await sql`insert into directory_feed (corp_id) values (${corpId}) on conflict do nothing`.execute(db)
  return (await lock.execute(db)).rows[0]?.seq ?? 0
}

/** Asks the rows whether the address book has changed since a number, because any node may have changed it. */
export async function hasChangesAfter(db: Db, corpId: string, seq: number): Promise<boolean> {
  const { rows } = await sql`
    select from directory_change where corp_id = ${corpId} and seq > ${seq} limit 1`.execute(db)
  return rows.length > 0
}

/** Asks the rows whether departments or tags have changed since a number. */
export async function isOutlineChangedAfter(db: Db, corpId: string, seq: number): Promise<boolean> {
  const { rows } = await sql`
    select from directory_change where corp_id = ${corpId} and seq > ${seq} and kind in ('department', 'tag')
    limit 1`.execute(db)
  return rows.length > 0
}

/** Adds changes, which must be numbered on from the feed's end without gaps. `endFeed` makes them part of the feed. */
export async function appendChanges(db: Db, corpId: string, changes: FeedChange[], at: Date): Promise<void> {
  if (changes.length === 0) return
  await sql`
    insert into directory_change (corp_id, seq, kind, op, entity_id, old_id, member_id, departments_before, fields,
      at)
    select ${corpId}, seq, kind, op, "entityId", "oldId", "memberId", "departmentsBefore", fields, ${at}
    from json_to_recordset(${JSON.stringify(changes)}::json) as row(seq bigint, kind text, op text, "entityId" text,
      "oldId" text, "memberId" bigint, "departmentsBefore" bigint[], fields jsonb)`.execute(db)
}

/**
 * Moves the feed's end, notes the address book's size where it may have changed, and tells all nodes at commit; `nodeId` has
 * it in memory and need not read it.
 */
export async function endFeed(
  db: Db,
  corpId: string,
  seq: number,
  at: Date,
  size?: DirectorySize,
  nodeId = '',
): Promise<void> {
  const resize = size
    ? sql`, departments = ${size.departments}, members = ${size.members}, listed = ${size.listed}, tags = ${size.tags}`
    : sql``
  // One task for the corp and stream, since a row for each webhook or chat would have to be locked.
  const task = sql`select corp_id, 'events' as stream, '' as key from directory_feed f
    where corp_id = ${corpId} and exists (select from webhook w where w.corp_id = f.corp_id and w.is_on)
    union all select corp_id, 'group-chats', '' from directory_feed f
    where corp_id = ${corpId} and exists (
      select from group_chat c where c.corp_id = f.corp_id and c.follow is not null)
    union all select corp_id, 'member-groups', '' from directory_feed f
    where corp_id = ${corpId} and exists (select from member_group g where g.corp_id = f.corp_id)`
  await sql`
    with feed as (
      update directory_feed set seq = ${seq}, changed_seq = ${seq}${resize} where corp_id = ${corpId} returning corp_id
    ), task as (${task}
    ), due as (${enqueueFrom(sql`select corp_id, stream, key from task`, at, 0)}
    ), rung as (select ${notify('wisp_queue', sql`stream || ' ' || corp_id || ' ' || key`)} from task)
    select ${notify('wisp_directory', `${corpId} ${seq} ${nodeId}`)}, ${notify('wisp_event', `${corpId} ${seq}`)}
    from feed, (select count(*) from rung) as signals`.execute(db)
}

/**
 * Takes `count` numbers of the feed for what is no change, and returns the one before them. Memory and the change feed pass over
 * them.
 */
export async function reserveNumbers(tx: Db, corpId: string, count: number): Promise<number> {
  const seq = await lockFeed(tx, corpId)
  await sql`
    with feed as (update directory_feed set seq = ${seq + count} where corp_id = ${corpId} returning corp_id)
    select ${notify('wisp_event', `${corpId} ${seq + count}`)} from feed`.execute(tx)
  return seq
}

/** The changes after `since`, oldest first. */
export async function readChanges(
  db: Db,
  corpId: string,
  since: number,
  limit: number,
): Promise<FeedChange[]> {
  return db
    .selectFrom('directory_change')
    .select([
      'seq',
      'kind',
      'op',
      'entity_id as entityId',
      'old_id as oldId',
      'member_id as memberId',
      'departments_before as departmentsBefore',
    ])
    .where('corp_id', '=', corpId)
    .where('seq', '>', since)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

export type MemberEvent = {
  seq: number
  op: FeedChange['op']
  oldId: string | null
  fields: ChangedFields | null
  at: Date
}

/**
 * A person's latest changes, newest first. Only the newest part of the feed is searched, because it has no index by
 * person.
 */
export async function memberHistory(
  db: Db,
  corpId: string,
  memberId: number,
  limit: number,
): Promise<MemberEvent[]> {
  const found = await sql<MemberEvent>`
    select seq, op, old_id as "oldId", fields, at from directory_change
    where corp_id = ${corpId} and member_id = ${memberId}
      and seq > (select changed_seq from directory_feed where corp_id = ${corpId}) - 200000
    order by seq desc limit ${limit}`.execute(db)
  return found.rows
}

/** The oldest number that is still kept, and the newest; and how many members there are. */
export async function feedRange(
  db: Db,
  corpId: string,
): Promise<{ first: number; seq: number; members: number }> {
  const row = await db
    .selectFrom('directory_feed')
    .select(['first_kept as first', 'seq', 'members'])
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row ?? { first: 1, seq: 0, members: 0 }
}

/** The last change up to a number, in words that no other history of this corp has; '' when there is none (any more). */
export async function changeAt(db: Db, corpId: string, seq: number): Promise<string> {
  const { rows } = await sql<{ change: string }>`
    select concat_ws(' ', seq, kind, op, entity_id, extract(epoch from at)) as change from directory_change
    where corp_id = ${corpId} and seq <= ${seq} order by seq desc limit 1`.execute(db)
  return rows[0]?.change ?? ''
}

/**
 * Deletes changes older than `before`, at most `atMost` per call. A corp's newest change always stays as the feed's end.
 * Numbers grow with time, so corps whose oldest change is recent are skipped.
 */
export async function pruneChanges(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const result = await sql<{ n: number }>`
    with gone as (
      select c.place from directory_feed f cross join lateral (
        select ctid as place, at from directory_change
        where corp_id = f.corp_id and seq < f.changed_seq order by seq limit ${atMost}) c
      where c.at < ${before} and ${before} > (
        select at from directory_change where corp_id = f.corp_id order by seq limit 1)
      limit ${atMost}
    ), old as (
      delete from directory_change where ctid = any(array(select place from gone)) returning corp_id, seq
    ), last as (
      select corp_id, max(seq) as seq from old group by corp_id
    ), moved as (
      update directory_feed f set first_kept = last.seq + 1 from last where last.corp_id = f.corp_id
    )
    select count(*)::int as n from old`.execute(db)
  return result.rows[0]?.n ?? 0
}
