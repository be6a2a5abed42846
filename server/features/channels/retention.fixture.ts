import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'
import { putMessage } from '../messages/retention.fixture.ts'

export const retentionCases: RetentionCases = world => {
  const { put, corpId } = world
  return {
    mail_stop: {
      kept: 400,
      marked: 'address',
      put: (days, mark) =>
        put(sql`insert into mail_stop values (${corpId()}, ${mark}, '5.1.1', '', ${ago(days)})`),
    },
    mail_bounce: {
      kept: 7,
      marked: 'context',
      put: (days, mark) =>
        put(sql`insert into mail_bounce (corp_id, context, address, reason, read_at)
          values (${corpId()}, ${mark}, '', '', ${ago(days)})`),
    },
    group_robot_pace: {
      kept: 1,
      marked: 'robot_id',
      put: (days, mark) =>
        put(sql`insert into group_robot_pace (corp_id, robot_id, sent_at)
          values (${corpId()}, ${mark}, array[${ago(days).getTime()}::bigint])`),
    },
    group_chat_pace: {
      kept: 1,
      marked: 'of',
      put: (days, mark) =>
        put(sql`insert into group_chat_pace (corp_id, of, spent)
          values (${corpId()}, ${mark}, jsonb_build_array(jsonb_build_array(${ago(days).getTime()}::bigint, 1)))`),
    },
    card_code: {
      kept: 1,
      marked: 'code',
      async put(days, mark) {
        await putMessage(world, 0, `card-${mark}`)
        await put(sql`insert into card_code (corp_id, message_id, part_id, code, expires_at)
          values (${corpId()}, ${`card-${mark}`}, null, ${mark}, ${ago(days)})`)
      },
    },
    sms_receipt: {
      kept: 1,
      marked: 'reason',
      put: (days, mark) =>
        put(sql`insert into sms_receipt (corp_id, way, context, serial, phone, is_delivered, reason, received_at)
          values (${corpId()}, '', '', '', '', false, ${mark}, ${ago(days)})`),
    },
    sms_serial: {
      kept: 4,
      marked: 'serial',
      put: (days, mark) =>
        put(sql`insert into sms_serial values (${corpId()}, '', ${mark}, '', '', ${ago(days)})`),
    },
    message_dedup: {
      kept: 0,
      marked: 'hash',
      put: (days, mark) =>
        put(sql`insert into message_dedup values (${corpId()}, ${mark}, '', ${ago(days)})`),
    },
    message_pace: {
      kept: 1 / 24,
      marked: 'user_key',
      put: (days, mark) =>
        put(
          sql`insert into message_pace values (${corpId()}, 1, ${mark}, array[${ago(days).getTime()}::bigint])`,
        ),
    },
    message_refusal: {
      kept: 30,
      marked: 'channel',
      put: (days, mark) =>
        put(sql`insert into message_refusal values (${corpId()}, ${mark}, 0, '', ${ago(days)})`),
    },
    message_day: {
      kept: 7,
      marked: 'sent',
      put: (days, mark) =>
        put(sql`insert into message_day values (${corpId()}, 1, ${ago(days).toISOString().slice(0, 10)}::date,
        ${mark === 'old' ? 1 : 2})`),
    },
  }
}
