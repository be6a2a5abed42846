import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isOrphan } from '../../organisation/directory/orphan-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Announcement, AnnouncementState } from './announcement.ts'

function select(db: Db) {
  return db
    .selectFrom('announcement')
    .select([
      'id',
      'corp_id',
      'title',
      'content',
      'is_important',
      'visible_to_all',
      'visible_departments',
      'visible_members',
      'visible_tags',
      'visible_groups',
      'from_at',
      'until_at',
      'withdrawn_by',
      'version',
      'created_at',
      'updated_at',
      'updated_by',
    ])
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirst']>>>

function toAnnouncement(row: Row): Announcement {
  return {
    id: row.id,
    corpId: row.corp_id,
    title: row.title,
    content: row.content,
    isImportant: row.is_important,
    visibility: {
      everyone: row.visible_to_all,
      departments: row.visible_departments,
      memberIds: row.visible_members,
      tags: row.visible_tags,
      ...(row.visible_groups.length > 0 ? { groups: row.visible_groups } : {}),
    },
    from: row.from_at,
    until: row.until_at,
    withdrawnBy: row.withdrawn_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

/** Returns the announcements of one corp, or of all, that have not ended: important ones first, then the newest. */
export async function openAnnouncements(db: Db, now: Date, corpId?: string): Promise<Announcement[]> {
  const rows = await select(db)
    .where('until_at', '>', now)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('is_important', 'desc')
    .orderBy('from_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toAnnouncement)
}

export async function announcementsOf(
  db: Db,
  corpId: string,
  filter: { states: readonly AnnouncementState[] | undefined; now: Date },
  page: { limit: number; offset: number },
): Promise<{ list: Announcement[]; total: number }> {
  const { states, now } = filter
  const isIn: Record<AnnouncementState, RawBuilder<SqlBool>> = {
    past: sql<SqlBool>`until_at <= ${now}`,
    current: sql<SqlBool>`(until_at > ${now} and from_at <= ${now})`,
    planned: sql<SqlBool>`(until_at > ${now} and from_at > ${now})`,
  }
  const matching = select(db)
    .where('corp_id', '=', corpId)
    .$if(states !== undefined, query =>
      query.where(sql<SqlBool>`(${sql.join(states?.map(one => isIn[one]) ?? [], sql` or `)})`),
    )
  const [rows, counted] = await Promise.all([
    matching.orderBy('from_at', 'desc').orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute(),
    matching
      .clearSelect()
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirst(),
  ])
  return { list: rows.map(toAnnouncement), total: Number(counted?.n ?? 0) }
}

export async function findAnnouncement(
  db: Db,
  corpId: string,
  id: number,
): Promise<Announcement | undefined> {
  const row = await select(db).where('corp_id', '=', corpId).where('id', '=', id).executeTakeFirst()
  return row && toAnnouncement(row)
}

/** Reads an announcement and keeps others from changing it until this transaction ends. */
export async function lockAnnouncement(
  db: Db,
  corpId: string,
  id: number,
): Promise<Announcement | undefined> {
  const row = await select(db)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && toAnnouncement(row)
}

export async function countOpen(db: Db, corpId: string, now: Date): Promise<number> {
  const counted = await db
    .selectFrom('announcement')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('corp_id', '=', corpId)
    .where('until_at', '>', now)
    .executeTakeFirst()
  return Number(counted?.n ?? 0)
}

export type AnnouncementContent = Pick<
  Announcement,
  'title' | 'content' | 'isImportant' | 'visibility' | 'from' | 'until'
>

function toRow({ title, content, isImportant, visibility, from, until }: AnnouncementContent) {
  return {
    title,
    content,
    is_important: isImportant,
    visible_to_all: visibility.everyone,
    visible_departments: [...visibility.departments],
    visible_members: [...visibility.memberIds],
    visible_tags: [...visibility.tags],
    visible_groups: [...(visibility.groups ?? [])],
    from_at: from,
    until_at: until,
  }
}

/** Undefined when the message has its announcement already. */
export async function insertAnnouncement(
  db: Db,
  corpId: string,
  announcement: AnnouncementContent,
  by: { actor: string; at: Date; messageId?: string | undefined },
): Promise<number | undefined> {
  const made = await db
    .insertInto('announcement')
    .values({
      ...toRow(announcement),
      corp_id: corpId,
      created_at: by.at,
      updated_at: by.at,
      updated_by: by.actor,
      message_id: by.messageId ?? null,
    })
    .onConflict(found =>
      found.columns(['corp_id', 'message_id']).where('message_id', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return made?.id
}

/** Returns its id; undefined where there is none. */
export async function deleteOfMessage(
  db: Db,
  corpId: string,
  messageId: string,
): Promise<number | undefined> {
  const gone = await db
    .deleteFrom('announcement')
    .where('corp_id', '=', corpId)
    .where('message_id', '=', messageId)
    .returning('id')
    .executeTakeFirst()
  return gone?.id
}

export async function updateAnnouncement(
  db: Db,
  corpId: string,
  id: number,
  announcement: AnnouncementContent,
  by: { actor: string; at: Date },
): Promise<void> {
  await db
    .updateTable('announcement')
    .set({
      ...toRow(announcement),
      updated_at: by.at,
      updated_by: by.actor,
      version: sql<number>`version + 1`,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export async function endAnnouncement(
  db: Db,
  corpId: string,
  id: number,
  by: { actor: string; at: Date },
): Promise<void> {
  await db
    .updateTable('announcement')
    .set({
      until_at: by.at,
      withdrawn_by: by.actor,
      updated_at: by.at,
      updated_by: by.actor,
      version: sql<number>`version + 1`,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** What a person has put away, and which of these announcements were on their screen. */
export async function readerOf(
  db: Db,
  corpId: string,
  { owner, memberId }: { owner: string; memberId: number | undefined },
  ids: readonly number[],
): Promise<{ putAway: readonly number[]; shown: readonly number[] }> {
  const { rows } = await sql<{ putAway: number[]; shown: number[] }>`
    select coalesce((select put_away from announcement_reader where corp_id = ${corpId} and owner = ${owner}), '{}') as "putAway",
      array(select announcement_id from announcement_mark where corp_id = ${corpId}
        and announcement_id = any(${[...ids]}::bigint[]) and member_id = ${memberId ?? null}::bigint) as shown`.execute(
    db,
  )
  return rows[0] ?? { putAway: [], shown: [] }
}

/** Notes that an announcement was on a person's screen, and with `isRead` that they opened it. The first time stays. */
export async function markAnnouncement(
  db: Db,
  corpId: string,
  id: number,
  memberId: number,
  { at, isRead }: { at: Date; isRead: boolean },
): Promise<void> {
  await sql`
    insert into announcement_mark as k (corp_id, announcement_id, member_id, shown_at, read_at)
    select ${corpId}, id, ${memberId}, ${at}, ${isRead ? at : null}::timestamptz from announcement
    where corp_id = ${corpId} and id = ${id}
    on conflict (corp_id, announcement_id, member_id) do update set read_at = excluded.read_at
      where k.read_at is null and excluded.read_at is not null`.execute(db)
}

export type AnnouncementMark = { memberId: number; shownAt: Date; readAt: Date | null }

/** Returns which of these people saw an announcement. */
export async function marksOf(
  db: Db,
  corpId: string,
  id: number,
  memberIds: readonly number[],
): Promise<AnnouncementMark[]> {
  return db
    .selectFrom('announcement_mark')
    .select(['member_id as memberId', 'shown_at as shownAt', 'read_at as readAt'])
    .where('corp_id', '=', corpId)
    .where('announcement_id', '=', id)
    .where(sql<SqlBool>`member_id = any(${[...memberIds]}::bigint[])`)
    .execute()
}

/** The ids of all who saw an announcement, and of those who read it. */
export async function seersOf(
  db: Db,
  corpId: string,
  id: number,
): Promise<{ shown: readonly number[]; read: readonly number[] }> {
  const { rows } = await sql<{ shown: number[]; read: number[] }>`
    select coalesce(array_agg(member_id), '{}') as shown,
      coalesce(array_agg(member_id) filter (where read_at is not null), '{}') as read
    from announcement_mark where corp_id = ${corpId} and announcement_id = ${id}`.execute(db)
  return rows[0] ?? { shown: [], read: [] }
}

/** Stores what a person put away; earlier entries are kept only if they are in `open`. */
export async function putAway(
  db: Db,
  corpId: string,
  owner: string,
  id: number,
  open: readonly number[],
): Promise<void> {
  await sql`
    insert into announcement_reader as r (corp_id, owner, put_away) values (${corpId}, ${owner}, array[${id}::bigint])
    on conflict (corp_id, owner) do update set put_away = array(
      select unnest(r.put_away || ${id}::bigint) intersect select unnest(${[...open]}::bigint[]))`.execute(db)
}

export async function pruneAnnouncements(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'announcement', sql`until_at < ${before}`, atMost)
}

/** Deletes what belongs to people who no longer exist. */
export async function pruneReaders(db: Db, { atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'announcement_reader', isOrphan('announcement_reader'), atMost)
}

/** The titles of those that have not ended and that a group sees. */
export async function announcementsWithGroup(
  db: Db,
  corpId: string,
  groupId: number,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ title: string }>`
    select title from announcement where corp_id = ${corpId} and until_at > ${now} and ${groupId} = any(visible_groups)
    order by id`.execute(db)
  return rows.map(row => row.title)
}
