import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  approval: {
    kept: 400,
    marked: 'no',
    put: (days, mark) =>
      put(sql`insert into approval (corp_id, flow, no, template_id, name, applicant, state, created_at, since, changed_at)
        values (${corpId()}, 'wecom', ${mark}, 't', '请假', 'a', 'known', ${ago(days)}, ${ago(days)}, ${ago(days)})`),
  },
})
