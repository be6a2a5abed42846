import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../server/platform/storage/db.ts'

/** How much there is of all corps together. */
export type Mass = { corps: number; messages: number }

/** Tables that are filled, all of which grow with corps and time. */
export const massTables = [
  'member',
  'message',
  'message_part',
  'message_attempt',
  'message_result',
  'message_card',
  'card_press',
  'card_code',
  'call_log',
  'call_gap',
  'event',
  'directory_change',
  'webhook',
  'webhook_delivery',
  'webhook_attempt',
  'inbox_event',
  'audit',
] as const

const membersOfEach = 40

/**
 * Fills the database of a wisp that has one corp, with a developer, so that the corp is one of many of its size: messages of half a year
 * with parts, attempts and results, calls of a week, events and deliveries of a month. By statements over sets and without checking
 * references, so that a million messages take seconds; then the planner is told.
 */
export async function fillMass(db: Db, corpId: string, { corps, messages }: Mass): Promise<void> {
  // Named by number, so that every statement can find a row's corp; the world's own is one of them.
  const corp = sql`(case when n % ${corps}::int = 0 then ${corpId} else 'ww' || lpad((n % ${corps}::int)::text, 16, '0') end)`
  const id = (letter: string) => sql`(${sql.lit(letter)} || substr(md5(n::text), 1, 21))`
  const ago = (days: number) =>
    sql`now() - interval '1 minute' - (n::bigint * 7919 % 1000003) / 1000003.0::float8 * ${days}::int * interval '1 day'`
  const upTo = (count: number) => sql`generate_series(1, ${Math.ceil(count)}::int) as n`
  const member = sql`(1000000000 + n % ${corps * membersOfEach}::int)`
  const run = (statement: RawBuilder<unknown>) => statement.execute(db)

  await run(sql`set local session_replication_role = replica`)
  await run(sql`
    insert into corp select one.* from corp c, generate_series(1, ${corps - 1}::int) as n,
      jsonb_populate_record(null::corp, to_jsonb(c) || jsonb_build_object('corp_id', 'ww' || lpad(n::text, 16, '0'))) as one
    where c.corp_id = ${corpId}`)
  await run(sql`
    insert into member overriding system value select one.*
    from (select to_jsonb(m) as row from member m where corp_id = ${corpId} limit 1) model, ${upTo(corps * membersOfEach)},
      jsonb_populate_record(null::member, model.row
        || jsonb_build_object('id', ${member}, 'corp_id', ${corp}, 'user_id', 'u' || n, 'user_key', 'u' || n)) as one`)
  await run(sql`
    insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, receivers, answer, created_at,
      request_id)
    select ${id('m')}, ${corp}, 'wd' || n % ${corps}::int, case n % 10 when 0 then 'email' when 1 then 'sms' else 'wecom' end, '审批',
      repeat('x', 200), '{}', 1, '{}', ${ago(180)}, case when n % 2 = 0 then 'q' || n end from ${upTo(messages)}`)
  await run(sql`
    insert into message_part (corp_id, id, message_id, channel, n, user_ids, member_ids, state, attempts, next_attempt_at, finished_at)
    overriding system value
    select ${corp}, 1000000000 + n, ${id('m')}, case n % 10 when 0 then 'email' when 1 then 'sms' else 'wecom' end, 1,
      array['u' || n % ${corps * membersOfEach}::int],
      case when n % 50 = 0 then array[${member}, ${member} + 1] else array[${member}] end,
      case when n % 997 = 0 then 'waiting' when n % 101 = 0 then 'failed' else 'sent' end, 1, now() + interval '1 day', ${ago(180)}
    from ${upTo(messages)}`)
  await run(sql`
    insert into message_attempt (corp_id, part_id, n, at, ms, outcome, answer)
    select ${corp}, 1000000000 + n, 1, ${ago(180)}, 20, 'sent', '' from ${upTo(messages)}`)
  await run(sql`
    insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
    select ${corp}, ${id('m')}, 'u' || n % ${corps * membersOfEach}::int, 1000000000 + n,
      case when n % 2 = 0 then 'failed' else 'delivered' end, '', now() from ${upTo(messages / 5)}`)
  await run(sql`
    insert into message_card (corp_id, message_id, asked, card_type)
    select ${corp}, ${id('m')}, ${id('m')}, 'button_interaction' from ${upTo(messages / 5)}`)
  await run(sql`
    insert into card_press (corp_id, message_id, asked, user_id, user_key, key, card_type, selected, is_menu, accepted, pressed_at,
      received_at)
    select ${corp}, ${id('m')}, ${id('m')}, 'u', 'u', 'k', 'button_interaction', '[]', false, true, now(), now()
    from ${upTo(messages / 5)}`)
  await run(sql`
    insert into card_code (corp_id, message_id, part_id, code, expires_at)
    select ${corp}, ${id('m')}, 1000000000 + n, 'c', now() + interval '1 day' from ${upTo(messages / 5)}`)
  await run(sql`
    insert into call_log (corp_id, request_id, at, dev_id, path, method, code, ms, address, params)
    select ${corp}, ${id('r')}, ${ago(7)}, 'wd' || n % ${corps}::int, '/api/path/' || n % 30, 'GET',
      case when n % 20 = 0 then '1000' else '0' end, 1, '10.0.0.1', '{}' from ${upTo(messages / 2)}`)
  await run(sql`
    insert into call_gap (corp_id, dev_id, minute, reason, succeeded, failed)
    select ${corp}, 'wd' || n, date_trunc('minute', ${ago(7)}), 'pace', 1, 1 from ${upTo(messages / 5)}`)
  await run(sql`
    insert into event (corp_id, seq, dev_id, account, type, entity, data, at)
    select ${corp}, 1000000 + n, 'wd' || n % ${corps}::int, '', 'message.result', 'message:' || n, '{}', ${ago(30)}
    from ${upTo(messages / 4)}`)
  await run(sql`
    insert into directory_change (corp_id, seq, kind, op, entity_id, member_id, at)
    select ${corp}, 2000000 + n, 'member', 'put', 'u' || n, ${member}, ${ago(30)} from ${upTo(messages / 4)}`)
  await run(sql`
    insert into webhook (corp_id, id, dev_id, url, types, description, secret, seq, created_at)
    select ${corp}, 'hook', 'wd' || n % ${corps}::int, 'https://example.com', '{}', '', '', 1, now() from ${upTo(corps)}`)
  await run(sql`
    insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, state, created_at, next_at)
    select ${corp}, 'hook', n, 'message.result', 'message:' || n, case when n % 997 = 0 then 'waiting' else 'done' end, ${ago(30)},
      now() + interval '1 day' from ${upTo(messages / 5)}`)
  await run(sql`
    insert into webhook_attempt (corp_id, webhook_id, seq, n, at, ms, status, content)
    select ${corp}, 'hook', n, 1, ${ago(7)}, 20, 200, '' from ${upTo(messages / 5)}`)
  await run(sql`
    insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, state, received_at, next_attempt_at)
    select ${corp}, 'directory', 'callback', 'x', 'other', n::text, 'done', ${ago(30)}, now() from ${upTo(messages / 5)}`)
  await run(sql`
    insert into audit (corp_id, actor, act, target, at)
    select ${corp}, 'a', 'message.send', ${id('m')}, ${ago(365)} from ${upTo(messages / 5)}`)
  await run(sql`set local session_replication_role = origin`)
  await run(sql`analyze corp, ${sql.join(massTables.map(name => sql.table(name)))}`)
  // In a slow run PostgreSQL would analyze the tables again when the tests have written to them, and take their corp for a large one.
  await run(sql`
    do $$ declare one regclass; begin
      for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
      loop execute format('alter table %s set (autovacuum_enabled = false)', one); end loop;
    end $$`)
}
