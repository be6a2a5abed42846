import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  member: {
    kept: 730,
    marked: 'user_id',
    put: (days, mark) =>
      put(sql`insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position,
          status, main_department, departments, orders, leader_in, direct_leaders, hash, created_at, left_at)
        values (${corpId()}, ${mark}, ${mark}, '', '', '', '', 0, '', '', '', 5, 1, '{}', '{}', '{}', '{}', 0,
          ${ago(days)}, ${ago(days)})`),
  },
  member_alias: {
    kept: 0,
    marked: 'user_key',
    put: (days, mark) =>
      put(sql`insert into member_alias (corp_id, user_key, member_id, expires_at)
        select corp_id, ${mark}, id, ${ago(days)} from member where left_at is null limit 1`),
  },
  directory_change: {
    kept: 30,
    marked: 'entity_id',
    put: (days, mark) =>
      // Numbers grow with time, so these precede all others, older ones first.
      put(sql`insert into directory_change (corp_id, seq, kind, op, entity_id, at)
        values (${corpId()}, ${-Math.ceil(days * 10)}, 'member', 'put', ${mark}, ${ago(days)})`),
  },
})
