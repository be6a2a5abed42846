import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  announcement: {
    kept: 400,
    marked: 'title',
    put: (days, mark) =>
      put(sql`insert into announcement (corp_id, title, content, is_important, visible_to_all, visible_departments,
          visible_members, visible_tags, from_at, until_at, created_at, updated_at, updated_by)
        values (${corpId()}, ${mark}, '', false, true, '{}', '{}', '{}', ${ago(days + 1)}, ${ago(days)},
          ${ago(days + 1)}, ${ago(days)}, 'a')`),
  },
})
