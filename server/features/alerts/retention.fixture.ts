import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  alert: {
    kept: 90,
    marked: 'subject',
    put: (days, mark) =>
      put(sql`insert into alert (corp_id, cause, subject, detail, since, ended_at)
        values (${corpId()}, 'syncFailed', ${mark}, '{}', ${ago(days + 1)}, ${ago(days)})`),
  },
})
