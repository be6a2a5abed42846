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
})
