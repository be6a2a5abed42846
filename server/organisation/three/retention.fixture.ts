import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  three_holder: {
    kept: 400,
    marked: 'name',
    put: (days, mark) =>
      put(sql`insert into three_holder (corp_id, role, member_corp, member_id, user_id, name, given_by, given_at, ended_at)
        values (${corpId()}, 'auditor', ${corpId()}, (select min(id) from member where corp_id = ${corpId()}),
          'x', ${mark}, 'x', ${ago(days + 1)}, ${ago(days)})`),
  },
  joint_act: {
    kept: 400,
    marked: 'about',
    put: (days, mark) =>
      put(sql`insert into joint_act (corp_id, kind, payload, about, proposed_at, expires_at)
        values (${corpId()}, 'role', '{}', ${mark}, ${ago(days + 3)}, ${ago(days)})`),
  },
})
