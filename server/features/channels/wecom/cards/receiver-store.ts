import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'

/** A call that carried a card, with those of its receivers whom WeCom did not refuse. `['@all']` is everybody. */
export type CardPart = {
  id: number
  messageId: string
  userIds: string[]
  memberIds: number[]
  /** False as long as it waits to be sent. */
  isSent: boolean
}

/** In the order in which they were sent. Calls that failed reached nobody. */
export async function cardParts(db: Db, corpId: string, messageIds: readonly string[]): Promise<CardPart[]> {
  const { rows } = await sql<CardPart & { refused: string[] }>`
    select p.id, p.message_id as "messageId", p.user_ids as "userIds", p.member_ids as "memberIds",
      p.state in ('sent', 'unknown') as "isSent",
      coalesce((select array_agg(r.user_id) from message_result r
        where r.corp_id = p.corp_id and r.message_id = p.message_id and r.part_id = p.id and r.state = 'failed'), '{}') as refused
    from message_part p
    where p.corp_id = ${corpId} and p.message_id = any(${messageIds}::text[])
      and p.state in ('sent', 'unknown', 'waiting', 'sending', 'asking')
    order by p.id`.execute(db)
  return rows.map(({ refused, ...part }) => (refused.length === 0 ? part : withoutRefused(part, refused)))
}

function withoutRefused(part: CardPart, refused: readonly string[]): CardPart {
  const gone = new Set(refused)
  const isLeft = part.userIds.map(userId => !gone.has(userId))
  return {
    ...part,
    userIds: part.userIds.filter((_, index) => isLeft[index]),
    memberIds: part.memberIds.filter((_, index) => isLeft[index]),
  }
}
