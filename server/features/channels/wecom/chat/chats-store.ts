import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'

/** The receivers whose members a chat keeps, as message/send takes them. */
export type ChatReceivers = { toUser: string[]; toParty: string[]; toTag: string[] }

/** A group chat as it is kept in memory. `n` tells it from others of its corp. */
export type Chat = {
  /** Its chatid at WeCom. */
  id: string
  n: number
  name: string
  /** The developer who made it. */
  devId: string
  /** The agent by which it was made: WeCom takes nothing about it from another. */
  agentId: number
  state: 'creating' | 'ready' | 'failed'
}
export type Chats = ReadonlyMap<string, Chat>

const columns = sql`c.corp_id as "corpId", c.id, c.n::float8 as n, c.name, c.dev_id as "devId", c.agent_id as "agentId", c.state`

export async function readChats(db: Db, corpId: string | undefined): Promise<Map<string, Chats>> {
  const { rows } = await sql<Chat & { corpId: string }>`
    select ${columns} from group_chat c where ${corpId === undefined ? sql`true` : sql`c.corp_id = ${corpId}`}
    order by c.n`.execute(db)
  const ofCorps = Map.groupBy(rows, row => row.corpId)
  return new Map([...ofCorps].map(([id, own]) => [id, byId(own)]))
}

/** Returns those of these chats that exist. */
export async function readChatsOf(db: Db, corpId: string, ids: readonly string[]): Promise<Chats> {
  const { rows } = await sql<Chat & { corpId: string }>`
    select ${columns} from group_chat c where c.corp_id = ${corpId} and c.id = any(${ids}::text[])`.execute(
    db,
  )
  return byId(rows)
}

const byId = (rows: readonly (Chat & { corpId: string })[]) =>
  new Map(rows.map(({ corpId: _, ...one }) => [one.id, one]))
