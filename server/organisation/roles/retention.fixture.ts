import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  own_role_holder: {
    kept: 400,
    marked: 'given_by',
    put: (days, mark) =>
      put(sql`with role as (
          insert into own_role (corp_id, name, points, range, changed_at)
          values (${corpId()}, ${mark}, '{}', 'corp', now()) returning id)
        insert into own_role_holder (corp_id, role_id, member_id, until, given_by, given_at)
        select ${corpId()}, role.id, (select min(id) from member where corp_id = ${corpId()}),
          ${ago(days)}, ${mark}, ${ago(days + 1)} from role`),
  },
})
