import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  break_glass: {
    kept: 400,
    marked: 'reason',
    put: (days, mark) =>
      put(sql`insert into break_glass (corp_id, reason, opened_at, ends_at, ended_at, closed_at)
        values (${corpId()}, ${mark}, ${ago(days)}, ${ago(days)}, ${ago(days)}, ${ago(days)})`),
  },
})
