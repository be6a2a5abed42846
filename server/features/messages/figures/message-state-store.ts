import { sql } from 'kysely'
import { keptRecalled } from '../../channels/telling.ts'
import { bearers } from '../fate/fate-store.ts'
import { hasLostPersons, isFallback } from '../plans/persons-store.ts'

/** The state of a message as shown to people: the first of these that applies. */
export const states = ['recalled', 'queued', 'unknown', 'cancelled', 'failed', 'partial', 'sent'] as const
export type MessageState = (typeof states)[number]

/** The states of the parts of message m, in one subquery. */
export const partsSummed = sql`(
  select bool_or(p.state in ('waiting', 'sending', 'asking')) as open, bool_or(p.state = 'unknown') as unknown,
    bool_or(p.state = 'sent') as sent, bool_or(p.state = 'failed') as failed,
    bool_or(p.state = 'cancelled') as cancelled,
    bool_or(p.state = 'cancelled' and p.reason = any(${keptRecalled}::text[])) as withdrawn,
    max(p.held_until) filter (where p.state = 'waiting') as "heldUntil"
  from message_part p where p.corp_id = m.corp_id and p.message_id = any(${bearers}))`

/**
 * The state of message m, with `partsSummed` as s. What asks for a message's parts or results asks with a limit: an `exists` in a
 * condition makes the planner read those of all corps into memory. A message answered with 1008 is marked as recalled too, but nobody recalled it: it failed.
 */
export const stateOfMessage = sql`case
  when m.recalled_at is not null and not (s.failed is true and s.sent is not true and s.withdrawn is not true)
    then 'recalled'
  when m.children is not null and (select true from message_plan q
    where q.corp_id = m.corp_id and q.message_id = m.id and q.ended_at is null
      and (not q.falls_back or s.sent is not true or exists (select from message_waiting w
        where w.corp_id = m.corp_id and w.message_id = m.id and w.step = 0))) then 'queued'
  when m.expanded_to is not null or s.open
    or (select true from message c where c.corp_id = m.corp_id and c.id = any(m.children) and c.expanded_to is not null
      limit 1) then 'queued'
  when ${isFallback} and s.sent then case when ${hasLostPersons} then 'partial' else 'sent' end
  when s.unknown then 'unknown'
  when m.children is not null and (select true from message_plan q
    where q.corp_id = m.corp_id and q.message_id = m.id and q.state = 'cancelled')
    or m.expires_at is not null and s.cancelled and s.sent is not true and s.failed is not true then 'cancelled'
  when s.sent is not true and m.children is not null and (select true from message_collected g
    where g.corp_id = m.corp_id and g.message_id = m.id limit 1) then 'sent'
  when s.sent is not true then 'failed'
  when s.failed or s.cancelled
    or (select true from message_result r
      where r.corp_id = m.corp_id and r.message_id = any(${bearers}) and r.state = 'failed' limit 1) then 'partial'
  else 'sent' end`
