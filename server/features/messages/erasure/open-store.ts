import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** Messages that wait for this person, or of which a call to them alone has not begun; with the userid that they have there. */
export async function openFor(
  db: Db,
  corpId: string,
  memberId: number,
): Promise<{ id: string; userIds: string[] }[]> {
  const { rows } = await sql<{ id: string; userIds: string[] }>`
    select message_id as id, array_agg(distinct user_id) as "userIds" from (
      select message_id, user_id from message_waiting where corp_id = ${corpId} and member_id = ${memberId}
      union all
      select message_id, unnest(user_ids) from message_part
        where corp_id = ${corpId} and state = 'waiting' and member_ids = ${[memberId]}::bigint[]) as open
    group by 1 order by 1`.execute(db)
  return rows
}
