import { sql } from 'kysely'
import { ago, type RetentionCases, type RetentionWorld } from '../../../test/retention-case.ts'

export async function putMessage({ put, corpId }: RetentionWorld, days: number, mark: string): Promise<void> {
  await put(sql`insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, receivers, answer, created_at)
    values (${mark}, ${corpId()}, '', 'wecom', '', '', '{}', 1, '{}', ${ago(days)})`)
  await put(sql`insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, next_attempt_at)
    values (${mark}, ${corpId()}, 'wecom', 1, '{}', '{}', 'sent', ${ago(days)})`)
}

export const retentionCases: RetentionCases = world => {
  const { put, corpId } = world
  return {
    message: {
      kept: 180,
      marked: 'id',
      put: (days, mark) => putMessage(world, days, mark),
    },
    message_left: {
      kept: 31,
      marked: 'type_key',
      put: (days, mark) =>
        put(sql`insert into message_left (corp_id, type_key, member_id, at, is_digest)
        values (${corpId()}, ${mark}, 1, ${ago(days)}, false)`),
    },
    message_receipt: {
      kept: 7,
      marked: 'channel',
      put: (days, mark) =>
        put(sql`insert into message_receipt (corp_id, channel, receipts, received_at)
        values (${corpId()}, ${mark}, '[]', ${ago(days)})`),
    },
    corp_message_day: {
      kept: 400,
      marked: 'messages',
      put: (days, mark) =>
        put(sql`insert into corp_message_day values (${corpId()}, ${ago(days).toISOString().slice(0, 10)}::date,
        ${mark === 'old' ? 1 : 2})`),
    },
    message_day_figures: {
      kept: 400,
      marked: 'time_zone',
      put: (days, mark) =>
        put(sql`insert into message_day_figures (corp_id, day, time_zone, counted_at, figures)
        values (${corpId()}, ${ago(days).toISOString().slice(0, 10)}::date, ${mark}, ${ago(days)}, '[]')`),
    },
  }
}
