import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { bearersOf, type MessageKey } from '../../channels/part.ts'

/** Whether a person may be in several of the messages that carry the texts of this one, and counts once. */
export async function fallsBack(db: Db, { corpId, id, children }: MessageKey): Promise<boolean> {
  if (!children) return false
  const { rows } = await sql`
    select 1 from message_plan where corp_id = ${corpId} and message_id = ${id} and falls_back`.execute(db)
  return rows.length > 0
}

/** Of message m with its column children: a person counts once in it. */
export const isFallback = sql`(m.children is not null and (select q.falls_back from message_plan q
  where q.corp_id = m.corp_id and q.message_id = m.id) is true)`

/** Of message m that falls back: a person of its parts whom none of the ways reached, or perhaps none, and for whom none is left. */
const isLost = sql`(select true from (
    select from message_part p cross join lateral unnest(p.user_ids) as u(user_id)
      left join message_result r on r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = u.user_id
        and r.part_id = p.id and r.state = 'failed'
    where p.corp_id = m.corp_id and p.message_id = any(m.children) and p.chunk = 0 and p.state <> 'replaced'
    group by u.user_id
    having bool_or(p.state in ('failed', 'unknown') or r.user_id is not null)
      and not bool_or(p.state in ('sent', 'waiting', 'sending', 'asking') and r.user_id is null)
      and not exists (select from message_waiting w where w.corp_id = min(p.corp_id) and w.message_id = m.id and w.user_id = u.user_id)
    limit 1) as lost) is true`

/** Of message m that falls back: somebody got it by none of the ways, or may not have. */
export const hasLostPersons = sql`(${isLost} or (select true from message_result r
  where r.corp_id = m.corp_id and r.message_id = any(m.children) and r.part_id is null and r.state = 'failed'
    and not exists (select from message_part p where p.corp_id = r.corp_id and p.message_id = any(m.children)
      and p.user_ids @> array[r.user_id] and p.state in ('sent', 'unknown', 'waiting', 'sending', 'asking'))
    and not exists (select from message_waiting w where w.corp_id = m.corp_id and w.message_id = m.id and w.user_id = r.user_id)
  limit 1) is true)`

/**
 * What became of a message with a fallback for each of its persons: of one text in pieces the worst counts, of several ways the best. A person
 * whom none has reached yet waits for as long as there is a next step.
 */
export const fatesOfPersons = (message: MessageKey) => sql`
  select best."userId", best."memberId", case when best.state = 'failed' and w.id is not null then 'waiting' else best.state end as state,
    case when best.state = 'sent' then '' else best.reason end as reason, best.delivered, best."isRecalled"
  from (
    select distinct on ("userId") * from (
      (select distinct on (p.message_id, u.user_id) u.user_id as "userId", u.member_id as "memberId",
        case when p.state in ('waiting', 'sending', 'asking') then 'waiting' when p.state = 'sent' and r.state = 'failed' then 'failed'
          else p.state end as state,
        coalesce(r.reason, p.reason, '') as reason, coalesce(r.state = 'delivered', false) as delivered,
        p.recalled_at is not null and p.state in ('sent', 'unknown') and r.state is distinct from 'failed' as "isRecalled", p.id as nth
      from message_part p cross join lateral unnest(p.user_ids, p.member_ids) as u(user_id, member_id)
        left join message_result r on r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = u.user_id
          and r.part_id = p.id
      where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[]) and p.state <> 'replaced'
      order by p.message_id, u.user_id, case when p.state in ('waiting', 'sending', 'asking') then 1
        when p.state = 'failed' or p.state = 'sent' and r.state = 'failed' then 2 when p.state = 'unknown' then 3
        when p.state = 'cancelled' then 4 else 5 end, p.n desc)
      union all
      select user_id, null, 'failed', reason, false, false, 0 from message_result
      where corp_id = ${message.corpId} and message_id = any(${bearersOf(message)}::text[]) and part_id is null and state = 'failed'
    ) as ways
    order by "userId", case state when 'sent' then 1 when 'unknown' then 2 when 'waiting' then 3 when 'failed' then 4 else 5 end, nth desc
  ) as best left join message_waiting w on w.corp_id = ${message.corpId} and w.message_id = ${message.id}
    and w.user_id = best."userId" and w.step > 0`
