import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { AccountKey } from './store.ts'

/** What new lines make of a follower's conversation. */
export type ConversationStep = {
  openid: string
  /** Makes a conversation of it where there is none: a click alone does not. */
  creates: boolean
  at: Date
  kind: string
  text: string
  isFromFollower: boolean
  unread: number
  /** The account said something. */
  isAnswered: boolean
  /** The time of the follower's first message after that. */
  unansweredSince: Date | null
  needsPerson: boolean | null
  /** WeChat's own customer service has the follower (''), or a member of it; null: nobody of it; absent: as before. */
  kfAccount?: string | null
}

/** `steps` holds a follower once. */
export async function applySteps(
  db: Db,
  { corpId, originalId }: AccountKey,
  steps: readonly ConversationStep[],
): Promise<void> {
  const given = JSON.stringify(steps.map(one => ({ ...one, kfChanged: one.kfAccount !== undefined })))
  const row = sql`jsonb_to_recordset(${given}::jsonb) as row(openid text, creates boolean, at timestamptz, kind text,
      text text, "isFromFollower" boolean, unread int, "isAnswered" boolean, "unansweredSince" timestamptz,
      "needsPerson" boolean, "kfChanged" boolean, "kfAccount" text)`
  await sql`
    insert into official_conversation (corp_id, original_id, openid, last_at, last_kind, last_text, last_is_from_follower)
    select ${corpId}, ${originalId}, openid, at, kind, text, "isFromFollower" from ${row} where creates order by openid
    on conflict do nothing`.execute(db)
  await sql`
    with locked as (
      select openid from official_conversation
      where corp_id = ${corpId} and original_id = ${originalId}
        and openid = any(${steps.map(one => one.openid)}) order by openid for update
    )
    update official_conversation c set
      last_at = greatest(c.last_at, row.at),
      last_kind = case when row.at >= c.last_at then row.kind else c.last_kind end,
      last_text = case when row.at >= c.last_at then row.text else c.last_text end,
      last_is_from_follower = case when row.at >= c.last_at then row."isFromFollower" else c.last_is_from_follower end,
      unread = c.unread + row.unread,
      unanswered_since = case when row."isAnswered" then row."unansweredSince"
        else coalesce(c.unanswered_since, row."unansweredSince") end,
      needs_person = coalesce(row."needsPerson", c.needs_person),
      kf_since = case when not row."kfChanged" then c.kf_since when row."kfAccount" is null then null else row.at end,
      kf_account = case when row."kfChanged" then coalesce(row."kfAccount", '') else c.kf_account end,
      closed_at = case when row.unread = 0 then c.closed_at end
    from ${row}, locked
    where c.corp_id = ${corpId} and c.original_id = ${originalId} and c.openid = row.openid
      and locked.openid = c.openid`.execute(db)
}

export type Conversation = {
  openid: string
  /** null: nothing was said yet. */
  lastAt: Date | null
  lastKind: string
  lastText: string
  lastIsFromFollower: boolean
  unread: number
  unansweredSince: Date | null
  needsPerson: boolean
  assignedMember: number | null
  kfSince: Date | null
  kfAccount: string
  closedAt: Date | null
  subscribed: boolean
  nickname: string
  remark: string
  avatar: string
  memberId: number | null
}

const columns = sql`c.openid, last_at as "lastAt", last_kind as "lastKind", last_text as "lastText",
  last_is_from_follower as "lastIsFromFollower", unread, unanswered_since as "unansweredSince",
  needs_person as "needsPerson", assigned_member as "assignedMember", kf_since as "kfSince", kf_account as "kfAccount",
  closed_at as "closedAt", coalesce(subscribed, false) as subscribed, coalesce(nickname, '') as nickname,
  coalesce(remark, '') as remark, coalesce(f.avatar, '') as avatar, f.member_id as "memberId"`
const withFollower = sql`left join official_follower f on f.corp_id = c.corp_id and f.original_id = c.original_id
  and f.openid = c.openid`

export const conversationFilters = ['open', 'mine', 'unassigned', 'waiting', 'closed'] as const
export type ConversationFilter = (typeof conversationFilters)[number]

export type ConversationQuery = {
  filter: ConversationFilter
  search: string
  /** Whose conversations are "mine"; undefined for the local administrator, who has none. */
  memberId: number | undefined
  limit: number
}

/** Returns conversations that need an answer first, then the newest. */
export async function conversationsOf(
  db: Db,
  { corpId, originalId }: AccountKey,
  { filter, search, memberId, limit }: ConversationQuery,
): Promise<Conversation[]> {
  const { rows } = await sql<Conversation>`
    select ${columns} from official_conversation c ${withFollower}
      left join member m on m.corp_id = c.corp_id and m.id = f.member_id
    where c.corp_id = ${corpId} and c.original_id = ${originalId} and ${conditionOf(filter, memberId)}
      and ${search === '' ? sql`true` : matches(search)}
    order by (unread > 0 or needs_person) desc, last_at desc, c.openid limit ${limit}`.execute(db)
  return rows
}

function conditionOf(filter: ConversationFilter, memberId: number | undefined): RawBuilder<unknown> {
  switch (filter) {
    case 'open':
      return sql`closed_at is null`
    case 'mine':
      return sql`closed_at is null and assigned_member = ${memberId ?? -1}`
    case 'unassigned':
      return sql`closed_at is null and not exists (select from member a
        where a.corp_id = c.corp_id and a.id = c.assigned_member and a.left_at is null)`
    case 'waiting':
      return sql`closed_at is null and (unanswered_since is not null or needs_person)`
    case 'closed':
      return sql`closed_at is not null`
  }
}

function matches(search: string): RawBuilder<unknown> {
  const pattern = `%${search.replace(/[\\%_]/g, found => `\\${found}`)}%`
  return sql`(f.nickname ilike ${pattern} or f.remark ilike ${pattern} or m.name ilike ${pattern}
    or last_text ilike ${pattern} or c.openid = ${search})`
}

/** Also of a follower with whom nobody has spoken yet; undefined for an openid that the account does not know. */
export async function findConversation(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
): Promise<Conversation | undefined> {
  const { rows } = await sql<Conversation>`
    select openid, last_at as "lastAt", coalesce(last_kind, '') as "lastKind",
      coalesce(last_text, '') as "lastText", coalesce(last_is_from_follower, false) as "lastIsFromFollower",
      coalesce(unread, 0) as unread, unanswered_since as "unansweredSince",
      coalesce(needs_person, false) as "needsPerson", assigned_member as "assignedMember", kf_since as "kfSince",
      coalesce(kf_account, '') as "kfAccount", closed_at as "closedAt", coalesce(subscribed, false) as subscribed,
      coalesce(nickname, '') as nickname, coalesce(remark, '') as remark, coalesce(f.avatar, '') as avatar,
      f.member_id as "memberId"
    from (select * from official_follower
        where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}) f
      full join (select * from official_conversation
        where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid}) c using (openid)`.execute(
    db,
  )
  return rows[0]
}

/** Makes the row where there is none, and holds it until the transaction ends. */
export async function lockConversation(
  tx: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
  at: Date,
): Promise<{ assignedMember: number | null; closedAt: Date | null }> {
  await sql`
    insert into official_conversation (corp_id, original_id, openid, last_at, last_kind, last_is_from_follower)
    values (${corpId}, ${originalId}, ${openid}, ${at}, '', false) on conflict do nothing`.execute(tx)
  return tx
    .selectFrom('official_conversation')
    .select(['assigned_member as assignedMember', 'closed_at as closedAt'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', '=', openid)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export type ConversationChange = {
  assigned_member?: number | null
  closed_at?: Date | null
  needs_person?: false
  unanswered_since?: null
  unread?: 0
}

export async function setConversation(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
  change: ConversationChange,
): Promise<void> {
  await db
    .updateTable('official_conversation')
    .set(change)
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('openid', '=', openid)
    .execute()
}

/** Counts as unread what came after the line `upTo`; returns whether that is another number. */
export async function setRead(
  db: Db,
  { corpId, originalId }: AccountKey,
  openid: string,
  upTo: number,
  eventKinds: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    update official_conversation c set unread = n.unread
    from (select count(*)::int as unread from official_talk
      where corp_id = ${corpId} and original_id = ${originalId} and openid = ${openid} and id > ${upTo}
        and is_from_follower and kind <> all(${[...eventKinds]})) n
    where c.corp_id = ${corpId} and c.original_id = ${originalId} and c.openid = ${openid} and c.unread > n.unread
    returning c.openid`.execute(db)
  return rows.length > 0
}

export async function pruneConversations(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'official_conversation', sql`old.last_at < ${before}`, 'last_at', atMost)
}
