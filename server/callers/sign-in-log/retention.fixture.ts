import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  sign_in_log: {
    kept: 400,
    marked: 'number',
    put: (days, mark) =>
      put(sql`insert into sign_in_log (corp_id, at, number, app_name, user_id, user_name, way, reason, detail, amr,
          released, address, user_agent)
        values (${corpId()}, ${ago(days)}, ${mark}, '', '', '', 'oidc', '', '', '{}', '{}', '', '')`),
  },
})
