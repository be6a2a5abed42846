import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { PersonKey } from './choices-store.ts'

/** So many of the latest messages are looked at, by each way of addressing. */
const partsAtMost = 5000

/**
 * The types of which something reached a person since then, or waits for them. The conditions on parts repeat those of the partial indexes of
 * migration 0006, so that these are used.
 */
export async function typesThatReached(
  db: Db,
  { corpId, memberId }: PersonKey,
  after: Date,
): Promise<Set<string>> {
  const over = sql`p.chunk = 0 and p.state in ('sent', 'failed', 'unknown') and p.finished_at > ${after}`
  const latest = sql`order by p.finished_at desc, p.id desc limit ${partsAtMost}`
  const { rows } = await sql<{ key: string }>`
    select distinct m.type_key as key
    from (
      (select p.message_id from message_part p where cardinality(p.member_ids) = 1
        and p.corp_id = ${corpId} and p.member_ids[1] = ${memberId} and ${over} ${latest})
      union all
      (select p.message_id from message_part p where cardinality(p.member_ids) > 1
        and p.member_ids @> array[${memberId}::bigint] and ${over} ${latest})
      union all
      (select p.message_id from message_part p where cardinality(p.member_ids) = 0
        and p.corp_id = ${corpId} and p.user_ids = array['@all'] and ${over}
        and p.finished_at >= (select created_at from member where corp_id = ${corpId} and id = ${memberId}) ${latest})) as part
      join message m on m.corp_id = ${corpId} and m.id = part.message_id
    where m.type_key is not null
    union
    select w.type_key from message_waiting w where w.corp_id = ${corpId} and w.member_id = ${memberId}`.execute(
    db,
  )
  return new Set(rows.map(row => row.key))
}
