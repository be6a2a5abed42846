import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  member_group_member: {
    kept: 30,
    marked: 'seq',
    put: (days, mark) =>
      put(sql`with owner as (
          insert into member_group (corp_id, name, changed_at, changed_by)
          values (${corpId()}, ${`人群 ${mark}`}, now(), 'wisp') returning id
        )
        insert into member_group_member (corp_id, group_id, member_id, is_in, seq, at)
        select ${corpId()}, id, (select min(id) from member where corp_id = ${corpId()}), false,
          ${mark === 'old' ? 1 : 2}, ${ago(days)} from owner`),
  },
})
