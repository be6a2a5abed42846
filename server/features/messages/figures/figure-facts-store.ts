import { sql } from 'kysely'
import { keptReason } from '../../channels/telling.ts'
import { bearers, isTroubled } from '../fate/fate-store.ts'
import { stateOfMessage } from './message-state-store.ts'

/** The figures of a message type, in the order of a message's life. */
export const figureNames = [
  'accepted',
  'waiting',
  'left',
  'reached',
  'failed',
  'read',
  'acknowledged',
  'muted',
  'expired',
  'cost',
] as const
export type FigureName = (typeof figureNames)[number]

/** The key that stands for messages without a type; no type has it. */
export const untyped = '-'

/** Message m is of a type; '' for none. */
export const isOfType = (type: string) => (type === '' ? sql`m.type_key is null` : sql`m.type_key = ${type}`)

const mutedReasons = ['offByPerson', 'allOffByPerson', 'noWayWanted'].map(code => keptReason({ code }))
const expiredReason = keptReason({ code: 'expired' })

/** Where parts went, or may have gone, to their channel. */
const hasGone = sql`p.state in ('sent', 'unknown', 'asking')`

/**
 * What the figures ask of message m, in one subquery: `ids` are the messages that have its parts, and the digests that list it. All of it is
 * found by keys that begin with the message, and read once: a message to a million has thousands of parts and may have as many failures.
 */
export const factsOfFigures = sql`(
  select c.is_digest, gone.has_left, gone.has_reached, gone.is_lost, own.cost, did.readers, did.acknowledgers, told.muted_people,
    own.has_expired or told.has_expired or (select true from message_plan q where q.corp_id = m.corp_id and q.message_id = m.id
      and q.state = 'cancelled' and q.reason = ${expiredReason}) is true as has_expired
  from (select ${bearers} || array(select distinct g.digest_message_id from message_collected g
          where g.corp_id = m.corp_id and g.message_id = m.id) as ids,
        (select true from message_collected g where g.corp_id = m.corp_id and g.digest_message_id = m.id limit 1) is true as is_digest) c
    cross join lateral (
      select coalesce(bool_or(${hasGone}), false) as has_left,
        coalesce(bool_or(case when p.state <> 'sent' then false when p.user_ids = array['@all'] then true
          else cardinality(p.user_ids) > coalesce(lost.persons, 0) end), false) as has_reached,
        coalesce(bool_or(p.state in ('failed', 'unknown') and p.message_id <> all(${bearers})), false) as is_lost
      from message_part p left join (
          select r.part_id, count(*) as persons from message_result r
          where r.corp_id = m.corp_id and r.message_id = any(c.ids) and r.state = 'failed' and r.part_id is not null
          group by 1) lost on lost.part_id = p.id
      where p.corp_id = m.corp_id and p.message_id = any(c.ids) and p.chunk = 0) gone
    cross join lateral (
      select coalesce(sum(p.cost) filter (where ${hasGone}), 0)::bigint as cost,
        coalesce(bool_or(p.state = 'cancelled' and p.reason = ${expiredReason}), false) as has_expired
      from message_part p where p.corp_id = m.corp_id and p.message_id = any(${bearers})) own
    cross join lateral (
      select count(distinct k.member_id) filter (where k.read_at is not null)::int as readers,
        count(distinct k.member_id) filter (where k.acknowledged_at is not null)::int as acknowledgers
      from message_mark k where k.corp_id = m.corp_id and k.message_id = any(m.id || c.ids)) did
    cross join lateral (
      select count(*) filter (where r.reason = any(${mutedReasons}::text[]))::int as muted_people,
        coalesce(bool_or(r.reason = ${expiredReason}), false) as has_expired
      from message_result r where r.corp_id = m.corp_id and r.message_id = m.id and r.state = 'cancelled') told)`

/**
 * Which messages m a figure counts, with `partsSummed` as s and `factsOfFigures` as f: those of which it is true for one receiver or more. A
 * digest is no message that was asked for: what it lists is counted, and only its cost is its own.
 */
export const figures = {
  accepted: sql<boolean>`not f.is_digest`,
  waiting: sql<boolean>`(not f.is_digest and (${stateOfMessage}) = 'queued')`,
  left: sql<boolean>`(not f.is_digest and f.has_left)`,
  reached: sql<boolean>`(not f.is_digest and f.has_reached)`,
  failed: sql<boolean>`(not f.is_digest and (f.is_lost or ${isTroubled}))`,
  read: sql<boolean>`(not f.is_digest and f.readers > 0)`,
  acknowledged: sql<boolean>`(not f.is_digest and f.acknowledgers > 0)`,
  muted: sql<boolean>`(not f.is_digest and f.muted_people > 0)`,
  expired: sql<boolean>`(not f.is_digest and f.has_expired)`,
  cost: sql<boolean>`f.cost > 0`,
} as const satisfies Record<FigureName, unknown>
