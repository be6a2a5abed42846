import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Chat, ChatReceivers } from '../channels/wecom/chat/chats-store.ts'

export type ChatKey = { corpId: string; id: string }

/** A chat with what is not kept in memory. */
export type ChatRow = Chat & {
  corpId: string
  follow: ChatReceivers | null
  owner: string | null
  /** Userids of its first members, until it is ready. */
  wanted: string[] | null
  members: number
  followedAt: Date | null
  matched: string | null
  /** As `keptReason` gives it. */
  problem: string | null
  requestHash: string | null
  createdAt: Date
}

const columns = [
  'corp_id as corpId',
  'id',
  'n',
  'name',
  'dev_id as devId',
  'agent_id as agentId',
  'state',
  'follow',
  'owner',
  'wanted',
  'members',
  'followed_at as followedAt',
  'matched',
  'problem',
  'request_hash as requestHash',
  'created_at as createdAt',
] as const

const rowsIn = (db: Db) => db.selectFrom('group_chat').select(columns).$castTo<ChatRow>()

export async function findChat(db: Db, { corpId, id }: ChatKey): Promise<ChatRow | undefined> {
  return rowsIn(db).where('corp_id', '=', corpId).where('id', '=', id).executeTakeFirst()
}

export async function findByRequest(
  db: Db,
  corpId: string,
  devId: string,
  requestId: string,
): Promise<ChatRow | undefined> {
  const own = rowsIn(db).where('corp_id', '=', corpId).where('dev_id', '=', devId)
  return own.where('request_id', '=', requestId).executeTakeFirst()
}

/** The latest first; those of one developer, or of all. */
export async function listChats(
  db: Db,
  corpId: string,
  devId: string | undefined,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: ChatRow[]; total: number }> {
  const of = <Q extends { where: (column: 'dev_id', is: '=', value: string) => Q }>(query: Q) =>
    devId === undefined ? query : query.where('dev_id', '=', devId)
  const list = await of(rowsIn(db).where('corp_id', '=', corpId))
    .orderBy('n', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from group_chat
    where corp_id = ${corpId} and ${devId === undefined ? sql`true` : sql`dev_id = ${devId}`}`.execute(db)
  return { list, total: rows[0]?.total ?? 0 }
}

export async function countChats(db: Db, corpId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from group_chat where corp_id = ${corpId}`.execute(db)
  return rows[0]?.n ?? 0
}

export type NewChatRow = Pick<
  ChatRow,
  'corpId' | 'id' | 'name' | 'devId' | 'agentId' | 'owner' | 'follow'
> & {
  wanted: readonly string[]
  requestId: string | undefined
  requestHash: string
  at: Date
}

/** False where the developer's requestId is taken. */
export async function insertChat(tx: Db, one: NewChatRow): Promise<boolean> {
  const { rows } = await sql`
    insert into group_chat (corp_id, id, dev_id, agent_id, name, owner, state, wanted, members, follow, request_id,
      request_hash, created_at)
    values (${one.corpId}, ${one.id}, ${one.devId}, ${one.agentId}, ${one.name}, ${one.owner}, 'creating',
      ${one.wanted}::text[], ${one.wanted.length}, ${one.follow && JSON.stringify(one.follow)}::jsonb, ${one.requestId ?? null},
      ${one.requestHash}, ${one.at})
    on conflict (corp_id, dev_id, request_id) do nothing returning id`.execute(tx)
  return rows.length > 0
}

/** Changes what is given. Returns whether the chat exists. */
export async function updateChat(
  tx: Db,
  { corpId, id }: ChatKey,
  given: Partial<
    Pick<ChatRow, 'name' | 'owner' | 'state' | 'members' | 'follow' | 'followedAt' | 'matched' | 'problem'>
  >,
): Promise<boolean> {
  const { followedAt, follow, ...same } = given
  const result = await tx
    .updateTable('group_chat')
    .set({
      ...same,
      ...(followedAt === undefined ? {} : { followed_at: followedAt }),
      ...(follow === undefined ? {} : { follow: follow && JSON.stringify(follow) }),
      ...(given.state === 'ready' ? { wanted: null } : {}),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function deleteChat(tx: Db, { corpId, id }: ChatKey): Promise<void> {
  await tx.deleteFrom('group_chat').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

export type FollowRow = { id: string; devId: string; follow: ChatReceivers }

/** The chats that follow the address book. */
export async function followedChats(db: Db, corpId: string): Promise<FollowRow[]> {
  const { rows } = await sql<FollowRow>`
    select id, dev_id as "devId", follow from group_chat
    where corp_id = ${corpId} and follow is not null and state = 'ready' order by id`.execute(db)
  return rows
}

/** Lets all chats that follow be compared with WeCom again; returns them. */
export async function forgetMatches(db: Db): Promise<ChatKey[]> {
  const { rows } = await sql<ChatKey>`
    update group_chat set matched = null where follow is not null and state = 'ready'
    returning corp_id as "corpId", id`.execute(db)
  return rows
}

/** Up to which number of the feed it was looked; undefined before the first time. */
export async function seenUpTo(db: Db, corpId: string): Promise<number | undefined> {
  const { rows } = await sql<{ seq: number }>`
    select seq::float8 as seq from group_chat_feed where corp_id = ${corpId}`.execute(db)
  return rows[0]?.seq
}

export async function putSeen(tx: Db, corpId: string, seq: number): Promise<void> {
  await sql`
    insert into group_chat_feed as f (corp_id, seq) values (${corpId}, ${seq})
    on conflict (corp_id) do update set seq = greatest(f.seq, excluded.seq)`.execute(tx)
}

export type ChatTrouble = ChatKey & { name: string; problem: string }

/** Chats whose members are not those that they follow, in all corps. */
export async function troubledChats(db: Db): Promise<ChatTrouble[]> {
  const { rows } = await sql<ChatTrouble>`
    select corp_id as "corpId", id, name, problem from group_chat
    where problem is not null and state = 'ready' order by corp_id, id`.execute(db)
  return rows
}

/** Deletes the chats that WeCom refused to create. */
export async function pruneFailed(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'group_chat', sql`state = 'failed' and created_at < ${before}`, atMost)
}
